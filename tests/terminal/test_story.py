"""The main job from end to end, as a user sees it: open, edit, train, stop, save, load, quit."""

from collections.abc import Callable
from pathlib import Path

from terminal import ALTERNATE_SCREEN, Terminal

from tui_trainer.core.rundir import find_runs
from tui_trainer.core.watch import Watch
from tui_trainer.core.words import spaced

EPOCHS = 100_000
"""More than anybody waits for."""


def test_main_story(open_app: Callable[..., Terminal], folder: Path, runs: Path) -> None:
    app = open_app("digits")
    look_at_data(app)
    edit_units(app)
    ask_for_many_epochs(app)
    train(app)
    watch_it_learn(app)
    stop_early(app)
    save(app, folder)
    find_the_run(app)
    load(app)
    check_the_run(runs)
    quit_app(app)


def look_at_data(app: Terminal) -> None:
    app.wait_for("5 Runs")
    app.wait_for("1 293 train, 144 validation, 360 test")
    app.wait_for("10 classes: 0, 1, 2")
    app.wait_for(lambda: len(app.find("▀▀▀▀▀▀▀▀")) >= 12)
    app.wait_for("✓ ready to train")


def edit_units(app: Terminal) -> None:
    app.press("2")
    app.wait_for("4 810 parameters")
    app.press("enter")
    app.wait_for("How many numbers")
    app.type("32")
    app.wait_for("2 410 parameters")
    app.wait_for(lambda: app.find(r"1  Dense +32 +2 080"))
    app.wait_for(lambda: app.find(r"3  Dense +10 +330"))
    app.wait_for("digits ● not saved")
    app.press("escape")


def ask_for_many_epochs(app: Terminal) -> None:
    app.press("3")
    app.wait_for("sparse_categorical_crossentrop")
    app.press("down", "down", "down", "enter")
    app.wait_for("How many times")
    app.type(str(EPOCHS))
    app.wait_for(f"{spaced(EPOCHS)} epochs, batch 32")
    app.press("escape")
    app.wait_for("✓ ready to train")


def train(app: Terminal) -> None:
    app.press("ctrl+r")
    app.wait_for("run digits-1 · ")
    app.wait_for(lambda: epochs_counted(app) >= 2)


def watch_it_learn(app: Terminal) -> None:
    app.wait_for("● train  ▲ validation")
    counted, drawn = epochs_counted(app), cells_of_curves(app)
    app.wait_for(lambda: epochs_counted(app) >= counted + 3)
    app.wait_for(lambda: cells_of_curves(app) > max(drawn, 20))
    app.wait_for("★ best val_loss")
    app.wait_for(lambda: len(app.find(r"(?m)^ +\d+ +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ ")) >= 3)
    app.wait_for(lambda: app.find(r"val_loss +val_accuracy +s\b"))
    app.wait_for(lambda: app.find(r"accuracy [01]\.\d{4} +val_loss \d\.\d{4}"))


def stop_early(app: Terminal) -> None:
    app.press("e")
    app.wait_for("stopped after ")
    app.wait_for(lambda: accuracy_on_test(app) > 0.1)


def save(app: Terminal, folder: Path) -> None:
    app.press("ctrl+s")
    app.wait_for("NAME.keras: the model of digits-1. NAME.weights.h5: its weights.")
    app.press("ctrl+u")
    app.type("mine")
    app.press("enter")
    app.wait_for("model → mine.keras")
    app.wait_for(lambda: {path.name for path in folder.iterdir()} == {"mine.toml", "mine.keras"})
    assert "units = 32" in (folder / "mine.toml").read_text("utf-8")
    app.wait_for(lambda: "mine" in app.text and "not saved" not in app.text)


def find_the_run(app: Terminal) -> None:
    app.press("5")
    row = rf"digits-1  stopped +\d+/{EPOCHS} +val_loss 0\.\d+ +accuracy [01]\.\d+"
    app.wait_for(lambda: app.find(row))


def load(app: Terminal) -> None:
    """Change the stack, and have the saved one back in its place."""
    app.press("2")
    app.wait_for("3  Dense")
    app.press("down", "backspace")
    app.wait_for(lambda: "2  Dense" in app.text and "Dropout" not in app.text)
    app.press("ctrl+o")
    app.wait_for(".keras file")
    app.type("mine.keras")
    app.press("enter")
    app.wait_for("Layers and weights")
    app.press("enter")
    app.wait_for("mine has the layers of mine.keras;")
    app.wait_for(lambda: app.find(r"2  Dropout +32 +0"))
    app.wait_for(lambda: app.find(r"1  Dense +32 +2 080"))
    app.wait_for(lambda: app.find(r"3  Dense +10 +330"))
    app.press("ctrl+z", "ctrl+z")
    app.wait_for(lambda: "mine" in app.text and "not saved" not in app.text)


def check_the_run(runs: Path) -> None:
    """Find in the run folder what the screen said."""
    (run,) = find_runs(runs)
    watch = Watch.open(run)
    assert watch.state == "stopped"
    assert 3 <= len(watch.curves.epochs) < EPOCHS
    assert run.model.is_file()


def quit_app(app: Terminal) -> None:
    assert app.mode(ALTERNATE_SCREEN)
    app.press("ctrl+q")
    assert app.wait_until_ended() == 0
    assert not app.mode(ALTERNATE_SCREEN)
    assert not any(app.mode(mouse) for mouse in (1000, 1002, 1003, 1006))
    assert not app.screen.cursor.hidden
    assert app.echoes


def epochs_counted(app: Terminal) -> int:
    return max(map(int, app.find(rf"epoch +(\d+) of {EPOCHS}")), default=0)


def cells_of_curves(app: Terminal) -> int:
    return sum("\u2800" < cell <= "\u28ff" for cell in app.text)


def accuracy_on_test(app: Terminal) -> float:
    return max(map(float, app.find(r"test .*\baccuracy (\d\.\d{4})")), default=0.0)
