"""From the epochs of a run to the few points that a chart has room for."""

from __future__ import annotations

import math
import random

import pytest

from tui_trainer.core.curves import Curves, bounds, decimate, smooth, with_room
from tui_trainer.core.events import EpochEnded

NAN, INF = math.nan, math.inf


def curves(*losses: float) -> Curves:
    found = Curves()
    for epoch, loss in enumerate(losses, start=1):
        found.add(EpochEnded(epoch, {"loss": loss}, 1.0))
    return found


def test_metrics_are_told_by_epoch() -> None:
    assert curves(3.0, 2.0, 1.0).points("loss") == [(1, 3.0), (2, 2.0), (3, 1.0)]
    assert curves(3.0).points("accuracy") == []
    assert Curves().metrics() == []


def test_loss_comes_first_and_validation_goes_with_its_metric() -> None:
    found = Curves()
    found.add(EpochEnded(1, {"accuracy": 0.5, "val_accuracy": 0.4, "val_loss": 2, "loss": 1}, 1.0))
    assert found.metrics() == ["loss", "accuracy"]


def test_epoch_that_is_told_again_replaces_what_followed_it() -> None:
    found = curves(5.0, 4.0, 3.0, 2.0)
    found.add(EpochEnded(2, {"loss": 9.0}, 1.0))
    assert found.points("loss") == [(1, 5.0), (2, 9.0)]
    found.add(EpochEnded(3, {"loss": 8.0}, 1.0))
    assert found.points("loss") == [(1, 5.0), (2, 9.0), (3, 8.0)]


def test_run_that_begins_again_begins_its_curve_again() -> None:
    found = curves(5.0, 4.0)
    found.add(EpochEnded(1, {"loss": 7.0}, 1.0))
    assert found.points("loss") == [(1, 7.0)]


@pytest.mark.parametrize("columns", [1, 2, 7, 80])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 100, 10_000])
def test_no_spike_is_lost_however_few_the_columns(count: int, columns: int) -> None:
    dice = random.Random(count)
    points = [(float(x), dice.random()) for x in range(count)]
    for at in (count // 3, count // 2):
        if count > 2:
            points[at] = (points[at][0], 1e9 * (-1) ** at)
    thin = decimate(points, columns)
    assert len(thin) <= max(2 * columns, 0)
    assert thin == sorted(thin)
    assert set(thin) <= set(points)
    assert bounds([thin]) == bounds([points])


def test_columns_that_reach_ahead_stay_where_they_are() -> None:
    dice = random.Random(1)
    points = [(float(x), dice.random()) for x in range(1, 901)]
    before, moved = decimate(points[:600], 50, 900.0), 0
    for count in range(601, 901):
        thin = decimate(points[:count], 50, 900.0)
        moved += len(set(before[:-2]) - set(thin))
        before = thin
    assert moved == 0
    assert decimate(points, 50, 900.0) == decimate(points, 50)


def test_few_points_are_all_kept() -> None:
    points = [(1.0, 3.0), (2.0, 1.0), (3.0, 2.0)]
    assert decimate(points, 2) == points
    assert decimate(points, 0) == points


def test_points_at_one_place_do_not_divide_by_nothing() -> None:
    assert decimate([(1.0, float(y)) for y in range(9)], 2) == [(1.0, 0.0), (1.0, 8.0)]


def test_only_finite_values_reach_the_chart() -> None:
    points = [(1, NAN), (2, 1.0), (3, INF), (4, -INF), (5, 0.0)]
    assert decimate(points, 80) == [(2, 1.0), (5, 0.0)]
    assert decimate([(1, NAN)] * 500, 3) == []
    assert bounds([points, []]) == (0.0, 1.0)
    assert bounds([[(1, NAN)], []]) is None


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("log", [True, False])
def test_the_axis_of_a_curve_that_grows_moves_seldom(sign: int, log: bool) -> None:
    values = [sign * (0.1 + math.exp(-x / 30) + 0.01 * math.sin(7 * x)) for x in range(500)]
    before, moved = None, 0
    for count in range(1, len(values) + 1):
        low, high = min(values[:count]), max(values[:count])
        ends = with_room(low, high, before, log)
        assert ends[0] <= low and high <= ends[1]
        assert high - low >= 0.4 * (ends[1] - ends[0])
        moved += ends != before
        before = ends
    assert moved < 15


def test_an_axis_ends_at_nothing_and_at_all() -> None:
    assert with_room(0.1, 0.9, (0.2, 0.8)) == (0.0, 1.0)
    assert with_room(-0.1, 1.1, (0.2, 0.8)) == pytest.approx((-0.46, 1.46))
    assert with_room(0.1, 0.9, (0.2, 0.8), log=True) == pytest.approx((-0.14, 1.14))
    assert with_room(0.5, 0.5, None) == (0.5, 0.5)
    assert with_room(0.5, 0.6, (0.0, 1.0)) == (0.5, 0.6)


def test_smoothing_begins_at_the_first_value_and_keeps_gaps() -> None:
    smoothed = smooth([(1, NAN), (2, 4.0), (3, 0.0), (4, INF), (5, 2.0)], 0.5)
    assert [x for x, _ in smoothed] == [1, 2, 3, 4, 5]
    assert math.isnan(smoothed[0][1])
    assert smoothed[1][1] == 4.0
    assert smoothed[2][1] == pytest.approx(4 / 3)
    assert smoothed[3][1] == INF
    assert 4 / 3 < smoothed[4][1] < 2.0


def test_smoothing_by_nothing_changes_nothing() -> None:
    points = [(1.0, 5.0), (2.0, -1.0)]
    assert smooth(points, 0) == points
    assert smooth([(1.0, 5.0), (2.0, 5.0)], 0.99)[1][1] == pytest.approx(5.0)
