"""Whether Keras and TensorFlow work here, and on what they compute."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from tui_trainer import __version__
from tui_trainer.cli.doctor.finding import FAIL, OK, WARN, Finding
from tui_trainer.core.words import bytes_
from tui_trainer.engine.gauges import Gpus

ENGINE = (sys.executable, "-m", "tui_trainer.engine")
_PATIENCE = 180.0
_SLOW = 20.0
"""Seconds that an import of Keras should not take."""
_LITTLE = 2e9
"""Bytes of memory that are soon used up."""
_FEATURES = ("avx", "avx2", "fma", "avx512f", "asimd", "sve")
"""What of a processor TensorFlow makes use of."""
_DRIVER = Path("/proc/driver/nvidia/version")
_INSTALL = "Install the CUDA libraries: `pip install '.[gpu]'` in the folder of the program."


def examine_computing() -> Iterator[Finding]:
    """Yield what there is to say of Python, Keras, the processors and the GPUs."""
    yield Finding("python", f"{platform.python_version()}, tui-trainer {__version__}, {sys.prefix}")
    yield _processor()
    yield _memory()
    ready, finding = _engine()
    yield finding
    yield from _gpus(ready)


def _processor() -> Finding:
    machine, features = platform.machine(), _features()
    told = f"{machine}, {psutil.cpu_count()} processors"
    if features:
        told += f", {' '.join(features)}"
    if machine == "x86_64" and features is not None and "avx" not in features:
        return Finding("cpu", told, FAIL, "TensorFlow needs a processor with AVX; this has none.")
    return Finding("cpu", told)


def _features() -> list[str] | None:
    """Return what a Linux machine tells of its processor; None where it tells nothing."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            if line.lower().startswith(("flags", "features")):
                known = line.split()
                return [name for name in _FEATURES if name in known]
    return None


def _memory() -> Finding:
    memory = psutil.virtual_memory()
    told = f"{bytes_(memory.available)} free of {bytes_(memory.total)}"
    if memory.available < _LITTLE:
        return Finding("memory", told, WARN, "Keras alone takes half a gigabyte; close something.")
    return Finding("memory", told)


def _engine() -> tuple[Mapping[str, Any], Finding]:
    """Start an engine as the app does, and return what it says of itself, and how that went.

    A process of its own: TensorFlow ends the process where a processor is too old for it.
    """
    began = time.monotonic()
    with tempfile.NamedTemporaryFile(prefix="tui-trainer-", suffix=".log") as log:
        try:
            done = subprocess.run(
                [*ENGINE, "--log", log.name],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {}, _no_engine(f"not imported in {_PATIENCE:.0f} s")
        printed = Path(log.name).read_text("utf-8", "replace").strip().splitlines()
    ready, error = _answer(done.stdout)
    if not ready:
        how = f"ended with {_status(done.returncode)}"
        return {}, _no_engine(error or ": ".join([how, *printed[-1:]]))
    seconds = time.monotonic() - began
    told = f"TensorFlow {ready['tensorflow']}, Keras {ready['keras']}, imported in {seconds:.1f} s"
    if seconds > _SLOW:
        return ready, Finding("keras", told, WARN, "Slow: is the environment on a network disk?")
    return {**ready, "printed": printed}, Finding("keras", told)


def _answer(text: bytes) -> tuple[dict[str, Any], str]:
    """Return what an engine told when it was ready, or why it is not."""
    with suppress(ValueError, AttributeError):
        record = json.loads(text.splitlines()[0] if text else b"")
        return dict(record.get("ready") or {}), str(record.get("error", {}).get("message", ""))
    return {}, ""


def _status(code: int) -> str:
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"status {code}"


def _no_engine(why: str) -> Finding:
    todo = "Nothing can be trained. Install anew: `pip install .` in the folder of the program."
    return Finding("keras", why, FAIL, todo)


def _gpus(ready: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what TensorFlow and the driver say of the GPUs, and where they differ."""
    seen = [name for name in ready.get("devices", ()) if name.startswith("GPU")]
    driver = Gpus()
    told = driver.read()
    if driver.trouble and _DRIVER.exists():
        todo = "Driver and kernel module do not fit: restart the machine, or load the module anew."
        yield Finding("gpu", f"the driver refuses: {driver.trouble}", FAIL, todo)
    elif ready and not seen and not told:
        yield _none()
    elif ready and not seen:
        found = (
            f"driver {driver.driver} shows {', '.join(gpu.title for gpu in told)}; TensorFlow none"
        )
        yield Finding("gpu", found, WARN, _why_unseen(ready.get("printed", ())))
    for gpu in told:
        level, todo = (WARN, f"{gpu.held}: a run may lack memory.") if gpu.held else (OK, "")
        yield Finding("gpu", f"{gpu.title}: {gpu.words}, driver {driver.driver}", level, todo)
    if seen and not told:
        todo = "To see its use and memory: `pip install nvidia-ml-py`."
        yield Finding("gpu", ", ".join(seen), todo=todo)


def _none() -> Finding:
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
    if hidden is not None:
        return Finding("gpu", f"none: CUDA_VISIBLE_DEVICES={hidden} hides them; the CPU trains")
    if _DRIVER.exists():
        return Finding("gpu", "an NVIDIA driver is here; TensorFlow sees no GPU", WARN, _INSTALL)
    return Finding("gpu", "none: the CPU trains")


def _why_unseen(printed: Sequence[str]) -> str:
    """Return what TensorFlow printed about libraries that it lacks, and what to do."""
    lines = [line for line in printed if "dlopen" in line or "libcu" in line]
    return f"{_INSTALL} It printed: {lines[-1].strip()}" if lines else _INSTALL
