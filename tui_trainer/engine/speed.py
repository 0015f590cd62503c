"""How an experiment is to be fitted fast: what is compiled, and what stays on the device."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tui_trainer.core.experiment import Fit
from tui_trainer.engine.data import Split
from tui_trainer.engine.devices import capability, device_of

_SHARE = 4
"""Samples may take this part of the machine's memory."""
_ON_GPU = 2 << 30
"""Bytes that they may take on a GPU, whose memory nobody can be asked for."""
_PIECES = 4
"""One block is used, one is gathered, one is on its way, and there is some room."""
_NEWEST = (9, 0)
"""The newest GPUs that this TensorFlow has code for; XLA ends the process on newer ones."""
_DISPATCH, _SPEED = 1e-3, 2e10
"""Seconds that a batch costs by itself, and what a modest processor computes in one."""
_WORTH = 1.0
"""Seconds of work from which on compiling by XLA gains more than it costs."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something chosen, and in words why."""

    taken: bool
    why: str = ""


def choose_jit(model: Any, fit: Fit, batches: int, batch_size: int) -> Choice:
    """Return whether XLA is to compile a step that is made so many times."""
    if isinstance(fit.jit_compile, bool):
        return Choice(fit.jit_compile, "as set")
    reason = next(_against(model), "")
    work = 6 * model.count_params() * batch_size / _SPEED
    if not reason and batches * (_DISPATCH + work) < _WORTH:
        reason = "too little to do"
    return Choice(not reason, reason)


def _against(model: Any) -> Iterator[str]:
    """Yield what speaks against XLA."""
    layers = model._flatten_layers(include_self=False)
    device = device_of(model)
    gpu = device.startswith("GPU")
    for layer in layers:
        name = type(layer).__name__
        if not layer.supports_jit:
            yield f"{name} does not support it"
        elif not gpu and _draws(layer):
            yield f"{name} would draw other numbers"
        elif not gpu and _slides(name):
            yield f"{name} is slower by it"
    if capability(device) > _NEWEST:
        yield "this GPU is too new for it"


def _draws(layer: Any) -> bool:
    """Return whether a layer draws random numbers: XLA has its own on a CPU, and they are slow."""
    if getattr(layer, "seed_generator", None) is None:
        return False
    rates = [getattr(layer, name, 1.0) for name in ("dropout", "recurrent_dropout")]
    return any(rates)


def _slides(name: str) -> bool:
    """Return whether a layer moves a window over its input: on a CPU, others do that faster."""
    return "Conv" in name or ("Pooling" in name and not name.startswith("Global"))


def choose_at_once(fit: Fit, split: Split, batch_size: int, device: str) -> int | None:
    """Return how many batches may lie on the device at once; None for all of them."""
    size = split.x.nbytes + split.y.nbytes
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    share = _ON_GPU if device.startswith("GPU") else whole // _SHARE
    resident = fit.resident if isinstance(fit.resident, bool) else size <= share
    if resident:
        return None
    each = size / len(split) * batch_size
    return max(1, int(min(size, share) / _PIECES / each))
