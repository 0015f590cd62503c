"""What a run is doing now: the values of its status.json."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from tui_trainer.core.events import Best, Metrics, best_from_json, metrics_from_json
from tui_trainer.core.record import read_fields
from tui_trainer.core.usage import Usage, usage_from_json

HEARTBEAT_SECONDS = 1.0
"""How often a live run says that it lives."""
LOST_SECONDS = 30.0
"""How old a heartbeat may be; a run with an older one is lost."""


LIVE = ("starting", "running", "paused")
"""The states of a run that goes on."""
STATES = (*LIVE, "finished", "stopped", "failed", "lost")


@dataclass(frozen=True, slots=True)
class Status:
    """What a run is doing now."""

    state: str = "starting"
    """`starting`, `running`, `paused`, `finished`, `stopped` or `failed`; a reader may find it
    `lost`."""
    phase: str = ""
    """One of PHASES."""
    epoch: int = 0
    """The epoch in work, from 1."""
    epochs: int = 0
    batch: int = 0
    batches: int = 0
    """Batches of the phase in work: those done, and all; 0 while it is not known."""
    metrics: Metrics = field(default_factory=dict)
    """Running means of the epoch in work, with the last validation's values."""
    best: Best | None = None
    samples_per_second: float = 0.0
    eta: float | None = None
    """Seconds until the last epoch ends, validation included; None while it is not known."""
    seconds: float = 0.0
    """Since the run began."""
    phase_seconds: float = 0.0
    """Since the phase in work began."""
    note: str = ""
    """What is being waited for, such as `downloading imdb: 4.2 of 17.5 MB`."""
    device: str = ""
    """Where the weights lie, such as `CPU` or `GPU:0 NVIDIA H200`."""
    pid: int = 0
    host: str = ""
    heartbeat: float = 0.0
    """When this was written, in seconds since the epoch."""
    usage: Usage = Usage()
    """What the process and its machine took when they were measured last."""

    @property
    def live(self) -> bool:
        """Whether the run is still going on."""
        return self.state in LIVE

    def seen(self, now: float | None = None) -> str:
        """Return the state as a reader finds it: `lost` if the process behind it is gone."""
        if not self.live:
            return self.state
        late = (time.time() if now is None else now) - self.heartbeat > LOST_SECONDS
        gone = self.host == socket.gethostname() and not _alive(self.pid)
        return "lost" if late or gone else self.state


def status_to_json(status: Status) -> dict[str, Any]:
    """Return a status as an object for JSON."""
    return asdict(status)


def status_from_json(record: Any) -> Status:
    """Return the status that a record holds, or raise ValueError; unknown fields are passed over.

    JSON has no NaN and no infinity: such a metric comes back as NaN.
    """
    found = read_fields(Status, record)
    if found.get("state", LIVE[0]) not in STATES:
        raise ValueError(f"expected one of {', '.join(STATES)}; received {found['state']!r:.80}")
    found["metrics"] = metrics_from_json(found.get("metrics", {}))
    found["best"] = best_from_json(found.get("best"))
    found["usage"] = usage_from_json(found.get("usage", {}))
    return Status(**found)


def _alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True
