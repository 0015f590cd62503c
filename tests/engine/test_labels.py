"""What is told of losses and metrics beside what Keras does with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tui_trainer.core.datasets import describe
from tui_trainer.core.experiment import Compile, Data, Experiment, Part
from tui_trainer.core.labels import check_labels, check_metrics
from tui_trainer.core.starting import starting
from tui_trainer.engine.introspect import catalogue
from tui_trainer.engine.parts import make

SAMPLES = 40
"""More than any number of units: sizes that happen to agree would hide a mistake."""
CASES = {
    "classes": (Data("iris"), 3),
    "one-hot": (Data("iris", one_hot=True), 3),
    "yes or no": (Data("breast_cancer"), 1),
    "two classes": (Data("breast_cancer"), 2),
    "two one-hot": (Data("breast_cancer", one_hot=True), 2),
    "numbers": (Data("diabetes"), 1),
}
PAIRS = [pytest.param(*case, id=name) for name, case in CASES.items()]


def labels_and_output(data: Data, units: int) -> tuple[Any, Any]:
    """Return labels as the data set gives them, and outputs that could be probabilities."""
    facts = describe(data)
    random = np.random.default_rng(1)
    output = random.uniform(0.1, 1.0, (SAMPLES, units))
    labels: Any = random.normal(0.0, 100.0, SAMPLES).astype(np.float32)
    if facts.dataset.classes:
        labels = random.integers(0, len(facts.dataset.classes), SAMPLES)
        kind = np.int32 if len(facts.dataset.classes) > 2 else np.float32
        labels = np.eye(facts.label_shape[0])[labels] if facts.one_hot else labels.astype(kind)
    return labels, (output / output.sum(axis=1, keepdims=True)).astype(np.float32)


def computes(thing: Any, data: Data, units: int) -> bool:
    """Return whether Keras gets a figure out of a loss or a metric."""
    try:
        thing(*labels_and_output(data, units))
    except Exception:  # Whatever Keras raises, the run would end there.
        return False
    return True


@pytest.mark.parametrize(("data", "units"), PAIRS)
def test_a_metric_is_refused_exactly_where_keras_fails(data: Data, units: int) -> None:
    for entry in catalogue().group("metrics"):
        part = starting(entry)
        if entry.name == "accuracy" or (entry.name == "MeanIoU" and units > 2):
            continue
        part = part.having("num_classes", max(units, 2)) if "num_classes" in part.params else part
        experiment = Experiment(data=data, compile=Compile(metrics=(part,)))
        told = [*check_metrics(experiment, describe(data), (units,))]
        assert computes(make(part, "metrics"), data, units) != bool(told), entry.name


@pytest.mark.parametrize(("data", "units"), PAIRS)
def test_a_loss_that_is_not_refused_can_be_computed(data: Data, units: int) -> None:
    for entry in catalogue().group("losses"):
        loss = starting(entry)
        experiment = Experiment(data=data, layers=(Part("Dense"),), compile=Compile(loss=loss))
        if check_labels(experiment, describe(data), (units,)) is None:
            assert computes(make(loss, "losses"), data, units), entry.name
