"""What is wrong with an experiment, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Where: TypeAlias = tuple[str | int, ...]
"""A place in an experiment, such as `("layers", 2, "units")`, `("loss",)` or `("fit", "epochs")`.

Layers, metrics and callbacks count from 0.
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps an experiment from training, at the place that caused it."""

    where: Where
    message: str
    """What was expected and what was received."""

    def __str__(self) -> str:
        return f"{place(self.where)}: {self.message}" if self.where else self.message

    def to_json(self) -> dict[str, Any]:
        """Return the problem as an object for JSON."""
        return {"where": list(self.where), "message": self.message}

    @staticmethod
    def from_json(record: dict[str, Any]) -> Problem:
        """Return the problem that an object holds."""
        return Problem(tuple(record["where"]), str(record["message"]))


def place(where: Where) -> str:
    """Return a path as a user of the file reads it: `layer 3 · units`, `[compile] loss`."""
    match where:
        case (("layers" | "callbacks" | "metrics") as table, int(index), *rest):
            head = f"{table.removesuffix('s')} {index + 1}"
            return " · ".join([head, *map(str, rest)])
        case (("data" | "fit") as table, str(key), *rest):
            return " · ".join([f"[{table}] {key}", *map(str, rest)])
        case (("optimizer" | "loss" | "metrics") as key, *rest):
            return " · ".join([f"[compile] {key}", *map(str, rest)])
        case _:
            return " · ".join(map(str, where))
