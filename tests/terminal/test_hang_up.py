"""The terminal goes away while a run goes on: the run is none of its business."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from terminal import Terminal

from tui_trainer.core.rundir import RunDir, find_runs


def test_run_goes_on_to_its_end(
    open_app: Callable[..., Terminal],
    long: Callable[[int], str],
    runs: Path,
    wait_until: Callable[..., None],
) -> None:
    app = open_app(long(200))
    app.wait_for("5 Runs")
    app.press("ctrl+r")
    app.wait_for(lambda: any(run.status().epoch >= 2 for run in find_runs(runs)))
    (run,) = find_runs(runs)
    app.hang_up()
    at_hang_up = run.status()
    assert at_hang_up.live
    assert at_hang_up.epoch < 200
    assert app.status is not None, "the app outlived its terminal"
    wait_until(lambda: not run.status().live)
    assert run.status().state == "finished"
    assert run.status().epoch == 200
    assert run.model.is_file()
    wait_until(lambda: gone(run))


def test_quitting_leaves_the_run_running(
    open_app: Callable[..., Terminal],
    long: Callable[[int], str],
    runs: Path,
    wait_until: Callable[..., None],
) -> None:
    app = open_app(long(5000))
    app.wait_for("5 Runs")
    app.press("ctrl+r")
    app.wait_for(lambda: any(run.status().epoch >= 2 for run in find_runs(runs)))
    app.press("ctrl+q")
    app.wait_for("long-1 is still training.")
    app.press("enter")
    assert app.wait_until_ended() == 0
    assert app.find("long-1 goes on")
    (run,) = find_runs(runs)
    epoch = run.status().epoch
    wait_until(lambda: run.status().epoch > epoch)
    again = open_app()
    again.wait_for("5 Runs")
    again.press("5")
    again.wait_for("long-1  running")
    again.press("enter")
    again.wait_for(lambda: again.find(r"epoch +\d+ of 5000"))
    again.press("e")
    again.wait_for("stopped after ")
    wait_until(lambda: run.status().state == "stopped")


def gone(run: RunDir) -> bool:
    """Return whether the process of a run has ended."""
    try:
        os.kill(run.status().pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_nothing_is_left_of_an_app_that_was_opened_and_closed(
    open_app: Callable[..., Terminal], tmp_path: Path, wait_until: Callable[..., None]
) -> None:
    """An engine that still imports Keras finds the app gone when it is ready, and ends."""
    app = open_app(home=tmp_path)
    app.wait_for("5 Runs")
    wait_until(lambda: engines(tmp_path))
    app.press("ctrl+q")
    assert app.wait_until_ended() == 0
    wait_until(lambda: not engines(tmp_path))


def engines(home: Path) -> list[str]:
    """Return the engine processes that log below a home folder."""
    listed = subprocess.run(["ps", "-axww", "-o", "args="], capture_output=True, text=True)
    lines = listed.stdout.splitlines()
    return [line for line in lines if "tui_trainer.engine" in line and str(home) in line]
