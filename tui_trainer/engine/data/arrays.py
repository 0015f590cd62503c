"""What loading yields: the numbers that a model is trained, validated and tested on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tui_trainer.core.datasets import Facts

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Split:
    """Inputs and labels, one row a sample."""

    x: Array
    y: Array

    def __len__(self) -> int:
        return len(self.x)

    def take(self, rows: slice) -> Split:
        """Return some of the samples."""
        return Split(self.x[rows], self.y[rows])


@dataclass(frozen=True, slots=True)
class Raw:
    """A data set as its source gives it; `test` is None where the source brings none."""

    train: Split
    test: Split | None = None


@dataclass(frozen=True, slots=True)
class Arrays:
    """A data set divided and prepared as an experiment says."""

    facts: Facts
    train: Split
    validation: Split
    test: Split
    """Validation and test may be empty."""


def empty_like(split: Split) -> Split:
    """Return no samples of the same shape."""
    return Split(split.x[:0], split.y[:0])


def as_floats(x: Array) -> Array:
    """Return numbers as Keras computes with them."""
    return np.ascontiguousarray(x, dtype=np.float32)
