"""The terminal lags, the app is put aside or told to end: nothing hangs, nothing is left behind."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scripted import ScriptedRun
from terminal import ALTERNATE_SCREEN, PROGRAM, Terminal, asked_of_ps, environment

from tui_trainer.core.lines import Tail

MOUSE = (1000, 1002, 1003, 1006)


@pytest.fixture
def scripted(runs: Path) -> Iterator[ScriptedRun]:
    """Return a live run that trains nothing."""
    run = ScriptedRun(runs)
    yield run
    run.close()


def restored(app: Terminal) -> bool:
    """Return whether the terminal is as a shell wants it."""
    modes = (ALTERNATE_SCREEN, *MOUSE)
    return app.echoes and not app.screen.cursor.hidden and not any(map(app.mode, modes))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end(open_app: Callable[..., Terminal], number: int) -> None:
    app = open_app("digits")
    app.wait_for("5 Runs")
    assert app.mode(ALTERNATE_SCREEN)
    os.kill(app.pid, number)
    assert app.wait_until_ended(10) == 128 + number
    assert restored(app)
    assert b"Traceback" not in app.written


@pytest.mark.parametrize("moment", range(12))
def test_told_to_end_while_it_starts(open_app: Callable[..., Terminal], moment: int) -> None:
    app = open_app("digits")
    app.wait_for(lambda: app.mode(ALTERNATE_SCREEN))
    app.send(*"2\t5\t3")
    app.look(moment * 0.06)
    os.kill(app.pid, signal.SIGTERM)
    assert app.wait_until_ended(10) == 128 + signal.SIGTERM
    assert restored(app)
    assert b"Traceback" not in app.written


def test_put_aside_and_taken_up_again(
    open_app: Callable[..., Terminal], wait_until: Callable[..., None]
) -> None:
    app = open_app("digits")
    app.wait_for("engine ready")
    app.wait_for("▀▀▀▀▀▀▀▀")
    app.wait_for("✓ ready to train")
    for stop in (signal.SIGTSTP, signal.SIGSTOP):
        app.settle(2.0)
        before = app.text
        os.kill(app.pid, stop)
        wait_until(lambda: asked_of_ps("stat", app.pid).startswith("T"))
        app.look(0.2)
        assert restored(app) == (stop == signal.SIGTSTP)
        app.screen.reset()
        app.screen.draw("what the shell wrote")
        os.kill(app.pid, signal.SIGCONT)
        app.wait_for(lambda before=before: app.text == before)
        assert not app.echoes and app.mode(ALTERNATE_SCREEN) == (stop == signal.SIGTSTP)
        app.press("2")
        app.wait_for(" parameters")
        app.press("1")
        app.wait_for("fashion-relu")
    app.press("ctrl+q")
    assert app.wait_until_ended() == 0
    assert restored(app)


@pytest.mark.parametrize("way", ["2>log", "2>&-"])
def test_standard_error_is_elsewhere(home: Path, runs: Path, folder: Path, way: str) -> None:
    command = ["/bin/sh", "-c", f"exec {PROGRAM} digits {way}"]
    terminal = Terminal(command, environment(home, runs), folder)
    try:
        terminal.wait_for("✓ ready to train")
        terminal.press("ctrl+q")
        assert terminal.wait_until_ended() == 0
        assert restored(terminal)
        assert way == "2>&-" or not (folder / "log").read_text()
    finally:
        terminal.close()


@pytest.mark.parametrize("how", ["{app}", "trap '' HUP; {app}; sleep 60"])
def test_hung_up_under_a_shell_that_stays(
    home: Path, runs: Path, folder: Path, how: str, wait_until: Callable[..., None]
) -> None:
    """Whether or not the shell ignores the signal, and the app with it as `nohup` would have it."""
    app = f"sh -c 'echo $$ > pid; exec {PROGRAM} digits'"
    shell = ["/bin/sh", "-c", how.format(app=app)]
    terminal = Terminal(shell, environment(home, runs), folder)
    try:
        terminal.wait_for("5 Runs")
        pid = int((folder / "pid").read_text())
        terminal.hang_up()
        wait_until(lambda: asked_of_ps("stat", pid)[:1] in ("", "Z"), 5)
    finally:
        terminal.close()


def test_a_terminal_that_does_not_read(
    open_app: Callable[..., Terminal], scripted: ScriptedRun, wait_until: Callable[..., None]
) -> None:
    """For 20 seconds the app goes on, and the run; then the newest screen is there."""
    scripted.end_epoch()
    scripted.go_on(0.2)
    app = open_app()
    app.wait_for(lambda: app.find(r"epoch +\d+ of 1000"))
    app.stall()
    for key in ("2", "3", "1", "4"):
        app.send(key)
        time.sleep(5)
    app.send("e")
    asked = Tail(scripted.run.commands)
    wait_until(lambda: any(record["command"] == "stop" for record in asked.records()), 10)
    epoch, before = scripted.epoch, len(app.written)
    app.stall(False)
    app.wait_for(lambda: any(int(n) >= epoch for n in app.find(r"epoch +(\d+) of 1000")), 5)
    assert len(app.written) - before < 20_000


def test_a_terminal_that_lags_for_a_moment(open_app: Callable[..., Terminal]) -> None:
    """Far away, a frame may have to wait twice: for the terminal, and then for its time."""
    app = open_app("digits", "--plain-motion")
    app.wait_for("ready to train")
    for hundredths in range(4, 16):
        app.stall()
        app.send("3")
        time.sleep(hundredths / 200)
        app.send("2")
        time.sleep(hundredths / 200)
        app.stall(False)
        app.wait_for("kernel_initializer", 10)
        app.press("1")
        app.wait_for("MNIST", 10)


def test_quitting_while_the_terminal_does_not_read(open_app: Callable[..., Terminal]) -> None:
    app = open_app("digits")
    app.wait_for("5 Runs")
    app.stall()
    for key in ("2", "3", "1", "ctrl+q"):
        app.send(key)
        time.sleep(1.0)
    until = time.monotonic() + 10
    while not app.has_ended() and time.monotonic() < until:
        time.sleep(0.1)
    assert app.status == 0
