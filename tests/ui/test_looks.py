"""What reaches terminals of few characters and few colours, and whether it can be read."""

import re

import pytest
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from tests.ui.driving import ready, rows, screen_text, settled, until
from tests.ui.test_display import Recorder
from tui_trainer.core.characters import stand_in
from tui_trainer.ui.cells import Row, changes
from tui_trainer.ui.colors import BLUE, GREY, ORANGE, YELLOW, contrast, readable
from tui_trainer.ui.looks import LooksApp
from tui_trainer.ui.settings import Settings
from tui_trainer.ui.widgets.pick import Pick

CODES = re.compile(r"\x1b\[([\d;]*)m")
SIZE = (120, 40)


def recorded(app):
    """Return an app that draws as on a terminal of 16 million colours, and keeps what it wrote."""
    app.driver_class = Recorder
    app.console._color_system = ColorSystem.TRUECOLOR
    return app


def opened(app):
    return app.run_test(headless=False, size=SIZE, tooltips=True, notifications=True)


async def use(pilot):
    """Go through every tab, train, and open what lies over them."""
    app = pilot.app
    await ready(pilot)
    await pilot.press("2", "enter", "tab", "escape", "c", "p", "escape", "a")
    await settled(pilot)
    await pilot.press(*"日é", "escape", "3", "end", "enter", "escape", "question_mark", "escape")
    await pilot.press("ctrl+s", "escape", "ctrl+o", "tab", "escape", "ctrl+p", *"th", "escape")
    await pilot.press("ctrl+r")
    await until(pilot, lambda: rows(app) == 5)
    await pilot.press("l", "s", "s", "t", "5", "enter", "tab")
    app.notify("a toast: 5 × 5 …", timeout=60)
    await settled(pilot)


def colours(text):
    """Return the codes of a text that turn a colour on."""
    codes = [code for found in CODES.findall(text) for code in found.split(";") if code]
    return {code for code in codes if len(code) > 1 and code[0] in "3491" and code not in KEPT}


KEPT = {"39", "49"}
"""The codes of the terminal's own ink and paper."""


async def test_nothing_but_ascii_is_sent_in_a_whole_use(make_app):
    app = recorded(make_app(epochs=5, chosen=Settings(ascii=True, marker="braille")))
    async with opened(app) as pilot:
        await use(pilot)
        assert app._driver.written.isascii()
        shown = "\n".join("".join(row.glyphs) for row in app._wanted)
        assert "o train  ^ validation" in shown
        assert "* best val_loss" in shown
        await pilot.press("2")
        await settled(pilot)
        assert "backspace\xa0" in screen_text(pilot) and "⌫" not in screen_text(pilot)
    assert app._driver.written.isascii()


async def test_without_colours_none_is_sent_and_the_cursor_is_seen(make_app, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = recorded(make_app(epochs=5, chosen=Settings(theme="nord")))
    async with opened(app) as pilot:
        await use(pilot)
        assert colours(app._driver.written) == set()
        for keys, chosen in (("1", " 1 Data "), ("2", " 2 Model "), ("3", "optimizer")):
            await pilot.press(keys, "home")
            await settled(pilot)
            assert chosen in reversed_text(app._wanted)
        await pilot.press("1")
        app.query(Pick).first().focus()
        await settled(pilot)
        assert "digits" in reversed_text(app._wanted), "a choice that has the cursor"
        assert "2 Model" not in reversed_text(app._wanted)


def reversed_text(rows):
    """Return what is drawn in reverse."""
    cells = (zip(row.glyphs, row.looks, strict=True) for row in rows)
    return "\n".join("".join(g if "7" in look.attributes else " " for g, look in r) for r in cells)


@pytest.mark.parametrize("theme", BUILTIN_THEMES.values(), ids=lambda theme: theme.name)
def test_curves_and_words_can_be_read_in_every_theme(theme):
    app = LooksApp()
    app.theme = theme.name
    variables = app.get_css_variables()
    hues = (BLUE, ORANGE, YELLOW, GREY)
    if theme.ansi:
        numbers = [hue.own_on_dark if theme.dark else hue.own_on_light for hue in hues]
        assert len({*numbers}) == len(numbers) and 8 not in numbers
        return
    grounds = [Color.parse(variables[name]) for name in ("background", "surface", "panel")]
    for hue in hues:
        ink = readable(Color.parse(hue.on_dark if theme.dark else hue.on_light), grounds[0])
        assert contrast(ink, grounds[0]) >= 3
    for name in ("accent", "error", "warning", "success"):
        ink = Color.parse(variables[f"text-{name}"])
        assert all(contrast(ink, ground) >= 4.5 for ground in grounds), name
    for number in range(1, 7):
        ink = Color(*app.ansi_theme.ansi_colors[number])
        assert all(contrast(ink, ground) >= 4.5 for ground in grounds), number


def test_contrast_is_that_of_wcag():
    black, white = Color(0, 0, 0), Color(255, 255, 255)
    assert contrast(black, white) == contrast(white, black) == pytest.approx(21)
    assert contrast(white, white) == 1
    assert contrast(Color.parse("#777777"), white) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ground", ["#000000", "#e0e0e0", "#767676", "#808080", "#ffffff"])
def test_a_colour_is_changed_no_more_than_it_takes(ground):
    ground = Color.parse(ground)
    for hue in (BLUE, ORANGE, YELLOW):
        for colour in map(Color.parse, (hue.on_dark, hue.on_light)):
            ink = readable(colour, ground)
            assert contrast(ink, ground) >= 4.5
            assert ink == colour or contrast(colour, ground) < 4.5


async def test_few_colours_get_the_terminals_own_whatever_was_chosen_elsewhere(make_app):
    app = recorded(make_app(chosen=Settings(theme="nord")))
    app.console._color_system = ColorSystem.STANDARD
    async with opened(app) as pilot:
        await ready(pilot)
        assert app.theme == "ansi-dark"
        assert not re.search(r"\x1b\[[\d;]*(38|48);[25]", app._driver.written)


def test_wide_characters_take_two_cells_of_ascii_too():
    row = Row.blank(8)
    row.put(0, [(text, None, None) for text in ("日x", "👍", "é●")], None, ascii_only=True)
    assert row.glyphs == ["?", " ", "x", "?", " ", "e", stand_in("●"), " "]
    assert changes([None], [row]).isascii()
