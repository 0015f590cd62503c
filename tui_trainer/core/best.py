"""The one definition of the best epoch: what a run watches, and when it got better or worse."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tui_trainer.core.events import Best, Metrics
from tui_trainer.core.experiment import Experiment, Part, Value, enabled

_RISING = (
    *("acc", "auc", "precision", "recall", "f1", "f_beta", "fbeta", "iou", "io_u", "r2"),
    *("top_k", "true_", "sensitivity", "specificity", "correlation", "cosine_similarity"),
)
_WORSE = 1.02
_LAST = 3


@dataclass(frozen=True, slots=True)
class Monitor:
    """The value that tells how good an epoch is, compared as Keras' callbacks compare it."""

    name: str
    rising: bool = False
    """Whether more is better."""
    by: float = 0.0
    """By how much it has to be better."""
    after: int = 0
    """How many epochs do not count."""
    than: float | None = None
    """What the first value has to be better than."""

    def better(self, value: float, than: float | None) -> bool:
        """Return whether a value improves on another one, if there is one; NaN never does."""
        if math.isnan(value) or than is None:
            return not math.isnan(value)
        value, than = _single(value - self.by if self.rising else value + self.by), _single(than)
        return value > than if self.rising else value < than

    def update(self, best: Best | None, epoch: int, metrics: Metrics) -> Best | None:
        """Return the best after an epoch: that epoch's, or the one before."""
        value = metrics.get(self.name)
        than = best.value if best else self.than
        if value is None or epoch <= self.after or not self.better(value, than):
            return best
        return Best(epoch, self.name, value)


def monitor_of(experiment: Experiment) -> Monitor:
    """Return what a run watches: the loss, where no callback of it speaks of a best epoch.

    EarlyStopping does, and a ModelCheckpoint that keeps the best epoch alone.
    """
    callbacks = enabled(experiment.callbacks)
    for part in sorted(callbacks, key=lambda part: part.type != "EarlyStopping"):
        found = part.params
        if part.type == "EarlyStopping":
            after = found.get("start_from_epoch")
            return replace(
                _watched(part, experiment.compile.metrics),
                by=abs(_number(found.get("min_delta")) or 0.0),
                after=after if isinstance(after, int) else 0,
            )
        by_epoch = found.get("save_freq", "epoch") == "epoch"
        if part.type == "ModelCheckpoint" and found.get("save_best_only") is True and by_epoch:
            than = _number(found.get("initial_value_threshold"))
            return replace(_watched(part, experiment.compile.metrics), than=than)
    return Monitor("val_loss" if experiment.data.validation else "loss")


def _watched(part: Part, metrics: Iterable[Part]) -> Monitor:
    """Return what a callback monitors, and in which direction."""
    name, mode = str(part.params.get("monitor") or "val_loss"), part.params.get("mode")
    if mode in ("min", "max"):
        return Monitor(name, mode == "max")
    kinds = (metric.type for metric in metrics if metric.name == name.removeprefix("val_"))
    return Monitor(name, is_rising(next(kinds, name)))


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _single(value: float) -> float:
    """Return a number in single precision, as Keras compares it."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def available(monitor: Monitor, names: Iterable[str]) -> Monitor:
    """Return the monitor, or the loss in its place where the run has no such value."""
    known = list(names)
    if monitor.name in known:
        return monitor
    return Monitor("val_loss" if "val_loss" in known else "loss")


def is_rising(name: str) -> bool:
    """Return whether more of a metric is better, by its name or that of its class."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.removeprefix("val_")).lower()
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
