"""Three ways to train the same experiment, each in a process of its own, and what each took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tui_trainer.core import toml
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.script import script

HERE = Path(__file__).parent
_CLOCKED = """
import json, runpy, sys, time
import keras
seconds = []
class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter()
    def on_epoch_end(self, epoch, logs=None):
        seconds.append(time.perf_counter() - self.began)
fit, evaluate = keras.Model.fit, keras.Model.evaluate
def clocked(self, *data, callbacks=(), **more):
    return fit(self, *data, callbacks=[*callbacks, Clock()], verbose=0, **more)
keras.Model.fit = clocked
keras.Model.evaluate = lambda self, *data, **more: evaluate(self, *data, **{"verbose": 0, **more})
names = runpy.run_path(sys.argv[1])
last = {name: float(values[-1]) for name, values in names["history"].history.items()}
print("\\n" + json.dumps([seconds, last]))
"""
"""Runs a script of plain Keras without its bars of progress, which would only slow it down."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one training took, and what came of it."""

    epochs: Sequence[float]
    """Seconds of each."""
    wall: float
    """Seconds from the start of the process to its end."""
    memory: int
    """Its largest resident size in bytes."""
    metrics: Mapping[str, float]
    finished: Mapping[str, Any] = field(default_factory=dict)
    """The event that ends a run."""
    note: str = ""
    """What the run told of how it is fitted."""

    @property
    def epoch(self) -> float:
        """Seconds of an epoch after the first."""
        return median(self.epochs[1:] or self.epochs)


Way = Callable[[Experiment, Mapping[str, str]], Measured]


def plainly(experiment: Experiment, environment: Mapping[str, str]) -> Measured:
    """Train by the tutorial's own code: `model.fit(x, y, ...)`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plain.py"
        path.write_text(script(experiment, "plain").text, encoding="utf-8")
        done = _process([sys.executable, "-c", _CLOCKED, str(path)], folder, environment)
    return _measured(done)


def by_hand(experiment: Experiment, environment: Mapping[str, str]) -> Measured:
    """Train by the hand-written loop of `fit_limit.py`."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(experiment, Path(folder))
        command = [sys.executable, str(HERE / "fit_limit.py"), str(path)]
        return _measured(_process(command, folder, environment))


def ours(experiment: Experiment, environment: Mapping[str, str]) -> Measured:
    """Train by `tui-trainer train`."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(experiment, Path(folder))
        command = [sys.executable, "-m", "tui_trainer", "train", str(path), "--json"]
        out, wall, memory = _process([*command, "--runs", folder], folder, environment)
    events = [json.loads(line) for line in out.splitlines()]
    epochs = [event for event in events if event["event"] == "epoch"]
    note = next((e["text"] for e in events if " of samples " in e.get("text", "")), "")
    seconds = [epoch["seconds"] for epoch in epochs]
    finished = events[-1]
    best = finished.get("best") or {}
    of_best = next((e["metrics"] for e in epochs if e["epoch"] == best.get("epoch")), {})
    finished["best"] = {**of_best, "epoch": best.get("epoch")}
    return Measured(seconds, wall, memory, finished["metrics"], finished, note)


def write(experiment: Experiment, folder: Path) -> Path:
    """Write an experiment into a folder, and return its path."""
    path = folder / "experiment.toml"
    path.write_text(toml.dumps(experiment), encoding="utf-8")
    return path


Done = tuple[str, float, int]


def _process(command: Sequence[str], folder: str, environment: Mapping[str, str]) -> Done:
    """Return what a process printed, its seconds, and its largest resident size."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        assert process.stdout
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)[:200]}\n{errors.read()[-3000:]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return out, time.monotonic() - began, usage.ru_maxrss * unit


def _measured(done: Done) -> Measured:
    out, wall, memory = done
    seconds, metrics = json.loads(out.splitlines()[-1])
    return Measured(seconds, wall, memory, metrics)
