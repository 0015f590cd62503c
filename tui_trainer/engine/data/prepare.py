"""A source's samples → what the model sees: divided, scaled, flattened, labels encoded."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.model_selection import train_test_split

from tui_trainer.core.datasets import CLASSIFICATION, REGRESSION, Facts, describe
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data
from tui_trainer.engine.data.arrays import Array, Arrays, Raw, Split, as_floats, empty_like


def prepare(data: Data, raw: Raw) -> Arrays:
    """Return the samples divided and prepared as an experiment's `[data]` says."""
    facts = describe(data)
    train, validation, test = divide(data, facts, raw)
    if not len(train):
        raise TrainerError("expected at least one training sample; none is left", "[data]")
    scale = _scaling(data, facts, train.x)

    def ready(split: Split) -> Split:
        return Split(_inputs(data, facts, scale, split.x), _labels(facts, split.y))

    return Arrays(facts, ready(train), ready(validation), ready(test))


def divide(data: Data, facts: Facts, raw: Raw) -> tuple[Split, Split, Split]:
    """Return the samples for training, validation and test, as their source gives them."""
    train, test = _draw_test(data, raw)
    held = hold_out(train, facts.validation, isinstance(data.validation, float))
    return *held, test


def hold_out(train: Split, held: int, at_the_end: bool) -> tuple[Split, Split]:
    """Return training and validation samples: the last are held out, or the first.

    A fraction takes the last, as `validation_split` of Keras does; a count takes the first, as
    the tutorials that slice the arrays by hand do.
    """
    if at_the_end:
        rest = len(train) - held
        return train.take(slice(0, rest)), train.take(slice(rest, None))
    return train.take(slice(held, None)), train.take(slice(0, held))


def _draw_test(data: Data, raw: Raw) -> tuple[Split, Split]:
    """Return training and test samples; a source without a test set has some drawn from it."""
    if raw.test is not None:
        return raw.train, raw.test
    if not data.test:
        return raw.train, empty_like(raw.train)
    try:
        x, x_test, y, y_test = train_test_split(
            raw.train.x, raw.train.y, test_size=data.test, random_state=data.seed
        )
    except ValueError as error:
        raise TrainerError(str(error).split(". ")[0], "[data] test") from error
    return Split(x, y), Split(x_test, y_test)


def _scaling(data: Data, facts: Facts, x: Array) -> Callable[[Array], Array]:
    """Return what scales inputs, with figures that come from these training samples alone."""
    if facts.dtype == "int32":
        return lambda x: np.ascontiguousarray(x, dtype=np.int32)
    if data.scale == "none":
        return as_floats
    if data.scale == "standard":
        return _affine(x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64))
    if x.dtype == np.uint8:
        return _affine(np.float64(0), np.float64(255))
    axis = None if x.ndim > 2 else 0  # Pixels share one range; each column has its own.
    lowest = np.asarray(x.min(axis=axis), dtype=np.float64)
    return _affine(lowest, x.max(axis=axis) - lowest)


def _affine(offset: Array | np.float64, spread: Array | np.float64) -> Callable[[Array], Array]:
    """Return `(x - offset) / spread`; where the spread is 0, only the offset is taken away."""
    low = np.asarray(offset, dtype=np.float32)
    width = np.where(spread == 0, 1, spread).astype(np.float32)

    def apply(x: Array) -> Array:
        scaled = x.astype(np.float32)
        scaled -= low
        scaled /= width
        return scaled

    return apply


def _inputs(data: Data, facts: Facts, scale: Callable[[Array], Array], x: Array) -> Array:
    scaled = scale(x)
    return scaled.reshape(len(scaled), *facts.shape) if data.flatten else scaled


def _labels(facts: Facts, y: Array) -> Array:
    if facts.dataset.task == REGRESSION:
        return as_floats(y)
    if facts.one_hot:
        return np.eye(len(facts.dataset.classes), dtype=np.float32)[y]
    # A single sigmoid is compared with labels of its own type.
    return y.astype(np.int32 if facts.dataset.task == CLASSIFICATION else np.float32)
