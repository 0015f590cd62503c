"""Cutting TOML text apart: into lines, a line into key and value, brackets into items.

The text must be TOML: what it means is read elsewhere.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|\#[^\n]*|[\[\]{},=\n]|[^\"'\#\[\]{},=\n]+",
    re.DOTALL,
)
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n)")
_BLANK = " \t\r\n"


@dataclass(slots=True)
class Item:
    """A value in a list, or a key with its value in a table on one line."""

    above: str
    """What stands before it, comments too."""
    value: str
    tail: str = ""
    """What follows its comma on the same line."""


@dataclass(slots=True)
class Items:
    """What stands between two brackets."""

    opening: str
    items: list[Item]
    closing: str
    comma: bool
    """Whether the last item has a comma too."""

    @property
    def long(self) -> bool:
        """Whether it takes more than one line."""
        return any("\n" in text for i in self.items for text in (i.above, i.tail))


def lines(text: str) -> Iterator[str]:
    """Yield what makes a line to TOML: a value may take several of a text's."""
    start, depth = 0, 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        depth += (token in "[{") - (token in "]}")
        if token == "\n" and not depth:
            yield text[start : match.end()]
            start = match.end()
    if text[start:]:
        yield text[start:]


def pair(line: str) -> tuple[tuple[str, ...], str, str, str]:
    """Return the key of a line, what stands before its value, the value, and what follows."""
    start, end, depth = 0, 0, 0
    for match in _TOKEN.finditer(line):
        token = match[0]
        if not start:
            if token == "=":
                start = end = match.end()
            continue
        if not depth and token[0] in "#\n":
            break
        depth += (token in "[{") - (token in "]}")
        if token.strip(_BLANK):
            end = match.start() + len(token.rstrip(_BLANK))
    key = line[: start - 1]
    start += len(line[start:end]) - len(line[start:end].lstrip(_BLANK))
    return names(key), line[:start], line[start:end], line[end:]


def names(key: str) -> tuple[str, ...]:
    """Return the names of a key as it is written, dots between them."""
    found: list[str] = []
    node = tomllib.loads(f"{key} = 0")
    while isinstance(node, dict):
        ((name, node),) = node.items()
        found.append(name)
    return tuple(found)


def items(text: str) -> Items:
    """Return what stands between the brackets of a list, or of a table on one line."""
    pieces = _between_commas(text[1:-1])
    opening, pieces[0] = _line_ended(pieces[0])
    found: list[Item] = []
    for piece in pieces:
        tail, rest = _line_ended(piece) if found else ("", piece)
        if found:
            found[-1].tail += tail
        above, value, after = _around_value(rest)
        found.append(Item(above, value, after))
    last = found[-1]
    if not last.value:
        return Items(text[0] + opening, found[:-1], last.above + text[-1], bool(found[:-1]))
    last.tail, closing = _line_ended(last.tail)
    return Items(text[0] + opening, found, closing + text[-1], False)


def _between_commas(body: str) -> list[str]:
    start, depth, pieces = 0, 0, []
    for match in _TOKEN.finditer(body):
        token = match[0]
        depth += (token in "[{") - (token in "]}")
        if token == "," and not depth:
            pieces.append(body[start : match.start()])
            start = match.end()
    return [*pieces, body[start:]]


def _line_ended(text: str) -> tuple[str, str]:
    """Cut a text behind the comment that stands on its first line."""
    match = _REST_OF_LINE.match(text)
    end = match.end() if match else 0
    return text[:end], text[end:]


def _around_value(piece: str) -> tuple[str, str, str]:
    """Cut a piece into what stands before its value, the value, and what follows."""
    start = end = -1
    for match in _TOKEN.finditer(piece):
        token = match[0]
        if token.strip(_BLANK) and token[0] != "#":
            if start < 0:
                start = match.start() + len(token) - len(token.lstrip(_BLANK))
            end = match.start() + len(token.rstrip(_BLANK))
    return (piece[:start], piece[start:end], piece[end:]) if end >= 0 else (piece, "", "")
