"""What the engine says of the open experiment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui_trainer.core.problem import Problem


@dataclass(frozen=True, slots=True)
class LayerSize:
    """What a layer gives out, and how much it holds."""

    shape: tuple[int | None, ...]
    """Without the batch dimension."""
    params: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Shapes and parameters layer by layer, up to the first that does not fit."""

    input_shape: tuple[int | None, ...] = ()
    layers: tuple[LayerSize, ...] = ()
    params: int = 0
    problems: tuple[Problem, ...] = ()

    @staticmethod
    def from_json(answer: Mapping[str, Any]) -> Verdict:
        """Return the verdict that the engine's answer to `check` holds."""
        return Verdict(
            tuple((answer.get("input") or {}).get("shape", ())),
            tuple(LayerSize(tuple(e["shape"]), int(e["params"])) for e in answer["layers"]),
            int(answer["params"]),
            tuple(map(Problem.from_json, answer["problems"])),
        )


def times(shape: tuple[int | None, ...]) -> str:
    """Return a shape as it is read aloud: `28 × 28`."""
    return " × ".join("?" if size is None else str(size) for size in shape) or "1"


def spaced(number: int) -> str:
    """Return an integer with its thousands apart: `78 500`."""
    return f"{number:,}".replace(",", " ")
