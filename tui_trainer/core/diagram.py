"""The layer stack as a picture in text: each box as wide as its output is large, by logarithm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui_trainer.core.diagram_box import Box, box_of, narrowest, one_line, rows_of
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.marks import Marked
from tui_trainer.core.problem import Where
from tui_trainer.core.verdict import Shape, Verdict
from tui_trainer.core.words import columns_of, fitted, spaced, times

_WIDEST = 61
"""Columns of a picture at most: a wider one is no clearer."""
_ONE = 9
"""Columns of the box of a single number, if its text takes no more."""


@dataclass(frozen=True, slots=True)
class Diagram(Marked):
    """A picture, and which of its rows show what."""

    rows: tuple[str, ...]


def diagram(experiment: Experiment, verdict: Verdict | None, width: int) -> Diagram:
    """Return the picture of an experiment's layers, of at most so many columns, from 30 on.

    Shapes and parameters are those of the verdict; without one the boxes are all alike. The layer
    that does not fit is marked, and of those after it only the names are told.
    """
    verdict = verdict or Verdict()
    layers, sizes, wrong = experiment.layers, verdict.layers, _wrong_layers(verdict)
    last = min((index for index in wrong if index >= len(sizes)), default=len(layers))
    boxes = [box_of(part, "✗ " if n in wrong else "") for n, part in enumerate(layers[: last + 1])]
    shapes = [verdict.input_shape, *(size.shape for size in sizes)]
    page = _Page(min(width, _WIDEST), shapes, boxes)
    page.begin(experiment.data.source, verdict.input_shape or None)
    for index, box in enumerate(boxes):
        size = sizes[index] if index < len(sizes) else None
        right = spaced(size.params) if size and size.params else box.right
        ends = index == last or (size is None and index == len(layers) - 1)
        joined = replace(box, right=right, enters=True, leaves=not ends)
        page.put(joined, size.shape if size else None, ("layers", index))
    for index, part in enumerate(layers[last + 1 :], start=last + 1):
        page.centre(one_line(part.type), ("layers", index))
    return Diagram(page.marks, tuple(page.rows))


def _wrong_layers(verdict: Verdict) -> set[int]:
    """Return the places of the layers that something is wrong with."""
    places = (problem.where for problem in verdict.problems)
    return {
        where[1]
        for where in places
        if len(where) > 1 and where[0] == "layers" and isinstance(where[1], int)
    }


class _Page:
    """Rows as they are drawn, all about one column in the middle."""

    def __init__(self, width: int, shapes: Sequence[Shape], boxes: Sequence[Box]) -> None:
        self.rows: list[str] = []
        self.marks: dict[Where, range] = {}
        self._width = width - 1 + width % 2  # Odd, as all boxes are: their middles then agree.
        self._largest = max(map(_count, shapes))
        self._alike = max(map(narrowest, boxes), default=_ONE)

    def begin(self, source: str, shape: Shape | None) -> None:
        """Draw where the data come from."""
        self.put(Box(one_line(source), leaves=True), shape, ("data",))

    def put(self, box: Box, shape: Shape | None, key: Where) -> None:
        """Draw a box, and the shape of what it gives out on the line that leaves it."""
        start, columns = len(self.rows), max(narrowest(box), self._columns(shape))
        odd = min(columns + 1 - columns % 2, self._width)
        for row in rows_of(box, odd):
            self._add(row)
        if box.leaves:
            self._add("│" if shape is None else times(shape))
        self.marks[key] = range(start, len(self.rows))

    def centre(self, text: str, key: Where) -> None:
        """Write a text about the middle."""
        self._add(text)
        self.marks[key] = range(len(self.rows) - 1, len(self.rows))

    def _add(self, text: str) -> None:
        before = max(0, (self._width - columns_of(text)) // 2)
        self.rows.append(" " * before + fitted(text, self._width))

    def _columns(self, shape: Shape | None) -> int:
        """Return how wide a box of a shape is, if its text takes no more."""
        if shape is None:
            return self._alike
        share = math.log(_count(shape)) / math.log(max(2, self._largest))
        return round(_ONE + (self._width - _ONE) * share)


def _count(shape: Shape) -> int:
    """Return how many numbers a shape holds; a size that is open counts as 1."""
    return max(1, math.prod(size or 1 for size in shape))
