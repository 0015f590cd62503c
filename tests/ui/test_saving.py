"""What is saved: the suffix decides; a file as it was written; nothing is overwritten unasked."""

import ast
from dataclasses import replace
from pathlib import Path

from textual.widgets import Input

from tests.ui.driving import ready, screen_text, settled, type_text, until, words
from tui_trainer.core import toml
from tui_trainer.ui.screens.choice import Choice
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
    await settled(pilot)


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


async def trained(app, pilot):
    """Train the open experiment to its end."""
    await ready(pilot)
    await pilot.press("ctrl+r")
    await until(pilot, lambda: app.training.watched and app.training.watched.outcome)
    await settled(pilot)


async def look_at_save(app, pilot):
    """Return what the dialog tells, and the path that it suggests."""
    await pilot.press("ctrl+s")
    await until(pilot, lambda: isinstance(app.screen, AskPath))
    await settled(pilot)
    found = words(pilot), app.screen.query_one(Input).value
    await pilot.press("escape")
    await until(pilot, lambda: not isinstance(app.screen, AskPath))
    return found


def files_here():
    """Return the names of what was saved."""
    return {path.name for path in Path().iterdir() if path.is_file()}


async def test_the_suffix_decides_what_is_saved(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await trained(app, pilot)
        told, path = await look_at_save(app, pilot)
        assert "NAME.keras: the model of digits-1. NAME.weights.h5: its weights." in told
        assert "NAME: the experiment and this model." in told
        assert path == "digits"
        await save_as(app, pilot, "mine.keras")
        assert files_here() == {"mine.keras"}
        assert app.document.name == "digits" and app.document.path is None
        await save_as(app, pilot, "other.toml")
        assert files_here() == {"mine.keras", "other.toml"}
        assert (await look_at_save(app, pilot))[1].endswith("other.toml")
        await save_as(app, pilot, "both")
        assert files_here() == {"mine.keras", "other.toml", "both.toml", "both.keras"}


async def test_a_model_of_another_experiment_is_saved_only_where_it_is_named(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await trained(app, pilot)
        await pilot.press("2", "delete")
        await until(pilot, lambda: app.document.changed)
        told, path = await look_at_save(app, pilot)
        assert "It was trained before your last edits." in told
        assert path == "digits.toml"
        await save_as(app, pilot, "edited.keras")
        assert files_here() == {"edited.keras"}
        assert app.document.changed
        await save_as(app, pilot, "edited")
        assert "exists" not in screen_text(pilot)
        assert files_here() == {"edited.keras", "edited.toml"}
        assert not app.document.changed
        Path("theirs.toml").write_text(MINE, "utf-8")
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, AskPath))
        app.screen.query_one(Input).value = "theirs.toml"
        await pilot.press("enter")
        await until(pilot, lambda: app.document.name == "theirs")
        told, _ = await look_at_save(app, pilot)
        assert "It was trained from another experiment." in told


async def test_without_a_run_there_is_no_model_to_save(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        told, path = await look_at_save(app, pilot)
        assert "There is no model yet" in told and path == "digits.toml"
        await save_as(app, pilot, "mine.keras")
        assert "expected a run that has a model; there is none" in screen_text(pilot)
        assert isinstance(app.screen, AskPath)
        assert not files_here()


async def test_a_script_of_what_is_wrong_says_so(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await ready(pilot)
        experiment = replace(app.document.experiment, layers=())
        app.bench.set_document(app.document.become(experiment))
        await until(pilot, lambda: app.bench.workspace.problems)
        await save_as(app, pilot, "mine.py")
        await until(pilot, lambda: "as it stands" in " ".join(screen_text(pilot).split()))
        assert Path("mine.py").exists()


async def save_first(app, pilot, text):
    """Answer the question with saving, and save."""
    await until(pilot, lambda: isinstance(app.screen, Choice))
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, AskPath))
    app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await settled(pilot)


async def test_quitting_goes_on_once_the_experiment_is_saved(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "delete")
        await until(pilot, lambda: app.document.changed)
        await pilot.press("ctrl+q")
        await save_first(app, pilot, "mine.py")
        await until(pilot, lambda: "edits that are not saved" in screen_text(pilot))
        await save_first(app, pilot, "mine.toml")
        await until(pilot, lambda: not app.is_running)
    assert toml.read(Path("mine.toml")) == app.document.experiment


async def test_saving_first_leads_to_the_question_about_a_live_run(make_app):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.live and not app.training.starting)
        await pilot.press("2", "delete")
        await until(pilot, lambda: app.document.changed)
        await pilot.press("ctrl+q")
        await save_first(app, pilot, "mine.toml")
        await until(pilot, lambda: "digits-1 is still training" in screen_text(pilot))
        await pilot.press("right", "enter")
        await until(pilot, lambda: not app.is_running)
    assert "stop_now" in (app.runs / "digits-1" / "commands.jsonl").read_text()


async def test_another_task_is_opened_once_the_first_is_saved(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "delete")
        await until(pilot, lambda: app.document.changed)
        await pilot.press("1", "down", "enter")
        await save_first(app, pilot, "mine.toml")
        await until(pilot, lambda: app.document.name == "regression")
        assert Path("mine.toml").exists()


async def test_a_save_that_is_left_stays_where_it_was(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "delete")
        await until(pilot, lambda: app.document.changed)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AskPath))
        await pilot.press("escape")
        await settled(pilot)
        assert app.is_running and app.document.changed
        assert len(app.screen_stack) == 1
