"""The experiment's own callbacks, and what is worth telling of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import keras

from tui_trainer.core.callback_paths import with_path
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Part
from tui_trainer.core.rundir import RunDir
from tui_trainer.engine.parts import PartError, make


def make_callbacks(parts: Sequence[Part], run: RunDir) -> list[Any]:
    """Return the callbacks that take part, with relative paths inside the run's folder."""
    made = []
    for number, part in enumerate(parts, start=1):
        if part.disabled:
            continue
        try:
            made.append(make(with_path(part, run.path), "callbacks"))
        except PartError as error:
            where = " · ".join([f"callback {number}", *error.path])
            raise TrainerError(error.message, where) from error
    return made


def tell_stops(callbacks: Sequence[Any], epochs: int) -> Iterator[str]:
    """Yield what the early stoppings did, after `epochs` epochs."""
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.EarlyStopping):
            continue
        best = callback.best_epoch + 1
        restored = callback.restore_best_weights and callback.best_weights is not None
        if callback.stopped_epoch > 0:
            end = f", weights of epoch {best} restored" if restored else ""
            yield (
                f"{callback.monitor} has not improved since epoch {best}: "
                f"stopped after epoch {callback.stopped_epoch + 1}{end}"
            )
        elif restored and best < epochs:
            yield f"weights of epoch {best} restored, the best by {callback.monitor}"
