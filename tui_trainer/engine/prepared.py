"""What a run needs before its first batch: the data loaded, the model built and compiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias

import keras

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.labels import check_labels
from tui_trainer.core.problem import place
from tui_trainer.engine.build import build, compile_model
from tui_trainer.engine.data import Arrays, Wait, check_numbers, load
from tui_trainer.engine.devices import device_of
from tui_trainer.engine.fitting import Fitting

Tell: TypeAlias = Callable[[str, str], None]
"""Hears which phase begins, and on which device, or nothing while that is not known."""

_ALONE = Lock()
"""Python, numpy and TensorFlow have one state of their random numbers each: one at a time draws."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An experiment ready for `fit`; no weight has been trained."""

    arrays: Arrays
    model: Any
    fitting: Fitting


def prepare(experiment: Experiment, wait: Wait, tell: Tell) -> Prepared:
    """Return an experiment ready for `fit`, its seed set, or raise TrainerError or Cancelled."""
    tell("load", "")
    with _ALONE:
        arrays = load(experiment.data, wait)
        wait.check()
        tell("build", "")
        fit, facts = experiment.fit, arrays.facts
        keras.utils.set_random_seed(fit.seed)
        model = build(experiment, facts.shape, facts.dtype)
        problem = check_labels(experiment, facts, tuple(model.output_shape[1:]))
        if problem:
            raise TrainerError(problem.message, place(problem.where))
        check_numbers(experiment, arrays)
        wait.check()
        tell("compile", device_of(model))
        compile_model(model, experiment.compile)
        fitting = Fitting(model, fit, arrays)
        wait.check()
        fitting.prepare()
        return Prepared(arrays, model, fitting)
