"""Experiment → Keras model: shapes and faults layer by layer, then the compiled model."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import keras
import tensorflow as tf

from tui_trainer.core.callback_paths import with_path
from tui_trainer.core.datasets import find_dataset
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Compile, Experiment, Part
from tui_trainer.core.problem import Problem, place
from tui_trainer.engine.classes import classes, names
from tui_trainer.engine.messages import plain_message
from tui_trainer.engine.parts import PartError, blamed, make

Shape = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What one layer of the stack turned out to be."""

    name: str
    type: str
    shape: Shape
    """Of its output, without the batch dimension."""
    params: int


@dataclass(frozen=True, slots=True)
class Stack:
    """The layers that fit, in order, and what keeps the next one from fitting."""

    layers: tuple[LayerFacts, ...] = ()
    problems: tuple[Problem, ...] = ()


def inspect(experiment: Experiment, shape: Sequence[int], dtype: str) -> Stack:
    """Return shapes and parameter counts of the layers, without allocating a single weight."""
    found: list[LayerFacts] = []
    with policy(experiment.fit.dtype_policy), _nothing_allocated():
        tensor = keras.KerasTensor((None, *shape), dtype=dtype)
        made = _made_layers(experiment.enabled)
        for index, part in enumerate(experiment.layers):
            if part.disabled:
                found.append(LayerFacts(part.name, part.type, tuple(tensor.shape[1:]), 0))
                continue
            try:
                layer = next(made)
                tensor, params = _apply(layer, tensor, part)
            except PartError as error:
                where: tuple[str | int, ...] = ("layers", index, *error.path)
                return Stack(tuple(found), (Problem(where, error.message),))
            found.append(
                LayerFacts(layer.name, type(layer).__name__, tuple(tensor.shape[1:]), params)
            )
    problem = _too_few_words(experiment) or _too_large(found)
    return Stack(tuple(found), (problem,) if problem else ())


def _too_large(layers: Sequence[LayerFacts]) -> Problem | None:
    """Return that the weights and their gradients do not fit into memory, at the largest layer."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    needed = 2 * 4 * sum(layer.params for layer in layers)
    if needed <= memory:
        return None
    largest = max(range(len(layers)), key=lambda index: layers[index].params)
    return Problem(
        ("layers", largest),
        f"expected a model that fits into {memory / 1e9:.0f} GB of memory; the weights and their "
        f"gradients need {needed / 1e9:.0f} GB: use a smaller layer here",
    )


def _too_few_words(experiment: Experiment) -> Problem | None:
    """Return that the Embedding has no row for some words: on a GPU nobody would tell."""
    data = experiment.data
    index, first = next(
        ((i, part) for i, part in enumerate(experiment.layers) if not part.disabled), (0, Part(""))
    )
    options = {param.name for param in find_dataset(data.source).options}
    if first.type != "Embedding" or "num_words" not in options:
        return None
    words, rows = find_dataset(data.source).option(data, "num_words"), first.params.get("input_dim")
    if not isinstance(words, int) or not isinstance(rows, int) or rows >= words:
        return None
    return Problem(
        ("layers", index, "input_dim"),
        f"expected at least {words}, one for each word of {data.source}; received {rows}",
    )


def inspect_compile(experiment: Experiment) -> Iterator[Problem]:
    """Yield what Keras does not take of the arguments of `compile`, and of the callbacks."""
    compiled = experiment.compile
    parts: list[tuple[tuple[str | int, ...], Part, str]] = [
        (("optimizer",), compiled.optimizer, "optimizers")
    ]
    if compiled.loss is not None:
        parts.append((("loss",), compiled.loss, "losses"))
    parts += [(("metrics", i), part, "metrics") for i, part in enumerate(compiled.metrics)]
    callbacks = map(with_path, experiment.callbacks)
    parts += [(("callbacks", i), part, "callbacks") for i, part in enumerate(callbacks)]
    for where, part, group in parts:
        if part.disabled or (group == "metrics" and part.type in CHOSEN_BY_KERAS):
            continue
        try:
            with tf.Graph().as_default():
                make(part, group)
        except PartError as error:
            yield Problem((*where, *error.path), error.message)


def build(experiment: Experiment, shape: Sequence[int], dtype: str) -> Any:
    """Return the experiment's model, not yet compiled, or raise TrainerError naming the layer."""
    stack = inspect(experiment, shape, dtype)
    if stack.problems:
        problem = stack.problems[0]
        raise TrainerError(problem.message, place(problem.where))
    if not stack.layers:
        raise TrainerError("expected at least one layer; received none", "layers")
    with policy(experiment.fit.dtype_policy):
        try:
            layers = [*_made_layers(experiment)]
            return keras.Sequential([keras.Input(tuple(shape), dtype=dtype), *layers])
        except ValueError as error:
            raise TrainerError(plain_message(error), "layers") from error


def compile_model(model: Any, compiled: Compile) -> None:
    """Compile a model, or raise TrainerError naming the argument that Keras does not take."""
    if compiled.loss is None:
        raise TrainerError("expected a loss; received none", "[compile] loss")
    model.compile(
        optimizer=_made(compiled.optimizer, "optimizers", "[compile] optimizer"),
        loss=_named_or_made(compiled.loss, "losses", "[compile] loss"),
        metrics=[
            _named_or_made(part, "metrics", f"metric {number}")
            for number, part in enumerate(compiled.metrics, start=1)
        ],
        jit_compile=False,  # Compiled code aborts the process on some new GPUs.
    )


CHOSEN_BY_KERAS = ("accuracy", "acc")
"""Names of metrics for which Keras itself picks the class that fits the labels."""


@contextmanager
def _nothing_allocated() -> Iterator[None]:
    """Keep Keras from making weights, and TensorFlow from computing, which takes GPU memory.

    What the layers draw for their seeds is put back: the model begins as it would without a look.
    """
    drawn = random.getstate()
    try:
        with tf.Graph().as_default(), keras.StatelessScope(initialize_variables=False):
            yield
    finally:
        random.setstate(drawn)


@contextmanager
def policy(name: str) -> Iterator[None]:
    """Make layers compute with this dtype policy; Keras keeps it by thread."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _made_layers(experiment: Experiment) -> Iterator[Any]:
    """Yield the layers of the stack, named as Keras would; the last one puts out float32."""
    layers = experiment.layers
    for number, (part, name) in enumerate(zip(layers, layer_names(layers), strict=True), start=1):
        extra: dict[str, Any] = {"name": name}
        if number == len(layers) and experiment.fit.dtype_policy != "float32":
            extra["dtype"] = "float32"
        yield make(part, "layers", extra)


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


def _apply(layer: Any, tensor: Any, part: Part) -> tuple[Any, int]:
    """Return a layer's output and its number of parameters, or raise PartError."""
    try:
        output = layer(tensor)
        params = layer.count_params()
    except Exception as error:  # Whatever Keras says of a user's layer is the user's to read.
        message = plain_message(error, part.type)
        raise PartError(message, blamed(message, part)) from error
    if not isinstance(output, keras.KerasTensor):
        raise PartError(f"expected a layer with one output; {part.type} has several")
    return output, params


def _made(part: Part, group: str, where: str) -> Any:
    try:
        return make(part, group)
    except PartError as error:
        raise TrainerError(error.message, " · ".join([where, *error.path])) from error


def _named_or_made(part: Part, group: str, where: str) -> Any:
    """Return Keras' own short name, which then names the metric too, or the object."""
    chosen = group == "metrics" and part.type in CHOSEN_BY_KERAS
    alias = part.type in names(group) and part.type not in classes(group)
    return part.type if not part.params and (chosen or alias) else _made(part, group, where)
