"""From a run to the pictures of its curves."""

from __future__ import annotations

from tui_trainer.core.told import ending
from tui_trainer.core.trend import chart_words
from tui_trainer.core.watch import Watch
from tui_trainer.ui.colors import BLUE, ORANGE
from tui_trainer.ui.keymap import key
from tui_trainer.ui.widgets.chart import Picture, Series

TRAIN, VALIDATION = (BLUE, "●"), (ORANGE, "▲")
"""Colour and mark of the two curves."""


def metric_picture(metric: str, watched: Watch | None, log: bool, smooth: bool) -> Picture:
    """Return the training and validation curves of a metric."""
    if watched is None:
        return Picture(metric, empty=f"no run yet: {key('train')} trains" if metric else "")
    curves = watched.curves
    if not metric:
        return Picture("", empty="no metric but the loss" if curves.epochs else "")
    train, validation = curves.points(metric), curves.points(f"val_{metric}")
    best = watched.status.best
    star = (float(best.epoch), best.value) if best and best.monitor.endswith(metric) else None
    if star and best and best.monitor not in (metric, f"val_{metric}"):
        star = None
    return Picture(
        metric,
        (
            Series("train", train, *TRAIN),
            Series("validation", validation, *VALIDATION),
        ),
        star,
        _last_epoch(watched, len(curves.epochs)),
        log,
        smooth,
        _without_epochs(watched),
        words=chart_words(metric, curves),
        resumed=tuple(curves.resumed),
        grows=watched.live,
    )


def _without_epochs(watched: Watch) -> str:
    """Return what is said of a run of which no epoch has ended."""
    if not watched.live:
        return f"no epoch was completed\n\n{ending(watched.outcome, watched.state)}"
    if watched.state == "starting":
        return "no epoch has begun yet"
    return "the first epoch is under way"


def _last_epoch(watched: Watch, done: int) -> int:
    """Return where the axis ends: all epochs if they are few, else half as many again as done."""
    if not watched.live:
        return done
    planned, room = watched.experiment.fit.epochs, 20
    while room < done:
        room = room * 3 // 2
    return min(planned, room)
