"""Text and keys that arrive together land where they were typed; what is pasted is text."""

import pytest
from textual import events
from textual.message import Message
from textual.widgets import Input

from tests.ui.driving import burst, ready, screen_text, until
from tui_trainer.ui.commands import COMMANDS
from tui_trainer.ui.escapes import OPTION, SEQUENCE, EscapeParser
from tui_trainer.ui.screens.picker import Picker
from tui_trainer.ui.widgets.pick import Pick


def types(app):
    return [layer.type for layer in app.document.experiment.layers]


async def into_fit(pilot):
    """Put the cursor into the field of epochs."""
    await ready(pilot)
    await pilot.press("3", "end", "enter")
    assert isinstance(pilot.app.focused, Input)


@pytest.mark.parametrize(
    ("keys", "epochs", "batch_size"),
    [
        ((*"512", "tab", *"64"), 512, 64),
        ((*"512", "down", *"64", "up", *"7"), 7, 64),
        ((*"512", "enter", *"64"), 512, 64),
        ((*"12", "left", "3"), 132, 32),
        ((*"12", "backspace", *"345"), 1345, 32),
        ((*"12", "home", *"3", "end", *"4", "left", "delete", *"5"), 3125, 32),
        ((*"7", "tab", "tab", "shift+tab", *"64", "shift+tab", *"8"), 8, 64),
    ],
)
async def test_text_and_keys_land_where_they_were_typed(make_app, keys, epochs, batch_size):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await into_fit(pilot)
        await burst(pilot, *keys)
        fit = app.document.experiment.fit
        assert (fit.epochs, fit.batch_size) == (epochs, batch_size)


async def test_backspace_takes_the_letter_before_it(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("tab", "ctrl+u")
        await burst(pilot, *"ba", "backspace", *"ckspace")
        assert app.document.experiment.title == "bckspace"


async def test_a_list_then_its_form_then_the_list(make_app):
    """Each key goes to what the one before it brought up."""
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await burst(pilot, "2", "down", "d", "up", "up", "enter", *"48", "escape")
        await burst(pilot, "down", "delete", "u")
        assert types(app) == ["Dense", "Dropout", "Dropout", "Dense"]
        assert app.document.experiment.layers[0].params["units"] == 48


async def test_an_edit_left_and_undone_at_once(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await into_fit(pilot)
        await burst(pilot, "7", "escape", "u")
        assert app.document.experiment.fit.epochs == 20


async def test_a_pick_list_is_opened_searched_and_left_at_once(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2")
        await burst(pilot, "a", *"drop", "enter", "d", "a", *"flax", "backspace", "t", "enter")
        assert types(app) == ["Dense", "Dropout", "Dropout", "Flatten", "Dropout", "Dense"]
        await burst(pilot, "home", "down", "enter", "tab", *"soft", "enter", "tab", "tab", *"first")
        first = app.document.experiment.layers[0]
        assert (first.params["activation"], first.name) == ("softmax", "first")


async def test_a_dialog_is_answered_before_it_is_drawn(make_app, tmp_path):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await burst(pilot, "ctrl+s", "ctrl+u", *"ab", "left", *"c", "end", *".toml", "enter", "2")
        assert (tmp_path / "acb.toml").exists()
        assert app.tab == "model"
        await burst(pilot, "question_mark", "escape", "down", "enter", *"9", "escape", "ctrl+q")
        assert "has edits that are not saved" in screen_text(pilot)
        await burst(pilot, "right", "escape", "u")
        assert not app.document.changed


async def test_what_is_pasted_goes_into_the_field(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await into_fit(pilot)
        app.post_message(events.Paste("51"))
        await burst(pilot, "2", "tab")
        app.post_message(events.Paste("64\n"))
        await until(pilot, lambda: app.document.experiment.fit.batch_size == 64)
        assert app.document.experiment.fit.epochs == 512
        await burst(pilot, "escape", "1", "tab", "ctrl+u")
        app.post_message(events.Paste("a\tb"))
        await until(pilot, lambda: app.document.experiment.title == "a b")


async def test_several_lines_are_pasted_into_no_field(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await into_fit(pilot)
        app.post_message(events.Paste("1\n2\n"))
        await until(pilot, lambda: "2 lines were pasted" in screen_text(pilot))
        assert app.document.experiment.fit.epochs == 20


async def test_text_pasted_onto_a_choice_searches_it(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "enter", "tab")
        assert isinstance(app.focused, Pick)
        app.post_message(events.Paste("softmax"))
        await until(pilot, lambda: isinstance(app.screen, Picker))
        await burst(pilot, "enter")
        assert app.document.experiment.layers[0].params["activation"] == "softmax"


async def test_text_pasted_into_a_list_is_told(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await ready(pilot)
        await pilot.press("2")
        app.post_message(events.Paste("ddd"))
        await until(pilot, lambda: "Not pasted" in screen_text(pilot))
        assert types(app) == ["Dense", "Dropout", "Dense"]


def parsed(*reads: str) -> list[str | Message]:
    """Return the keys that some reads of the terminal stand for."""
    parser = EscapeParser()
    told = [event for read in reads for event in parser.feed(read)]
    parser._timeout_time = parser._timeout_time and 0.0
    told += parser.tick()
    return [event.key if isinstance(event, events.Key) else event for event in told]


@pytest.mark.parametrize(
    ("reads", "keys"),
    [
        (["7\x1bu"], ["7", "escape", "u"]),
        (["7\x1b", "u"], ["7", "escape", "u"]),
        (["\x1b2"], ["escape", "2"]),
        (["\x1b?"], ["escape", "question_mark"]),
        (["\x1b\x12"], ["escape", "ctrl+r"]),
        (["\x1b\r"], ["escape", "enter"]),
        (["\x1bu\x1b[B\x1bd"], ["escape", "u", "down", "escape", "d"]),
        (["\x1b\x1b", "\x1b"], ["escape"] * 3),
        (["\x1b"], ["escape"]),
        (["\x1b[A\x1b[1;3A\x1bOP"], ["up", "alt+up", "f1"]),
        (["\x1b", "[A"], ["up"]),
        (["\x1bb\x1bf"], ["ctrl+left", "ctrl+right"]),
        (["\x1b[27uu"], ["escape", "u"]),
    ],
)
def test_escape_and_a_key_are_two_keys(reads, keys):
    assert parsed(*reads) == keys


def test_pasted_bytes_are_never_keys():
    (paste,) = parsed("\x1b[200~a\x1b", "d\x12\x1b[B\nb\x1b[20", "1~")
    assert paste.text == "a\x1bd\x12\x1b[B\nb"


def test_no_command_has_a_key_that_is_not_told_apart_after_escape():
    keys = {key for command in COMMANDS for key in command.key.split(",")}
    assert not keys & {*SEQUENCE, *OPTION}
