"""What cannot be loaded or saved: one line says why, and nothing that was typed is lost."""

import re
from collections.abc import Callable
from pathlib import Path

from terminal import Terminal


def test_foreign_files(open_app: Callable[..., Terminal], folder: Path) -> None:
    (folder / "a.txt").write_text("not an experiment", encoding="utf-8")
    (folder / "b.toml").write_text("[data\n", encoding="utf-8")
    (folder / "c.toml").write_text("[tool]\nname = 1\n", encoding="utf-8")
    (folder / "d.keras").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    app = open_app("digits")
    app.wait_for("✓ ready to train")
    app.press("2")
    app.wait_for(" parameters")
    app.press("enter")
    app.wait_for("How many numbers")
    app.type("48")
    app.wait_for("digits ● not saved")
    app.press("escape")
    refuse(app, "e.toml", r"e\.toml: expected a file that exists")
    refuse(app, "no/e.keras", r"no/e\.keras: expected a file that exists")
    refuse(app, "a.txt", r"expected a \.toml, \.keras or \.weights\.h5 file; received 'a\.txt'")
    refuse(app, "b.toml", r"b\.toml.*expected")
    refuse(app, "c.toml", r"c\.toml.*tool")
    refuse(app, "d.keras", r"d\.keras.*expected")
    refuse(app, "", r"expected a path; received nothing")
    app.press("ctrl+s")
    app.wait_for("NAME.toml")
    app.press("ctrl+u")
    app.type("no/e.toml")
    app.press("enter")
    app.wait_for("✗ no: expected a folder that exists")
    app.press("escape")
    app.wait_for(lambda: app.find(r"1  Dense +48"))
    app.wait_for("digits ● not saved")
    app.press("ctrl+q")
    app.wait_for("Quit without saving")
    app.press("tab", "enter")
    assert app.wait_until_ended() == 0
    assert "Traceback" not in app.text


def refuse(app: Terminal, path: str, words: str) -> None:
    """Try to load a path, see one line that says why not, and go back."""
    app.press("ctrl+o")
    app.wait_for(".keras file")
    app.type(path)
    app.press("enter")
    app.wait_for(lambda: re.search(words, app.text))
    app.wait_for(lambda: len(app.find(r"│ ✗ |expected a path")) == 1)
    app.press("escape")
    app.wait_for(" parameters")
