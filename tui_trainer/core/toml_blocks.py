"""The tables of a TOML text in their order, in blocks that come, go and move as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TypeAlias

from tui_trainer.core.kin import Kin, staying
from tui_trainer.core.toml_text import Path, Section, joined, sections
from tui_trainer.core.toml_value import key

Twin: TypeAlias = Callable[[int], int | None]
"""Tells of which old item of a list a new one is a copy."""


@dataclass(slots=True, eq=False)
class _Block:
    home: Path
    """Where it stood in the text that was read; of a new one, where others of its kind stood."""
    sections: list[Section] = field(default_factory=list)
    """A table; in a list of tables, one of them with the tables inside it."""
    apart: str = ""
    """What stands above it, and keeps its place if the block goes."""


class Blocks:
    """The tables of one text; `tops` are the names of the outermost ones in their order."""

    def __init__(self, text: str, tops: Sequence[str]) -> None:
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self._tops = tops
        self._begins_blank = text[:1] in ("\r", "\n")
        found, self._rest = sections(text)
        self._first = found[1] if len(found) > 1 and not found[0].entries else None
        self._gap = self.newline if len(found) < 3 or any(s.gap for s in found) else ""
        blocks: dict[Path, _Block] = {}
        for section in found:
            home = _home(section.path)
            if home not in blocks:
                blocks[home] = _Block(home, apart=section.apart)
                section.apart = ""
            blocks[home].sections.append(section)
        self._blocks = [*blocks.values()]

    def __iter__(self) -> Iterator[Section]:
        """Yield every table, from the top."""
        for block in self._blocks:
            yield from block.sections

    def text(self) -> str:
        """Return them as one text."""
        pieces, begun = [], False
        for block in self._blocks:
            pieces.append(block.apart)
            for section in block.sections:
                if section is self._first and begun:
                    section.gap = section.gap or self.newline
                pieces += [section.apart, *section.pieces]
                begun = begun or bool(section.header or section.entries)
        text = joined([*pieces, self._rest], self.newline)
        return text if self._begins_blank else text.lstrip("\r\n")

    def keep(self, test: Callable[[Section], bool]) -> None:
        """Leave out the tables of which a test is not true."""
        for block in self._blocks:
            block.sections = [section for section in block.sections if test(section)]

    def add_table(self, path: Path) -> Section:
        """Return a new table, put where its kind belongs."""
        section = Section(path, self._header(path, "[", "]"), gap=self._gap, to=path)
        for block in self._blocks:
            for number, other in enumerate(block.sections):
                if other.to[: len(path)] == path:
                    block.sections.insert(number, section)
                    return section
        self._insert(_Block(path, [section]), None)
        return section

    def has_items(self, table: Path) -> bool:
        """Return whether a list is written as tables of their own."""
        return any(block.home[:-1] == table for block in self._blocks)

    def place(self, table: Path, places: Kin, twin: Twin) -> None:
        """Bring the items of a list into a new order; what is new is a copy, or empty."""
        olds = {int(b.home[-1]): b for b in self._blocks if b.home[:-1] == table and table}
        loose = {at: block.sections for at, block in olds.items()}
        stay = staying(places)
        for at in olds.keys() - {places[place] for place in stay}:
            olds[at].sections = []
        before: _Block | None = None
        for place, was in enumerate(places):
            to = (*table, place)
            if was is not None and place in stay:
                block = olds[was]
            else:
                moved = loose[was] if was is not None else self._new(to, twin(place), loose)
                moved[0].gap = moved[0].gap or self._gap
                block = _Block(table, moved)
                self._insert(block, before)
            for section in block.sections:
                section.to = (*to, *section.path[len(to) :])
            before = block

    def _new(self, to: Path, twin: int | None, loose: Mapping[int, list[Section]]) -> list[Section]:
        """Return the tables of a new item; the comments above and below it are not copied."""
        if twin is None:
            return [Section(to, self._header(to, "[[", "]]"))]
        copied = deepcopy(loose[twin])
        copied[0].own = copied[0].end = ""
        return copied

    def _insert(self, block: _Block, before: _Block | None) -> None:
        """Put a block behind another; without one, where its kind begins or would begin."""
        if before is not None:
            self._blocks.insert(self._blocks.index(before) + 1, block)
            return
        kind = len(block.home)
        for number, other in enumerate(self._blocks):
            if other.home[:kind] == block.home:
                block.apart, other.apart = other.apart, ""
                self._blocks.insert(number, block)
                return
        rank = self._rank(block)
        earlier = [n for n, other in enumerate(self._blocks, 1) if self._rank(other) <= rank]
        self._blocks.insert(max(earlier), block)

    def _rank(self, block: _Block) -> int:
        return self._tops.index(str(block.home[0])) if block.home else -1

    def _header(self, path: Path, opening: str, closing: str) -> str:
        name = ".".join(key(step) for step in path if isinstance(step, str))
        return f"{opening}{name}{closing}{self.newline}"


def _home(path: Path) -> Path:
    """Return what a table moves with: the item of a list that it is, or is in; else itself."""
    for number, step in enumerate(path, 1):
        if isinstance(step, int):
            return path[:number]
    return path
