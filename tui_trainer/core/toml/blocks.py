"""A TOML text in blocks that come, go and move as one, with the comments above them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import TypeAlias

from tui_trainer.core.toml import TABLES
from tui_trainer.core.toml.kin import Kin, staying

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
    """The blocks of a text; the first has the keys above all headers."""

    def __init__(self, text: str) -> None:
        self.all: list[Block] = []
        found, self._rest = _cut(text)
        for block in found:
            self._join(block)
        self._gap = "\n" if len(self.all) < 3 or any(block.gap for block in self.all) else ""
        if len(self.all) > 1 and not self.all[0].body:
            self.all[1].gap = self.all[1].gap or "\n"  # If something comes to stand above it.

    def text(self) -> str:
        """Return them as one text."""
        pieces = (block.apart + block.gap + block.own + block.body for block in self.all)
        return ("".join(pieces) + self._rest).lstrip("\n")

    def items(self, path: Path) -> list[Block]:
        """Return the items of a list that are tables of their own."""
        return [block for block in self.all if block.path == path and block.body]

    def drop(self, block: Block) -> None:
        """Leave out a block, but for what stands apart above it."""
        self.all[self.all.index(block)] = Block(block.path, apart=block.apart)
        block.apart = ""

    def add(self, name: str) -> Block:
        """Return a new table, put where its kind belongs."""
        block = Block((name,), f"[{name}]\n", gap=self._gap)
        self.all.insert(self._end(block.path), block)
        return block

    def place(self, path: Path, places: Kin) -> list[Block]:
        """Return the items of a list, brought into another order; those that are new are empty."""
        olds = self.items(path)
        at = self.all.index(olds[0]) if olds else self._end(path)
        stay = {places[place] for place in staying(places)}
        for number, block in enumerate(olds):
            if number not in stay:
                self.drop(block)
        found: list[Block] = []
        for was in places:
            block = Block(path, f"[[{'.'.join(path)}]]\n") if was is None else olds[was]
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
            before[-1].body += block.apart + block.gap + block.own + block.body
        else:
            block.path = home
            self.all.append(block)

    def _end(self, path: Path) -> int:
        """Return where the last block of a kind ends, or where the first would begin."""
        order = ("", *TABLES)
        rank = order.index(path[0])
        ranks = (order.index(block.path[0] if block.path else "") for block in self.all)
        return max(number for number, other in enumerate(ranks, 1) if other <= rank)


def _cut(text: str) -> tuple[list[Block], str]:
    """Return the tables of a text one by one, and what follows the last of them."""
    starts = [0]
    for header in _HEADER.finditer(text):
        # What is whole so far leaves no bracket or quote open in which this would be a value.
        if _is_whole(text[starts[-1] : header.start()]):
            starts.append(header.start())
    found: list[Block] = []
    block = Block()
    for start, end in pairwise([*starts, len(text)]):
        piece = text[start:end]
        block.path = _names(piece.partition("\n")[0]) if found else ()
        block.body, apart, gap, own = _divided(piece, end == len(text))
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
    lines = re.findall(r".*\n", piece)
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
