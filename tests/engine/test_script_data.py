"""The data of a script are those of a run, number by number."""

from __future__ import annotations

import os
from itertools import product
from typing import Any

import keras
import numpy as np
import pytest

from tui_trainer.core.datasets import DATASETS, REGRESSION
from tui_trainer.core.experiment import Data, Experiment
from tui_trainer.core.script import script
from tui_trainer.engine.data import Split, load

BUNDLED = [name for name, dataset in DATASETS.items() if not dataset.files]


def loaded(data: Data) -> dict[str, Any]:
    """Return the variables of a script when its data are ready."""
    text = script(Experiment(data=data), "m").text
    names: dict[str, Any] = {}
    exec(text.partition("model = ")[0], names)
    if "validation_split=" in text:  # As Keras divides.
        rest = int(len(names["x_train"]) * (1.0 - float(data.validation)))
        for a in "xy":
            names[f"{a}_val"] = names[f"{a}_train"][rest:]
            names[f"{a}_train"] = names[f"{a}_train"][:rest]
    return names


def agree(ours: Split, x: Any, y: Any) -> None:
    assert x.shape == ours.x.shape
    assert np.allclose(x, ours.x, rtol=1e-4, atol=1e-4)  # A run computes with 32 bits.
    assert np.array_equal(np.asarray(y, ours.y.dtype).reshape(ours.y.shape), ours.y)


def compare(data: Data) -> None:
    arrays, names = load(data), loaded(data)
    agree(arrays.train, names["x_train"], names["y_train"])
    for split, name in ((arrays.validation, "val"), (arrays.test, "test")):
        assert bool(len(split)) == (f"x_{name}" in names)
        if len(split):
            agree(split, names[f"x_{name}"], names[f"y_{name}"])


@pytest.mark.parametrize("source", BUNDLED)
def test_bundled_sets(source: str) -> None:
    scales, validations = ("none", "unit", "standard"), (0, 7, 0.35)
    others = ((0.0, False), (0.3, True))
    for scale, validation, (test, rows) in product(scales, validations, others):
        one_hot = rows and DATASETS[source].task != REGRESSION
        compare(Data(source, {}, validation, test, 5, scale, rows, one_hot))


def test_options_and_columns_that_never_change() -> None:
    compare(Data("make_regression", {"n_samples": 9, "n_features": 3}, test=0.2, scale="unit"))
    compare(Data("make_moons", {"noise": 0.0}, 0.25, scale="standard", one_hot=True))
    compare(Data("digits", test=0.98, scale="standard"))
    compare(Data("make_regression", {"n_samples": 2}, test=0.5, scale="unit"))
    compare(Data("make_regression", {"n_samples": 2}, test=0.5, scale="standard"))


@pytest.fixture
def keras_reads_it_too(real_data: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Keras look where the environment says now: it took note when it was imported."""
    monkeypatch.setattr(keras.src.backend.config, "_KERAS_DIR", os.environ["KERAS_HOME"])


@pytest.mark.usefixtures("keras_reads_it_too")
@pytest.mark.parametrize("source", ["mnist", "fashion_mnist"])
def test_pictures(source: str) -> None:
    compare(Data(source, validation=0.2, scale="unit", flatten=True, one_hot=True))
    compare(Data(source, validation=0.1, scale="standard"))


@pytest.mark.usefixtures("keras_reads_it_too")
def test_words() -> None:
    compare(Data("imdb", {"num_words": 500, "maxlen": 80}, 10000))
