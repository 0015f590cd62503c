"""The layers of an experiment as Keras objects: named, in order, in its precision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import keras

from tui_trainer.core.experiment import Experiment, Part
from tui_trainer.engine.classes import names
from tui_trainer.engine.parts import make


@contextmanager
def policy(name: str) -> Iterator[None]:
    """Make layers compute with this dtype policy; Keras keeps it by thread."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def made_layers(experiment: Experiment) -> Iterator[Any]:
    """Yield the layers of the stack."""
    for part, extra in layer_arguments(experiment):
        yield make(part, "layers", extra)


def layer_arguments(experiment: Experiment) -> Iterator[tuple[Part, Mapping[str, str]]]:
    """Yield the layers that are not switched off, and what is added to their arguments.

    Each is named as Keras would; the last one puts out float32.
    """
    layers = experiment.enabled.layers
    for number, (part, name) in enumerate(zip(layers, layer_names(layers), strict=True), start=1):
        last = number == len(layers) and experiment.fit.dtype_policy != "float32"
        yield part, {"name": name, **({"dtype": "float32"} if last else {})}


def layer_names(layers: Sequence[Part]) -> list[str]:
    """Return the layers' names: the user's, or the class's with a number from the second on."""
    taken = {part.name for part in layers if part.name}
    found = []
    for part in layers:
        cls = names("layers").get(part.type)
        stem = keras.src.utils.naming.to_snake_case(cls.__name__ if cls else part.type)
        numbers = (f"{stem}_{number}" if number else stem for number in count())
        name = part.name or next(name for name in numbers if name not in taken)
        taken.add(name)
        found.append(name)
    return found
