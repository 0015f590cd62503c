"""What the engine says of an experiment: sizes layer by layer, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tui_trainer.core.problem import Problem

Shape: TypeAlias = tuple[int | None, ...]
"""Sizes without the batch dimension; None is one that is not fixed."""


@dataclass(frozen=True, slots=True)
class LayerSize:
    """What a layer gives out, and how much it holds; one that is switched off holds nothing."""

    name: str
    """Its own name, or the one that Keras gave it."""
    type: str
    """Its class."""
    shape: Shape
    params: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Shapes and parameters layer by layer, up to the first that does not fit."""

    input_shape: Shape = ()
    """Of one sample; nothing where the data are wrong."""
    input_dtype: str = ""
    layers: tuple[LayerSize, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def params(self) -> int:
        """How many numbers the layers hold together."""
        return sum(layer.params for layer in self.layers)

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as an object for JSON."""
        given = {"shape": list(self.input_shape), "dtype": self.input_dtype}
        return {
            "input": given if self.input_shape else None,
            "layers": [
                {"name": at.name, "type": at.type, "shape": list(at.shape), "params": at.params}
                for at in self.layers
            ],
            "params": self.params,
            "problems": [problem.to_json() for problem in self.problems],
        }

    @staticmethod
    def from_json(record: object) -> Verdict:
        """Return the verdict that an object holds, or raise ValueError."""
        try:
            whole = _object(record)
            given = _object(whole["input"] or {"shape": [], "dtype": ""})
            return Verdict(
                _shape(given["shape"]),
                str(given["dtype"]),
                tuple(map(_layer, _list(whole["layers"]))),
                tuple(map(_problem, _list(whole["problems"]))),
            )
        except KeyError as error:
            raise ValueError(f"expected a verdict with {error}") from error


def _layer(record: object) -> LayerSize:
    at = _object(record)
    return LayerSize(str(at["name"]), str(at["type"]), _shape(at["shape"]), _integer(at["params"]))


def _problem(record: object) -> Problem:
    found = _object(record)
    where = _list(found["where"])
    if not all(type(step) in (str, int) for step in where):
        raise ValueError(f"expected a path of names and numbers; received {where!r:.80}")
    return Problem(tuple(where), str(found["message"]))


def _shape(record: object) -> Shape:
    return tuple(None if size is None else _integer(size) for size in _list(record))


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"expected an integer; received {value!r:.80}")
    return value


def _list(value: object) -> Sequence[Any]:
    if not isinstance(value, list):
        raise ValueError(f"expected a list; received {type(value).__name__}")
    return value


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"expected an object; received {type(value).__name__}")
    return value
