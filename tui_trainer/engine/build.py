"""Experiment → Keras model, built and compiled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Compile, Experiment, Part
from tui_trainer.core.problem import place
from tui_trainer.engine.classes import classes, names
from tui_trainer.engine.layers import made_layers, policy
from tui_trainer.engine.messages import plain_message
from tui_trainer.engine.parts import PartError, make
from tui_trainer.engine.scratch import CHOSEN_BY_KERAS, inspect


def build(experiment: Experiment, shape: Sequence[int], dtype: str) -> Any:
    """Return the experiment's model, not yet compiled, or raise TrainerError naming the layer."""
    stack = inspect(experiment, shape, dtype)
    if stack.problems:
        problem = stack.problems[0]
        raise TrainerError(problem.message, place(problem.where))
    if not experiment.enabled.layers:
        raise TrainerError("expected at least one layer; received none", "layers")
    with policy(experiment.fit.dtype_policy):
        try:
            layers = [*made_layers(experiment)]
            return keras.Sequential([keras.Input(tuple(shape), dtype=dtype), *layers])
        except ValueError as error:
            raise TrainerError(plain_message(error), "layers") from error


def compile_model(model: Any, compiled: Compile) -> None:
    """Compile a model, or raise TrainerError naming the argument that Keras does not take."""
    if compiled.loss is None:
        raise TrainerError("expected a loss; received none", "[compile] loss")
    model.compile(
        optimizer=_made(compiled.optimizer, "optimizers", "[compile] optimizer"),
        loss=_named_or_made(compiled.loss, "losses", "[compile] loss"),
        metrics=[
            _named_or_made(part, "metrics", f"metric {number}")
            for number, part in enumerate(compiled.metrics, start=1)
            if not part.disabled
        ],
        jit_compile=False,  # Compiled code aborts the process on some new GPUs.
    )


def _made(part: Part, group: str, where: str) -> Any:
    try:
        return make(part, group)
    except PartError as error:
        raise TrainerError(error.message, " · ".join([where, *error.path])) from error


def _named_or_made(part: Part, group: str, where: str) -> Any:
    """Return Keras' own short name, which then names the metric too, or the object."""
    chosen = group == "metrics" and part.type in CHOSEN_BY_KERAS
    alias = part.type in names(group) and part.type not in classes(group)
    return part.type if not part.params and (chosen or alias) else _made(part, group, where)
