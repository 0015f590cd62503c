"""What the engine's tests share: experiments that train in a moment, and runs of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tui_trainer.core import toml
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part
from tui_trainer.core.rundir import RunDir, create_run
from tui_trainer.engine.redirect import settle_environment

settle_environment()
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

LINE = Experiment(
    title="a line",
    data=Data("make_regression", {"n_samples": 60, "noise": 1.0}),
    layers=(Part("Dense", {"units": 1}),),
    compile=Compile(Part("SGD", {"learning_rate": 0.01}), Part("mse"), (Part("mae"),)),
    fit=Fit(epochs=3, batch_size=16),
)
DIGITS = Experiment(
    title="digits",
    data=Data("digits", validation=0.1, scale="unit", flatten=True),
    layers=(
        Part("Dense", {"units": 32, "activation": "relu"}),
        Part("Dropout", {"rate": 0.2}),
        Part("Dense", {"units": 10, "activation": "softmax"}),
    ),
    compile=Compile(
        Part("Adam", {"learning_rate": 0.01}),
        Part("sparse_categorical_crossentropy"),
        (Part("accuracy"),),
    ),
    fit=Fit(epochs=2, batch_size=64),
)

Started = Callable[[Experiment], RunDir]


@pytest.fixture
def line() -> Experiment:
    """Return a regression of one weight, trained in a moment."""
    return LINE


@pytest.fixture
def digits() -> Experiment:
    """Return a classification with validation and dropout."""
    return DIGITS


@pytest.fixture
def make_run(tmp_path: Path) -> Started:
    """Make the folder of a run."""

    def make(experiment: Experiment) -> RunDir:
        return create_run(tmp_path / "runs", experiment.title, toml.dumps(experiment))

    return make


def long(experiment: Experiment) -> Experiment:
    """Return the experiment with more epochs than anyone would wait for."""
    return replace(experiment, fit=replace(experiment.fit, epochs=1_000_000))


SHARED = Path(__file__).parents[3] / "shared" / "data" / "keras" / "datasets"


@pytest.fixture
def real_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the cache folder of Keras hold copies of the real data; skip where there are none."""
    found = next((p for p in (SHARED, Path("~/.keras/datasets").expanduser()) if p.is_dir()), None)
    if found is None or not (found / "mnist.npz").is_file():
        pytest.skip("no copies of the real data sets on this machine")
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras" / "datasets").symlink_to(found)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
