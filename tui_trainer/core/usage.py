"""What a run and its machine take of processors and memory, as last measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui_trainer.core.record import read_fields
from tui_trainer.core.words import bytes_

_WORTH_TELLING = 0.05
"""The part of a GPU's memory from which on it matters that others hold it."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU; what its driver does not tell is None."""

    index: int
    """As TensorFlow counts those that the process may use: `GPU:0`."""
    name: str = ""
    use: float | None = None
    """Percent of the time in which it computed."""
    used: float | None = None
    """Bytes of its memory that are taken, by whomever."""
    total: float | None = None
    own: float | None = None
    """Bytes that the process itself holds."""
    celsius: float | None = None
    watts: float | None = None

    @property
    def title(self) -> str:
        """Its number and name, as a device is called: `GPU:0 NVIDIA H200`."""
        return f"GPU:{self.index} {self.name}".rstrip()

    @property
    def words(self) -> str:
        """Its figures: `93 % · 10.2 of 80 GB · 61 °C · 240 W`."""
        return _joined(
            _percent(self.use),
            _memory(self.used, self.total),
            "" if self.celsius is None else f"{self.celsius:.0f} °C",
            "" if self.watts is None else f"{self.watts:.0f} W",
        )

    @property
    def held(self) -> str:
        """What others hold of its memory: `GPU:0 70.2 of 80 GB held by others`; or nothing."""
        if not self.used or not self.total:
            return ""
        others = self.used - (self.own or 0.0)
        if others < _WORTH_TELLING * self.total:
            return ""
        return f"GPU:{self.index} {_memory(others, self.total)} held by others"


@dataclass(frozen=True, slots=True)
class Usage:
    """A process and its machine at one moment; what could not be measured is None."""

    cpu: float | None = None
    """Percent of one processor that the process takes: 200 is two of them."""
    memory: float | None = None
    """Bytes of memory that the process holds."""
    machine_cpu: float | None = None
    """Percent of all processors that are busy."""
    machine_memory: float | None = None
    machine_total: float | None = None
    """Bytes of the machine's memory that are taken, and all."""
    gpus: tuple[Gpu, ...] = ()
    """The GPUs that the process may use."""

    def words(self, device: str = "") -> str:
        """Return what a run on a device takes: `CPU 187 % · 412 MB`, before it that of its GPU."""
        gpu = self._gpu(device)
        return _joined(
            f"GPU {gpu.words}" if gpu and gpu.words else "",
            "" if self.cpu is None else f"CPU {_percent(self.cpu)}",
            "" if self.memory is None else bytes_(self.memory),
        )

    @property
    def machine_words(self) -> str:
        """What all processes take: `CPU 24 % · 10.2 of 128 GB`."""
        return _joined(
            "" if self.machine_cpu is None else f"CPU {_percent(self.machine_cpu)}",
            _memory(self.machine_memory, self.machine_total),
        )

    @property
    def held(self) -> str:
        """What others hold of the GPUs' memory; nothing where that does not matter."""
        return _joined(*(gpu.held for gpu in self.gpus))

    def _gpu(self, device: str) -> Gpu | None:
        """Return the GPU of a run by its device, such as `GPU:0 NVIDIA H200`.

        Its name decides where the number is that of another one: CUDA may count the fastest first.
        """
        place, _, name = device.partition(" ")
        named = [gpu for gpu in self.gpus if gpu.name == name] or self.gpus
        numbered = (gpu for gpu in named if f"GPU:{gpu.index}" == place)
        return next((gpu for gpu in (*numbered, *named) if place.startswith("GPU:")), None)


def usage_from_json(record: object) -> Usage:
    """Return the usage that an object holds; what cannot be read was not measured."""
    try:
        found = read_fields(Usage, record)
        found["gpus"] = tuple(map(_gpu_from_json, found.get("gpus", ())))
        return Usage(**found)
    except (TypeError, ValueError):
        return Usage()


def _gpu_from_json(record: object) -> Gpu:
    if not isinstance(record, Mapping):
        raise ValueError("expected a GPU as an object")
    found: dict[str, Any] = read_fields(Gpu, record)
    return Gpu(**found)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0f} %"


def _memory(used: float | None, total: float | None) -> str:
    """Return two sizes in the unit of the second: `10.2 of 85.9 GB`."""
    if used is None or not total:
        return ""
    size, _, unit = bytes_(total).partition(" ")
    return f"{used * float(size) / total:.3g} of {size} {unit}"


def _joined(*pieces: str) -> str:
    return " · ".join(filter(None, pieces))
