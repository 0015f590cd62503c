"""The weights that training starts from, of a file: do they fit the layers, and into the model."""

from __future__ import annotations

import math
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import tensorflow as tf

from tui_trainer.core.datasets import Facts
from tui_trainer.core.errors import TrainerError, telling
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.modelfile import model_path
from tui_trainer.core.problem import Problem, Where, place
from tui_trainer.core.words import times
from tui_trainer.engine.hdf5 import LONGEST, Listed, list_numbers, read_numbers
from tui_trainer.engine.scratch import Stack, inspect
from tui_trainer.engine.shelf import load

_HERE: Where = ("fit", "initial_weights")
_LAYERS = "layers/"
"""Where the weights of layers lie in a file; what an optimizer kept lies elsewhere."""


def misfit(experiment: Experiment, stack: Stack) -> Problem | None:
    """Return why training cannot start from the weights that an experiment names, if it cannot."""
    if experiment.fit.initial_weights is None:
        return None
    try:
        path = model_path(experiment.fit.initial_weights)
        listed = _listed(path)
        if len(stack.layers) == len(experiment.layers):
            _fitting(stack, listed)
    except TrainerError as error:
        return Problem(_HERE, str(error))
    return None


def load_initial_weights(model: Any, experiment: Experiment, facts: Facts) -> None:
    """Give a model the weights that its experiment names, if any; TrainerError says what fails."""
    if experiment.fit.initial_weights is None:
        return
    try:
        load_weights(model, model_path(experiment.fit.initial_weights), experiment, facts)
    except TrainerError as error:
        raise TrainerError(str(error), place(_HERE)) from error


def load_weights(model: Any, path: Path, experiment: Experiment, facts: Facts) -> None:
    """Give a model of an experiment the weights in a file.

    Only numbers come from the file, and Keras never sees it; TrainerError says what is wrong.
    """
    stack = inspect(experiment, facts.shape, facts.dtype)
    needed = LONGEST * sum(math.prod(one.shape) for _, one in stack.saved)
    arrays = read_numbers(path, lambda listed: _fitting(stack, listed), needed)
    load(model, {one.path: _as(one.dtype, arrays[one.path]) for _, one in stack.saved})


def _listed(path: Path) -> Listed:
    """Return the arrays of a file; one that stays as it is, is looked at once."""
    with telling("cannot be read", path):
        found = os.stat(path)
    return _listed_once(path, found.st_ino, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=8)
def _listed_once(path: Path, *identity: int) -> Listed:
    return list_numbers(path)


def _fitting(stack: Stack, listed: Listed) -> set[str]:
    """Return the paths of what the layers take; TrainerError for the first that is not there."""
    for index, one in stack.saved:
        numbers = listed.get(one.path)
        at = f"{place(('layers', index))} · {one.name}"
        if numbers is None:
            raise TrainerError(f"expected {times(one.shape)}; received none", at)
        if numbers.shape != one.shape:
            received = times(numbers.shape)
            raise TrainerError(f"expected {times(one.shape)}; received {received}", at)
        if numbers.dtype.kind == "V" and (one.dtype, numbers.dtype.itemsize) != ("bfloat16", 2):
            raise TrainerError(f"expected {one.dtype}; received {numbers.dtype}", at)
    wanted = {one.path for _, one in stack.saved}
    for path in sorted(listed):
        if path.startswith(_LAYERS) and path not in wanted:
            name = path.removeprefix(_LAYERS).partition("/")[0]
            told = "expected the weights of these layers alone; received those of another"
            raise TrainerError(told, name)
    return wanted


def _as(dtype: str, array: Any) -> Any:
    """Return an array as the variable wants it; bfloat16 comes as bytes without a meaning."""
    wanted = tf.as_dtype(dtype).as_numpy_dtype
    return array.view(wanted) if array.dtype.kind == "V" else array.astype(wanted)
