"""Advice on the loss: what it is made for, and what the labels are."""

from __future__ import annotations

from collections.abc import Iterator

from tui_trainer.core.advice.case import Advice, Case, Fix
from tui_trainer.core.advice.fix import all_of, put, with_metrics
from tui_trainer.core.advice.output import last_dense, output_of
from tui_trainer.core.experiment import Experiment, Part
from tui_trainer.core.labels import Labels, plain_name, scope_of, usual_loss
from tui_trainer.core.stack import Layer

_ACCURACY = (Part("accuracy"),)
_OF_ROWS = ("cosinesimilarity", "kldivergence")
_OF_NUMBERS = (
    *("meansquarederror", "meanabsoluteerror", "huber", "logcosh", "poisson"),
    *("meanabsolutepercentageerror", "meansquaredlogarithmicerror", *_OF_ROWS),
)


def loss_of_rows_for_one_number(case: Case) -> Iterator[Advice]:
    """Advise where a loss compares directions or shares: a single number has neither."""
    loss = case.loss
    if loss and case.labels is Labels.NUMBERS and plain_name(loss) in _OF_ROWS:
        yield Advice(
            ("loss",),
            f"{loss.type} compares rows of numbers, and here each is a single one",
            put(("loss",), Part("mse")),
            "use mse",
        )


def loss_is_for_numbers(case: Case) -> bool:
    """Return whether the loss is for numbers, and the labels are classes."""
    loss, facts = case.loss, case.facts
    classes = bool(facts and facts.dataset.classes)
    return classes and loss is not None and plain_name(loss) in _OF_NUMBERS


def loss_of_numbers_for_classes(case: Case) -> Iterator[Advice]:
    """Advise where a loss measures distances: classes have none from each other."""
    loss, facts = case.loss, case.facts
    if loss is None or facts is None or not loss_is_for_numbers(case):
        return
    if case.labels is not Labels.INTEGERS:
        usual = usual_loss(facts, case.units)
        message = f"{loss.type} is for numbers; classes are learned faster with {usual}"
        yield Advice(("loss",), message, put(("loss",), Part(usual)), f"use {usual}")
        return
    fix, classes = _as_classes(case), len(facts.dataset.classes)
    yield Advice(
        ("loss",),
        f"{loss.type} takes the numbers of the classes for amounts, class 2 as twice class 1",
        fix,
        f"use {classes} units, softmax and sparse_categorical_crossentropy" if fix else "",
    )


def _as_classes(case: Case) -> Fix | None:
    """Return the change from one output for the number of the class to one for each class."""
    output, last = output_of(case), last_dense(case)
    if output is None or last is None or case.facts is None:
        return None
    wider = last.part.having("units", len(case.facts.dataset.classes))
    ending = Layer(last.index, wider, last.type) if output.index == last.index else output
    return all_of(
        put(("layers", last.index), wider),
        put(("layers", output.index), ending.activated("softmax")),
        put(("loss",), Part("sparse_categorical_crossentropy")),
        _metrics_of_classes,
    )


def _metrics_of_classes(experiment: Experiment) -> Experiment:
    """Return an experiment in which accuracy stands for the metrics of numbers."""
    fitting: list[Part] = []
    for metric in experiment.compile.metrics:
        scope = scope_of(metric)
        fits = metric.disabled or scope is None or Labels.INTEGERS in (*scope.meant, *scope.also)
        fitting += [metric] if fits else []
    accuracy = [] if any(plain_name(metric) == "accuracy" for metric in fitting) else _ACCURACY
    return with_metrics(experiment, (*fitting, *accuracy))
