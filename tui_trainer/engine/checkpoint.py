"""Model files: written aside and renamed, and seldom enough to cost next to nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from tui_trainer.core.modelfile import WEIGHTS
from tui_trainer.core.places import replacing
from tui_trainer.core.rundir import RunDir

_SHARE = 30
"""Between two writes lies this many times what a write costs."""


def save_model(model: Any, path: Path) -> None:
    """Write a model, or its weights alone to a path that ends in .weights.h5; raises OSError.

    No reader ever sees half of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as aside:
        (model.save_weights if path.name.endswith(WEIGHTS) else model.save)(aside)


class Keeper:
    """Keeps the last and the best model of a run as files."""

    def __init__(self, run: RunDir, saved: Callable[[int, Path], None]) -> None:
        self._best, self._last = run.best, run.last
        self._saved = saved
        self._weights: tuple[int, list[Any]] | None = None
        """The best epoch and its weights, until they are in their file."""
        self._cost = self._free_at = 0.0

    def end_epoch(self, model: Any, epoch: int, improved: bool, final: bool) -> None:
        """Take an epoch's model; it is written now, later, or not if a newer one comes first."""
        if improved:
            self._weights = (epoch, model.get_weights())
        if not final and monotonic() < self._free_at:
            return
        try:
            self.flush(model)
            self._write(model, epoch, self._last)
        finally:
            self._free_at = monotonic() + _SHARE * self._cost
            self._cost = 0.0

    def flush(self, model: Any) -> None:
        """Write the best model if that is still to be done."""
        if self._weights is None:
            return
        (epoch, best), current = self._weights, model.get_weights()
        model.set_weights(best)
        try:
            self._write(model, epoch, self._best)
        finally:
            model.set_weights(current)
        self._weights = None

    def _write(self, model: Any, epoch: int, path: Path) -> None:
        began = monotonic()
        try:
            save_model(model, path)
        finally:
            self._cost += monotonic() - began
        self._saved(epoch, path)
