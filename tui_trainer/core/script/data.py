"""The `[data]` of an experiment as Python source: loaded, divided and prepared as a run does it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui_trainer.core.datasets import DATASETS, describe
from tui_trainer.core.datasets.dataset import REGRESSION, Dataset
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data, Experiment
from tui_trainer.core.script.parts import value_code
from tui_trainer.core.script.source import Code, Item, call, named, quoted

_SPLITTER = "from sklearn.model_selection import train_test_split"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: an expression, what stands before it, and the keys of `[data]` it is for."""

    before: str
    code: Code = ""
    fields: tuple[str, ...] = ()


def data_imports(data: Data) -> list[str]:
    """Return the imports that `data_statements` needs, but for that of Keras."""
    dataset = DATASETS.get(data.source)
    if dataset is None or dataset.files:
        return []
    found = [f"from sklearn.datasets import {_loader(dataset)}"]
    return [*found, _SPLITTER] if data.test else found


def data_statements(data: Data) -> Iterator[Statement]:
    """Yield what loads, divides and prepares the samples."""
    dataset = DATASETS.get(data.source)
    if dataset is None:
        yield Statement(f"x_train, y_train = ...  # {quoted(data.source)} is no known data set.")
        return
    yield from _of_keras(dataset, data) if dataset.files else _of_sklearn(dataset, data)
    figures = _needs_figures(dataset, data)
    if data.validation and (figures or isinstance(data.validation, int)):
        yield from _held_out(data.validation)
    if figures:
        yield from _scaled(dataset, data)


def input_code(experiment: Experiment) -> Code:
    """Return the expression for the input of the model."""
    try:
        facts = describe(experiment.data)
    except TrainerError:
        return call("keras.Input", Item("x_train.shape[1:]", "shape="))
    shape = Item(value_code(facts.shape), "shape=")
    dtype = [Item(quoted(facts.dtype), "dtype=")] if facts.dtype != "float32" else []
    return call("keras.Input", shape, *dtype)


def validation_items(data: Data) -> list[Item]:
    """Return what `fit` is told of the samples that are held out."""
    dataset = DATASETS.get(data.source)
    if not data.validation:
        return []
    if isinstance(data.validation, int) or (dataset and _needs_figures(dataset, data)):
        return [Item("(x_val, y_val)", "validation_data=")]
    share = value_code(data.validation)
    return [Item(share, "validation_split=", ("data", "validation"))]


def has_test(data: Data) -> bool:
    """Return whether there are samples to test with."""
    dataset = DATASETS.get(data.source)
    return dataset is not None and bool(dataset.test or data.test)


def _loader(dataset: Dataset) -> str:
    return dataset.name if dataset.name.startswith("make_") else f"load_{dataset.name}"


def _of_sklearn(dataset: Dataset, data: Data) -> Iterator[Statement]:
    """Yield the loading of samples that come in one piece, and the draw of those for the test."""
    ends = ("", "_train")[not data.test]
    x, y = f"x{ends}", f"y{ends}"
    if len(dataset.shape) > 1 and not data.flatten:
        yield Statement("loaded = ", f"{_loader(dataset)}()", ("source",))
        yield Statement(f"{x}, {y} = loaded.images, loaded.target", "", ("source",))
    else:
        yield Statement(f"{x}, {y} = ", _load(dataset, data), ("source", "options", "flatten"))
    if _one_hot(dataset, data):
        yield Statement(f"{y} = ", _encoded(dataset, y), ("one_hot",))
    if data.test:
        draw = call(
            "train_test_split",
            *("x", "y"),
            Item(value_code(data.test), "test_size=", ("data", "test")),
            Item(value_code(data.seed), "random_state=", ("data", "seed")),
        )
        yield Statement("x_train, x_test, y_train, y_test = ", draw, ("test", "seed"))


def _load(dataset: Dataset, data: Data) -> Code:
    if not dataset.options:
        return f"{_loader(dataset)}(return_X_y=True)"
    return call(_loader(dataset), *named(_options(dataset, data)))


def _options(dataset: Dataset, data: Data) -> dict[str, Item]:
    """Return every option, as it is set or by default: scikit-learn has other defaults."""
    known = [param.name for param in dataset.options]
    names = [*known, *(name for name in data.options if name not in known)]
    return {
        name: Item(
            value_code(dataset.option(data, name) if name in known else data.options[name]),
            key=("data", "options", name),
        )
        for name in names
    }


def _of_keras(dataset: Dataset, data: Data) -> Iterator[Statement]:
    """Yield the loading of samples that come divided, and what is done to each by itself."""
    loader = f"keras.datasets.{dataset.name}.load_data"
    options = _options(dataset, data)
    longest = options.pop("maxlen", None)
    load = call(loader, *named(options))
    yield Statement("(x_train, y_train), (x_test, y_test) = ", load, ("source", "options"))
    for x in ("x_train", "x_test"):
        if longest:
            items = (Item(longest.code, "maxlen=", longest.key), Item('"post"', "padding="))
            yield Statement(f"{x} = ", call("keras.utils.pad_sequences", x, *items), ("options",))
    flat = data.flatten and len(dataset.shape) > 1
    bytes_to_unit = data.scale == "unit" and dataset.dtype == "uint8"
    steps = f".reshape(-1, {math.prod(dataset.shape)})" if flat else ""
    steps += '.astype("float32") / 255' if bytes_to_unit else ""
    fields = ("flatten",) * flat + ("scale",) * bytes_to_unit
    for x in ("x_train", "x_test") if steps else ():
        yield Statement(f"{x} = {x}{steps}", "", fields)
    for y in ("y_train", "y_test") if _one_hot(dataset, data) else ():
        yield Statement(f"{y} = ", _encoded(dataset, y), ("one_hot",))


def _one_hot(dataset: Dataset, data: Data) -> bool:
    return data.one_hot and dataset.task != REGRESSION


def _encoded(dataset: Dataset, y: str) -> Code:
    return f"keras.utils.to_categorical({y}, {len(dataset.classes)})"


def _held_out(share: int | float) -> Iterator[Statement]:
    """Yield the division of the training samples: a count takes the first, a fraction the last."""
    fields = ("validation",)
    if isinstance(share, int):
        for a in "xy":
            sides = f"{a}_train[:{share}], {a}_train[{share}:]"
            yield Statement(f"{a}_val, {a}_train = {sides}", "", fields)
        return
    rest = f"split = int(len(x_train) * {value_code(1.0 - share)})"
    yield Statement(f"{rest}  # The rest is held out.", "", fields)
    for a in "xy":
        yield Statement(f"{a}_train, {a}_val = {a}_train[:split], {a}_train[split:]", "", fields)


def _needs_figures(dataset: Dataset, data: Data) -> bool:
    """Return whether the scaling takes figures from the training samples."""
    if dataset.dtype == "int32":
        return False
    return data.scale == "standard" or (data.scale == "unit" and dataset.dtype != "uint8")


def _scaled(dataset: Dataset, data: Data) -> Iterator[Statement]:
    """Yield the scaling of all samples with figures of the training samples alone."""
    fields = ("scale",)
    parts = ["x_train", *["x_val"] * bool(data.validation), *["x_test"] * has_test(data)]
    for line in _figures(dataset, data):
        yield Statement(line, "", fields)
    offset, spread = ("mean", "std") if data.scale == "standard" else ("low", "spread")
    for x in parts:
        yield Statement(f"{x} = ({x} - {offset}) / {spread}", "", fields)


def _figures(dataset: Dataset, data: Data) -> Sequence[str]:
    if data.scale == "standard":
        single = '.astype("float32")' if dataset.dtype == "uint8" else ""
        return (
            f"mean = x_train.mean(axis=0){single}",
            f"std = x_train.std(axis=0){single}",
            "std[std == 0] = 1  # What never changes is only shifted.",
        )
    if len(dataset.shape) > 1:  # Pixels share one range; each column has its own.
        return ("low = x_train.min()", "spread = x_train.max() - low")
    return (
        "low = x_train.min(axis=0)",
        "spread = x_train.max(axis=0) - low",
        "spread[spread == 0] = 1  # What never changes is only shifted.",
    )
