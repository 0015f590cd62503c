"""What is saved: the file as it was written, or a script; nothing is overwritten unasked."""

import ast
from pathlib import Path

from textual.widgets import Input

from tests.ui.driving import ready, screen_text, type_text, until
from tui_trainer.core import toml
from tui_trainer.ui.screens.path import AskPath

MINE = """\
# My own digits.
fit.epochs = 3 # a few
layers = [
    { type = "Flatten" }, # one row
    { type = "Dense", units = 10, activation = "softmax" }, # the classes
]
compile.loss = "sparse_categorical_crossentropy"
"""


async def save_as(app, pilot, text=None):
    """Press ctrl+s and enter, with another path if one is given."""
    await pilot.press("ctrl+s")
    await until(pilot, lambda: isinstance(app.screen, AskPath))
    if text is not None:
        app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await pilot.pause(0.2)


async def test_a_file_keeps_its_comments_and_is_saved_to_without_a_question(make_app, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(MINE, "utf-8")
    app = make_app(str(path))
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "home", "down", "delete")
        await until(pilot, lambda: app.document.changed)
        await save_as(app, pilot)
        await until(pilot, lambda: not isinstance(app.screen, AskPath))
        assert path.read_text("utf-8") == MINE.replace('    { type = "Flatten" }, # one row\n', "")
        assert not app.document.changed
        await pilot.press("u")
        await until(pilot, lambda: app.document.changed)
        await save_as(app, pilot, "other")
        assert toml.read(Path("other.toml")) == toml.loads(MINE)
        assert Path("other.toml").read_text("utf-8").startswith("# My own digits.\n")


async def test_a_file_that_someone_else_changed_is_not_overwritten_unasked(make_app, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(MINE, "utf-8")
    app = make_app(str(path))
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        path.write_text("# theirs\n", "utf-8")
        await save_as(app, pilot)
        assert "mine.toml exists: enter again overwrites" in screen_text(pilot)
        assert path.read_text("utf-8") == "# theirs\n"
        await pilot.press("enter")
        await until(pilot, lambda: path.read_text("utf-8") == MINE)


async def test_a_name_that_ends_in_py_is_a_keras_script(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "delete")
        await until(pilot, lambda: app.document.changed)
        await save_as(app, pilot, "mine.py")
        await until(pilot, lambda: Path("mine.py").exists())
        text = Path("mine.py").read_text("utf-8")
        assert "mine.keras" in text
        ast.parse(text)
        assert not Path("mine.toml").exists()
        assert app.document.name == "digits"
        assert app.document.changed
        await save_as(app, pilot, "mine.py")
        assert "mine.py exists: enter again overwrites" in screen_text(pilot)


async def test_the_title_is_a_field_that_is_saved_and_undone(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("tab", "ctrl+u")
        await until(pilot, lambda: app.document.experiment.title == "")
        await type_text(pilot, "my digits")
        await until(pilot, lambda: app.document.experiment.title == "my digits")
        await save_as(app, pilot, "mine")
        assert toml.read(Path("mine.toml")).title == "my digits"
        await pilot.press("escape", "u")
        await until(pilot, lambda: app.document.experiment.title.startswith("Digits:"))
