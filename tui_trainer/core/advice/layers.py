"""Advice on the stack: activations, normalisation and dropout, each in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui_trainer.core.advice.case import Advice, Case, Fix
from tui_trainer.core.advice.fix import all_of, insert, move, put, remove
from tui_trainer.core.experiment import Experiment, Part
from tui_trainer.core.stack import DROPOUTS, LINEAR, RESHAPING, SUMS, Layer

_MOST = 0.8
"""From which rate on a dropout leaves too little."""


def nothing_to_train(case: Case) -> Iterator[Advice]:
    """Advise where training would go through the data and change nothing."""
    verdict = case.verdict
    if verdict is None or not case.layers or len(verdict.layers) < len(case.experiment.layers):
        return
    if verdict.params == 0:
        yield Advice(("layers",), "no layer has weights, so nothing can be learned")
    elif verdict.trainable == 0:
        frozen = any(layer.part.params.get("trainable") is False for layer in case.layers)
        yield Advice(
            ("layers",),
            "no weight may change (trainable is off), so nothing can be learned",
            _thaw if frozen else None,
            "switch trainable on in every layer" if frozen else "",
        )


def _thaw(experiment: Experiment) -> Experiment:
    for index, layer in enumerate(experiment.layers):
        if layer.params.get("trainable") is False and not layer.disabled:
            experiment = put(("layers", index), layer.lacking("trainable"))(experiment)
    return experiment


def no_activation_between(case: Case) -> Iterator[Advice]:
    """Advise where two weighted sums follow each other: together they are one."""
    for at, layer in enumerate(case.layers):
        if layer.type not in SUMS - _DEPTHWISE or layer.activation != "linear":
            continue
        between, after = _until_changed(case.layers[at + 1 :])
        if after is None or after.type not in SUMS:
            continue
        normal = next((one for one in between if one.type == "BatchNormalization"), None)
        yield Advice(
            ("layers", layer.index, "activation"),
            f"without an activation this layer and {after.type} after it do no more than one alone",
            insert("layers", normal.index + 1, Part("ReLU"))
            if normal
            else put(("layers", layer.index), layer.activated("relu")),
            "put ReLU behind BatchNormalization" if normal else "give it relu",
        )


_DEPTHWISE = {"DepthwiseConv1D", "DepthwiseConv2D"}
"""Half of a separable convolution: the other half may well follow at once."""


def _until_changed(layers: Sequence[Layer]) -> tuple[list[Layer], Layer | None]:
    """Return the layers that only add and multiply, and the first other one, if there is one."""
    for at, layer in enumerate(layers):
        if layer.type in SUMS or not (layer.type in LINEAR or layer.activation == "linear"):
            return list(layers[:at]), layer
    return list(layers), None


def softmax_inside(case: Case) -> Iterator[Advice]:
    """Advise where units in the middle share one sum: all but a few then fall silent."""
    for at, layer in enumerate(case.layers):
        later = any(one.type in SUMS for one in case.layers[at + 1 :])
        if layer.activation == "softmax" and later:
            yield Advice(
                ("layers", layer.index, *(() if layer.type == "Softmax" else ("activation",))),
                "softmax is for the last layer; inside, it leaves only a few units at work",
                put(("layers", layer.index), layer.activated("relu")),
                "use relu here",
            )


def normalised_after_activation(case: Case) -> Iterator[Advice]:
    """Advise where an activation comes first: after relu, half of the values are 0 already."""
    for before, layer, after in _threes(case.layers):
        if layer.type != "BatchNormalization" or before.activation in ("", "linear", "softmax"):
            continue
        if before.type not in SUMS and not before.is_activation:
            continue
        activated = after is not None and after.is_activation
        yield Advice(
            ("layers", layer.index),
            f"it works best before the activation; {before.activation} has cut what it is given",
            _behind(before, layer, activated),
            f"take {before.activation} off" if activated else f"put {before.activation} behind it",
        )


def _behind(before: Layer, normal: Layer, activated: bool) -> Fix:
    """Return the change that lets the activation of one layer follow another.

    Where an activation follows already, it is enough to take the first one off.
    """
    if before.is_activation:
        if activated:
            return remove("layers", before.index)
        return move("layers", before.index, normal.index)
    off = put(("layers", before.index), before.activated("linear"))
    name = before.activation
    own = Part("ReLU") if name == "relu" else Part("Activation", {"activation": name})
    return off if activated else all_of(off, insert("layers", normal.index + 1, own))


def _threes(layers: Sequence[Layer]) -> Iterator[tuple[Layer, Layer, Layer | None]]:
    """Yield each layer but the first with its neighbours."""
    for at in range(1, len(layers)):
        yield layers[at - 1], layers[at], layers[at + 1] if at + 1 < len(layers) else None


def dropout_after_output(case: Case) -> Iterator[Advice]:
    """Advise where dropout would set the answers themselves to 0."""
    last = next((layer for layer in reversed(case.layers) if layer.type in SUMS), None)
    if last is None:
        return
    tail = [layer for layer in case.layers if layer.index > last.index]
    if any(not (one.type in RESHAPING | DROPOUTS or one.is_activation) for one in tail):
        return
    inside = any(layer.type in SUMS for layer in case.layers if layer.index < last.index)
    for layer in tail:
        if layer.type in DROPOUTS:
            yield Advice(
                ("layers", layer.index),
                "after the last layer it sets answers to 0, not what they are made of",
                move("layers", layer.index, last.index)
                if inside
                else remove("layers", layer.index),
                f"move it before {last.type}" if inside else "take it away",
            )


def dropout_of_nearly_all(case: Case) -> Iterator[Advice]:
    """Advise where dropout leaves too little to learn from."""
    for layer in case.layers:
        rate = layer.part.params.get("rate")
        if layer.type not in DROPOUTS or type(rate) not in (int, float):
            continue
        if isinstance(rate, int | float) and _MOST <= rate <= 1:
            left = "nothing" if rate == 1 else f"{1 - rate:.2g} of the values"
            yield Advice(
                ("layers", layer.index, "rate"),
                f"a rate of {rate:g} leaves {left} to learn from",
                put(("layers", layer.index), layer.part.having("rate", 0.5)),
                "set rate to 0.5",
            )
