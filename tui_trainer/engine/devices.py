"""The devices that TensorFlow sees, and how the user asks for one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import Any

import tensorflow as tf

from tui_trainer.core.errors import TrainerError


@cache
def settle_devices() -> None:
    """Let GPU memory grow as needed instead of taking all of it; before anything computes."""
    for device in tf.config.list_physical_devices("GPU"):
        try:
            tf.config.experimental.set_memory_growth(device, True)
        except RuntimeError:
            return  # Something computed before: the setting of the environment holds.


def list_devices() -> list[str]:
    """Return the devices as a user reads them: `CPU`, `GPU:0 NVIDIA H200`."""
    settle_devices()
    return ["CPU", *(_name(i, gpu) for i, gpu in enumerate(_gpus()))]


def device_scope(device: str) -> AbstractContextManager[Any]:
    """Return the scope that puts variables and work on `auto`, `cpu` or `gpu:N`.

    TrainerError names the devices there are when the wanted one is missing.
    """
    settle_devices()
    count = len(_gpus())
    choices = ["auto", "cpu", *(f"gpu:{index}" for index in range(count))]
    if device not in choices:
        raise TrainerError(
            f"expected one of {', '.join(choices)}; received {device!r}", "[fit] device"
        )
    if device == "auto":
        return nullcontext()  # TensorFlow itself takes the first GPU for all that runs on one.
    return _scope("/CPU:0" if device == "cpu" else f"/{device}")


@contextmanager
def _scope(place: str) -> Iterator[None]:
    with tf.device(place):  # Takes memory of every GPU, so not before it is entered.
        yield


def name_device(placed: str) -> str:
    """Return TensorFlow's `/job:…/device:GPU:0` as a user reads it."""
    match = re.search(r"device:(\w+):(\d+)$", placed)
    if match is None:
        return ""
    kind, index = match[1].upper(), int(match[2])
    if kind == "CPU":
        return "CPU" if index == 0 else f"CPU:{index}"
    gpus = _gpus()
    return _name(index, gpus[index]) if kind == "GPU" and index < len(gpus) else f"{kind}:{index}"


def device_of(model: Any) -> str:
    """Return where a model's weights lie, as a user reads it, by the first of them."""
    for weight in model.weights:
        return name_device(weight.value.device)
    return ""


def capability(device: str) -> tuple[int, int]:
    """Return the version of a GPU's architecture; (0, 0) of anything else."""
    match = re.match(r"GPU:(\d+)", device)
    if match is None:
        return 0, 0
    details = tf.config.experimental.get_device_details(_gpus()[int(match[1])])
    found: tuple[int, int] = details.get("compute_capability", (0, 0))
    return found


def _gpus() -> list[Any]:
    gpus: list[Any] = tf.config.list_physical_devices("GPU")
    return gpus


def _name(index: int, gpu: Any) -> str:
    name = tf.config.experimental.get_device_details(gpu).get("device_name", "")
    return f"GPU:{index} {name}".rstrip()
