"""Keys that reach the program in one piece, as a slow line and tmux deliver them."""

from collections.abc import Callable
from pathlib import Path

from terminal import Terminal

from tui_trainer.core import toml


def test_what_is_typed_at_once_lands_where_it_was_typed(
    open_app: Callable[..., Terminal], folder: Path
) -> None:
    app = open_app("digits")
    app.wait_for("ready to train", 90)
    app.send("3", "end", "enter", *"512", "tab", *"64")
    app.wait_for("512 epochs, batch 64")
    app.send("shift+tab", *"12", "left", *"3", "tab", *"4")
    app.wait_for("132 epochs, batch 4")
    app.send(*"7", "escape", "u", "1", "tab", "end", "backspace", *"ba", "backspace", *"ckspace")
    app.wait_for("digits ● not saved")
    app.wait_for("bckspace")
    app.send("escape", "2", "end", "a", *"drop", "enter", "up", "d")
    app.wait_for(lambda: app.find(r"4 +Dense"))
    app.send("ctrl+s", "ctrl+u", *"mine", "left", "left", *"x", "end", *".toml", "enter")
    app.wait_for(lambda: (folder / "mixne.toml").exists())
    saved = toml.read(folder / "mixne.toml")
    assert [part.type[:4] for part in saved.layers] == ["Dens", "Drop", "Dens", "Dens", "Drop"]
    assert (saved.fit.epochs, saved.fit.batch_size) == (132, 64)  # 47 was typed, and undone as one.
    app.paste("rm -rf\n./x\n")
    app.wait_for("Not pasted")
    app.send("3", "end", "enter")
    app.paste("99")
    app.wait_for("99 epochs, batch 64")
    app.send("ctrl+q", "right", "enter")
    assert app.wait_until_ended() == 0
