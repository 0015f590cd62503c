"""Presets of one's own: kept, listed beside the shipped ones, opened, saved to, deleted."""

import pytest
from textual.widgets import Input

from tests.ui.driving import ready, screen_text, settled, type_text, until
from tui_trainer.core import toml
from tui_trainer.core.presets import own_presets, shipped_presets
from tui_trainer.ui.screens.ask import Ask
from tui_trainer.ui.screens.choice import Choice
from tui_trainer.ui.widgets.task_list import TaskList


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Return the folder of one's own presets, which is not there yet."""
    monkeypatch.setenv("TUI_TRAINER_PRESETS", str(tmp_path / "own"))
    return tmp_path / "own"


async def keep(app, pilot, name):
    """Press k, and enter with a name."""
    await pilot.press("k")
    await until(pilot, lambda: isinstance(app.screen, Ask))
    app.screen.query_one(Input).value = name
    await pilot.press("enter")
    await settled(pilot)


async def test_an_experiment_is_kept_and_saved_to_opened_again_and_deleted(make_app, own):
    app = make_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await ready(pilot)
        await pilot.press("2", "delete")
        await until(pilot, lambda: app.document.changed)
        await pilot.press("1")
        await keep(app, pilot, "mine")
        assert (app.document.name, app.document.changed) == ("mine", False)
        tasks = app.query_one(TaskList)
        assert tasks.preset.path == own / "mine.toml"
        assert "yours" in screen_text(pilot)
        assert len(toml.read(own / "mine.toml").layers) == 2
        await pilot.press("2", "delete", "ctrl+s")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: len(toml.read(own / "mine.toml").layers) == 1)
        await pilot.press("1", "home", "enter")
        await until(pilot, lambda: app.document.name == "digits")
        await pilot.press("end", "enter")
        await until(pilot, lambda: app.document.path == own / "mine.toml")
        await pilot.press("delete")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("escape", "delete")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        assert (own / "mine.toml").exists()
        await pilot.press("enter")
        await until(pilot, lambda: tasks.row_count == len(shipped_presets()))
        assert not (own / "mine.toml").exists()
        assert "yours" not in screen_text(pilot)


async def test_a_name_is_proposed_and_one_that_cannot_be_is_told_in_one_line(make_app, own):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        for name, told in (
            ("digits", "digits is a preset that comes with the program"),
            ("", "expected a name; received nothing"),
            ("a/b", "expected a name of letters"),
            ("x" * 99, "at most 60 characters"),
        ):
            await keep(app, pilot, name)
            assert told in screen_text(pilot)
            await pilot.press("escape")
        assert not own.exists()
        await pilot.press("k")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: [p.name for p in own_presets()] == ["my-digits"])
        await pilot.press("k")
        await settled(pilot)
        assert app.screen.query_one(Input).value == "my-digits"


async def test_one_of_ones_own_is_overwritten_after_enter_again(make_app, own):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await keep(app, pilot, "mine")
        before = (own / "mine.toml").read_text("utf-8")
        await pilot.press("2", "delete")
        await until(pilot, lambda: app.document.changed)
        await pilot.press("1")
        await keep(app, pilot, "mine")
        assert "enter again overwrites" in screen_text(pilot)
        assert (own / "mine.toml").read_text("utf-8") == before
        await pilot.press("enter")
        await until(pilot, lambda: len(toml.read(own / "mine.toml").layers) == 2)


async def test_a_broken_file_is_listed_with_what_is_wrong_and_can_be_deleted(make_app, own):
    own.mkdir()
    (own / "broken.toml").write_text("[fit]\nepoch = 3\n", "utf-8")
    app = make_app()
    async with app.run_test(size=(160, 50), notifications=True) as pilot:
        await ready(pilot)
        assert "✗ broken" in screen_text(pilot)
        assert "expected a key of [fit]" in screen_text(pilot)
        await pilot.press("end", "enter")
        await until(pilot, lambda: "Not opened" in screen_text(pilot))
        assert app.document.name == "digits"
        await pilot.press("delete")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("enter")
        await until(pilot, lambda: not own_presets())


async def test_a_shipped_preset_says_why_it_is_not_deleted(make_app, own):
    app = make_app()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await ready(pilot)
        await pilot.press("delete")
        await until(pilot, lambda: "digits comes with the program and stays" in screen_text(pilot))


async def test_a_folder_that_cannot_be_made_is_one_line(make_app, own):
    own.write_text("a file where the folder would be", "utf-8")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await keep(app, pilot, "mine")
        assert "✗" in screen_text(pilot)
        assert "cannot" in screen_text(pilot)
        assert app.document.path is None


async def test_the_cursor_steps_over_the_heading(make_app, own):
    own.mkdir()
    (own / "mine.toml").write_text("title = 'Mine'\n", "utf-8")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        tasks = app.query_one(TaskList)
        await pilot.press("end")
        await until(pilot, lambda: tasks.preset and tasks.preset.own)
        await pilot.press("up")
        await until(pilot, lambda: tasks.preset and not tasks.preset.own)
        assert tasks.cursor_row == len(shipped_presets()) - 1
        await pilot.press("down")
        await until(pilot, lambda: tasks.preset and tasks.preset.own)


async def test_a_preset_that_another_terminal_keeps_is_listed_too(make_app, own):
    own.mkdir()
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        (own / "theirs.toml").write_text("title = 'Theirs'\n", "utf-8")
        await pilot.press("2", "1")
        await until(pilot, lambda: "theirs" in screen_text(pilot))


async def test_the_cursor_begins_on_the_open_task(make_app, own):
    app = make_app("imdb")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        tasks = app.query_one(TaskList)
        await until(pilot, lambda: tasks.preset and tasks.preset.name == "imdb")


async def test_the_form_has_room_at_80_by_24_while_it_is_edited(make_app, own):
    app = make_app("fashion-dropout")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("tab")
        await until(pilot, lambda: "one_hot" in screen_text(pilot))
        await type_text(pilot, "k")
        assert not isinstance(app.screen, Ask)


async def test_the_open_preset_that_is_deleted_is_not_saved_any_more(make_app, own):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await keep(app, pilot, "mine")
        await until(pilot, lambda: app.document.path == own / "mine.toml")
        await pilot.press("delete")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("enter")
        await until(pilot, lambda: app.document.path is None)
        assert app.document.changed
        await pilot.press("ctrl+q")
        await until(pilot, lambda: "mine has edits that are not saved" in screen_text(pilot))


@pytest.mark.parametrize("name", ["foo", "seed"])
async def test_an_option_that_the_data_set_has_not_is_emptied_away(make_app, own, name):
    own.mkdir()
    text = f"[data]\nsource = 'digits'\noptions = {{ {name} = 1 }}\n"
    (own / "odd.toml").write_text(text, "utf-8")
    app = make_app("odd")
    async with app.run_test(size=(120, 50)) as pilot:
        await ready(pilot)
        form = app.query_one("DataPane Form")
        await until(pilot, lambda: f"options.{name}" in screen_text(pilot))
        form.focus_field((f"options.{name}",))
        await pilot.press("end", "2")
        await until(pilot, lambda: app.document.experiment.data.options == {name: "12"})
        await pilot.press("backspace", "backspace")
        await until(pilot, lambda: app.document.experiment.data.options == {})
        assert app.document.experiment.data.seed == 0
