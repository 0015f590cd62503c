"""What each tab shows in a small and in a large terminal, and that nothing else gets in there."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import Terminal

from tui_trainer.core.events import Best, EpochEnded, Finished
from tui_trainer.core.presets import open_experiment
from tui_trainer.core.rundir import RunDir, create_run
from tui_trainer.core.status import Status
from tui_trainer.core.toml import dumps

NOISE = (b"oneDNN", b"absl::", b"cpu_feature_guard", b"cuInit", b"TF_ENABLE", b"Traceback")
"""What TensorFlow prints while it is imported, and Python when it gives up."""


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
def test_every_tab(open_app: Callable[..., Terminal], runs: Path, size: tuple[int, int]) -> None:
    old_run(runs)
    app = open_app("digits", size=size)
    small = size == (80, 24)
    app.wait_for("5 Runs")
    expect(app, "fashion-softmax", "1 293 train", "10 classes", "source", "^r Train")
    app.press("2")
    expect(app, "input", "1  Dense", "3  Dense", "units", "activation", "a Add")
    app.press("3")
    expect(app, "optimizer  Adam", "20 epochs, batch 32", "learning_rate")
    app.press("5")
    expect(app, "digits-1  finished", "3/3", "val_loss 0.3", "accuracy 0.9")
    app.press("enter")
    expect(app, "finished after 3 epochs", "★ best val_loss 0.3000", "accuracy 0.9500")
    expect(app, "● train  ▲ validation", " Train ", "Early stop", "Stop now", "Save", "Load")
    app.wait_for(lambda: any("\u2800" < cell <= "\u28ff" for cell in app.text))
    if small:
        app.press("t")
    expect(app, "val_accuracy", "0.4000")
    app.press("?")
    expect(app, "Show the next metric's curves.")
    app.press("end")
    expect(app, "Find any command by its name.")
    app.press("escape", "ctrl+q")
    assert app.wait_until_ended() == 0
    assert not any(noise in app.written for noise in NOISE)


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
    for size in ((160, 50), (40, 10), (120, 36)):
        app.resize(*size)
        app.settle()
    expect(app, " parameters", "^r Train", "engine ready")
    assert_nothing_else_was_drawn(app)
    app.press("ctrl+q")
    assert app.wait_until_ended() == 0
    assert not any(noise in app.written for noise in NOISE)


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
