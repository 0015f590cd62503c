"""What curves say in words."""

from __future__ import annotations

import math
import random

import pytest

from tui_trainer.core.curves import Curves
from tui_trainer.core.events import EpochEnded, Noted, Resumed
from tui_trainer.core.trend import chart_words, sparkline, trends

NAN, INF = math.nan, math.inf
NOISE = random.Random(1)


def curves(**series: list[float]) -> Curves:
    rows = zip(*series.values(), strict=True)
    return Curves.of(
        EpochEnded(epoch, dict(zip(series, row, strict=True)), 1.0)
        for epoch, row in enumerate(rows, start=1)
    )


def words(name: str, *values: float) -> str:
    found = curves(**{"loss": [1.0] * len(values), name: [*values]})
    return next(trend.words for trend in trends(found) if trend.metric == name)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1.0], "one epoch so far"),
        ([1.0, 0.9], "falling"),
        ([1.0, 1.1], "rising"),
        ([1.0, 1.0], "flat"),
        ([0.0] * 5, "flat"),
        ([1.0, 0.8, 0.6, 0.5, 0.45], "falling"),
        ([0.5 * 0.995**epoch for epoch in range(100)], "falling"),
        ([2.3, 0.4, 0.1, 0.05, 0.045, 0.041], "falling"),
        ([1.0, 0.5, 0.301, 0.3, 0.3, 0.299, 0.3], "flat since epoch 3"),
        ([0.33, 0.36, 0.34, 0.35, 0.33, 0.36], "up and down"),
        ([-1.0, -2.0, -3.0, -4.0], "falling"),
        ([1.0, NAN, 0.5], "falling"),
        ([1.0, 2.0, NAN, NAN], "not a number since epoch 3"),
        ([NAN], "not a number since epoch 1"),
        ([1.0, 5.0, INF], "infinite since epoch 3"),
        ([1e308, -1e308, 1e308, -1e308], "up and down"),
        ([5e-324, 0.0], "falling"),
    ],
    ids=str,
)
def test_words_say_where_the_last_epochs_lead(values: list[float], told: str) -> None:
    assert words("mae", *values) == told


def test_rate_of_hits_is_flat_when_only_its_last_digits_move() -> None:
    values = [0.5, 0.8, 0.9, *(0.95 + NOISE.uniform(-0.002, 0.002) for _ in range(30))]
    assert words("accuracy", *values) == "flat since epoch 4"


def test_validation_loss_that_turns_up_overfits() -> None:
    assert words("val_loss", 0.6, 0.4, 0.3, 0.33, 0.36, 0.4) == "rising: overfits since epoch 3"
    assert words("mae", 0.6, 0.4, 0.3, 0.33, 0.36, 0.4) == "rising"


def test_best_is_the_highest_or_the_lowest_by_the_metric_s_kind() -> None:
    told = trends(
        curves(
            accuracy=[0.5, 0.9, 0.8],
            val_loss=[0.6, 0.4, NAN],
            loss=[NAN, NAN, NAN],
            val_accuracy=[0.1, 0.2, 0.3],
        )
    )
    assert [trend.metric for trend in told] == ["loss", "val_loss", "accuracy", "val_accuracy"]
    best = {trend.metric: trend.best and (trend.best.epoch, trend.best.value) for trend in told}
    assert best == {
        "loss": None,
        "val_loss": (2, 0.4),
        "accuracy": (2, 0.9),
        "val_accuracy": (3, 0.3),
    }
    assert (told[2].first, told[2].last) == (0.5, 0.8)


def test_chart_says_both_its_curves() -> None:
    found = curves(
        loss=[1.0, 0.8, 0.6, 0.5], val_loss=[0.5, 0.6, 0.7, 0.8], mae=[1.0, 1.0, 1.0, 1.0]
    )
    assert chart_words("loss", found) == "train falling, validation rising: overfits since epoch 1"
    assert chart_words("mae", found) == "train flat"
    assert chart_words("accuracy", found) == ""


def test_run_without_epochs_has_no_trend() -> None:
    assert trends(Curves()) == []


def test_epochs_that_were_trained_again_count_once() -> None:
    told = [EpochEnded(1, {"loss": 1.0}, 1.0), EpochEnded(2, {"loss": 0.5}, 1.0)]
    found = Curves.of([*told, Noted("on"), Resumed(1), EpochEnded(2, {"loss": 0.4}, 1.0)])
    assert found.points("loss") == [(1, 1.0), (2, 0.4)]
    assert Curves.of([*told, Resumed(1)]).points("loss") == [(1, 1.0)]


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ([], ""),
        ([NAN], ""),
        ([1.0], "▁"),
        ([0.0, 1.0], "▁█"),
        ([3.0, 3.0, 3.0], "▁▁▁"),
        ([0.0, NAN, 7.0], "▁ █"),
        ([-1e308, 1e308], "▁█"),
        ([float(n) for n in range(8)], "▁▂▃▄▅▆▇█"),
    ],
    ids=str,
)
def test_sparkline(values: list[float], line: str) -> None:
    assert sparkline(list(enumerate(values, start=1))) == line


def test_sparkline_of_many_epochs_is_as_wide_as_it_may_be() -> None:
    points = [(float(n), n % 50 / 50) for n in range(1000)]
    assert len(sparkline(points, 24)) == 24
    assert len(sparkline(points[:25], 24)) == 24
