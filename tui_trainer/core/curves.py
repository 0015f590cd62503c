"""From the epochs of a run to the few points of a chart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeAlias

from tui_trainer.core.events import EpochEnded, Event, Resumed

Points: TypeAlias = Sequence[tuple[float, float]]
"""Epoch and value; a value that is NaN or infinite is a gap."""


@dataclass(slots=True, eq=False)
class Curves:
    """The metrics of a run, epoch by epoch, as they come in."""

    epochs: list[EpochEnded] = field(default_factory=list)
    resumed: list[int] = field(default_factory=list)
    """After which epochs the run was gone on with."""
    revision: int = 0
    """Grows with every change."""

    @staticmethod
    def of(history: Iterable[Event]) -> Curves:
        """Return the metrics that a history tells of."""
        curves = Curves()
        for event in history:
            if isinstance(event, EpochEnded):
                curves.add(event)
            elif isinstance(event, Resumed):
                curves.resume(event.epoch)
        return curves

    def add(self, epoch: EpochEnded) -> None:
        """Append an epoch; one that is told again replaces what followed it."""
        self._cut(epoch.epoch - 1)
        self.epochs.append(epoch)
        self.revision += 1

    def resume(self, epoch: int) -> None:
        """Go on after an epoch: forget what came after it, and mark it."""
        self._cut(epoch)
        self.resumed = [mark for mark in self.resumed if mark < epoch]
        if self.epochs:
            self.resumed.append(epoch)
        self.revision += 1

    def _cut(self, epoch: int) -> None:
        while self.epochs and self.epochs[-1].epoch > epoch:
            self.epochs.pop()

    def points(self, metric: str) -> list[tuple[float, float]]:
        """Return the values of a metric by epoch."""
        return [(e.epoch, e.metrics[metric]) for e in self.epochs if metric in e.metrics]

    def metrics(self) -> list[str]:
        """Return the names of the training metrics: the loss first, without those of validation."""
        names = dict.fromkeys(name for e in self.epochs[-1:] for name in e.metrics)
        trained = [name for name in names if not name.startswith("val_")]
        return sorted(trained, key=lambda name: name != "loss")


def decimate(points: Points, columns: int, end: float | None = None) -> list[tuple[float, float]]:
    """Return at most two points a column, the lowest and the highest, so that no spike is lost.

    The columns reach to the last point, or to an `end` behind it: they then stay where they are
    while points are added.
    """
    kept = [point for point in points if math.isfinite(point[1])]
    if columns < 1 or len(kept) <= 2 * columns:
        return kept
    first, last = kept[0][0], kept[-1][0]
    width = (max(last, end or last) - first) / columns or 1.0
    buckets: dict[int, list[tuple[float, float]]] = {}
    for point in kept:
        buckets.setdefault(min(columns - 1, int((point[0] - first) / width)), []).append(point)
    thin: list[tuple[float, float]] = []
    for bucket in buckets.values():
        ends = {min(bucket, key=itemgetter(1)), max(bucket, key=itemgetter(1))}
        thin += sorted(ends)
    return thin


def smooth(points: Points, weight: float) -> list[tuple[float, float]]:
    """Return the exponential moving average, its start corrected as Adam corrects its moments.

    `weight` is that of the past, 0 to below 1: 0 changes nothing.
    """
    average, total, result = 0.0, 0.0, []
    for x, y in points:
        if math.isfinite(y):
            average = weight * average + (1 - weight) * y
            total = weight * total + (1 - weight)
            y = average / total
        result.append((x, y))
    return result


def bounds(series: Iterable[Points]) -> tuple[float, float] | None:
    """Return the least and the greatest finite value, or None if there is none."""
    values = [y for points in series for _, y in points if math.isfinite(y)]
    return (min(values), max(values)) if values else None


def with_room(
    low: float, high: float, before: tuple[float, float] | None, log: bool = False
) -> tuple[float, float]:
    """Return the ends of an axis for a range that grows: those of `before` as long as they will do.

    Where the range has outgrown them there is room ahead, so that not every epoch moves all that is
    drawn; but none below 0 or above 1 for what was never there, unless these are logarithms.
    """
    if before is None or high - low < _LEAST_SHARE * (before[1] - before[0]):
        return low, high
    if before[0] <= low and high <= before[1]:
        return before
    ahead = _ROOM * (high - low)
    below = low - ahead if low < before[0] else before[0]
    above = high + ahead if high > before[1] else before[1]
    if not log:
        below = max(0.0, below) if low >= 0 else below
        above = min(1.0, above) if high <= 1 else above
    return below, above


_ROOM = 0.3
"""How much of a range that grows is kept free ahead of it."""
_LEAST_SHARE = 0.4
"""How much of an axis a range fills at least."""
