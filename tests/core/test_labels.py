"""What is told of a loss, metrics and a last layer that do not fit the labels."""

from __future__ import annotations

import pytest

from tui_trainer.core.datasets import describe
from tui_trainer.core.experiment import Compile, Data, Experiment, Part
from tui_trainer.core.labels import (
    Labels,
    check_labels,
    check_metrics,
    labels_of,
    plain_name,
    usual_loss,
)


@pytest.mark.parametrize(
    ("data", "loss", "shape", "told"),
    [
        (Data("digits"), "sparse_categorical_crossentropy", (10,), None),
        (Data("digits"), "SparseCategoricalCrossentropy", (12,), None),
        (Data("digits"), "sparse_categorical_crossentropy", (None,), None),
        (Data("digits"), "sparse_categorical_crossentropy", (1,), "layer 1: expected 10 units"),
        (
            Data("digits"),
            "sparse_categorical_crossentropy",
            (8, 10),
            "received 8 × 10: put Flatten",
        ),
        (Data("digits"), "sparse_categorical_crossentropy", (), "received a single number"),
        (
            Data("digits"),
            "categorical_crossentropy",
            (10,),
            "[compile] loss: expected sparse_categorical_",
        ),
        (
            Data("digits"),
            "binary_crossentropy",
            (10,),
            "[compile] loss: expected sparse_categorical_",
        ),
        (Data("digits", one_hot=True), "categorical_crossentropy", (10,), None),
        (Data("digits", one_hot=True), "sparse_categorical_crossentropy", (10,), "for one-hot"),
        (Data("digits", one_hot=True), "CategoricalCrossentropy", (9,), "one for each class"),
        (Data("imdb"), "binary_crossentropy", (1,), None),
        (Data("imdb"), "BinaryCrossentropy", (2,), "layer 1: expected 1 unit for the labels"),
        (
            Data("imdb"),
            "categorical_crossentropy",
            (1,),
            "[compile] loss: expected binary_crossentropy",
        ),
        (Data("diabetes"), "mse", (1,), None),
        (Data("diabetes"), "sparse_categorical_crossentropy", (1,), "such as mse"),
        (Data("diabetes"), "mse", (3,), "layer 1: expected 1 unit for the labels of diabetes"),
        (Data("diabetes"), "own_loss", (1,), None),
        (Data("digits"), "mse", (10,), "[compile] loss: expected sparse_categorical_crossentropy"),
        (Data("digits", one_hot=True), "mse", (10,), None),
        (Data("digits"), "CTC", (10,), "a loss for one label a sample, such as sparse_cat"),
        (Data("imdb"), "ctc", (1,), "such as binary_crossentropy"),
        (Data("digits"), "Circle", (7,), None),
        (Data("digits", one_hot=True), "Circle", (10,), "one_hot off"),
        (Data("digits"), "CategoricalGeneralizedCrossEntropy", (10,), None),
        (Data("digits"), "CategoricalGeneralizedCrossEntropy", (9,), "one for each class"),
    ],
)
def test_loss_output_and_labels_must_fit(
    data: Data, loss: str, shape: tuple[int | None, ...], told: str | None
) -> None:
    stack = Experiment(data=data, layers=(Part("Dense"),), compile=Compile(loss=Part(loss)))
    problem = check_labels(stack, describe(data), shape)
    if told is None:
        assert problem is None
    else:
        assert problem is not None
        assert told in str(problem)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("mse", "meansquarederror"),
        ("MSE", "meansquarederror"),
        ("MeanSquaredError", "meansquarederror"),
        ("binary_io_u", "binaryiou"),
        ("acc", "accuracy"),
        ("AdamW", "adamw"),
        ("Accuracy", "equality"),
    ],
)
def test_all_names_of_a_class_are_one(name: str, plain: str) -> None:
    assert plain_name(Part(name)) == plain


@pytest.mark.parametrize(
    ("data", "units", "labels", "loss"),
    [
        (Data("digits"), 10, Labels.INTEGERS, "sparse_categorical_crossentropy"),
        (Data("digits", one_hot=True), 10, Labels.ROWS, "categorical_crossentropy"),
        (Data("imdb"), 1, Labels.YES_NO, "binary_crossentropy"),
        (Data("imdb"), 2, Labels.INTEGERS, "sparse_categorical_crossentropy"),
        (Data("diabetes"), 1, Labels.NUMBERS, "mse"),
    ],
)
def test_usual_loss_goes_by_the_labels(data: Data, units: int, labels: Labels, loss: str) -> None:
    facts = describe(data)
    assert labels_of(facts, units) is labels
    assert usual_loss(facts, units) == loss
    experiment = Experiment(data=data, layers=(Part("Dense"),), compile=Compile(loss=Part(loss)))
    assert check_labels(experiment, facts, (units,)) is None


@pytest.mark.parametrize(
    ("data", "units", "metric", "told"),
    [
        (Data("digits"), 10, "accuracy", ""),
        (Data("digits"), 10, "SparseTopKCategoricalAccuracy", ""),
        (Data("digits"), 10, "own_metric", ""),
        (
            Data("digits"),
            10,
            "Precision",
            "metric 2: expected a metric for integer labels, such as accuracy; received Precision, "
            "which is for one-hot labels or labels of 0 and 1",
        ),
        (Data("digits"), 10, "mae", "received mae, which is for numbers"),
        (Data("digits"), 10, "Accuracy", "which is for outputs that are labels themselves"),
        (Data("digits", one_hot=True), 10, "Precision", ""),
        (Data("digits", one_hot=True), 10, "sparse_categorical_accuracy", "for integer labels"),
        (Data("imdb"), 1, "auc", ""),
        (Data("imdb"), 1, "F1Score", "expected a metric for labels of 0 and 1, such as accuracy"),
        (Data("imdb"), 2, "AUC", "for integer labels, such as accuracy"),
        (Data("diabetes"), 1, "mae", ""),
        (Data("diabetes"), 1, "TopKCategoricalAccuracy", "a metric for numbers, such as mae"),
    ],
)
def test_metric_that_cannot_be_computed_is_told(
    data: Data, units: int, metric: str, told: str
) -> None:
    compiled = Compile(metrics=(Part("accuracy"), Part(metric)))
    experiment = Experiment(data=data, layers=(Part("Dense"),), compile=compiled)
    problems = [*check_metrics(experiment, describe(data), (units,))]
    assert bool(problems) == bool(told)
    assert all(told in str(problem) for problem in problems)
    off = Compile(metrics=(Part("accuracy"), Part(metric, disabled=True)))
    assert not [*check_metrics(Experiment(data=data, compile=off), describe(data), (units,))]
