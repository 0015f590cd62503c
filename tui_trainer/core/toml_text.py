"""A TOML text in pieces: put together again, they are that text, letter by letter."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from tui_trainer.core.toml_tokens import lines, pair

Path: TypeAlias = tuple[str | int, ...]
"""Where something stands in a text: `("layers", 0, "units")`; items of a list count from 0."""


@dataclass(slots=True)
class Entry:
    """A key with its value, and the comments that are about it."""

    names: tuple[str, ...]
    """The key; one with dots has several."""
    head: str
    """What stands before the value on its line: `units = `."""
    value: str
    tail: str
    """What stands after it: a comment, the end of the line."""
    own: str = ""
    """The comments right above it."""
    stay: str = ""
    """What stands above those, and is about something else."""

    @property
    def pieces(self) -> tuple[str, ...]:
        """Return the texts that it is made of."""
        return (self.stay, self.own, self.head + self.value + self.tail)


@dataclass(slots=True, eq=False)
class Section:
    """A table: its header, its keys, and its comments; the first of a text has no header."""

    path: Path
    """Where it stood in the text that was read."""
    header: str = ""
    entries: list[Entry] = field(default_factory=list)
    end: str = ""
    """Comments that follow its last key."""
    own: str = ""
    """The comments right above its header."""
    gap: str = ""
    """The empty lines above those."""
    apart: str = ""
    """What stands above all that: about no table, it has its place between two of them."""
    to: Path = ()
    """Where it stands in the text that is made."""

    @property
    def pieces(self) -> Iterator[str]:
        """Return the texts that it is made of, but for what is apart."""
        yield from (self.gap, self.own, self.header)
        for entry in self.entries:
            yield from entry.pieces
        yield self.end


def sections(text: str) -> tuple[list[Section], str]:
    """Return the tables of a text in their order, and what follows the last one."""
    found = [Section(())]
    counts: dict[Path, int] = {}
    above: list[str] = []
    for line in lines(text):
        mark = line.lstrip()[:1]
        if mark in ("", "#"):
            above.append(line)
            continue
        last = found[-1]
        if mark == "[":
            last.end, apart, gap, own = _divided(above, whole=last.header or last.entries)
            path = _header_path(line, counts)
            found.append(Section(path, line, own=own, gap=gap, apart=apart, to=path))
        else:
            stay = len(above) - len(_comments_at_end(above)) if last.entries else len(above)
            names, head, value, tail = pair(line)
            own, kept = "".join(above[stay:]), "".join(above[:stay])
            last.entries.append(Entry(names, head, value, tail, own, kept))
        above = []
    first_blank = next((n for n, line in enumerate(above) if not line.strip()), len(above))
    found[-1].end = "".join(above[:first_blank])
    return found, "".join(above[first_blank:])


def joined(pieces: Iterable[str], newline: str) -> str:
    """Return texts of whole lines as one; the last of a file may have had no end."""
    text = ""
    for piece in pieces:
        if piece and text and not text.endswith("\n"):
            text += newline
        text += piece
    return text


def _header_path(line: str, counts: dict[Path, int]) -> Path:
    """Return the path of a table by its header; `counts` knows the lists of tables above it."""
    node = tomllib.loads(line)
    path: Path = ()
    while True:
        ((name, node),) = node.items()
        path = (*path, name)
        if isinstance(node, list):
            counts[path] = counts.get(path, 0) + 1
            return (*path, counts[path] - 1)
        if not node:
            return path
        if path in counts:
            path = (*path, counts[path] - 1)


def _divided(lines: list[str], whole: object) -> tuple[str, str, str, str]:
    """Divide what stands above a header: end of the table before, apart, gap, the header's own.

    Where there is nothing before it, the first lines are about the file.
    """
    own = _comments_at_end(lines)
    rest = lines[: len(lines) - len(own)]
    if not rest and not whole:
        return "".join(own), "", "", ""
    last = next((n for n, line in reversed([*enumerate(rest, 1)]) if line.strip()), 0)
    first = next((n for n, line in enumerate(rest) if not line.strip()), 0)
    cuts = (rest[:first], rest[first:last], rest[last:], own)
    end, apart, gap, above = ("".join(cut) for cut in cuts)
    return end, apart, gap, above


def _comments_at_end(lines: list[str]) -> list[str]:
    count = next((n for n, line in enumerate(reversed(lines)) if not line.strip()), len(lines))
    return lines[len(lines) - count :]
