"""A run and its exported script, each in a process of its own, come to the same figures."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import environment, words
from tui_trainer.core import toml
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part
from tui_trainer.core.presets import open_experiment

CLASSES = Compile(Part("adam"), Part("sparse_categorical_crossentropy"), (Part("accuracy"),))
SOFTMAX = Part("Dense", {"units": 10, "activation": "softmax"})


def shortly(name: str) -> Experiment:
    """Return a preset of one epoch."""
    experiment = open_experiment(name)[0]
    return replace(experiment, fit=replace(experiment.fit, epochs=1))


EXPERIMENTS = {
    "digits": shortly("digits"),
    "regression": shortly("regression"),
    "pictures": Experiment(
        data=Data("digits", {}, 300, 0.3, 4, "unit", one_hot=True),
        layers=(
            Part("Reshape", {"target_shape": (8, 8, 1)}),
            Part("Dropout", {"rate": 0.9}, disabled=True),
            Part("Conv2D", {"filters": 4, "kernel_size": 3, "activation": "relu"}),
            Part("BatchNormalization"),
            Part("SpatialDropout2D", {"rate": 0.2}),
            Part("Flatten"),
            Part("Dense", {"units": 10, "kernel_regularizer": Part("l2", {"l2": 0.01})}),
            Part("Activation", {"activation": "softmax"}),
        ),
        compile=replace(
            CLASSES,
            optimizer=Part("rmsprop", {"learning_rate": 0.01}),
            loss=Part("CategoricalCrossentropy", {"label_smoothing": 0.1}),
        ),
        fit=Fit(epochs=2, batch_size=50, seed=9),
        callbacks=(Part("EarlyStopping", {"patience": 1}), Part("CSVLogger")),
    ),
    "rows": Experiment(
        data=Data("digits", validation=0.2),
        layers=(
            Part("GaussianNoise", {"stddev": 0.5}),
            Part("Bidirectional", {"layer": Part("LSTM", {"units": 4, "dropout": 0.2})}),
            Part("BatchNormalization"),
            Part(
                "Dense",
                {
                    "units": 8,
                    "kernel_initializer": "he_normal",
                    "bias_initializer": Part("RandomNormal", {"stddev": 0.1}),
                },
            ),
            SOFTMAX,
        ),
        compile=CLASSES,
        fit=Fit(batch_size=200, shuffle=False, device="cpu"),
    ),
}
_THEN_TELL = """
import json, runpy, sys
names = runpy.run_path(sys.argv[1])
metrics = {k: [float(v) for v in values] for k, values in names["history"].history.items()}
test = names["model"].evaluate(names["x_test"], names["y_test"], return_dict=True, verbose=0)
print("\\n" + json.dumps([metrics, {k: float(v) for k, v in test.items()}]))
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What the runs and the scripts came to."""

    folder: Path
    records: list[dict[str, Any]]

    def of(self, name: str, event: str) -> list[dict[str, Any]]:
        """Return the events of a kind of one run."""
        run = str(Path("runs") / f"{name}-1")
        return [r for r in self.records if (r["run"], r["event"]) == (run, event)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Train the experiments, one after another in one process."""
    folder = tmp_path_factory.mktemp("same")
    for name, experiment in EXPERIMENTS.items():
        (folder / f"{name}.toml").write_text(toml.dumps(experiment), encoding="utf-8")
    files = [f"{name}.toml" for name in EXPERIMENTS]
    done = run(folder, *words("train", *files, "--json", "--runs", "runs"))
    return Told(folder, [json.loads(line) for line in done.splitlines()])


def run(folder: Path, *command: str) -> str:
    """Return what a command that succeeds prints."""
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def agree(ours: Mapping[str, float], theirs: Mapping[str, float]) -> None:
    assert set(ours) == set(theirs)
    for name, value in ours.items():
        assert value == pytest.approx(theirs[name], abs=1e-3, rel=1e-3), name


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_script_and_run_agree(told: Told, name: str) -> None:
    run(told.folder, *words("export", f"{name}-1", "--script", f"{name}.py", "--runs", "runs"))
    last = run(told.folder, sys.executable, "-c", _THEN_TELL, f"{name}.py").splitlines()[-1]
    history, test = json.loads(last)
    epochs = told.of(name, "epoch")
    assert len(epochs) == EXPERIMENTS[name].fit.epochs
    for number, epoch in enumerate(epochs):
        agree(epoch["metrics"], {key: values[number] for key, values in history.items()})
    (finished,) = told.of(name, "finished")
    agree(finished["test"], test)
    assert (told.folder / f"{name}-1.keras").is_file()
