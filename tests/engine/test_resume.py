"""A run that was cut off anywhere goes on to the very bits of one that never was."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tui_trainer.core import toml
from tui_trainer.core.curves import Curves
from tui_trainer.core.events import Failed, Finished, Resumed
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part
from tui_trainer.core.resume import ready_to_resume
from tui_trainer.core.rundir import RunDir, create_run
from tui_trainer.core.watch import Watch
from tui_trainer.engine import keeper
from tui_trainer.engine.checkpoint import read_state
from tui_trainer.engine.recorder import Recorder
from tui_trainer.engine.state import dumps
from tui_trainer.engine.train import LiveRun

CLASSES = Compile(Part("Adam"), Part("sparse_categorical_crossentropy"), (Part("accuracy"),))
IRIS = Data("iris", validation=20, scale="standard")
DENSE = (
    Part("Dense", {"units": 8, "activation": "relu"}),
    Part("Dense", {"units": 3, "activation": "softmax"}),
)
FIT = Fit(epochs=5, batch_size=8, steps_per_execution=3)
EXPERIMENTS = {
    "drawn": Experiment(
        title="drawn",
        data=IRIS,
        layers=(
            Part("GaussianNoise", {"stddev": 0.1}),
            DENSE[0],
            Part("BatchNormalization"),
            Part("Dropout", {"rate": 0.3}),
            DENSE[1],
        ),
        compile=CLASSES,
        fit=FIT,
        callbacks=(
            Part("EarlyStopping", {"patience": 4, "restore_best_weights": True, "min_delta": 0.1}),
            Part("ReduceLROnPlateau", {"patience": 1, "min_delta": 0.2}),
            Part("ModelCheckpoint", {"save_best_only": True}),
            Part("CSVLogger"),
        ),
    ),
    "compiled": Experiment(
        title="compiled",
        data=IRIS,
        layers=(DENSE[0].having("kernel_regularizer", "l2"), DENSE[1]),
        compile=replace(
            CLASSES,
            optimizer=Part(
                "SGD",
                {
                    "momentum": 0.9,
                    "gradient_accumulation_steps": 2,
                    "learning_rate": Part(
                        "ExponentialDecay",
                        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.9},
                    ),
                },
            ),
        ),
        fit=replace(FIT, jit_compile=True),
    ),
    "averaged": Experiment(
        title="averaged",
        data=IRIS,
        layers=DENSE,
        compile=replace(CLASSES, optimizer=Part("RMSprop", {"use_ema": True})),
        fit=replace(FIT, resident=False, batch_size=7),
        callbacks=(Part("SwapEMAWeights", {"swap_on_epoch": True}), Part("TerminateOnNaN")),
    ),
    "pictures": Experiment(
        title="pictures",
        data=Data("digits", validation=0.9, scale="unit"),
        layers=(
            Part("Reshape", {"target_shape": (8, 8, 1)}),
            Part("RandomTranslation", {"height_factor": 0.1, "width_factor": 0.1}),
            Part("Reshape", {"target_shape": (8, 8)}),
            Part("LSTM", {"units": 4, "dropout": 0.1, "recurrent_dropout": 0.1}),
            Part("Dense", {"units": 10, "activation": "softmax"}),
        ),
        compile=CLASSES,
        fit=replace(FIT, epochs=3, dtype_policy="mixed_float16"),
    ),
}
"""Layers that draw, several optimizers and ways of fitting; each last batch is a short one."""

Asked = Callable[[Recorder, str], None]
"""Hears the recorder and where it is, such as `train 2 6`: phase, epoch, batches done."""


@pytest.fixture(autouse=True)
def prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a checkpoint after every epoch."""
    monkeypatch.setattr(keeper, "_FIRST", 0.0)
    monkeypatch.setattr(keeper, "_SHARE", 0)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Asked], None]:
    """Have something done before each thing that is asked of a run is looked at."""
    obey = Recorder._obey

    def set_up(act: Asked) -> None:
        def first(recorder: Recorder) -> None:
            phase = recorder._desk.phase if recorder._fitting else "test"
            act(recorder, f"{phase} {recorder.epoch + 1} {recorder._done}")
            obey(recorder)

        monkeypatch.setattr(Recorder, "_obey", first)

    return set_up


def train(run: RunDir) -> Finished | Failed:
    """Train a run, or what is left of it."""
    live = LiveRun(run, toml.read(run.experiment))
    live.start()
    assert live.join(60) and live.outcome is not None
    return live.outcome


def new(folder: Path, experiment: Experiment) -> RunDir:
    return create_run(folder, experiment.title, toml.dumps(experiment))


@cache
def whole(name: str, folder: Path) -> RunDir:
    """Return a run that nothing interrupted."""
    run = new(folder, EXPERIMENTS[name])
    outcome = train(run)
    assert isinstance(outcome, Finished) and not outcome.stopped
    return run


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], RunDir]:
    """Return runs that nothing interrupted, each made once."""
    folder = tmp_path_factory.mktemp("untouched")
    return lambda name: whole(name, folder)


def figures(run: RunDir) -> list[dict[str, str]]:
    """Return the rows of the table of epochs, without the seconds."""
    rows = list(csv.DictReader(run.history.open()))
    return [{name: row[name] for name in row if name != "seconds"} for row in rows]


def bits(run: RunDir, name: str) -> bytes:
    """Return all that a checkpoint holds of a run, but for what a clock told: it is compared."""
    state = read_state(run.checkpoints / name)
    return dumps(replace(state, spent=0.0, seconds=0.0, phases={}))


def curves(run: RunDir) -> Curves:
    return Watch.open(run).curves


def assert_same(run: RunDir, other: RunDir) -> None:
    """Assert that two runs came to the same bits in everything that they leave."""
    assert figures(run) == figures(other)
    for name in ("last.keras", "best.keras"):
        assert bits(run, name) == bits(other, name)
    for path in (run.model, run.checkpoints / "model-checkpoint.keras"):
        its = other.path / path.relative_to(run.path)
        if path.is_file() or its.is_file():
            pairs = zip(weights(path), weights(its), strict=True)
            assert all(np.array_equal(one, another) for one, another in pairs)
    epochs = [(e.epoch, e.metrics) for e in curves(run).epochs]
    assert epochs == [(e.epoch, e.metrics) for e in curves(other).epochs]
    for table in run.path.glob("epochs.csv"):
        assert table.read_text() == (other.path / table.name).read_text()
    assert not [path for path in run.path.rglob(".*tmp-*")]


def weights(path: Path) -> list[Any]:
    found: list[Any] = keras.saving.load_model(path).get_weights()
    return found


def resumed(run: RunDir) -> list[tuple[int, int]]:
    return [(e.epoch, e.batch) for e in run.read_events() if isinstance(e, Resumed)]


def stop_at(where: str) -> Asked:
    """Return what ends a run: now, at `train 1 3`, or after epoch 2, at `stop 2`."""
    phase, epoch, *_ = where.split()

    def stop(recorder: Recorder, now: str) -> None:
        if phase == "stop" and now.startswith(f"train {epoch} "):
            recorder._desk.commands.stop = True
        if now.startswith(where):
            recorder._desk.commands.stop_now = True

    return stop


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_run_that_is_stopped_again_and_again_comes_to_the_same_bits(
    name: str, untouched: Callable[[str], RunDir], at: Callable[[Asked], None], tmp_path: Path
) -> None:
    run = new(tmp_path, EXPERIMENTS[name])
    for where in ("train 1 3", "stop 1", "train 2 12", "validate 2"):
        at(stop_at(where))
        outcome = train(run)
        assert isinstance(outcome, Finished) and outcome.stopped, where
        ready_to_resume(run)
    at(lambda *_: None)
    assert isinstance(train(run), Finished)
    (epoch, batch), *_ = reversed(resumed(run))
    assert resumed(run)[:3] == [(0, 3), (1, 0), (1, 12)] and epoch == 1 and batch > 12
    assert_same(run, untouched(name))
