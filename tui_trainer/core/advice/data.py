"""Advice on the inputs: their range, and what becomes of words."""

from __future__ import annotations

from collections.abc import Iterator

from tui_trainer.core.advice.case import Advice, Case
from tui_trainer.core.advice.fix import all_of, insert, set_data
from tui_trainer.core.datasets.dataset import Inputs
from tui_trainer.core.experiment import Part
from tui_trainer.core.stack import ACTIVATIONS, DROPOUTS, RESHAPING, SCALING

_FAR, _NEAR = 10, 0.3
"""How far from 0 the largest input may lie, at most and at least."""
_UNEVEN = 10
"""How many times the widest feature may vary as much as the narrowest."""


def inputs_far_from_one(case: Case) -> Iterator[Advice]:
    """Advise where inputs are large or tiny: weights begin as suits inputs of about 1."""
    inputs = _unscaled(case)
    if inputs is None or _is_uneven(inputs):
        return
    largest = max(abs(inputs.least), abs(inputs.most))
    if _NEAR <= largest <= _FAR:
        return
    scale = "unit" if case.facts and len(case.facts.dataset.shape) > 1 else "standard"
    yield Advice(
        ("data", "scale"),
        f"the inputs lie from {inputs.least:.3g} to {inputs.most:.3g}; networks learn best near 1",
        set_data("scale", scale),
        f"set scale to {scale}",
    )


def features_of_different_scale(case: Case) -> Iterator[Advice]:
    """Advise where features differ in scale: the one that varies most drowns the others."""
    inputs = _unscaled(case)
    if inputs and _is_uneven(inputs):
        narrow, wide = inputs.deviations
        yield Advice(
            ("data", "scale"),
            f"one feature varies by {narrow:.2g} and another by {wide:.3g}, which drowns it",
            set_data("scale", "standard"),
            "set scale to standard",
        )


def _is_uneven(inputs: Inputs) -> bool:
    narrow, wide = inputs.deviations
    return wide > _UNEVEN * narrow


def _unscaled(case: Case) -> Inputs | None:
    """Return what the inputs are like where nothing scales them, or None."""
    data, facts = case.experiment.data, case.facts
    if facts is None or data.scale != "none" or not case.layers:
        return None
    passing = RESHAPING | DROPOUTS
    first = next((layer for layer in case.layers if layer.type not in passing), None)
    return None if first and first.type in SCALING else facts.dataset.inputs


def words_as_amounts(case: Case) -> Iterator[Advice]:
    """Advise where words are weighed: a number says which word it is, not how much of it."""
    facts = case.facts
    if facts is None or facts.dtype != "int32" or not case.layers:
        return
    first = next((layer for layer in case.layers if layer.type not in RESHAPING), case.layers[0])
    if first.type not in ("Dense", "BatchNormalization", "LayerNormalization", "Rescaling"):
        return
    words = facts.dataset.option(case.experiment.data, "num_words")
    simple = all(layer.type in _ANY_LENGTH | set(ACTIVATIONS) for layer in case.layers)
    embedding = Part("Embedding", {"input_dim": words, "output_dim": 16})
    fix = all_of(
        insert("layers", first.index, Part("GlobalAveragePooling1D")),
        insert("layers", first.index, embedding),
    )
    yield Advice(
        ("layers", first.index),
        f"{first.type} takes the numbers of the words for amounts; Embedding learns what they mean",
        fix if simple else None,
        "put Embedding and GlobalAveragePooling1D before it" if simple else "",
    )


_ANY_LENGTH = {"Dense", "Flatten", "BatchNormalization", "LayerNormalization", "Activation"} | {
    *("Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise", "Identity")
}
"""Layers that take one row of numbers, however many."""
