"""What a layer makes of a shape: found once by Keras, without making a weight, and kept."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import keras
import tensorflow as tf
from keras.src.backend.common import global_state

from tui_trainer.core.experiment import Part, value_from_plain, value_to_plain
from tui_trainer.core.verdict import LayerSize
from tui_trainer.engine.layers import policy
from tui_trainer.engine.messages import plain_message
from tui_trainer.engine.parts import PartError, blamed, make
from tui_trainer.engine.shelf import saved


@dataclass(frozen=True, slots=True)
class Tensor:
    """What passes between two layers."""

    shape: tuple[int | None, ...]
    """With the batch dimension, which is None."""
    dtype: str
    sparse: bool = False


@dataclass(frozen=True, slots=True)
class Weight:
    """A trainable variable without its values, as an optimizer looks at it."""

    shape: tuple[int, ...]
    dtype: str
    name: str
    path: str

    def __tf_tensor__(self, dtype: Any = None, name: str | None = None) -> Any:
        """Return a tensor in the graph where an optimizer wants to copy the values."""
        return tf.zeros(self.shape, dtype or self.dtype, name)


@dataclass(frozen=True, slots=True)
class Sized:
    """A layer that fits."""

    size: LayerSize
    output: Tensor
    weights: tuple[Weight, ...]
    """Those that training changes."""
    saved: tuple[Weight, ...]
    """Those that Keras saves; the path is that in its file, from the layer on."""


def size_of(part: Part, extra: Mapping[str, str], tensor: Tensor, policy_name: str) -> Sized:
    """Return what a layer makes of a tensor, or raise PartError.

    `extra` are arguments that hold where the part sets none.
    """
    written = json.dumps(value_to_plain(part))
    return _size_of(written, tuple(extra.items()), tensor, policy_name)


@lru_cache(maxsize=1000)  # An edit changes one layer: the others need not be asked again.
def _size_of(
    written: str, extra: tuple[tuple[str, str], ...], tensor: Tensor, policy_name: str
) -> Sized:
    part = value_from_plain(json.loads(written))
    assert isinstance(part, Part)
    with policy(policy_name), _nothing_allocated():
        layer = make(part, "layers", dict(extra))
        kind = type(layer).__name__
        given = keras.KerasTensor(tensor.shape, dtype=tensor.dtype, sparse=tensor.sparse)
        try:
            output = layer(given)
            params = layer.count_params()
            stored = saved(layer)
        except Exception as error:  # Whatever Keras says of a user's layer is the user's to read.
            message = plain_message(error, kind)
            raise PartError(message, blamed(message, part)) from error
    if not isinstance(output, keras.KerasTensor):
        raise PartError(f"expected a layer with one output; {kind} has several")
    weights = tuple(
        Weight(tuple(one.shape), one.dtype, one.name, one.path) for one in layer.trainable_variables
    )
    in_file = tuple(
        Weight(tuple(one.shape), keras.backend.standardize_dtype(one.dtype), _name(one), path)
        for path, one in stored.items()
    )
    trainable = sum(math.prod(weight.shape) for weight in weights)
    size = LayerSize(layer.name, kind, tuple(output.shape[1:]), params, trainable)
    return Sized(size, Tensor(tuple(output.shape), output.dtype, output.sparse), weights, in_file)


def _name(stored: Any) -> str:
    """Return what a variable is called; what Keras saves of several together has no name."""
    return stored.name if isinstance(stored, keras.Variable) else "weights"


@contextmanager
def _nothing_allocated() -> Iterator[None]:
    """Keep Keras from making weights, and TensorFlow from computing, which takes GPU memory.

    What the layers draw for their seeds is put back: the model begins as it would without a look.
    So is Keras' list of variables that are still to get values: it would grow with each look, and
    Keras gives values to all of them when it next traces something of its own. So are the scopes
    that are open: one whose name TensorFlow refuses would stay, in front of every later name.

    A layer is looked at inside a scope, as in a model: the outermost one takes fewer names.
    """
    drawn = random.getstate()
    kept = {name: [*(global_state.get_global_attribute(name) or ())] for name in (_WAITING, _OPEN)}
    try:
        with (
            tf.Graph().as_default(),
            tf.name_scope("model"),
            keras.StatelessScope(initialize_variables=False),
        ):
            yield
    finally:
        random.setstate(drawn)
        for name, items in kept.items():
            global_state.set_global_attribute(name, items)


_WAITING, _OPEN = "uninitialized_variables", "name_scope_stack"
"""What Keras calls those lists."""
