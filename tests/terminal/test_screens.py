"""A whole use of the app in terminals of every size and in tmux, and that nothing else is drawn."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scripted import ScriptedRun
from terminal import PROGRAM, Terminal, environment

from tui_trainer.core.events import Best, EpochEnded, Finished
from tui_trainer.core.presets import open_experiment
from tui_trainer.core.rundir import RunDir, create_run
from tui_trainer.core.status import Status
from tui_trainer.core.toml import dumps

NOISE = (b"oneDNN", b"absl::", b"cpu_feature_guard", b"cuInit", b"TF_ENABLE", b"Traceback")
"""What TensorFlow prints while it is imported, and Python when it gives up."""


SMALL = (60, 20)
"""A window that shows one thing at a time."""


@pytest.fixture
def live_run(runs: Path) -> Iterator[ScriptedRun]:
    """Return a run that goes on, and trains nothing."""
    run = ScriptedRun(runs)
    for _ in range(5):
        run.end_epoch()
    run.go_on(0.3)
    yield run
    run.close()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=str)
def test_a_whole_use(
    open_app: Callable[..., Terminal], runs: Path, live_run: ScriptedRun, size: tuple[int, int]
) -> None:
    app = open_app("regression", size=size)
    open_and_edit(app)
    watch(app)
    get_help_and_leave(app)


def test_a_whole_use_in_a_small_window(open_app: Callable[..., Terminal], runs: Path) -> None:
    """With a real run, and one that has ended."""
    old_run(runs)
    app = open_app("regression", size=SMALL)
    open_and_edit(app)
    train(app)
    look_at_the_old_run(app)
    get_help_and_leave(app)


def test_a_whole_use_in_tmux(
    home: Path, folder: Path, runs: Path, live_run: ScriptedRun, tmp_path: Path
) -> None:
    tmux = shutil.which("tmux")
    if not tmux:
        pytest.skip("tmux is not installed")
    settings = tmp_path / "tmux.conf"
    settings.write_text("set -g status off\nset -sg escape-time 50\n")
    server = [tmux, "-S", str(tmp_path / "socket")]
    command = [*server, "-u", "-f", str(settings), "new-session", str(PROGRAM), "regression"]
    app = Terminal(command, environment(home, runs), folder, (100, 30))
    try:
        open_and_edit(app)
        watch(app)
        get_help_and_leave(app)
    finally:
        subprocess.run([*server, "kill-server"], capture_output=True)
        app.close()


def open_and_edit(app: Terminal) -> None:
    expect(app, "5 Runs", "a number", "digits", "? Help")
    app.press("home", "enter")
    expect(app, "1 293 train", "10 classes", "^r Train")
    app.press("2")
    expect(app, "input", "1  Dense", "2  Dropout", "3  Dense", "a Add", "units")
    app.press("enter")
    expect(app, "How many numbers", "activation")
    app.type("32")
    expect(app, "digits ● not saved")
    app.press("escape", "3")
    expect(app, "optimizer  Adam", "20 epochs, batch 32", "learning_rate", "a Add")


def watch(app: Terminal) -> None:
    """Find the run that goes on, and look at its curves and epochs."""
    app.press("5")
    expect(app, "digits-1", "running", "val_loss 0.", "enter shows it")
    app.press("enter")
    expect(app, "of 1000", "ETA", "★ best val_loss", "loss 0.", "● train  ▲ validation")
    expect(app, " Train ", "Early stop", "Stop now", "Kill", "Pause", "Save", "Load")
    app.wait_for(lambda: curves(app))
    app.press("m")
    app.wait_for(lambda: app.find(r"(?m)^  (loss .* )?accuracy .*● train"))
    if app.screen.lines < 34:
        app.press("t")
    app.wait_for(lambda: len(app.find(r"(?m)^[ ★] +\d+ +\d\.\d+ +0\.\d+ +\d\.\d+ ")) >= 4)


def train(app: Terminal) -> None:
    """Train in earnest, and see that it is there."""
    app.press("ctrl+r")
    expect(app, "finished after 20 epochs", "★ best val_loss", "test ")
    app.wait_for(lambda: curves(app))
    app.press("5")
    expect(app, "digits-2", "20/20")


def look_at_the_old_run(app: Terminal) -> None:
    app.press("end")
    expect(app, "digits-1", "3/3", "val_loss 0.3", "accuracy 0.9500 · 1.5 s · CPU")
    app.press("enter")
    expect(app, "finished after 3 epochs", "★ best val_loss 0.3000", "accuracy 0.9500")
    expect(app, "● train  ▲ validation", " Train ", "Early stop", "Resume", "Save", "Load")
    app.press("t")
    expect(app, "val_accuracy", "0.4000")


def get_help_and_leave(app: Terminal) -> None:
    app.press("?")
    expect(app, "Show the next metric's curves.")
    app.press("end")
    expect(app, "Find any command by its name.")
    app.press("escape", "ctrl+p")
    app.wait_for("Search for commands")
    app.type("save")
    app.wait_for("Save the experiment")
    app.press("enter")
    expect(app, "NAME.toml: the experiment", "digits.toml")
    app.press("escape", "ctrl+q")
    app.wait_for("edits that are not saved")
    app.press("right", "enter")
    app.wait_for(lambda: app.has_ended() or "still training" in app.text)
    if not app.has_ended():
        app.press("enter")
    assert app.wait_until_ended() == 0
    assert not any(noise in app.written for noise in NOISE)


def curves(app: Terminal) -> bool:
    return any("\u2800" < cell <= "\u28ff" for cell in app.text)


def test_choosing_a_task_and_another_size(open_app: Callable[..., Terminal]) -> None:
    """With no argument: the list of tasks, the arrow keys, Enter; then the window is resized."""
    app = open_app(size=(80, 24))
    app.wait_for("5 Runs")
    expect(app, "regression", "fashion-softmax", "mnist")
    app.press("down", "enter")
    expect(app, "tui-trainer · regression", "a number")
    app.press("2")
    app.wait_for("✓ ready to train")
    app.wait_for("engine ready")
    too_small(app)
    for size in ((160, 50), (120, 36)):
        app.resize(*size)
        app.settle()
    expect(app, " parameters", "^r Train", "engine ready")
    assert_nothing_else_was_drawn(app)
    app.press("ctrl+q")
    assert app.wait_until_ended() == 0
    assert not any(noise in app.written for noise in NOISE)


def too_small(app: Terminal) -> None:
    """Be told so, see nothing edited unseen, and survive a storm of sizes down to a single cell."""
    app.press("enter")
    app.wait_for("How many numbers")
    app.resize(40, 10)
    expect(app, "This window is 40x10.", "tui-trainer needs 60x20.", "runs go on", "ctrl+q quits")
    app.press("9", "backspace", "escape", "1", "enter")
    for step in range(40):
        app.resize(1 + step * 7 % 130, 1 + step * 5 % 60)
        app.look(0.01)
    app.resize(80, 24)
    app.wait_for("How many numbers")
    assert "not saved" not in app.text
    app.press("escape")


def assert_nothing_else_was_drawn(app: Terminal) -> None:
    """Wipe the terminal and have it drawn anew: it shows the same if nobody else wrote there."""
    before = app.text
    app.screen.erase_in_display(2)
    app.resize(119, 36)
    app.settle()
    app.resize(120, 36)
    app.wait_for(lambda: app.text == before)


def expect(app: Terminal, *words: str) -> None:
    """Wait until the screen shows all of some words."""
    for word in words:
        app.wait_for(word)


def old_run(runs: Path) -> RunDir:
    """Make the folder of a run of three epochs that has ended."""
    experiment, name, _ = open_experiment("digits")
    run = create_run(runs, name, dumps(experiment).replace("epochs = 20", "epochs = 3"))
    now = time.time()
    best = Best(3, "val_loss", 0.3)
    for epoch in (1, 2, 3):
        loss = 0.6 - epoch / 10
        metrics = {"loss": loss, "accuracy": 0.9, "val_loss": loss, "val_accuracy": 0.9}
        run.add_event(EpochEnded(epoch, metrics, 0.1, now))
    test = {"loss": 0.2, "accuracy": 0.95}
    ended = Finished(str(run.path), 3, metrics, best, test, 1.5, device="CPU", at=now)
    run.add_event(ended)
    run.write_status(Status("finished", epoch=3, epochs=3, best=best, seconds=1.5, device="CPU"))
    return run
