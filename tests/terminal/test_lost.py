"""The engine is killed while its run is watched: nothing but its last moments is lost."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from terminal import Terminal

from tui_trainer.core.events import EpochEnded, Resumed
from tui_trainer.core.rundir import RunDir, find_runs
from tui_trainer.core.watch import Watch


def test_a_killed_engine_is_seen_and_its_run_goes_on_from_the_list(
    open_app: Callable[..., Terminal], long: Callable[[int], str], runs: Path
) -> None:
    app = open_app(long(100_000))
    app.wait_for("✓ ready to train")
    app.press("ctrl+r")
    app.wait_for(lambda: any(run.last.is_file() for run in find_runs(runs)), 90)
    (run,) = find_runs(runs)
    os.kill(run.status().pid, signal.SIGKILL)
    app.wait_for("lost: its engine died at epoch")
    app.wait_for("is kept; r resumes")
    app.press("5")
    app.wait_for("long-1  lost")
    app.press("r")
    app.wait_for("Resume long-1")
    app.press("enter")
    app.wait_for("┊ resumed", 150)  # Keras is imported once more, while others use the machine.
    app.wait_for(lambda: went_on(run))
    app.press("x")
    app.wait_for("stopped after")
    app.wait_for("engine ready")
    epochs = [epoch.epoch for epoch in Watch.open(run).curves.epochs]
    assert epochs == list(range(1, len(epochs) + 1))
    app.press("ctrl+q")
    assert app.wait_until_ended() == 0


def went_on(run: RunDir) -> bool:
    """Return whether a run has trained more since it was resumed, and not from the beginning."""
    history = run.read_events()
    (resumed,) = [event for event in history if isinstance(event, Resumed)]
    assert resumed.epoch > 0
    return any(isinstance(event, EpochEnded) for event in history[history.index(resumed) :])
