"""How many numbers an optimizer keeps of its own, counted without making them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import tensorflow as tf

from tui_trainer.core.experiment import Experiment
from tui_trainer.engine.messages import plain_message
from tui_trainer.engine.parts import PartError, make
from tui_trainer.engine.sizes import Weight

_Base = keras.src.optimizers.base_optimizer.BaseOptimizer


@dataclass(frozen=True, slots=True, eq=False)
class _Slot:
    """What an optimizer gets in the place of a variable: its shape, and no memory."""

    shape: tuple[int, ...]
    dtype: str | None = None

    def assign(self, value: Any) -> None:
        """Take a value, as some optimizers copy the weights, and forget it."""


def count_slots(experiment: Experiment, weights: Sequence[Weight]) -> int:
    """Return how many numbers the optimizer keeps beside the weights that it is to change.

    Keras' own optimizer is made and built for these weights; only the making of its variables is
    replaced. PartError says what Keras does not take of its arguments.
    """
    made: list[_Slot] = []

    def add_variable(
        shape: Sequence[int], initializer: Any = "zeros", dtype: str | None = None, **_: Any
    ) -> _Slot:
        made.append(_Slot(tuple(shape), dtype))
        return made[-1]

    with tf.Graph().as_default():
        optimizer = make(experiment.compile.optimizer, "optimizers")
        scaled = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        if experiment.fit.dtype_policy == "mixed_float16" and not scaled:  # As `compile` does.
            optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
        for each in {optimizer, getattr(optimizer, "inner_optimizer", optimizer)}:
            each.add_variable = add_variable
            each.add_variable_from_reference = partial(_Base.add_variable_from_reference, each)
            each._var_key = id
        try:
            optimizer.build(list(weights))
        except Exception as error:  # It would end the run in the same way.
            raise PartError(plain_message(error, experiment.compile.optimizer.type)) from error
        kept = [variable.shape for variable in optimizer.variables]
    return sum(map(math.prod, (*kept, *(slot.shape for slot in made))))
