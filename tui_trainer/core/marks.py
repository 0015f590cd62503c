"""Which lines of a text stand for what of an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui_trainer.core.problem import Where


@dataclass(frozen=True, slots=True)
class Marked:
    """A text whose lines are known by what they stand for."""

    lines: Mapping[Where, range]
    """The lines of each place, from 0."""

    def at(self, where: Where) -> range:
        """Return the lines of a place, or of what it lies in; none if there are none."""
        steps = (where[:length] for length in range(len(where), 0, -1))
        return next((self.lines[step] for step in steps if step in self.lines), range(0))
