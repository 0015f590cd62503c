"""What the best epoch is, and when a model overfits."""

from __future__ import annotations

import math

import pytest

from tui_trainer.core.best import Monitor, available, is_rising, monitor_of, overfits_since
from tui_trainer.core.events import Best
from tui_trainer.core.experiment import Data, Experiment, Part


@pytest.mark.parametrize(
    ("name", "rising"),
    [
        *(("loss", False), ("val_loss", False), ("val_mae", False), ("mse", False)),
        *(("accuracy", True), ("val_acc", True), ("val_auc", True), ("f1_score", True)),
        *(("r2_score", True), ("val_precision_1", True), ("mean_squared_error", False)),
    ],
)
def test_whether_more_is_better(name: str, rising: bool) -> None:
    assert is_rising(name) is rising


def test_what_a_run_watches() -> None:
    stop = Part("EarlyStopping", {"monitor": "val_accuracy"})
    keep = Part("ModelCheckpoint", {"monitor": "loss", "mode": "max"})
    assert monitor_of(Experiment()) == Monitor("loss")
    assert monitor_of(Experiment(data=Data(validation=0.1))) == Monitor("val_loss")
    assert monitor_of(Experiment(callbacks=(keep, stop))) == Monitor("val_accuracy", True)
    assert monitor_of(Experiment(callbacks=(keep,))) == Monitor("loss", True)
    assert available(Monitor("val_accuracy", True), ["loss"]) == Monitor("loss")


def test_the_best_so_far() -> None:
    monitor, best = Monitor("loss"), None
    for epoch, value in enumerate([math.nan, 3.0, 2.0, 2.0, math.nan, 4.0], start=1):
        best = monitor.update(best, epoch, {"loss": value})
    assert best == Best(3, "loss", 2.0)
    assert monitor.update(best, 7, {"other": 1.0}) is best


@pytest.mark.parametrize(
    ("losses", "epoch"),
    [
        ([], None),
        ([1.0, 0.5, 0.4], None),
        ([1.0, 0.5, 0.4, 0.5, 0.6, 0.7], 3),
        ([1.0, 0.5, 0.4, 0.402, 0.6, 0.401], None),
        ([1.0, 0.5, 0.4, 0.5, 0.6, math.nan], None),
    ],
)
def test_overfitting(losses: list[float], epoch: int | None) -> None:
    assert overfits_since(losses) == epoch
