"""Advice on the last layer: activation and units beside loss and labels."""

from __future__ import annotations

from collections.abc import Iterator

from tui_trainer.core.advice.case import Advice, Case
from tui_trainer.core.advice.fix import put, remove
from tui_trainer.core.experiment import Part
from tui_trainer.core.labels import Compares, Labels, compares, plain_name
from tui_trainer.core.problem import Where
from tui_trainer.core.stack import DROPOUTS, RESHAPING, Layer
from tui_trainer.core.words import count


def output_of(case: Case) -> Layer | None:
    """Return the layer whose activation the output has, or None where that is not known."""
    for layer in reversed(case.layers):
        idle = layer.type == "Activation" and layer.activation == "linear"
        if layer.type not in RESHAPING | DROPOUTS and not idle:
            return layer if layer.activation else None
    return None


def last_dense(case: Case) -> Layer | None:
    """Return the Dense layer that decides how many outputs there are, or None."""
    for layer in reversed(case.layers):
        if layer.type not in RESHAPING | DROPOUTS and not layer.is_activation:
            return layer if layer.type == "Dense" else None
    return None


def from_logits(loss: Part) -> bool:
    """Return whether the loss itself makes probabilities of the output."""
    return loss.params.get("from_logits") is True


def softmax_on_one_unit(case: Case) -> Iterator[Advice]:
    """Advise where softmax divides a number by the sum of numbers, which is itself."""
    output = output_of(case)
    if output is None or output.activation != "softmax" or case.units != 1:
        return
    message = "softmax over a single unit is always 1, whatever comes in"
    better = {Labels.YES_NO: "sigmoid", Labels.NUMBERS: "linear"}
    yield _activation(output, message, better.get(case.labels) if case.labels else None)


def softmax_twice(case: Case) -> Iterator[Advice]:
    """Advise where a softmax gets numbers from 0 to 1, which it makes nearly equal."""
    output = output_of(case)
    if output is None or not output.is_activation or output.activation != "softmax":
        return
    before = [layer for layer in case.layers if layer.index < output.index]
    former = next((at for at in reversed(before) if at.type not in RESHAPING | DROPOUTS), None)
    if former and former.activation == "softmax":
        yield Advice(
            ("layers", output.index),
            "softmax of a softmax makes all classes nearly equal",
            remove("layers", output.index),
            "take the second one away",
        )


def activation_beside_loss(case: Case) -> Iterator[Advice]:
    """Advise where the output is not in the range that the loss wants."""
    output, loss = output_of(case), case.loss
    if output is None or loss is None or (output.activation == "softmax" and case.units == 1):
        return
    wanted, accepted = _wanted(case, loss)
    if wanted and output.activation not in accepted:
        yield _activation(output, _unlike(case, loss, output.activation), wanted)


def _wanted(case: Case, loss: Part) -> tuple[str, tuple[str, ...]]:
    """Return the activation that a loss wants, and all those that will do; nothing if any will."""
    name, kind = plain_name(loss), compares(loss)
    if name.endswith("crossentropy") and from_logits(loss):
        return "linear", ("linear", "softmax", "sigmoid")  # The latter two: a rule of their own.
    if name in ("hinge", "squaredhinge"):
        return "tanh", ("tanh", "linear", "softsign", "hard_tanh")
    if kind is Compares.YES_NO:
        rows = ("softmax",) if case.labels is Labels.ROWS else ()
        return "sigmoid", ("sigmoid", *rows)
    if (kind in (Compares.INTEGERS, Compares.ROWS) and name != "categoricalhinge") or (
        name == "kldivergence" and case.labels is Labels.ROWS
    ):
        return "softmax", ("softmax",)
    if case.labels is Labels.NUMBERS and name not in ("poisson", "meansquaredlogarithmicerror"):
        return "linear", ("linear", "leaky_relu", "prelu")
    return "", ()


def _unlike(case: Case, loss: Part, activation: str) -> str:
    """Return why an activation does not suit a loss."""
    limit = _LIMITS.get(activation, "not every number")
    if plain_name(loss) in ("hinge", "squaredhinge"):
        return f"the loss wants outputs from -1 to 1, and {activation} gives {limit}"
    if case.labels is Labels.NUMBERS:
        return f"the labels are numbers of any size, and {activation} gives {limit}"
    if from_logits(loss):
        return f"a loss from logits wants any number, and {activation} gives {limit}"
    if activation == "linear":
        return "the loss wants probabilities, and without activation it gets any number"
    if activation == "sigmoid":
        return "the loss wants probabilities of sum 1, and sigmoid makes each on its own"
    return f"the loss wants probabilities, which {activation} does not make"


_LIMITS = {
    **dict.fromkeys(("relu", "softplus", "exponential"), "none below 0"),
    **dict.fromkeys(("sigmoid", "softmax", "hard_sigmoid"), "only 0 to 1"),
    **dict.fromkeys(("tanh", "softsign", "hard_tanh"), "only -1 to 1"),
    "relu6": "only 0 to 6",
    "elu": "none below -1",
    "log_softmax": "none above 0",
}
"""What is left of all numbers by an activation."""


def fitting(case: Case) -> str:
    """Return the activation of the output if it is one that the loss wants, or nothing."""
    output, loss = output_of(case), case.loss
    if output is None or loss is None:
        return ""
    return output.activation if output.activation in _wanted(case, loss)[1] else ""


def logits_of_probabilities(case: Case) -> Iterator[Advice]:
    """Advise where probabilities are said to be none: Keras notices, and warns in its log."""
    output, loss = output_of(case), case.loss
    if output is None or loss is None or not from_logits(loss):
        return
    if output.activation in ("softmax", "sigmoid"):
        yield Advice(
            ("loss", "from_logits"),
            f"from_logits is for an output without {output.activation}; Keras passes over it here",
            put(("loss",), loss.lacking("from_logits")),
            "switch from_logits off",
        )


def more_units_than_classes(case: Case) -> Iterator[Advice]:
    """Advise where some outputs stand for no class."""
    loss, facts, units = case.loss, case.facts, case.units
    if loss is None or facts is None or compares(loss) is not Compares.INTEGERS:
        return
    classes, last = len(facts.dataset.classes), last_dense(case)
    if units is None or units <= classes:
        return
    yield Advice(
        ("layers", last.index, "units") if last else ("layers", case.layers[-1].index),
        f"{count(units, 'unit')} for {count(classes, 'class')}; {units - classes} of them "
        "can never be right",
        put(("layers", last.index), last.part.having("units", classes)) if last else None,
        f"set units to {classes}" if last else "",
    )


def _activation(output: Layer, message: str, better: str | None) -> Advice:
    """Return the advice to give the last layer another activation."""
    where: Where = ("layers", output.index)
    if output.type == "Activation" or not output.is_activation:
        where = (*where, "activation")
    if better is None:
        return Advice(where, message)
    fix = put(("layers", output.index), output.activated(better))
    if better == "linear":
        words = f"take {output.activation} off the last layer"
        fix = remove("layers", output.index) if output.is_activation else fix
    elif output.activation == "linear":
        words = f"add {better} to the last layer"
    else:
        words = f"use {better} in the last layer"
    return Advice(where, message, fix, words)
