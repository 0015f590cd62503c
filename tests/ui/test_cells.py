"""From one screen to another in few bytes, and every look as Textual would have it drawn."""

import random
import re

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_trainer.ui.cells import PLAIN, Row, cells_of, changes, look_of

TOKEN = re.compile(
    r"\x1b\[(?P<codes>[\d;]*)m|\x1b\]8;;(?P<link>[^\x1b]*)\x1b\\|\x1b\[[\d;]*[HC]|(?P<glyph>.)"
)
ENDS = {"22": {"1", "2"}, "23": {"3"}, "24": {"4"}, "27": {"7"}, "29": {"9"}}
WORDS = ("bold", "dim", "italic", "underline", "underline2", "reverse", "strike", "overline")
TRUE, MANY, FEW = ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD


def drawn(text):
    """Return the glyphs of a text, each with how a terminal draws it, and how it draws after."""
    attributes, ink, paper, link, cells = frozenset(), "39", "49", "", []
    for token in TOKEN.finditer(text):
        if token["glyph"]:
            cells.append((token["glyph"], (attributes, ink, paper, link)))
        elif token["link"] is not None:
            link = token["link"]
        elif token["codes"] is not None:
            codes = token["codes"].split(";")
            while codes:
                code = codes.pop(0) or "0"
                if code in ("38", "48"):
                    more = 1 if codes[0] == "5" else 3
                    code = ";".join([code, *(codes.pop(0) for _ in range(more + 1))])
                if code == "0":
                    attributes, ink, paper = frozenset(), "39", "49"
                elif code in ENDS:
                    attributes -= ENDS[code]
                elif len(code) == 1 or code in ("21", "51", "52", "53"):
                    attributes |= {code}
                elif code[0] == "3" or code[:1] == "9":
                    ink = code
                else:
                    paper = code
    return cells, (attributes, ink, paper, link)


def row(*segments, width=12, system=TRUE):
    """Return a line of segments."""
    line = Row.blank(width)
    line.put(0, [Segment(text, Style.parse(style)) for text, style in segments], system)
    return line


@pytest.mark.parametrize("system", [TRUE, MANY, FEW])
def test_any_look_after_any_other(system):
    chance = random.Random(1)
    colours = ["default", "red", "bright_blue", "#123456", "color(200)"]
    for _ in range(300):
        styles = [
            " ".join(
                [
                    *chance.sample(WORDS, chance.randint(0, 3)),
                    chance.choice(colours),
                    f"on {chance.choice(colours)}",
                    chance.choice(["", "", "link https://keras.io"]),
                ]
            )
            for _ in "abc"
        ]
        line = row(*zip("abc", styles, strict=True), width=3, system=system)
        cells, after = drawn(changes([None], [line]))
        for (_, look), style in zip(cells, styles, strict=True):
            assert look == drawn_alone(style.replace("dim", "") if system is FEW else style, system)
        assert after == tuple(PLAIN)


def drawn_alone(words, system):
    """Return how Textual has a style drawn."""
    style = Style.parse(words)
    style._ansi = None  # It remembers what it was drawn with, be that with other colours.
    told = re.sub(r"\]8;id=[^;\x1b]+;", "]8;;", Strip.render_style(style, "x", system))
    return drawn(told)[0][0][1]


def test_nothing_is_written_where_nothing_changes():
    one = row(("hello", "bold red"))
    assert changes([one.copy()], [row(("hello", "bold red"))]) == ""
    assert changes([], []) == ""


def test_only_what_changes_is_written():
    old = row(("epoch   9 of", "bold"))
    text = changes([old], [row(("epoch  10 of", "bold"))])
    assert text == "\x1b[1;8H\x1b[1m10\x1b[m"


def test_what_lies_near_is_written_over_and_what_lies_far_is_jumped_over():
    old, new = row(("abcdefghijkl", "")), row(("AbCdefghijkL", ""))
    assert changes([old], [new]) == "\x1b[1;1HAbC\x1b[8CL"


def test_a_line_with_wide_glyphs_is_written_whole_and_no_glyph_moves_its_neighbours():
    old, new = row(("日本 ab", "")), row(("日本 xb", ""))
    text = changes([old], [new])
    assert text == "\x1b[1;1H日\x1b[1;3H本\x1b[1;5H xb     "


def test_half_a_wide_glyph_is_none():
    line = row(("日本語", ""))
    line.put(1, [Segment("x")], TRUE)
    assert "".join(line.glyphs) == " x本語" + " " * 6
    line.put(4, [Segment("y")], TRUE)
    assert "".join(line.glyphs) == " x本y " + " " * 6


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("ab", ["a", "b"]),
        ("日x", ["日", "", "x"]),
        ("e\u0301x", ["e\u0301", "x"]),
        ("a\x1b[31m\x07\tb", ["a", "[", "3", "1", "m", "b"]),
        ("\x9b31m", ["3", "1", "m"]),
        ("", []),
    ],
)
def test_cells(text, cells):
    assert list(cells_of(text)) == cells


def test_equal_looks_are_one():
    assert look_of(Style.parse("bold red"), TRUE) is look_of(Style.parse("red bold"), TRUE)
    assert look_of(None, TRUE) is look_of(Style(), MANY) is PLAIN


def test_what_does_not_fit_is_left_out():
    line = row(("x" * 40, ""))
    assert "".join(line.glyphs) == "x" * 12
