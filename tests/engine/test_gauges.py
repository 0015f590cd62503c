"""What a process measures of itself, its machine and its GPUs; the GPUs are told by a double."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import psutil
import pytest

from tui_trainer.core.usage import Gpu
from tui_trainer.engine import gauges
from tui_trainer.engine.gauges import Gauges, Gpus, Meter


class Refused(Exception):
    """What NVML raises."""


def nvml(**told: Any) -> ModuleType:
    """Return a `pynvml` of two cards; `told` replaces its functions."""
    module = ModuleType("pynvml")
    mine = SimpleNamespace(pid=os.getpid(), usedGpuMemory=3_000_000_000)
    other = SimpleNamespace(pid=1, usedGpuMemory=None)
    answers = {
        "NVMLError": Refused,
        "NVML_TEMPERATURE_GPU": 0,
        "nvmlMemory_v2": 2,
        "nvmlInit": lambda: None,
        "nvmlSystemGetDriverVersion": lambda: "575.57",
        "nvmlDeviceGetCount": lambda: 2,
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetHandleByUUID": lambda uuid: 1,
        "nvmlDeviceGetUUID": lambda handle: f"GPU-{handle}f",
        "nvmlDeviceGetName": lambda handle: ("One", b"Two")[handle],
        "nvmlDeviceGetMemoryInfo": lambda handle, version=1: SimpleNamespace(
            used=[8e9, 0][handle] + (version == 1), total=80_000_000_000
        ),
        "nvmlDeviceGetUtilizationRates": lambda handle: SimpleNamespace(gpu=93),
        "nvmlDeviceGetPowerUsage": lambda handle: 240_400,
        "nvmlDeviceGetTemperature": lambda handle, kind: 61,
        "nvmlDeviceGetComputeRunningProcesses": lambda handle: [other, mine][: 2 - handle],
    }
    for name, answer in {**answers, **told}.items():
        setattr(module, name, answer)
    return module


def refuse(*_: Any) -> Any:
    raise Refused("Not Supported")


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[ModuleType | None], None]]:
    """Put a module in the place of `pynvml`; None is none."""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    def put(module: ModuleType | None) -> None:
        monkeypatch.setitem(sys.modules, "pynvml", module)
        gauges.gpus.cache_clear()

    yield put
    gauges.gpus.cache_clear()


def test_gpus_tell_their_figures(install: Callable[..., None]) -> None:
    install(nvml())
    found = Gpus()
    assert found.read() == (
        Gpu(0, "One", 93.0, 8e9, 8e10, 3e9, 61.0, 240.4),
        Gpu(1, "Two", 93.0, 0.0, 8e10, None, 61.0, 240.4),
    )
    assert (found.driver, found.trouble) == ("575.57", "")
    assert gauges.held() == "GPU:0 5 of 80 GB held by others"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("0", ["One"]),
        ("1,0", ["Two", "One"]),
        (" 1", ["Two"]),
        ("GPU-1", ["Two"]),
        ("GPU-1f,GPU-0f", ["Two", "One"]),
        ("MIG-7", ["Two"]),
        ("-1", []),
        ("", []),
        ("none", []),
        ("0,7,1", ["One"]),
        ("GPU-9", []),
    ],
)
def test_cuda_s_choice_of_gpus_counts(
    install: Callable[..., None], monkeypatch: pytest.MonkeyPatch, wanted: str, names: list[str]
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", wanted)
    install(nvml())
    found = Gpus().read()
    assert [(gpu.index, gpu.name) for gpu in found] == list(enumerate(names))


def test_what_a_card_refuses_is_not_known(install: Callable[..., None]) -> None:
    asked = [name for name in vars(nvml()) if name.startswith("nvmlDeviceGet")]
    refused = {
        name: refuse for name in asked if name.split("Get")[1] not in ("Count", "HandleByIndex")
    }
    install(nvml(**refused))
    assert Gpus().read() == (Gpu(0), Gpu(1))
    assert gauges.held() == ""


def test_old_driver_tells_memory_in_the_old_way(install: Callable[..., None]) -> None:
    module = nvml()
    del module.nvmlMemory_v2
    install(module)
    assert Gpus().read()[0].used == 8e9 + 1


def test_without_nvml_or_its_driver_there_are_no_gpus(install: Callable[..., None]) -> None:
    install(None)
    assert (Gpus().read(), Gpus().trouble) == ((), "")
    install(nvml(nvmlInit=refuse))
    assert (Gpus().read(), Gpus().trouble) == ((), "Not Supported")


def test_meter_tells_of_this_process_and_its_machine(install: Callable[..., None]) -> None:
    install(None)
    usage = Meter().read()
    assert usage.memory and usage.machine_memory and usage.machine_total
    assert 1e6 < usage.memory < usage.machine_total
    assert usage.machine_memory <= usage.machine_total
    assert usage.cpu is not None and usage.machine_cpu is not None
    assert usage.gpus == ()


def test_what_the_system_refuses_is_not_known(
    install: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise psutil.AccessDenied

    install(None)
    for name in ("cpu_percent", "virtual_memory"):
        monkeypatch.setattr(psutil, name, fail)
    for name in ("cpu_percent", "memory_info"):
        monkeypatch.setattr(psutil.Process, name, fail)
    usage = Meter().read()
    assert (usage.cpu, usage.memory, usage.machine_cpu, usage.machine_total) == (None,) * 4


def test_driver_that_hangs_holds_nothing_up(
    install: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gauges, "_FIRST", 0.01)
    install(nvml(nvmlDeviceGetUtilizationRates=lambda handle: time.sleep(60)))
    measuring = Gauges()
    measuring.start()
    time.sleep(0.1)
    assert measuring.usage.memory is None
    measuring.stop()
