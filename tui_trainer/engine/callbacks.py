"""The experiment's own callbacks, and what is worth telling of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tui_trainer.core.callback_paths import with_path
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Part
from tui_trainer.core.rundir import RunDir
from tui_trainer.engine.parts import PartError, make
from tui_trainer.engine.state import is_plain
from tui_trainer.engine.tables import cut_rows


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


def take_up(callbacks: Sequence[Any], epoch: int) -> None:
    """Let callbacks go on with what they have written of a run, up to so many epochs; OSError."""
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.CSVLogger):
            cut_rows(Path(callback.filename), epoch, callback.sep)
            callback.append = True
        elif isinstance(callback, keras.callbacks.BackupAndRestore):
            callback._load_model = lambda: None  # It would go on from where its own file is.


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


def plain_attributes(callback: Any) -> dict[str, Any]:
    """Return those of a callback's attributes that can be kept."""
    return {name: value for name, value in vars(callback).items() if is_plain(value)}


def changed_attributes(callback: Any, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return those that are not as they were; a list may always have changed inside."""
    return {
        name: value
        for name, value in plain_attributes(callback).items()
        if isinstance(value, list) or not _same(before.get(name), value)
    }


def _same(one: Any, other: Any) -> bool:
    if one is other or isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return one is other
    return type(one) is type(other) and bool(one == other)
