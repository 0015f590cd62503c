"""What this process and its machine take of processors and memory, measured now and then."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib import import_module
from threading import Event, Thread
from typing import Any

import psutil

from tui_trainer.core.usage import Gpu, Usage

SECONDS = 2.0
"""Between two measurements."""
_FIRST = 0.5
"""Seconds until the first one: runs may be short."""
_MILLI = 1e-3


class Gauges:
    """Measures by a thread of its own: a driver that hangs must not silence a run."""

    def __init__(self) -> None:
        self.usage = Usage()
        """What was measured last."""
        self._meter: Meter | None = None
        self._ended = Event()
        self._thread = Thread(target=self._measure, name="gauges", daemon=True)

    def start(self) -> None:
        """Begin to measure."""
        self._thread.start()

    def stop(self) -> None:
        """Measure no more."""
        self._ended.set()

    def _measure(self) -> None:
        meter, pause = Meter(), _FIRST
        while not self._ended.wait(pause):
            self.usage, pause = meter.read(), SECONDS


class Meter:
    """Reads what the operating system and the GPUs' driver tell, whatever they refuse to."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._gpus = gpus()
        self._cpu(), self._machine_cpu()  # Each tells what was used since it was asked last.

    def read(self) -> Usage:
        """Return what is used now; processors, since it was asked last."""
        memory = _told(psutil.virtual_memory)
        return Usage(
            cpu=self._cpu(),
            memory=_told(lambda: float(self._process.memory_info().rss)),
            machine_cpu=self._machine_cpu(),
            machine_memory=None if memory is None else float(memory.total - memory.available),
            machine_total=None if memory is None else float(memory.total),
            gpus=self._gpus.read(),
        )

    def _cpu(self) -> float | None:
        return _float(_told(self._process.cpu_percent))

    def _machine_cpu(self) -> float | None:
        return _float(_told(psutil.cpu_percent))


class Gpus:
    """The GPUs that this process may use, by NVML, which takes none of their memory.

    NVML comes with the driver, its binding `pynvml` with the extra `gpu`: where either is missing
    there are none.
    """

    def __init__(self) -> None:
        self.trouble = ""
        """Why NVML tells nothing, though its binding is there."""
        self.driver = ""
        """The version of the driver."""
        self._handles: list[Any] = []
        try:
            self._nvml = import_module("pynvml")
        except ImportError:
            return
        try:
            self._nvml.nvmlInit()
            self.driver = _text(self._nvml.nvmlSystemGetDriverVersion())
            self._handles = list(_visible(self._nvml, os.environ.get("CUDA_VISIBLE_DEVICES")))
        except (self._nvml.NVMLError, OSError) as error:
            self.trouble = str(error)

    def read(self) -> tuple[Gpu, ...]:
        """Return what each GPU tells of itself."""
        return tuple(self._gpu(index, handle) for index, handle in enumerate(self._handles))

    def read_memory(self) -> tuple[Gpu, ...]:
        """Return what each GPU tells of its memory alone: power and use take it longer."""
        return tuple(self._memory(index, handle) for index, handle in enumerate(self._handles))

    def _memory(self, index: int, handle: Any) -> Gpu:
        nvml = self._nvml
        memory = self._ask(lambda: nvml.nvmlDeviceGetMemoryInfo(handle, nvml.nvmlMemory_v2))
        memory = memory or self._ask(lambda: nvml.nvmlDeviceGetMemoryInfo(handle))
        if memory is None:
            return Gpu(index)
        own = self._own(handle)
        return Gpu(index, used=float(memory.used), total=float(memory.total), own=own)

    def _gpu(self, index: int, handle: Any) -> Gpu:
        nvml = self._nvml
        use = self._ask(lambda: nvml.nvmlDeviceGetUtilizationRates(handle).gpu)
        watts = self._ask(lambda: nvml.nvmlDeviceGetPowerUsage(handle) * _MILLI)
        heat = self._ask(lambda: nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU))
        return replace(
            self._memory(index, handle),
            name=_text(self._ask(lambda: nvml.nvmlDeviceGetName(handle)) or ""),
            use=_float(use),
            celsius=_float(heat),
            watts=_float(watts),
        )

    def _own(self, handle: Any) -> float | None:
        """Return the bytes that this process holds; in a container it may go by another number."""
        found = self._ask(lambda: self._nvml.nvmlDeviceGetComputeRunningProcesses(handle))
        held = [one.usedGpuMemory for one in found or () if one.pid == os.getpid()]
        return float(held[0]) if held and held[0] is not None else None

    def _ask(self, question: Callable[[], Any]) -> Any:
        """Return an answer, or None: old drivers, small cards and MIG slices refuse some."""
        try:
            return question()
        except (self._nvml.NVMLError, AttributeError, TypeError, OSError):
            return None


def held() -> str:
    """Return what other processes hold of the GPUs' memory now; nothing where it is little."""
    return Usage(gpus=gpus().read_memory()).held


@cache
def gpus() -> Gpus:
    """Return the GPUs, found once."""
    return Gpus()


def _visible(nvml: Any, wanted: str | None) -> Iterator[Any]:
    """Yield the GPUs that CUDA_VISIBLE_DEVICES lets a process see, in its order.

    It holds numbers, or the beginnings of UUIDs; what follows one that is none does not count.
    """
    handles = [nvml.nvmlDeviceGetHandleByIndex(n) for n in range(nvml.nvmlDeviceGetCount())]
    if wanted is None:
        yield from handles
        return
    for name in wanted.split(","):
        found = _find(nvml, handles, name.strip())
        if found is None:
            return
        yield found


def _find(nvml: Any, handles: list[Any], name: str) -> Any:
    if name.isdecimal():
        return handles[int(name)] if int(name) < len(handles) else None
    if name.startswith("MIG-"):
        with suppress(nvml.NVMLError):
            return nvml.nvmlDeviceGetHandleByUUID(name)
    if not name.startswith("GPU-"):
        return None
    uuids = ((_text(nvml.nvmlDeviceGetUUID(handle)), handle) for handle in handles)
    return next((handle for uuid, handle in uuids if uuid.startswith(name)), None)


def _told(question: Callable[[], Any]) -> Any:
    try:
        return question()
    except (psutil.Error, OSError, RuntimeError):
        return None


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
