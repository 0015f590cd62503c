"""A layer as a box of text: its label, its parameters, and the layer that it wraps inside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui_trainer.core.experiment import Part, Value
from tui_trainer.core.hints import group_of
from tui_trainer.core.script.parts import class_name, leading
from tui_trainer.core.values import show
from tui_trainer.core.words import columns_of, fitted, times

_EDGES = 4
"""Columns that a box takes beside its text: an edge and a space at both sides."""
_SEEN = ("layers", "cells", "")
"""The groups whose parts are drawn inside the layer that has them."""
_LEAST_INSIDE = 8
"""Columns of text below which nothing more is drawn inside."""


@dataclass(frozen=True, slots=True)
class Box:
    """What stands in a box."""

    label: str
    right: str = ""
    """What stands at the end of its last row: the number of parameters, or that it is off."""
    inside: tuple[Box, ...] = ()
    dashed: bool = False
    enters: bool = False
    leaves: bool = False
    """Whether a line comes in at the top, and goes out at the bottom."""


def box_of(part: Part, mark: str = "") -> Box:
    """Return the box of a layer, without its parameters; `mark` stands before its name."""
    inside = tuple(
        box_of(inner, f"{name} " if name == "backward_layer" else "")
        for name, value in part.params.items()
        for inner in (value if isinstance(value, tuple) else (value,))
        if isinstance(inner, Part) and group_of(class_name(part.type), name) in _SEEN
    )
    off = "off" if part.disabled else ""
    return Box(one_line(mark + _label(part)), off, inside, dashed=part.disabled)


def narrowest(box: Box) -> int:
    """Return how many columns a box takes if nothing in it is broken."""
    text = columns_of(box.label) + (len(box.right) + 2 if box.right else 0)
    return _EDGES + max(text, *(narrowest(inner) for inner in box.inside), 0)


def rows_of(box: Box, width: int) -> Iterator[str]:
    """Yield a box of so many columns, an odd number, joined to the lines that come and go."""
    flat, side = ("╌", "╎") if box.dashed else ("─", "│")
    half = flat * ((width - 3) // 2)
    yield f"╭{half}{'┴' if box.enters else flat}{half}╮"
    for row in _inner(box, width - _EDGES):
        yield f"{side} {row} {side}"
    yield f"╰{half}{'┬' if box.leaves else flat}{half}╯"


def _inner(box: Box, width: int) -> Iterator[str]:
    """Yield the text of a box, each row filled up, and the boxes inside it."""
    rows = [*_wrapped(box.label, width)] or [""]
    if box.right and columns_of(rows[-1]) + 2 + len(box.right) > width:
        rows.append("")
    rows[-1] = f"{rows[-1]}{box.right:>{width - columns_of(rows[-1])}}"
    for row in rows:
        yield row + " " * (width - columns_of(row))
    for inner in box.inside if width >= _LEAST_INSIDE + _EDGES else ():
        yield from rows_of(inner, width)


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Yield a text as rows of so many columns at most; a word that is wider than one is cut."""
    row = ""
    for word in text.split():
        joined = f"{row} {word}" if row else word
        if columns_of(joined) <= width:
            row = joined
            continue
        if row:
            yield row
        row = word
        while columns_of(row) > width:
            start = fitted(row, width)
            yield start
            row = row[len(start) :]
    if row:
        yield row


def _label(part: Part) -> str:
    """Return a layer in a few words: `Dense hidden 100 · relu`."""
    first = tuple(
        _figure(part.params[name])
        for name in leading(class_name(part.type), part.params)
        if not _holds_parts(part.params[name])
    )
    words = " ".join(filter(None, (part.type, part.name, ", ".join(first))))
    activation = part.params.get("activation")
    chosen = activation.type if isinstance(activation, Part) else activation
    told = isinstance(chosen, str) and part.type != "Activation"
    return f"{words} · {chosen}" if told else words


def _holds_parts(value: Value) -> bool:
    return isinstance(value, Part) or isinstance(value, tuple) and any(map(_holds_parts, value))


def _figure(value: Value) -> str:
    if isinstance(value, tuple) and all(isinstance(size, int) for size in value):
        return times([size for size in value if isinstance(size, int)])
    return show(value)


def one_line(text: str) -> str:
    """Return a text without what would break a row or a frame."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
