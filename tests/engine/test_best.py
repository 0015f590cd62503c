"""What the best epoch is, and when a model overfits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np
import pytest

from tui_trainer.core.best import Monitor, available, is_rising, monitor_of, overfits_since
from tui_trainer.core.callback_paths import with_path
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import Best
from tui_trainer.core.experiment import Compile, Data, Experiment, Part, Value
from tui_trainer.engine.classes import classes
from tui_trainer.engine.parts import make

WITH: Mapping[str, Mapping[str, Value]] = {
    "MeanIoU": {"num_classes": 2},
    "OneHotMeanIoU": {"num_classes": 2},
    "IoU": {"num_classes": 2, "target_class_ids": (1,)},
    "OneHotIoU": {"num_classes": 2, "target_class_ids": (1,)},
    "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5},
    "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5},
    "MeanRelativeError": {"normalizer": (1.0,)},
}
"""What metrics cannot be made without."""


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
    assert monitor_of(Experiment(callbacks=(keep,))) == Monitor("loss")
    best = keep.having("save_best_only", True)
    assert monitor_of(Experiment(callbacks=(best,))) == Monitor("loss", True)
    often = best.having("save_freq", 10)
    assert monitor_of(Experiment(callbacks=(often,))) == Monitor("loss")
    mine = Compile(metrics=(Part("AUC", {"name": "mine"}),))
    named = Part("EarlyStopping", {"monitor": "val_mine"})
    assert monitor_of(Experiment(compile=mine, callbacks=(named,))) == Monitor("val_mine", True)
    assert available(Monitor("val_accuracy", True), ["loss"]) == Monitor("loss")


def test_more_is_better_of_the_metrics_of_which_keras_says_so() -> None:
    for name, cls in classes("metrics").items():
        try:
            metric = make(Part(name, WITH.get(name, {})), "metrics")
        except TrainerError as error:
            raise AssertionError(name) from error
        direction = getattr(metric, "_direction", None)
        if direction is not None:
            assert is_rising(name) is is_rising(metric.name) is (direction == "up"), cls


CALLBACKS = (
    ("EarlyStopping", {"patience": 99}),
    ("EarlyStopping", {"patience": 99, "min_delta": 0.25}),
    ("EarlyStopping", {"patience": 99, "min_delta": -0.25, "start_from_epoch": 2}),
    ("EarlyStopping", {"patience": 99, "mode": "max", "min_delta": 0.1}),
    ("EarlyStopping", {"patience": 99, "monitor": "accuracy", "baseline": 0.9}),
    ("ModelCheckpoint", {"save_best_only": True}),
    ("ModelCheckpoint", {"save_best_only": True, "initial_value_threshold": 0.7}),
    ("ModelCheckpoint", {"save_best_only": True, "monitor": "accuracy", "mode": "max"}),
)


@pytest.mark.parametrize(("kind", "params"), CALLBACKS)
def test_the_best_is_what_the_callback_takes_for_it(
    kind: str, params: dict[str, Value], tmp_path: Path
) -> None:
    """Values lie as close as single precision can tell them apart, and closer."""
    part = with_path(Part(kind, params), tmp_path)
    callback = make(part, "callbacks")
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["accuracy"])
    model.fit(np.ones((1, 1)), np.ones(1), verbose=0)
    callback.set_model(model)
    callback.on_train_begin()
    monitor, best = monitor_of(Experiment(callbacks=(part,))), None
    random = np.random.default_rng(1)
    for epoch in range(40):
        base = float(random.choice([0.5, 0.75, 0.6, 0.85, 1.0]))
        value = float(random.choice([base, np.float32(base), np.nextafter(np.float32(base), 2)]))
        metrics = {"val_loss": value, "accuracy": value}
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, metrics)
        best = monitor.update(best, epoch + 1, metrics)
        than = params.get("initial_value_threshold")
        assert callback.best == (best.value if best else than), epoch
        if kind == "EarlyStopping" and best:
            assert callback.best_epoch + 1 == best.epoch


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
