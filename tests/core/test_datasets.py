"""What is said of a data set before any of it is loaded."""

from __future__ import annotations

import math
import re
from dataclasses import fields, replace

import pytest

from tui_trainer.core.datasets import (
    BINARY,
    CLASSIFICATION,
    DATASETS,
    REGRESSION,
    batch_of,
    count_of,
    describe,
)
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data, Experiment, Fit
from tui_trainer.core.fields import DATA, FIT
from tui_trainer.core.values import expected, fault, parse, show

NAMES = [*DATASETS]
FIGURES = {
    "digits": ((8, 8), 1437, 360),
    "iris": ((4,), 120, 30),
    "wine": ((13,), 142, 36),
    "breast_cancer": ((30,), 455, 114),
    "diabetes": ((10,), 353, 89),
    "make_regression": ((1,), 160, 40),
    "make_moons": ((2,), 400, 100),
    "mnist": ((28, 28), 60000, 10000),
    "fashion_mnist": ((28, 28), 60000, 10000),
    "imdb": ((256,), 25000, 25000),
    "cifar10": ((32, 32, 3), 50000, 10000),
    "cifar100": ((32, 32, 3), 50000, 10000),
    "reuters": ((256,), 8982, 2246),
    "california_housing": ((8,), 16512, 4128),
}


def refused(data: Data) -> str:
    with pytest.raises(TrainerError) as caught:
        describe(data)
    return str(caught.value)


def test_every_data_set_has_its_figures_here() -> None:
    assert {*NAMES} == {*FIGURES}


@pytest.mark.parametrize("name", NAMES)
def test_data_set_is_described_whole(name: str) -> None:
    facts = describe(Data(name))
    assert (facts.shape, facts.train, facts.test) == FIGURES[name]
    assert facts.validation == 0
    assert facts.dtype == ("int32" if name in ("imdb", "reuters") else "float32")
    assert facts.label_shape == ()
    dataset = facts.dataset
    classes = len(dataset.classes)
    assert {REGRESSION: classes == 0, BINARY: classes == 2, CLASSIFICATION: classes > 2}[
        dataset.task
    ]
    assert len(set(dataset.classes)) == classes
    assert dataset.title
    assert dataset.source
    for param in dataset.options:
        assert fault(param, param.default) is None
        assert param.help
    for file in dataset.files:
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.url.startswith("https://")
        assert file.megabytes > 0


@pytest.mark.parametrize("name", NAMES)
def test_preparation_shows_in_the_shape(name: str) -> None:
    facts = describe(Data(name, flatten=True, validation=0.1))
    assert len(facts.shape) == 1
    assert facts.train + facts.validation == FIGURES[name][1]
    assert facts.validation == count_of(0.1, FIGURES[name][1])
    if facts.dataset.task == REGRESSION:
        assert refused(Data(name, one_hot=True)).startswith("[data] one_hot: expected labels")
    else:
        hot = describe(Data(name, one_hot=True))
        assert hot.label_shape == (len(hot.dataset.classes),)


def test_options_decide_the_shape_and_the_count() -> None:
    assert describe(Data("imdb", {"maxlen": 80})).shape == (80,)
    made = describe(Data("make_regression", {"n_samples": 10, "n_features": 3}, test=0.25))
    assert (made.shape, made.train, made.test) == ((3,), 7, 3)


def test_validation_is_a_count_or_a_fraction() -> None:
    assert describe(Data("mnist", validation=10_000)).validation == 10_000
    assert describe(Data("mnist", validation=0.5)).train == 30_000
    assert describe(Data("digits", validation=1436)).train == 1


@pytest.mark.parametrize("fraction", [0.0, 0.01, 0.1, 0.15, 0.2, 1 / 3, 0.5, 0.7, 0.99, 1e-9])
def test_fraction_holds_out_as_many_as_keras_validation_split(fraction: float) -> None:
    for samples in (*range(1, 300), 353, 1437, 8982, 25_000, 60_000):
        split_at = int(math.floor(samples * (1.0 - fraction)))  # So Keras' train_validation_split.
        assert count_of(fraction, samples) == samples - split_at


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (Data("nist"), "[data] source: expected one of digits, "),
        (Data("x" * 9_999), "[data] source: expected one of digits, "),
        (Data("digits", {"n": 1}), "[data] options: expected an option of digits (none); rec"),
        (Data("imdb", {"maxlength": 1}), "expected an option of imdb (num_words, maxlen); rec"),
        (Data("imdb", {"maxlen": "80"}), "[data] options · maxlen: expected a positive integer"),
        (Data("imdb", {"maxlen": True}), "[data] options · maxlen: expected a positive integer"),
        (Data("make_moons", {"n_samples": -5}), "[data] options · n_samples: expected an integer"),
        (Data("make_moons", {"noise": "x"}), "[data] options · noise: expected a number, 0 or"),
        (Data("imdb", scale="standard"), "[data] scale: expected 'none': these inputs are words"),
        (Data("digits", validation=1437), "[data] validation: expected fewer than the 1437"),
        (Data("digits", validation=10**9), "[data] validation: expected fewer than the 1437"),
        (Data("make_moons", {"n_samples": 2}, test=0.9), "[data] test: expected a fraction that"),
    ],
)
def test_data_that_cannot_be_are_told_with_their_field(data: Data, told: str) -> None:
    found = refused(data)
    assert told in found
    assert len(found) < 350


@pytest.mark.parametrize(("params", "table"), [(DATA, Data()), (FIT, Fit())])
def test_form_has_a_field_for_all_that_a_table_holds(
    params: tuple[object, ...], table: Data | Fit
) -> None:
    names = [param.name for param in (DATA if params is DATA else FIT)]
    assert {*names} == {f.name for f in fields(table)} - {"options"}


@pytest.mark.parametrize("param", [*DATA, *FIT], ids=lambda param: param.name)
def test_default_of_a_field_is_shown_and_read_as_itself(param: object) -> None:
    (found,) = [p for p in (*DATA, *FIT) if p is param]
    assert fault(found, found.default) is None
    assert parse(found, show(found.default)) == found.default
    assert found.help
    assert expected(found)


def test_scale_of_words_may_be_left_out() -> None:
    assert describe(replace(Data("imdb"), scale="none")).dtype == "int32"


def test_a_step_takes_no_more_samples_than_there_are_to_train_with() -> None:
    small = Experiment(data=Data("iris", validation=0.5), fit=Fit(batch_size=64))
    assert batch_of(small) == describe(small.data).train < 64
    assert batch_of(replace(small, fit=Fit(batch_size=7))) == 7
    assert batch_of(replace(small, data=Data("nowhere"))) == 64
