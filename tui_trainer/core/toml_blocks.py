"""A TOML text in blocks that come, go and move as one, with the comments above them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import TypeAlias

from tui_trainer.core.kin import Kin, staying

Path: TypeAlias = tuple[str, ...]
"""Where a table stands: `("compile", "optimizer")`."""
LISTS: tuple[Path, ...] = (("layers",), ("compile", "metrics"), ("callbacks",))
"""The lists of parts: each item is a block of its own, with the tables inside it."""
_KEY = r"""[ \t]*(?:[\w-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*"""
_HEADER = re.compile(rf"^[ \t]*\[\[?{_KEY}(?:\.{_KEY})*\]\]?[ \t]*(?:#.*)?$", re.MULTILINE)


@dataclass(slots=True, eq=False)
class Block:
    """A table: its header, its keys and the comments that follow them."""

    path: Path = ()
    body: str = ""
    own: str = ""
    """The comments right above its header."""
    gap: str = ""
    """The empty lines above those."""
    apart: str = ""
    """What stands above all that: about no table, it keeps its place if the block goes."""


class Blocks:
    """The blocks of one text; the first has the keys above all headers."""

    def __init__(self, text: str, tops: Sequence[str]) -> None:
        """Cut a text; `tops` are the names of the outermost tables in their order."""
        self._tops = tops
        self._begins_blank = text.startswith("\n")
        found, self._rest = _cut(text)
        self.all: list[Block] = []
        for block in found:
            self._join(block)
        self._first = self.all[1] if len(self.all) > 1 and not self.all[0].body else None
        self._gap = "\n" if len(self.all) < 3 or any(block.gap for block in self.all) else ""

    def text(self) -> str:
        """Return them as one text."""
        text = ""
        for block in self.all:
            if block is self._first and text:
                block.gap = block.gap or "\n"
            text = _joined((text, block.apart, block.gap, block.own, block.body))
        text = _joined((text, self._rest))
        return text if self._begins_blank else text.lstrip("\n")

    def items(self, path: Path) -> list[Block]:
        """Return the items of a list that are tables of their own."""
        return [block for block in self.all if block.path == path and block.body]

    def drop(self, block: Block) -> None:
        """Leave out a block, but for what stands apart above it."""
        self.all[self.all.index(block)] = Block(block.path, apart=block.apart)
        block.apart = ""

    def add(self, path: Path, body: str) -> Block:
        """Return a new block, put where its kind belongs."""
        block = Block(path, body, gap=self._gap)
        self.all.insert(self._end(path), block)
        return block

    def place(self, path: Path, places: Kin, bodies: Sequence[str]) -> list[Block]:
        """Bring the items of a list into another order; those that are new have bodies."""
        olds = self.items(path)
        at = self.all.index(olds[0]) if olds else self._end(path)
        stay = {places[place] for place in staying(places)}
        for number, block in enumerate(olds):
            if number not in stay:
                self.drop(block)
        found: list[Block] = []
        for was, body in zip(places, bodies, strict=True):
            block = Block(path, body) if was is None else olds[was]
            if was is None or was not in stay:
                block.gap = block.gap or self._gap
                self.all.insert(at, block)
                if olds and not found:
                    block.apart, self.all[at + 1].apart = self.all[at + 1].apart, ""
            at = self.all.index(block) + 1
            found.append(block)
        return found

    def _join(self, block: Block) -> None:
        """Append a block; what lies inside an earlier one becomes part of it."""
        names = block.path
        home = next((path for path in LISTS if names[: len(path)] == path), names[:2])
        before = [earlier for earlier in self.all if earlier.path == home]
        if before and (home not in LISTS or names != home):
            pieces = (before[-1].body, block.apart, block.gap, block.own, block.body)
            before[-1].body = _joined(pieces)
        else:
            block.path = home
            self.all.append(block)

    def _end(self, path: Path) -> int:
        def rank(path: Path) -> int:
            return self._tops.index(path[0]) if path else -1

        fitting = (n for n, block in enumerate(self.all, 1) if rank(block.path) <= rank(path))
        return max(fitting)


def _cut(text: str) -> tuple[list[Block], str]:
    """Return the tables of a text one by one, and what follows the last of them."""
    starts = [0]
    for header in _HEADER.finditer(text):
        # What is whole so far leaves no bracket or quote open in which this would be a value.
        if _is_whole(text[starts[-1] : header.start()]):
            starts.append(header.start())
    pieces = [text[start:end] for start, end in pairwise([*starts, len(text)])]
    found, block = [], Block()
    for number, piece in enumerate(pieces):
        block.path = _names(piece.partition("\n")[0]) if number else ()
        block.body, apart, gap, own = _divided(piece, number == len(pieces) - 1)
        found.append(block)
        block = Block((), "", own, gap, apart)
    return found, block.apart + block.gap


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _names(header: str) -> Path:
    names, node = [], tomllib.loads(header)
    while node:
        ((name, node),) = node.items()
        node = node[0] if isinstance(node, list) else node
        names.append(name)
    return tuple(names)


def _divided(piece: str, is_last: bool) -> tuple[str, str, str, str]:
    """Return a table, what stands apart below it, a gap, and the comments above the next one."""
    lines = re.findall(r".*\n|.+", piece)
    tail = _last(lines, lambda line: line.lstrip()[:1] in ("", "#"))
    # Where there is no table before them, the first comments are about the file.
    own = [] if is_last or len(tail) == len(lines) else _last(tail, str.strip)
    between = tail[: len(tail) - len(own)]
    end = len([*takewhile(str.strip, between)])
    gap = _last(between[end:], lambda line: not line.strip())
    body = lines[: len(lines) - len(tail) + end]
    apart = between[end : len(between) - len(gap)]
    return "".join(body), "".join(apart), "".join(gap), "".join(own)


def _last(lines: Sequence[str], test: Callable[[str], object]) -> list[str]:
    return [*takewhile(test, reversed(lines))][::-1]


def _joined(pieces: Iterable[str]) -> str:
    """Return texts of whole lines as one; the last of a file may have had no end."""
    text = ""
    for piece in pieces:
        text += "\n" if piece and text and not text.endswith("\n") else ""
        text += piece
    return text
