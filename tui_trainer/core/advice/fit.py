"""Advice on optimizer, batch and metrics: how it is learned, and how that is measured."""

from __future__ import annotations

from collections.abc import Iterator

from tui_trainer.core.advice.case import Advice, Case
from tui_trainer.core.advice.fix import insert, put, remove, set_fit
from tui_trainer.core.advice.loss import loss_is_for_numbers
from tui_trainer.core.advice.output import from_logits, output_of
from tui_trainer.core.experiment import Part
from tui_trainer.core.labels import Labels, plain_name, scope_of
from tui_trainer.core.problem import Where
from tui_trainer.core.stack import CONVOLUTIONS
from tui_trainer.core.words import count

_RATES = {
    "sgd": (1e-4, 1.0, 0.01),
    "adagrad": (1e-3, 1.0, 0.01),
    "adadelta": (0.1, 10.0, 1.0),
    "ftrl": (1e-3, 1.0, 0.01),
    "lion": (1e-6, 0.003, 1e-4),
    **dict.fromkeys(("adam", "adamw", "adamax", "nadam", "rmsprop"), (1e-6, 0.03, 0.001)),
}
"""The least and the largest learning rate that is not odd, and a usual one, by optimizer."""


def learning_rate_far_out(case: Case) -> Iterator[Advice]:
    """Advise by the optimizer: what is usual for SGD is far too much for Adam."""
    optimizer = case.experiment.compile.optimizer
    least, most, usual = _RATES.get(plain_name(optimizer), (0.0, 0.0, 0.0))
    rate, part, where = _rate(case, optimizer)
    if not usual or rate is None or least <= rate <= most:
        return
    name = case.class_name("optimizers", optimizer)
    effect = f"is large for {name}; the loss may run away"
    if rate < least:
        effect = f"is small for {name}; it learns next to nothing"
    fixed = part.having(where[-1], usual)
    if part is not optimizer:
        fixed = optimizer.having("learning_rate", fixed)
    yield Advice(
        ("optimizer", *where),
        f"a learning rate of {rate:g} {effect}",
        put(("optimizer",), fixed),
        f"use {usual:g}",
    )


def _rate(case: Case, optimizer: Part) -> tuple[float | None, Part, tuple[str, ...]]:
    """Return the learning rate that training begins with, the part that says it, and where."""
    value, part = case.argument("optimizers", optimizer, "learning_rate"), optimizer
    where: tuple[str, ...] = ("learning_rate",)
    if isinstance(value, Part):
        part, where = value, (*where, "initial_learning_rate")
        warm = part.params.get("warmup_target") is not None  # It begins low on purpose.
        value = None if warm else case.argument("schedules", part, "initial_learning_rate")
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None, part, where
    return float(value), part, where


def batch_of_everything(case: Case) -> Iterator[Advice]:
    """Advise where a batch holds all samples: the weights then change once an epoch."""
    facts, size = case.facts, case.experiment.fit.batch_size
    if facts and size > facts.train:
        smaller = min(32, facts.train)
        yield Advice(
            ("fit", "batch_size"),
            f"it holds all {count(facts.train, 'training sample')}, one step in each epoch",
            set_fit("batch_size", smaller),
            f"set batch_size to {smaller}",
        )


def batch_of_one_normalised(case: Case) -> Iterator[Advice]:
    """Advise where a batch has one sample: its mean is itself, and nothing is left of it."""
    if case.experiment.fit.batch_size != 1:
        return
    for at, layer in enumerate(case.layers):
        shapes = case.verdict.layers if case.verdict else ()
        flat = not any(one.type in CONVOLUTIONS for one in case.layers[:at])
        if layer.index < len(shapes):
            flat = len(shapes[layer.index].shape) == 1
        if layer.type == "BatchNormalization" and flat:
            yield Advice(
                ("fit", "batch_size"),
                "BatchNormalization compares the samples of a batch, and here there is only one",
                set_fit("batch_size", 32),
                "set batch_size to 32",
            )
            return


def half_precision_on_a_cpu(case: Case) -> Iterator[Advice]:
    """Advise against 16 bits on a CPU: few compute with them, the others convert."""
    fit = case.experiment.fit
    if fit.device == "cpu" and fit.dtype_policy == "mixed_float16":
        yield Advice(
            ("fit", "dtype_policy"),
            "mixed_float16 is for GPUs; a CPU is slower with it",
            set_fit("dtype_policy", "float32"),
            "use float32",
        )


def no_metric_of_classes(case: Case) -> Iterator[Advice]:
    """Advise where nothing counts right answers: a loss says little to a reader."""
    metrics = case.experiment.compile.metrics
    if case.facts and case.facts.dataset.classes and not any(case.metrics):
        yield Advice(
            ("metrics",),
            "the loss alone does not say how often the model is right",
            insert("metrics", len(metrics), Part("accuracy")),
            "add accuracy",
        )


def metric_without_meaning(case: Case) -> Iterator[Advice]:
    """Advise where a metric can be computed, but says nothing of these labels."""
    if case.labels is None or loss_is_for_numbers(case):
        return
    usual = "mae" if case.labels is Labels.NUMBERS else "accuracy"
    names = {plain_name(metric) for _, metric in case.metrics}
    for index, metric in case.metrics:
        scope = scope_of(metric)
        if scope is None or case.labels in scope.meant or _is_sparse(metric):
            continue
        there = plain_name(Part(usual)) in names
        yield Advice(
            ("metrics", index),
            f"{metric.type} is for {scope.words}, and these are {case.labels}",
            remove("metrics", index) if there else put(("metrics", index), Part(usual)),
            "take it away" if there else f"use {usual}",
        )


def _is_sparse(metric: Part) -> bool:
    """Return whether a metric of one-hot labels was told to take integers."""
    return metric.params.get("sparse_y_true") is True


def accuracy_of_logits(case: Case) -> Iterator[Advice]:
    """Advise where accuracy counts from 0.5 on, and a logit says yes from 0 on."""
    loss, output = case.loss, output_of(case)
    logits = loss is not None and from_logits(loss) and output and output.activation == "linear"
    if not logits or case.labels is not Labels.YES_NO:
        return
    for index, metric in case.metrics:
        if plain_name(metric) in ("accuracy", "binaryaccuracy") and not _threshold(metric):
            name = metric.name or metric.type
            where: Where = ("metrics", index)
            yield Advice(
                where,
                "it counts outputs above 0.5 as yes, and without sigmoid yes begins at 0",
                put(("metrics", index), Part("BinaryAccuracy", {"threshold": 0.0, "name": name})),
                "use BinaryAccuracy with a threshold of 0",
            )


def _threshold(metric: Part) -> bool:
    return "threshold" in metric.params
