"""Python source text: literals and calls, laid out as a formatter of 88 columns leaves them."""

from __future__ import annotations

import keyword
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tui_trainer.core.brief import shown
from tui_trainer.core.problem import Where

WIDTH = 88
_INDENT = 4


@dataclass(frozen=True, slots=True)
class Brackets:
    """A call, a list, a tuple or a table: what opens it, what it holds, what closes it."""

    opening: str
    """Such as `layers.Dense(`."""
    items: tuple[Item, ...]
    closing: str

    @property
    def called(self) -> bool:
        """Whether this is a call: only its brackets come after a name."""
        return len(self.opening) > 1

    def __str__(self) -> str:
        """Return the whole on one line."""
        comma = "," if self.opening == "(" and len(self.items) == 1 else ""
        return f"{self.opening}{', '.join(map(str, self.items))}{comma}{self.closing}"


Code: TypeAlias = "str | Brackets"
"""An expression: words that are never broken, or something in brackets."""


@dataclass(frozen=True, slots=True)
class Item:
    """One of the things between brackets."""

    code: Code
    before: str = ""
    """What stands right before it, such as `units=`."""
    key: Where = ()
    """The place in the experiment that it stands for."""

    def __str__(self) -> str:
        """Return the whole on one line."""
        return f"{self.before}{self.code}"


def call(function: str, *items: Item | Code) -> Brackets:
    """Return a call of a function."""
    return Brackets(f"{function}(", _items(items), ")")


def listed(items: Iterable[Item | Code]) -> Brackets:
    """Return a list."""
    return Brackets("[", _items(items), "]")


def grouped(items: Iterable[Item | Code]) -> Brackets:
    """Return a tuple."""
    return Brackets("(", _items(items), ")")


def named(arguments: Mapping[str, Item]) -> Iterator[Item]:
    """Yield arguments by name; names that Python takes for none come in a table of their own."""
    strange = []
    for name, item in arguments.items():
        if is_name(name):
            yield Item(item.code, f"{name}=", item.key)
        else:
            strange.append(Item(item.code, f"{quoted(name)}: ", item.key))
    if strange:
        yield Item(Brackets("{", tuple(strange), "}"), "**")


def is_name(text: str) -> bool:
    """Return whether Python takes a text as the name of an argument or a class."""
    usable = text.isascii() and text.isidentifier()
    return usable and not keyword.iskeyword(text) and text != "__debug__"


def quoted(text: str) -> str:
    """Return a text as a literal, in double quotes unless that takes more backslashes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return f"{quote}{shown(body)}{quote}"


def number(value: float) -> str:
    """Return a number as an expression: `0.001`, `1e-5`, also infinity and nan."""
    return repr(value).replace("e-0", "e-") if math.isfinite(value) else f'float("{value}")'


def _items(codes: Iterable[Item | Code]) -> tuple[Item, ...]:
    return tuple(code if isinstance(code, Item) else Item(code) for code in codes)


class Page:
    """Lines of source as they are written, and which of them stand for what."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.marks: dict[Where, range] = {}
        """For each key the lines from the first to the last that stand for it, from 0."""

    def add(self, before: str, code: Code = "", keys: Iterable[Where] = ()) -> None:
        """Write a statement: an expression, and what stands before it."""
        start = len(self.lines)
        self._write(0, Item(code, before), "")
        for key in keys:
            self._mark(key, start)

    def gap(self) -> None:
        """Leave a line free, if the last one is not."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def _write(self, indent: int, item: Item, after: str) -> None:
        start, code = len(self.lines), item.code
        line = f"{' ' * indent}{item}{after}"
        if len(line) <= WIDTH or isinstance(code, str) or not code.items:
            self.lines.append(line)
            self._mark_inside(item)
        else:
            self.lines.append(f"{' ' * indent}{item.before}{code.opening}")
            sole = len(code.items) == 1 and code.called
            for inner in code.items:
                self._write(indent + _INDENT, inner, "" if sole else ",")
            self.lines.append(f"{' ' * indent}{code.closing}{after}")
        self._mark(item.key, start)

    def _mark_inside(self, item: Item) -> None:
        """Mark what stands in the line that was written last."""
        for inner in item.code.items if isinstance(item.code, Brackets) else ():
            self._mark(inner.key, len(self.lines) - 1)
            self._mark_inside(inner)

    def _mark(self, key: Where, start: int) -> None:
        if key:
            start = self.marks[key].start if key in self.marks else start
            self.marks[key] = range(start, len(self.lines))
