"""A whole use of the app in terminals of every size and in tmux, and that nothing else is drawn."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from terminal import Terminal, environment

from tui_trainer.core.events import Best, EpochEnded, Finished
from tui_trainer.core.presets import open_experiment
from tui_trainer.core.rundir import RunDir, create_run
from tui_trainer.core.status import Status
from tui_trainer.core.toml import dumps

NOISE = (b"oneDNN", b"absl::", b"cpu_feature_guard", b"cuInit", b"TF_ENABLE", b"Traceback")
"""What TensorFlow prints while it is imported, and Python when it gives up."""


CHEAP = (sys.executable, str(Path(__file__).with_name("without_keras.py")))


@pytest.fixture
def open_cheap(home: Path, folder: Path, runs: Path) -> Iterator[Callable[..., Terminal]]:
    """Open the app without Keras in a terminal of a size, or in what a command makes of that."""
    terminals: list[Terminal] = []

    def start(size: tuple[int, int], *within: str) -> Terminal:
        variables = {**environment(home, runs), "FAKE_EPOCH_SECONDS": "0.06"}
        terminals.append(Terminal([*within, *CHEAP], variables, folder, size))
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.close()


def test_a_whole_use_in_a_small_window(open_app: Callable[..., Terminal], runs: Path) -> None:
    """With Keras, which is to draw nothing."""
    whole_use(open_app("regression", size=(60, 20)), runs, assert_nothing_else_was_drawn)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=str)
def test_a_whole_use(
    open_cheap: Callable[..., Terminal], runs: Path, size: tuple[int, int]
) -> None:
    whole_use(open_cheap(size), runs)


def test_a_whole_use_in_tmux(
    open_cheap: Callable[..., Terminal], runs: Path, tmp_path: Path
) -> None:
    tmux = shutil.which("tmux")
    if not tmux:
        pytest.skip("tmux is not installed")
    settings = tmp_path / "tmux.conf"
    settings.write_text("set -g status off\nset -sg escape-time 50\n")
    server = [tmux, "-S", str(tmp_path / "socket"), "-u", "-f", str(settings)]
    try:
        whole_use(open_cheap((100, 30), *server, "new-session"), runs)
    finally:
        subprocess.run([*server, "kill-server"], capture_output=True)


def whole_use(
    app: Terminal, runs: Path, look: Callable[[Terminal], None] = lambda app: None
) -> None:
    """Open a task, edit a layer, train, look at runs, ask for help, find a command, and leave."""
    old_run(runs)
    open_and_edit(app)
    train(app)
    look_at_the_old_run(app)
    look(app)
    get_help_and_leave(app)


def open_and_edit(app: Terminal) -> None:
    expect(app, "5 Runs", "a number", "digits", "? Help")
    app.press("home", "enter")
    expect(app, "1 293 train", "10 classes", "^r Train")
    app.press("2")
    expect(app, "input", "1  Dense", "2  Dropout", "3  Dense", "a Add", "units")
    app.press("enter")
    expect(app, "How many ", "activation")
    app.type("32")
    expect(app, "digits ● not saved")
    app.press("escape", "3")
    expect(app, "optimizer  Adam", "20 epochs, batch 32", "learning_rate", "a Add")


def train(app: Terminal) -> None:
    app.press("ctrl+r")
    expect(app, "finished after 20 epochs", "★ best val_loss", "test ", "● train  ▲ validation")
    app.wait_for(lambda: any("\u2800" < cell <= "\u28ff" for cell in app.text))
    app.press("m")
    app.wait_for(lambda: app.find(r"(?m)^ +(loss .* )?accuracy .*● train"))
    app.press("5")
    expect(app, "digits-2", "20/20")


def look_at_the_old_run(app: Terminal) -> None:
    app.press("end")
    expect(app, "digits-1", "3/3", "val_loss 0.3", "accuracy 0.9500", "1.5", "CPU")
    app.press("enter")
    expect(app, "finished after 3 epochs", "★ best val_loss 0.3000", "accuracy 0.9500")
    expect(app, " Train ", "Early stop", "Stop now", "Kill", "Resume", "Save", "Load")
    if app.screen.lines < 34:
        app.press("t")
    expect(app, "val_accuracy", "0.4000", "★")


def get_help_and_leave(app: Terminal) -> None:
    app.press("4", "?")
    expect(app, "Show the next metric's curves.")
    app.press("end")
    expect(app, "Take the word before.")
    app.press("escape", "ctrl+p")
    app.wait_for("Search for commands")
    app.type("save")
    app.wait_for("Save the experiment")
    app.press("enter")
    expect(app, "NAME.toml: the experiment", "digits.toml")
    app.press("escape", "ctrl+q")
    app.wait_for("edits that are not saved")
    app.press("right", "enter")
    assert app.wait_until_ended() == 0
    assert not any(noise in app.written for noise in NOISE)


def test_another_size(open_cheap: Callable[..., Terminal]) -> None:
    app = open_cheap((80, 24))
    expect(app, "5 Runs", "regression", "fashion-softmax", "mnist", "a number")
    app.press("2")
    expect(app, "65 parameters", "engine ready", "units")
    too_small(app)
    app.resize(160, 50)
    expect(app, " parameters", "^r Train", "engine ready")
    app.press("ctrl+q")
    assert app.wait_until_ended() == 0


def too_small(app: Terminal) -> None:
    """Be told so, see nothing edited unseen, and survive a storm of sizes down to a single cell."""
    app.press("enter")
    app.wait_for("How many ")
    app.resize(40, 10)
    expect(app, "This window is 40x10.", "tui-trainer needs 60x20.", "runs go on", "ctrl+q quits")
    app.press("9", "backspace", "escape", "1", "enter")
    for step in range(40):
        app.resize(1 + step * 7 % 130, 1 + step * 5 % 60)
        app.look(0.01)
    app.resize(80, 24)
    app.wait_for("How many ")
    assert "not saved" not in app.text
    app.press("escape")


def assert_nothing_else_was_drawn(app: Terminal) -> None:
    """Wipe the terminal and have it drawn anew: it shows the same if nobody else wrote there."""
    app.press("3")
    expect(app, "engine ready", "ready to train", "optimizer")
    app.settle(0.5)
    before, (columns, lines) = app.text, (app.screen.columns, app.screen.lines)
    app.screen.erase_in_display(2)
    app.resize(columns + 1, lines)
    app.settle(0.5)
    app.resize(columns, lines)
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
