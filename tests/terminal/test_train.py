"""`train` in a terminal that goes away, or reads nothing any more: the run goes on to its end."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import Terminal

from tui_trainer.core.rundir import RunDir, find_runs

EPOCHS = 150
Wait = Callable[..., None]


@pytest.fixture
def training(open_app: Callable[..., Terminal]) -> Terminal:
    """Return a terminal in which a run is in its first epochs."""
    terminal = open_app("train", "digits", "--set", f"fit.epochs={EPOCHS}")
    terminal.wait_for(lambda: terminal.find(rf"\d/{EPOCHS} +loss"))
    return terminal


def whole(run: RunDir) -> bool:
    return run.status().state == "finished" and run.status().epoch == EPOCHS


def test_hang_up(training: Terminal, runs: Path, wait_until: Wait) -> None:
    training.hang_up(0.0)
    (run,) = find_runs(runs)
    assert run.status().live
    wait_until(lambda: not run.status().live)
    assert whole(run)
    assert run.model.is_file()
    assert training.wait_until_ended() == 0


def test_terminal_that_stops_reading(training: Terminal, runs: Path, wait_until: Wait) -> None:
    """What was not read is more than a terminal holds back, and nobody waits for it."""
    (run,) = find_runs(runs)
    wait_until(lambda: not run.status().live)
    assert whole(run)
    wait_until(training.has_ended)
    assert training.status == 0


def test_terminal_that_reads_again_shows_it_all(
    training: Terminal, runs: Path, wait_until: Wait
) -> None:
    (run,) = find_runs(runs)
    epoch = run.status().epoch
    wait_until(lambda: run.status().epoch > epoch + EPOCHS // 4)
    training.wait_for("finished after")
    shown = re.findall(rf"(\d+)/{EPOCHS}  loss", training.written.decode())
    assert shown == [str(number) for number in range(1, EPOCHS + 1)]


def test_attach_shows_it_in_the_app_and_leaving_ends_nothing(
    open_app: Callable[..., Terminal], runs: Path
) -> None:
    training = open_app("train", "digits", "--set", "fit.epochs=100000")
    training.wait_for(lambda: training.find(r"\d/100000 +loss"))
    (run,) = find_runs(runs)
    small, large = (open_app("attach", run.name, size=size) for size in ((80, 24), (120, 36)))
    for viewer in (small, large):
        viewer.wait_for(lambda viewer=viewer: viewer.find(r"epoch +\d+ of 100"))
        training.look()  # A terminal that nobody reads is not written to for long.
    small.press("ctrl+q")
    small.wait_for("still training")
    small.press("enter")
    assert small.wait_until_ended() == 0
    training.look()
    stop = open_app("stop", run.name)
    stop.wait_for("ends after epoch")
    stop.wait_for(f"`tui-trainer resume {run.name}` goes on with it")
    assert stop.wait_until_ended() == 0
    training.wait_for("stopped after")
    large.wait_for("stopped after")
    large.press("ctrl+q")
    assert large.wait_until_ended() == 0
    assert training.wait_until_ended() == 0
