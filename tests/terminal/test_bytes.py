"""What goes over the line: little for what changes, nothing while nothing changes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest
from scripted import ScriptedRun, cost_of_an_epoch
from terminal import PROGRAM, Terminal, environment


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedRun]:
    """Return a live run of a few epochs that trains nothing."""
    run = ScriptedRun(tmp_path_factory.mktemp("runs"))
    for _ in range(5):
        run.end_epoch()
    yield run
    run.close()


@pytest.fixture(scope="module")
def app(
    scripted: ScriptedRun, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Terminal]:
    """Return the app on the Train tab, 120 by 40 in 256 colours, with nothing left to begin."""
    variables = {**environment(home, scripted.run.path.parent), "COLORTERM": ""}
    folder = tmp_path_factory.mktemp("work")
    terminal = Terminal([str(PROGRAM)], variables, folder, (120, 40))
    terminal.wait_for(lambda: terminal.find(r"epoch +6 of 1000"))
    terminal.wait_for("✓ ready to train")
    terminal.settle(4.0)  # What tells that the run goes on disappears again.
    yield terminal
    terminal.close()


def test_one_more_epoch(app: Terminal, scripted: ScriptedRun) -> None:
    costs = [cost_of_an_epoch(app, scripted) for _ in range(10)]
    assert median(costs) < 800
    assert max(costs) < 3000, "axes that move draw both charts anew"
    assert app.cost(lambda: scripted.batch(20)) < 300


def test_the_focus_and_the_tabs(app: Terminal) -> None:
    for tab in "1235":
        assert app.cost(lambda tab=tab: app.send(tab)) < 12_000
        for _ in range(4):
            assert app.cost(lambda: app.send("tab"), 0.3) < 3000
        app.press("escape")


def test_nothing_while_nothing_changes(app: Terminal) -> None:
    for keys in ("4", "1", "2", ("enter",), ("escape", "3"), ("ctrl+p",), ("escape", "ctrl+o")):
        app.press(*keys)
        assert app.cost(lambda: None) == 0, keys
    app.press("escape")


def test_the_mouse_over_charts(app: Terminal) -> None:
    def move() -> None:
        for step in range(60):
            app.move_mouse(5 + step, 5 + step % 15)
            app.look(0.02)

    app.press("4")
    assert app.cost(move) == 0


def test_plain_motion_draws_less_often(
    open_app: Callable[..., Terminal], runs: Path, tmp_path: Path
) -> None:
    run = ScriptedRun(runs)
    run.go_on(0.2, batches=1)
    app = open_app("--plain-motion", size=(120, 40))
    app.wait_for(lambda: app.find(r"epoch +\d+ of 1000"))
    seen: set[str] = set()
    begun = run.epoch

    def drawn() -> int:
        seen.update(app.find(r"epoch +\d+ of 1000"))
        return len(seen)

    app.wait_for(lambda: drawn() >= 5)
    run.close()
    assert run.epoch - begun > 8
