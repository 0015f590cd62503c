"""The one definition of the best epoch: what a run watches, and when it got better or worse."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_trainer.core.events import Best, Metrics
from tui_trainer.core.experiment import Experiment, enabled

_RISING = (
    *("acc", "auc", "precision", "recall", "f1", "f_beta", "fbeta", "iou", "io_u", "r2"),
    *("top_k", "true_", "sensitivity", "specificity", "correlation", "cosine_similarity"),
)
_WORSE = 1.02
_LAST = 3


@dataclass(frozen=True, slots=True)
class Monitor:
    """The value that tells how good an epoch is."""

    name: str
    rising: bool = False
    """Whether more is better."""

    def better(self, value: float, than: Best | None) -> bool:
        """Return whether a value improves on the best so far; NaN never does."""
        if math.isnan(value) or than is None:
            return not math.isnan(value)
        return value > than.value if self.rising else value < than.value

    def update(self, best: Best | None, epoch: int, metrics: Metrics) -> Best | None:
        """Return the best after an epoch: that epoch's, or the one before."""
        value = metrics.get(self.name)
        if value is None or not self.better(value, best):
            return best
        return Best(epoch, self.name, value)


def monitor_of(experiment: Experiment) -> Monitor:
    """Return what a run watches: as its EarlyStopping or ModelCheckpoint does, else the loss."""
    for kind in ("EarlyStopping", "ModelCheckpoint"):
        for part in enabled(experiment.callbacks):
            if part.type == kind:
                name = str(part.params.get("monitor") or "val_loss")
                mode = part.params.get("mode")
                return Monitor(
                    name, is_rising(name) if mode not in ("min", "max") else mode == "max"
                )
    return Monitor("val_loss" if experiment.data.validation else "loss")


def available(monitor: Monitor, names: Iterable[str]) -> Monitor:
    """Return the monitor, or the loss in its place where the run has no such value."""
    known = list(names)
    if monitor.name in known:
        return monitor
    return Monitor("val_loss" if "val_loss" in known else "loss")


def is_rising(name: str) -> bool:
    """Return whether more of a metric is better, by its name."""
    plain = name.removeprefix("val_").lower()
    return "loss" not in plain and any(word in plain for word in _RISING)


def overfits_since(losses: Sequence[float]) -> int | None:
    """Return the epoch of the lowest validation loss if the loss rose clearly after it, else None.

    Clearly: each of the last three epochs lies at least 2 % above the lowest. Epochs count from 1.
    """
    if len(losses) <= _LAST or not all(map(math.isfinite, losses)):
        return None
    lowest = min(losses)
    if min(losses[-_LAST:]) < lowest * _WORSE:
        return None
    return losses.index(lowest) + 1
