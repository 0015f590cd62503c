"""Editing in a real terminal: a layer by a few letters, what Keras says of it, advice, the code."""

from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import Terminal

from tui_trainer.core import toml
from tui_trainer.core.experiment import Part


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
def test_a_layer_is_added_mended_fixed_and_seen_as_code(
    open_app: Callable[..., Terminal], folder: Path, size: tuple[int, int]
) -> None:
    app = open_app("digits", size=size)
    app.wait_for("ready to train", 90)
    app.press("2", "home", "down", "a")
    app.wait_for("add a layer below Dense")
    app.type("conv2d")
    app.press("enter")
    app.wait_for("wants 4 dimensions")
    app.press("ctrl+r")
    app.look(0.5)
    assert "✗" in app.text and "epoch" not in app.text.lower()
    app.press("backspace")
    app.wait_for("ready to train")
    app.press("up", "a")
    app.type("batch")
    app.press("enter")
    app.wait_for("before the")
    app.press("ctrl+g")
    app.wait_for(lambda: app.find(r"3 +ReLU +64"))
    app.press("escape", "c")
    app.wait_for("layers.ReLU()")
    app.press("ctrl+s")
    app.wait_for("NAME.toml")
    app.press("enter")
    app.wait_for(lambda: (folder / "digits.toml").exists())
    saved = toml.read(folder / "digits.toml").layers
    assert saved[:3] == (Part("Dense", {"units": 64}), Part("BatchNormalization"), Part("ReLU"))
    app.press("ctrl+q")
    assert app.wait_until_ended() == 0
