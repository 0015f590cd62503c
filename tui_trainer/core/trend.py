"""Curves in words: what a chart shows, for those who cannot see it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from statistics import fmean, pstdev
from typing import Any

from tui_trainer.core.best import Monitor, is_rising, overfits_since
from tui_trainer.core.curves import Curves, Points, bounds
from tui_trainer.core.events import Best

_FEWEST, _MOST = 3, 10
"""How many of the last epochs make a trend: a quarter of all, within these."""
_FLAT = 0.01
"""A curve is flat whose values differ by no more than this part of them …"""
_FLAT_SEEN = 0.1
"""… and of the height of the whole chart, …"""
_FLAT_ANYWAY = 0.005
"""… or by so little that no chart makes it count."""
_BLOCKS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Trend:
    """One metric's curve in a few figures and words."""

    metric: str
    first: float
    last: float
    best: Best | None
    """None where no value is finite."""
    words: str
    """Where the last epochs lead: `falling`, `flat since epoch 12`."""

    def to_json(self) -> dict[str, Any]:
        """Return the trend as an object for JSON."""
        return asdict(self)


def trends(curves: Curves) -> list[Trend]:
    """Return the trend of every metric, the loss first, each beside its validation."""
    names = [name for metric in curves.metrics() for name in (metric, f"val_{metric}")]
    told = {name: curves.points(name) for name in names}
    return [_trend(name, points) for name, points in told.items() if points]


def chart_words(metric: str, curves: Curves) -> str:
    """Return where a chart's curves lead: `train falling, validation flat since epoch 12`."""
    pairs = {"train": metric, "validation": f"val_{metric}"}
    told = {label: curves.points(name) for label, name in pairs.items()}
    return ", ".join(
        f"{label} {_words(pairs[label], points)}" for label, points in told.items() if points
    )


def sparkline(points: Points, columns: int = 24) -> str:
    """Return a curve in one line of at most so many block characters; a gap is a blank."""
    ends = bounds([points])
    if ends is None:
        return ""
    size = max(map(abs, ends)) or 1.0  # What is divided by it cannot overflow.
    low, high = (end / size for end in ends)
    step = max(1.0, len(points) / columns)
    cells = [
        [y / size for _, y in points[int(at * step) : int((at + 1) * step)] if math.isfinite(y)]
        for at in range(min(columns, len(points)))
    ]
    top = len(_BLOCKS) - 1
    scale = top / (high - low) if high > low else 0.0
    return "".join(_BLOCKS[round((fmean(ys) - low) * scale)] if ys else " " for ys in cells)


def _trend(metric: str, points: Points) -> Trend:
    monitor, best = Monitor(metric, is_rising(metric)), None
    for epoch, value in points:
        if math.isfinite(value):
            best = monitor.update(best, int(epoch), {metric: value})
    return Trend(metric, points[0][1], points[-1][1], best, _words(metric, points))


def _words(metric: str, points: Points) -> str:
    if not math.isfinite(points[-1][1]):
        return _odd(points)
    size = max(abs(y) for _, y in points if math.isfinite(y)) or 1.0
    kept = [(x, y / size) for x, y in points if math.isfinite(y)]
    if len(kept) == 1:
        return "one epoch so far"
    words = _direction(kept)
    since = overfits_since([y for _, y in kept]) if metric == "val_loss" else None
    return f"{words}: overfits since epoch {kept[since - 1][0]:.0f}" if since else words


def _odd(points: Points) -> str:
    """Return since when a curve that ends so is not finite."""
    since, value = points[-1]
    for epoch, before in reversed(points):
        if math.isfinite(before):
            break
        since = epoch
    return f"{'not a number' if math.isnan(value) else 'infinite'} since epoch {since:.0f}"


def _direction(points: Points) -> str:
    ys = [y for _, y in points]
    height = max(ys) - min(ys)
    window = min(len(ys), _MOST, max(_FEWEST, len(ys) // 4))
    start = len(ys) - window
    low, high = min(ys[start:]), max(ys[start:])
    if not _flat(low, high, height):
        return _slope(ys[start:])
    while start:
        low, high = min(low, ys[start - 1]), max(high, ys[start - 1])
        if not _flat(low, high, height):
            break
        start -= 1
    return f"flat since epoch {points[start][0]:.0f}" if start else "flat"


def _flat(low: float, high: float, height: float) -> bool:
    size = max(abs(low), abs(high))
    allowed = max(_FLAT_ANYWAY * size, min(_FLAT * size, _FLAT_SEEN * height))
    return high - low <= allowed


def _slope(ys: list[float]) -> str:
    """Return which way the straight line through the values leads, if they keep near it."""
    middle, mean = (len(ys) - 1) / 2, fmean(ys)
    steps = [at - middle for at in range(len(ys))]
    slope = sum(step * (y - mean) for step, y in zip(steps, ys, strict=True))
    slope /= sum(step * step for step in steps)
    scatter = pstdev(y - mean - slope * step for step, y in zip(steps, ys, strict=True))
    if abs(slope) * (len(ys) - 1) <= 2 * scatter:
        return "up and down"
    return "rising" if slope > 0 else "falling"
