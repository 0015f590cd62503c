"""What is said of a run that ran out of memory: what needs how much of it, and what would fit."""

from __future__ import annotations

import math
import os
import re

import tensorflow as tf

from tui_trainer.core.datasets import batch_of, describe
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.problem import place
from tui_trainer.core.verdict import Verdict
from tui_trainer.core.words import bytes_, memory_words
from tui_trainer.engine.gauges import gpus
from tui_trainer.engine.scratch import inspect

_SHARE = 0.5
"""What is counted may take this part of the memory: layers need some more while they compute."""


def out_of_memory(
    experiment: Experiment, phase: str, device: str, error: BaseException
) -> TrainerError:
    """Return what to say of an error in a phase of a run, and at which place."""
    there = _there(device)
    has = f", which has {bytes_(there)}" if there else ""
    begin = f"out of memory on {device or 'this machine'}{has}{_wanted(str(error))}"
    if phase in ("", "load"):
        return TrainerError(f"{begin}: the data do not fit", "[data]")
    try:
        facts = describe(experiment.data)
    except TrainerError:
        return TrainerError(begin, place(("fit", "batch_size")))
    stack = inspect(experiment, facts.shape, facts.dtype)
    verdict = Verdict(layers=stack.layers, optimizer=stack.optimizer)
    policy, batch = experiment.fit.dtype_policy, batch_of(experiment)
    needed, each = verdict.memory(batch, policy), verdict.memory(1, policy).activations
    of_layers = [layer.outputs for layer in stack.layers]
    most = of_layers.index(max(of_layers))
    share = bytes_(each * batch * of_layers[most] / max(1, sum(of_layers)))
    counted = memory_words(needed, experiment.compile.optimizer.type, batch)
    told = f"{begin}: {counted}, most of them {share} of {stack.layers[most].name}"
    fits = _fitting(there, needed.total - needed.activations, each, batch)
    if fits:
        return TrainerError(f"{told}; try batch_size = {fits}", place(("fit", "batch_size")))
    return TrainerError(f"{told}; use smaller layers", place(("layers", most)))


def _fitting(there: float, fixed: int, each: int, batch: int) -> int:
    """Return a smaller batch that should fit, a power of 2; 0 if none does."""
    room = there * _SHARE - fixed if there else math.inf
    most = min(batch / 2, room / max(1, each))
    return 2 ** math.floor(math.log2(most)) if most >= 1 else 0


def _there(device: str) -> float:
    """Return how many bytes a device has; 0 where nobody tells."""
    if not device.startswith("GPU"):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    index = int(device[4:].split()[0])
    known = gpus().read_memory()
    return (known[index].total or 0.0) if index < len(known) else 0.0


def _wanted(text: str) -> str:
    """Return what TensorFlow says that it could not get."""
    found = re.search(r"allocating tensor with shape\[([\d,]*)\] and type (\w+)", text)
    if not found:
        return ""
    sizes = map(int, filter(None, found[1].split(",")))
    try:
        return f", {bytes_(math.prod(sizes) * tf.as_dtype(found[2]).size)} were asked for"
    except TypeError:
        return ""
