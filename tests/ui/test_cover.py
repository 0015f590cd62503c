"""A window that is too small says so, nothing is edited unseen, and all comes back as it was."""

import pytest
from textual.geometry import Size
from textual.widgets import Input

from tests.ui.driving import burst, ready, screen_text, settled, type_text, until
from tui_trainer.ui.cover import LEAST, words
from tui_trainer.ui.screens.path import AskPath
from tui_trainer.ui.widgets.field import Field
from tui_trainer.ui.widgets.form import Fields

TINY = (LEAST.width - 1, LEAST.height)


@pytest.mark.parametrize("size", [(1, 1), (59, 60), (200, 3), (12, 5), (3, 30), (40, 10), (2, 1)])
@pytest.mark.parametrize("lost", ["", "a-name has edits that are not saved"])
def test_the_words_fill_any_window(size, lost):
    lines = words(Size(*size), lost)
    assert [len(line) for line in lines] == [size[0]] * size[1]


def test_the_words_say_how_large_it_is_and_has_to_be():
    said = " ".join(" ".join(words(Size(40, 10))).split())
    assert said == (
        f"This window is 40x10. tui-trainer needs {LEAST.width}x{LEAST.height}. "
        "Nothing is lost, runs go on. ctrl+q quits."
    )


async def test_a_form_comes_back_as_it_was_and_unseen_keys_edit_nothing(make_app):
    app = make_app()
    async with app.run_test(size=(100, 24)) as pilot:
        await ready(pilot)
        await pilot.press("2", "enter", "end", "up", "enter")
        room = app.query_one(Fields)
        room.scroll_to(y=2, animate=False)
        await settled(pilot)
        document, focused, seen = app.document, app.focused, screen_text(pilot)
        assert isinstance(focused.parent, Field)
        for size in (TINY, (1, 1), (300, 3)):
            await pilot.resize_terminal(*size)
            assert app.covered
            await burst(pilot, "9", "backspace", "escape", "1", "tab", "ctrl+r", "ctrl+z")
        await pilot.resize_terminal(100, 24)
        await settled(pilot)
        assert not app.covered
        assert (app.document, app.focused, screen_text(pilot)) == (document, focused, seen)
        assert app.training.watched is None


async def test_a_dialog_and_half_a_word_come_back(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+o")
        await type_text(pilot, "half")
        for step in range(40):
            await pilot.resize_terminal(20 + 3 * step, 5 + step)
            await pilot.resize_terminal(2 + step % 7, 50)
        await type_text(pilot, "nothing")
        await pilot.press("enter", "escape")
        await pilot.resize_terminal(90, 30)
        assert isinstance(app.screen, AskPath)
        assert app.focused is app.screen.query_one(Input)
        await type_text(pilot, "way")
        assert app.screen.query_one(Input).value == "halfway"


async def test_what_goes_on_unseen_is_there_afterwards(make_app, monkeypatch):
    monkeypatch.setenv("FAKE_EPOCH_SECONDS", "0.02")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+r")
        await pilot.resize_terminal(30, 8)
        await until(pilot, lambda: app.training.watched and app.training.watched.outcome)
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: "finished after 20 epochs" in screen_text(pilot))


async def test_a_start_in_a_tiny_window(make_app):
    app = make_app()
    async with app.run_test(size=(10, 2)) as pilot:
        await ready(pilot)
        assert app.covered and app.size == LEAST
        await pilot.resize_terminal(120, 40)
        await pilot.press("2")
        assert "Dense" in screen_text(pilot)


async def test_quitting_unseen_asks_once_for_what_is_not_saved(make_app):
    app = make_app()
    async with app.run_test(size=TINY) as pilot:
        await ready(pilot)
        app.bench.set_document(app.document.set_field("fit", "epochs", 7))
        await pilot.press("ctrl+q")
        assert app.is_running and "digits has edits that are not saved" in "".join(app.cover)
        await pilot.resize_terminal(*TINY)
        assert "not saved" not in "".join(app.cover)
        await pilot.press("ctrl+q", "ctrl+q")
    assert app.return_code == 0
