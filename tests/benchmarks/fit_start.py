"""How soon an engine that stands by makes progress, and what an app that looks on costs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "terminal"))

from start import end_engines  # noqa: E402
from terminal import PROGRAM, Terminal, environment  # noqa: E402

from tui_trainer.core import toml  # noqa: E402
from tui_trainer.core.events import EpochEnded  # noqa: E402
from tui_trainer.core.experiment import Experiment  # noqa: E402
from tui_trainer.core.rundir import RunDir, create_run, find_runs  # noqa: E402

_LOOKED = 6.0
"""Seconds that the user looks at the experiment before Train is pressed."""
_WINDOW = 6.0
"""Seconds of training with the app, and without."""


def starts(experiment: Experiment, env: Mapping[str, str]) -> tuple[float, float]:
    """Return the seconds from Train to the first batch, and to the end of the first epoch."""
    with tempfile.TemporaryDirectory() as folder:
        text = toml.dumps(experiment)
        engine = subprocess.Popen(
            [sys.executable, "-m", "tui_trainer.engine"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=env,
            text=True,
        )
        assert engine.stdin and engine.stdout
        engine.stdout.readline()
        print(json.dumps({"id": 1, "do": "check", "experiment": text}), file=engine.stdin)
        engine.stdin.flush()
        engine.stdout.readline()
        time.sleep(_LOOKED)
        run = create_run(Path(folder), "start", text)
        began = time.monotonic()
        print(json.dumps({"id": 2, "do": "train", "run": str(run.path)}), file=engine.stdin)
        engine.stdin.flush()
        first = _until(lambda: run.status().phase in _MOVING, began)
        epoch = _until(lambda: "EpochEnded" in _kinds(run), began)
        run.send("stop_now")
        engine.wait(60)
    return first, epoch


_MOVING = ("train", "validate", "evaluate", "save")


def _kinds(run: RunDir) -> set[str]:
    return {type(event).__name__ for event in run.read_events()}


def _until(reached: object, began: float) -> float:
    while not reached():  # type: ignore[operator]
        time.sleep(0.01)
        if time.monotonic() - began > 120:
            raise SystemExit("no progress in two minutes")
    return time.monotonic() - began


def looked_at(experiment: Experiment, env: Mapping[str, str], times: int) -> tuple[float, float]:
    """Return the seconds of an epoch without the app, and with it open on the run, in turn."""
    endless = replace(experiment, callbacks=(), fit=replace(experiment.fit, epochs=100_000))
    alone: list[float] = []
    watched: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        file = home / "endless.toml"
        file.write_text(toml.dumps(endless), encoding="utf-8")
        command = [sys.executable, "-m", "tui_trainer", "train", str(file), "--json"]
        training = subprocess.Popen(
            [*command, "--runs", str(home / "runs")], env=env, stdout=subprocess.DEVNULL
        )
        _until(lambda: find_runs(home / "runs"), time.monotonic())
        run = find_runs(home / "runs")[0]
        _until(lambda: run.status().epoch > 1, time.monotonic())
        for _ in range(times):
            alone += _window(run)
            app = Terminal([str(PROGRAM)], {**environment(home, home / "runs"), **env}, home)
            try:
                app.wait_for("engine ready", 60)
                app.wait_for("epoch", 60)
                app.look(2.0)
                watched += _window(run, app)
            finally:
                app.close()
                end_engines(home)
        run.send("stop_now")
        training.wait(60)
    return median(alone), median(watched)


def _window(run: RunDir, app: Terminal | None = None) -> list[float]:
    """Return the seconds of the epochs that end in the next moments."""
    began = time.time()
    if app:
        app.look(_WINDOW)
    else:
        time.sleep(_WINDOW)
    epochs = [event for event in run.read_events() if isinstance(event, EpochEnded)]
    return [event.seconds for event in epochs if event.at - event.seconds > began]
