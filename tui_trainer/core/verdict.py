"""What the engine says of an experiment: sizes layer by layer, and what is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
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
    trainable: int = 0
    """How many of these training changes."""
    disabled: bool = False
    """Whether it is switched off: then the shape is that of what it would be given."""

    @property
    def outputs(self) -> int:
        """How many numbers it gives out for each sample; a size that is open counts as 1."""
        return 0 if self.disabled else math.prod(size or 1 for size in self.shape)


@dataclass(frozen=True, slots=True)
class Memory:
    """What a step of training takes of memory, in bytes."""

    weights: int
    gradients: int
    optimizer: int
    activations: int

    @property
    def total(self) -> int:
        """All of it together; Keras and TensorFlow themselves come on top."""
        return self.weights + self.gradients + self.optimizer + self.activations


@dataclass(frozen=True, slots=True)
class Verdict:
    """Shapes and parameters layer by layer, up to the first that does not fit."""

    input_shape: Shape = ()
    """Of one sample; nothing where the data are wrong."""
    input_dtype: str = ""
    layers: tuple[LayerSize, ...] = ()
    problems: tuple[Problem, ...] = ()
    optimizer: int = 0
    """How many numbers the optimizer keeps of its own, such as two for each weight of Adam."""

    @property
    def params(self) -> int:
        """How many numbers the layers hold together."""
        return sum(layer.params for layer in self.layers)

    @property
    def trainable(self) -> int:
        """How many of these training changes."""
        return sum(layer.trainable for layer in self.layers)

    def memory(self, batch_size: int, dtype_policy: str = "float32") -> Memory:
        """Return what a step of training takes of memory.

        Weights, gradients (one for each trainable weight) and what the optimizer keeps are 4 bytes
        a number under every policy. Activations are the outputs of all layers for one batch, which
        are kept for the way back: 4 bytes a number, or 2 under a mixed policy, whose last layer
        still gives out 4. What a layer needs while it computes is not in it.
        """
        outputs = [layer.outputs for layer in self.layers if not layer.disabled]
        narrow = _NARROW if dtype_policy.startswith("mixed_") else _FULL
        activations = sum(outputs[:-1]) * narrow + sum(outputs[-1:]) * _FULL
        return Memory(
            self.params * _FULL,
            self.trainable * _FULL,
            self.optimizer * _FULL,
            activations * batch_size,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as an object for JSON."""
        given = {"shape": list(self.input_shape), "dtype": self.input_dtype}
        return {
            "input": given if self.input_shape else None,
            "layers": [{**asdict(at), "shape": list(at.shape)} for at in self.layers],
            "params": self.params,
            "trainable": self.trainable,
            "optimizer": self.optimizer,
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
                _integer(whole.get("optimizer", 0)),
            )
        except KeyError as error:
            raise ValueError(f"expected a verdict with {error}") from error


_FULL, _NARROW = 4, 2
"""Bytes of a number: float32, and float16 or bfloat16."""


def _layer(record: object) -> LayerSize:
    at = _object(record)
    params = _integer(at["params"])
    return LayerSize(
        str(at["name"]),
        str(at["type"]),
        _shape(at["shape"]),
        params,
        _integer(at.get("trainable", params)),
        at.get("disabled") is True,
    )


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
