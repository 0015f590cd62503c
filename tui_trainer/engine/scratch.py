"""An experiment looked at without making anything of it: shapes, memory, and what is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import keras
import tensorflow as tf

from tui_trainer.core.callback_paths import with_path
from tui_trainer.core.datasets import batch_of, find_dataset
from tui_trainer.core.experiment import Experiment, Part
from tui_trainer.core.needs import unmet
from tui_trainer.core.needs.given import Before, Given
from tui_trainer.core.problem import Problem, Where
from tui_trainer.core.verdict import LayerSize, Verdict
from tui_trainer.core.words import bytes_
from tui_trainer.engine.classes import names
from tui_trainer.engine.layers import layer_arguments
from tui_trainer.engine.parts import PartError, make
from tui_trainer.engine.sizes import Tensor, Weight, size_of
from tui_trainer.engine.slots import count_slots


@dataclass(frozen=True, slots=True)
class Stack:
    """The layers that fit, in order, and what keeps the next one from fitting."""

    layers: tuple[LayerSize, ...] = ()
    problems: tuple[Problem, ...] = ()
    optimizer: int = 0
    """How many numbers the optimizer keeps for them."""
    saved: tuple[tuple[int, Weight], ...] = ()
    """What a file of their weights holds, by its path there, each with the layer it is of."""


def inspect(experiment: Experiment, shape: Sequence[int], dtype: str) -> Stack:
    """Return sizes of the layers and of the optimizer, without allocating a single weight."""
    weights: list[Weight] = []
    stack = _look(experiment, Tensor((None, *shape), dtype), weights)
    try:
        stack = replace(stack, optimizer=count_slots(experiment, weights))
    except PartError as error:
        problem = Problem(("optimizer", *error.path), error.message)
        return replace(stack, problems=(*stack.problems, problem))
    further = _too_few_words(experiment) or _too_large(experiment, stack)
    return replace(stack, problems=(further,)) if further and not stack.problems else stack


def _look(experiment: Experiment, tensor: Tensor, weights: list[Weight]) -> Stack:
    """Return the layers up to the first that does not fit; what they would train is added."""
    found: list[LayerSize] = []
    saved: list[tuple[int, Weight]] = []
    groups: dict[str, int] = {}
    before: list[Before] = []
    arguments = layer_arguments(experiment)
    for index, part in enumerate(experiment.layers):
        given = Given(tensor.shape[1:], tensor.dtype, before, experiment.data)
        if part.disabled:
            found.append(LayerSize(part.name, part.type, given.shape, 0, disabled=True))
            continue
        try:
            _look_ahead(part, given)
            sized = size_of(*next(arguments), tensor, experiment.fit.dtype_policy)
        except PartError as error:
            where: Where = ("layers", index, *error.path)
            return Stack(tuple(found), (Problem(where, error.message),))
        tensor = sized.output
        found.append(sized.size)
        group = f"layers/{_group(sized.size.type, groups)}"
        saved += [(index, replace(one, path=f"{group}/{one.path}")) for one in sized.saved]
        before.append(Before(sized.size.type, given.shape))
        weights += sized.weights
    return Stack(tuple(found), saved=tuple(saved))


def _group(type_name: str, taken: dict[str, int]) -> str:
    """Return what Keras calls a layer in a file: its class, with a number from the second on."""
    stem: str = keras.src.utils.naming.to_snake_case(type_name)
    number = taken[stem] = taken.get(stem, -1) + 1
    return f"{stem}_{number}" if number else stem


def _too_large(experiment: Experiment, stack: Stack) -> Problem | None:
    """Return that a step of training does not fit into memory, at what needs most of it."""
    available = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    verdict = Verdict(layers=stack.layers, optimizer=stack.optimizer)
    needed = verdict.memory(batch_of(experiment), experiment.fit.dtype_policy)
    if needed.total <= available:
        return None
    where: Where = ("fit", "batch_size")
    smaller = "a smaller batch"
    if needed.total - needed.activations > available:
        sizes = [layer.params for layer in stack.layers]
        where, smaller = ("layers", sizes.index(max(sizes))), "a smaller layer here"
    return Problem(
        where,
        f"expected what fits into {bytes_(available)} of memory; training takes "
        f"{bytes_(needed.weights)} for weights, {bytes_(needed.gradients)} for gradients, "
        f"{bytes_(needed.optimizer)} for the optimizer and {bytes_(needed.activations)} for the "
        f"layers' outputs: use {smaller}",
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
    """Yield what Keras does not take of the loss, the metrics and the callbacks."""
    compiled = experiment.compile
    parts: list[tuple[Where, Part, str]] = []
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


CHOSEN_BY_KERAS = ("accuracy", "acc")
"""Names of metrics for which Keras itself picks the class that fits the labels."""


def _look_ahead(part: Part, given: Given) -> None:
    """Raise PartError where we know what a layer lacks, before Keras is asked."""
    cls = names("layers").get(part.type)
    lacking = unmet(cls.__name__, part, given) if cls else None
    if lacking:
        raise PartError(lacking.message, tuple(map(str, lacking.where)))
