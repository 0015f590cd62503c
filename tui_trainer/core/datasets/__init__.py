"""Every data set by its name, and what a model gets to see of one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from tui_trainer.core.brief import brief
from tui_trainer.core.datasets.bundled import BUNDLED
from tui_trainer.core.datasets.dataset import BINARY, CLASSIFICATION, REGRESSION, Dataset, File
from tui_trainer.core.datasets.fetched import FETCHED
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data, Experiment
from tui_trainer.core.problem import Problem, place
from tui_trainer.core.values import fault

__all__ = [
    "BINARY",
    "CLASSIFICATION",
    "DATASETS",
    "REGRESSION",
    "Dataset",
    "Facts",
    "File",
    "batch_of",
    "count_of",
    "describe",
    "find_dataset",
    "option_problems",
]

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in (*BUNDLED, *FETCHED)}
"""Every data set by its name, those first that need no download."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a model gets to see: the data after its options and its preparation."""

    dataset: Dataset
    shape: tuple[int, ...]
    """Of one input, without the batch dimension."""
    dtype: str
    """`float32`, or `int32` for indices of words."""
    one_hot: bool
    train: int
    validation: int
    test: int

    @property
    def label_shape(self) -> tuple[int, ...]:
        """Of one label; empty for a single number."""
        return (len(self.dataset.classes),) if self.one_hot else ()


def find_dataset(name: str) -> Dataset:
    """Return a data set by name, or raise TrainerError."""
    if name not in DATASETS:
        names = ", ".join(DATASETS)
        raise TrainerError(f"expected one of {names}; received {brief(name)}", "[data] source")
    return DATASETS[name]


def describe(data: Data) -> Facts:
    """Return what the model gets to see, or raise TrainerError where the data allow none."""
    dataset = find_dataset(data.source)
    for problem in option_problems(data):
        raise TrainerError(problem.message, place(problem.where))
    size = _SIZES.get(dataset.name)
    shape = (_count(dataset, data, size),) if size else dataset.shape
    if data.flatten:
        shape = (math.prod(shape),)
    if data.one_hot and dataset.task == REGRESSION:
        raise TrainerError(
            "expected labels that are classes; this is a regression", "[data] one_hot"
        )
    if data.scale != "none" and dataset.dtype == "int32":
        raise TrainerError(
            f"expected 'none': these inputs are words by number; received {data.scale!r}",
            "[data] scale",
        )
    train, validation, test = _divided(dataset, data)
    return Facts(
        dataset,
        shape,
        "int32" if dataset.dtype == "int32" else "float32",
        data.one_hot,
        train,
        validation,
        test,
    )


def batch_of(experiment: Experiment) -> int:
    """Return how many samples a step of training takes: never more than there are to train with."""
    size = experiment.fit.batch_size
    with suppress(TrainerError):  # What is wrong with the data is told elsewhere.
        size = min(size, describe(experiment.data).train)
    return size


def _divided(dataset: Dataset, data: Data) -> tuple[int, int, int]:
    """Return how many samples are for training, validation and test, or raise TrainerError."""
    train = dataset.train if dataset.train > 0 else _count(dataset, data, "n_samples")
    test = dataset.test or math.ceil(train * data.test)
    train -= 0 if dataset.test else test
    if train < 1:
        raise TrainerError(
            f"expected a fraction that leaves samples to train with; received {data.test}",
            "[data] test",
        )
    validation = count_of(data.validation, train)
    if validation >= train:
        raise TrainerError(
            f"expected fewer than the {train} training samples; received {brief(data.validation)}",
            "[data] validation",
        )
    return train - validation, validation, test


_SIZES = {"imdb": "maxlen", "reuters": "maxlen", "make_regression": "n_features"}
"""The option that decides how large a sample is."""


def count_of(share: int | float, of: int) -> int:
    """Return a share as a count: an integer is one already, a float is Keras' fraction."""
    return share if isinstance(share, int) else of - math.floor(of * (1.0 - share))


def option_problems(data: Data) -> Iterator[Problem]:
    """Yield what is wrong with the options of a data set; nothing of one that is not known."""
    dataset = DATASETS.get(data.source)
    params = {param.name: param for param in dataset.options} if dataset else {}
    for name, value in data.options.items() if dataset else ():
        if name not in params:
            known = ", ".join(params) or "none"
            message = f"expected an option of {data.source} ({known}); received {brief(name)}"
            yield Problem(("data", "options"), message)
            continue
        fault_found = fault(params[name], value)
        if fault_found:
            yield Problem(("data", "options", name), fault_found)


def _count(dataset: Dataset, data: Data, option: str) -> int:
    value = dataset.option(data, option)
    assert isinstance(value, int), "options were checked"
    return value
