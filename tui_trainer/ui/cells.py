"""What a terminal shows, cell by cell, and the few bytes that make another screen of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len, get_character_cell_size
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_trainer.core.characters import stand_in

_NEAR = 4
"""Cells that are rather written again than jumped over."""
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27", "9": "29"}
"""What ends bold, dim, italic, underline, reverse and strike."""
_DIM = "2"
_FAINT = {"1", _DIM}
"""Bold and dim: they end together."""


class Look(NamedTuple):
    """How a cell is drawn, as the terminal is told."""

    attributes: frozenset[str] = frozenset()
    ink: str = "39"
    paper: str = "49"
    link: str = ""


PLAIN = Look()
"""How a terminal draws that was told nothing."""
_looks = {PLAIN: PLAIN}


@lru_cache(4096)
def look_of(style: Style | None, system: ColorSystem | None) -> Look:
    """Return how a style looks on a terminal of so many colours; equal looks are one object.

    Without a system of colours there are none, only what else a style is: bold, reverse. Where
    there are sixteen nothing is dim: a console makes that dark grey on black.
    """
    if style is None:
        return PLAIN
    shades = (Style(color=style.color), Style(bgcolor=style.bgcolor))
    attributes, ink, paper = (
        Strip.render_ansi(part, system or ColorSystem.STANDARD)
        for part in (style.without_color, *(shades if system else (Style(), Style())))
    )
    left_out = {"", _DIM} if system is ColorSystem.STANDARD else {""}
    codes = frozenset(attributes.split(";")) - left_out
    return _one(Look(codes, ink or PLAIN.ink, paper or PLAIN.paper, style.link or ""))


def _one(look: Look) -> Look:
    return _looks.setdefault(look, look)


@dataclass(slots=True)
class Row:
    """One line: a glyph and a look for each cell; the cells behind a wide glyph are empty."""

    glyphs: list[str]
    looks: list[Look]

    @staticmethod
    def blank(width: int) -> Row:
        """Return an empty line."""
        return Row([" "] * width, [PLAIN] * width)

    def copy(self) -> Row:
        """Return a line like it."""
        return Row(self.glyphs.copy(), self.looks.copy())

    def put(
        self,
        x: int,
        segments: Iterable[Segment],
        system: ColorSystem | None,
        ascii_only: bool = False,
    ) -> None:
        """Write segments from a cell on; what does not fit is left out."""
        glyphs: list[str] = []
        looks: list[Look] = []
        for text, style, control in segments:
            if not control:
                cells = ascii_cells_of(text) if ascii_only else cells_of(text)
                glyphs += cells
                looks += [look_of(style, system)] * len(cells)
        end = min(len(self.glyphs), x + len(glyphs))
        self._tear(x)
        self._tear(end)
        self.glyphs[x:end] = glyphs[: end - x]
        self.looks[x:end] = looks[: end - x]

    def _tear(self, x: int) -> None:
        """Blank a wide glyph of which only the part before or behind a cell is written over."""
        if x >= len(self.glyphs) or self.glyphs[x]:
            return
        start, end = x, x
        while start > 0 and not self.glyphs[start]:
            start -= 1
        while end < len(self.glyphs) and not self.glyphs[end]:
            end += 1
        self.glyphs[start:end] = " " * (end - start)

    @property
    def plain(self) -> bool:
        """Whether each glyph is one character in one cell, for every terminal."""
        return all(map((1).__eq__, map(len, self.glyphs)))


def cells_of(text: str) -> Sequence[str]:
    """Return what a text puts into each cell; control characters reach no terminal."""
    return text if text.isascii() and text.isprintable() else _cells_of(text)


def ascii_cells_of(text: str) -> Sequence[str]:
    """Return the same with ASCII characters alone, one in each cell."""
    cells = cells_of(text)
    return cells if text.isascii() else [stand_in(cell) if cell else " " for cell in cells]


@lru_cache(4096)
def _cells_of(text: str) -> Sequence[str]:
    cells: list[str] = []
    for character in text:
        width = get_character_cell_size(character)
        if width > 0:
            cells += [character, *[""] * (width - 1)]
        elif cells and not "\x7f" <= character < "\xa0" and character >= " ":
            lead = max(at for at, cell in enumerate(cells) if cell)
            cells[lead] += character
    wide = cell_len(text)
    if len(cells) != wide and wide:
        # Characters that make one picture of several: where each begins, only the terminal knows.
        return ["".join(cells), *[""] * (wide - 1)]
    return cells


def changes(shown: Sequence[Row | None], wanted: Sequence[Row]) -> str:
    """Return what turns one screen into another; None in place of a line is whatever it may be."""
    pen = _Pen()
    for y, (old, new) in enumerate(zip(shown, wanted, strict=True)):
        if old == new:
            continue
        # Terminals do not agree on how wide a glyph is: what is beside one is written anew.
        runs = _runs(old, new) if old and old.plain and new.plain else _pieces(new)
        for start, end in runs:
            pen.write(y, start, end, new)
    return pen.done()


def _runs(old: Row, new: Row) -> Iterator[tuple[int, int]]:
    """Yield where two lines differ, as begin and end; what lies near is taken together."""
    cells = zip(old.glyphs, new.glyphs, old.looks, new.looks, strict=True)
    different = [at for at, (a, b, c, d) in enumerate(cells) if a != b or c is not d]
    start = end = different[0]
    for at in different:
        between = new.looks[end:at]
        if len(between) > _NEAR or any(look is not new.looks[at] for look in between):
            yield start, end
            start = at
        end = at + 1
    yield start, end


def _pieces(row: Row) -> Iterator[tuple[int, int]]:
    """Yield a whole line, as begin and end, in pieces each of which ends behind a wide glyph."""
    start, width = 0, len(row.glyphs)
    for end in range(1, width + 1):
        last = end == width or row.glyphs[end]
        if last and (end == width or len(row.glyphs[end - 1]) != 1):
            yield start, end
            start = end


class _Pen:
    """Writes cells with few bytes: it knows where it stands, and what the terminal was told."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._at: tuple[int, int] | None = None
        self._look = PLAIN

    def write(self, y: int, start: int, end: int, row: Row) -> None:
        """Write the cells of a line from one to before another."""
        if self._at != (y, start):
            near = self._at is not None and self._at[0] == y and self._at[1] < start
            over = start - self._at[1] if near and self._at else 0
            self._written.append(f"\x1b[{over}C" if near else move(start, y))
        for look, cells in groupby(range(start, end), row.looks.__getitem__):
            self._turn(look)
            self._written += map(row.glyphs.__getitem__, cells)
        self._at = (y, end) if len(row.glyphs[end - 1]) == 1 else None

    def done(self) -> str:
        """Return all that was written, with the terminal's look as it was before."""
        if self._look is not PLAIN:
            self._written.append("\x1b]8;;\x1b\\" if self._look.link else "")
            self._written.append("\x1b[m")
        return "".join(self._written)

    def _turn(self, look: Look) -> None:
        """Say how the next cells look, as far as that is new."""
        old, self._look = self._look, look
        if look is old:
            return
        if look.link != old.link:
            self._written.append(f"\x1b]8;;{look.link}\x1b\\")
        gone = old.attributes - look.attributes
        if gone <= _OFF.keys():
            codes = sorted({_OFF[code] for code in gone})
        else:
            codes, old = ["0"], PLAIN
        kept = old.attributes - _FAINT if "22" in codes else old.attributes
        codes += sorted(look.attributes - kept)
        codes += [new for new, was in zip(look[1:3], old[1:3], strict=True) if new != was]
        if codes:
            self._written.append(f"\x1b[{';'.join(codes)}m")


def move(x: int, y: int) -> str:
    """Return what puts the cursor into a cell."""
    return f"\x1b[{y + 1};{x + 1}H"
