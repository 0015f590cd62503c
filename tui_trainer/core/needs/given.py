"""What a layer is given, and how another shape could reach it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tui_trainer.core.datasets import find_dataset
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data
from tui_trainer.core.stack import ACTIVATIONS, DROPOUTS
from tui_trainer.core.verdict import Shape


@dataclass(frozen=True, slots=True)
class Before:
    """A layer that comes earlier, and the shape that it was given."""

    type: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Given:
    """The input of a layer, and where it comes from."""

    shape: Shape
    dtype: str = "float32"
    before: Sequence[Before] = ()
    """The layers that take part, in order."""
    data: Data | None = None
    """What the first of them is given."""

    @property
    def dimensions(self) -> int:
        """How many there are, with that of the batch."""
        return len(self.shape) + 1

    def __str__(self) -> str:
        sizes = ["?" if size is None else str(size) for size in self.shape]
        return f"{self.dimensions} ({', '.join(['batch', *sizes])})"


def way_to(kind: str, names: Sequence[str], given: Given) -> str:
    """Return what would bring the wanted dimensions to a layer of a kind.

    `names` are those of the dimensions it wants, the batch's included.
    """
    wanted, received = len(names), given.dimensions
    if received > wanted:
        return _fewer(kind, names, given)
    ways = [_undone(wanted, given)]
    if not ways[0] and given.dtype.startswith("int") and (wanted, received) == (3, 2):
        return "put Embedding before it"
    if not ways[0]:
        ways = [_reshaped(names, given), _sibling(kind, received)]
    return ", or ".join(filter(None, ways))


def _undone(wanted: int, given: Given) -> str:
    """Return what took the dimensions away before, and how to get them back, or nothing."""
    for before in reversed(given.before):
        dimensions = len(before.shape) + 1
        if dimensions == wanted and before.type in _RECURRENT:
            return f"switch return_sequences on in {before.type} before it"
        if dimensions >= wanted and before.type.startswith(("Flatten", "Global")):
            return f"remove {before.type} before it, or move it up"
        if dimensions == wanted - 1 and before.type == "Flatten" and None not in before.shape:
            return f"put {_reshape((*before.shape, 1))} in the place of Flatten before it"
        if before.type not in _KEEPING:
            return ""
    return _unflattened(wanted, given)


def _unflattened(wanted: int, given: Given) -> str:
    """Return that the data should not be flattened, where that would help, or nothing."""
    try:
        shape = find_dataset(given.data.source).shape if given.data else ()
    except TrainerError:
        return ""
    if given.data is None or not given.data.flatten or len(shape) + 2 < wanted:
        return ""
    channels = "" if len(shape) + 1 == wanted else f", and put {_reshape((*shape, 1))} before it"
    return f"switch [data] flatten off{channels}"


def _reshaped(names: Sequence[str], given: Given) -> str:
    if given.dimensions != len(names) - 1 or None in given.shape:
        return _as(names)
    ahead = names[1] == "channels"
    return f"put {_reshape((1, *given.shape) if ahead else (*given.shape, 1))} before it"


def _fewer(kind: str, names: Sequence[str], given: Given) -> str:
    """Return how dimensions can be got rid of."""
    sibling, pooled = _sibling(kind, given.dimensions), given.dimensions - 2
    if len(names) == 2:
        pooling = f" or GlobalAveragePooling{pooled}D" if pooled in (1, 2, 3) else ""
        return f"put Flatten{pooling} before it"
    if len(names) == 3 and None not in given.shape:
        *many, last = given.shape
        steps = math.prod(size or 1 for size in many)
        return ", or ".join(filter(None, [sibling, f"put {_reshape((steps, last))} before it"]))
    return sibling or _as(names)


def _sibling(kind: str, dimensions: int) -> str:
    """Return the class of the same kind for the dimensions that there are, or nothing."""
    match = re.fullmatch(r"(\w+?)([123])D(Transpose)?", kind)
    own = dimensions - (3 if kind.startswith("ConvLSTM") else 2)
    if match is None or own not in (1, 2, 3):
        return ""
    name = f"{match[1]}{own}D{match[3] or ''}"
    return "" if name in _NOT_IN_KERAS else f"use {name}"


def _as(names: Sequence[str]) -> str:
    return f"put Reshape before it, as ({', '.join(names[1:])})"


def _reshape(shape: Sequence[int | None]) -> str:
    return f"Reshape to ({', '.join(map(str, shape))})"


_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional")
_KEEPING = (
    DROPOUTS
    | set(ACTIVATIONS)
    | {"Activation", "BatchNormalization", "LayerNormalization", "Identity", "GaussianNoise"}
)
"""Layers that a learner would leave where they are."""
_NOT_IN_KERAS = ("DepthwiseConv3D", "SeparableConv3D")
