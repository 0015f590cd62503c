"""A run in a few figures: a line in a list of runs, or a page of its own."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tui_trainer.core import toml
from tui_trainer.core.claim import state_of
from tui_trainer.core.curves import Curves
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import (
    Best,
    CheckpointSaved,
    EpochEnded,
    Event,
    Failed,
    Finished,
    Metrics,
    Noted,
    Resumed,
    from_json,
)
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.lines import Tail
from tui_trainer.core.rundir import RunDir, began
from tui_trainer.core.status import LIVE, Status
from tui_trainer.core.usage import Usage
from tui_trainer.core.watch import Watch

_EPOCH, _CHECKPOINT = (
    f'{{"event": "{kind.KIND}"'.encode() for kind in (EpochEnded, CheckpointSaved)
)
"""How a line of the history begins that is not worth decoding."""
_LAST = b'/last.keras"'
"""What a line says of the checkpoint that a run goes on from."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A run's figures so far."""

    name: str
    path: str
    title: str
    state: str
    """`Status.state`, or `lost`."""
    device: str
    began: str
    """When it began, in local time: `2026-07-01 12:30:00`."""
    epochs: int
    """How many are complete."""
    planned: int
    """How many it was to have."""
    metrics: Metrics
    """Those of the last complete epoch."""
    best: Best | None
    test: Metrics
    seconds: float
    phases: Metrics
    """Seconds spent, by phase."""
    model: str | None
    """The path of the result, if there is one yet."""
    checkpoint: int | None
    """The epoch of the last checkpoint: the run would go on after it."""
    resumed: tuple[Resumed, ...]
    """From where the run went on after it had ended."""
    notes: tuple[str, ...]
    error: str | None
    """Why it failed, if it did."""
    usage: Usage | None
    """What it and its machine take, while it goes on."""

    @staticmethod
    def of(watch: Watch) -> Summary:
        """Return the figures of a run as a watch last saw it."""
        last = watch.curves.epochs[-1] if watch.curves.epochs else None
        notes = [event.text for event in watch.log if isinstance(event, Noted)]
        resumed = [event for event in watch.log if isinstance(event, Resumed)]
        told = _Told(last, notes, watch.outcome, watch.checkpoint, resumed)
        return _summary(watch.run, watch.experiment, watch.status, watch.state, told)

    @staticmethod
    def read(run: RunDir) -> Summary:
        """Return the figures of a run from its folder, read once; files that are odd say nothing.

        That is several times as fast as a watch, which reads every epoch.
        """
        status = run.status()
        try:
            experiment = toml.read(run.experiment)
        except TrainerError:
            experiment = None
        return _summary(run, experiment, status, state_of(run, status), _read_told(run.events))

    @property
    def live(self) -> bool:
        """Whether the run goes on."""
        return self.state in LIVE

    def to_json(self) -> dict[str, Any]:
        """Return the figures as an object for JSON."""
        return asdict(self)


@dataclass(slots=True)
class _Told:
    """What a history says besides its curves."""

    last: EpochEnded | None = None
    notes: list[str] = field(default_factory=list)
    outcome: Finished | Failed | None = None
    checkpoint: int | None = None
    resumed: list[Resumed] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Take the next event."""
        match event:
            case EpochEnded():
                self.last, self.outcome = event, None  # A run that goes on has not ended.
            case Noted():
                self.notes.append(event.text)
            case Resumed():
                self.last = self.outcome = None
                self.resumed.append(event)
            case CheckpointSaved():
                self.checkpoint = event.epoch
            case Finished() | Failed():
                self.outcome = event


def _read_told(history: Path) -> _Told:
    """Read a history, decoding of checkpoints the last, and of epochs in a row the last."""
    lines: list[bytes] = []
    checkpoint: list[bytes] = []
    with suppress(OSError), history.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                continue
            if line.startswith(_CHECKPOINT):
                checkpoint = [line] if _LAST in line else checkpoint
                continue
            if line.startswith(_EPOCH) and lines and lines[-1].startswith(_EPOCH):
                lines.pop()
            lines.append(line)
    told = _Told()
    for line in lines + checkpoint:
        with suppress(ValueError, RecursionError):
            record = json.loads(line)
            if isinstance(record, dict):
                told.add(from_json(record))
    if told.resumed and not told.last:  # No epoch was told since: the last is one before.
        epochs = Curves.of(Tail(history).events()).epochs
        told.last = epochs[-1] if epochs else None
    return told


def _summary(
    run: RunDir, experiment: Experiment | None, status: Status, state: str, told: _Told
) -> Summary:
    last, failed = told.last, told.outcome if isinstance(told.outcome, Failed) else None
    ended = told.outcome if isinstance(told.outcome, Finished) else None
    return Summary(
        name=run.name,
        path=str(run.path),
        title=experiment.title if experiment else "",
        state=state,
        device=ended.device if ended else status.device,
        began=_began(run),
        epochs=ended.epochs if ended else last.epoch if last else 0,
        planned=experiment.fit.epochs if experiment else status.epochs,
        metrics=ended.metrics if ended else last.metrics if last else {},
        best=ended.best if ended else status.best,
        test=ended.test if ended else {},
        seconds=ended.seconds if ended else status.seconds,
        phases=ended.phases if ended else {},
        model=str(run.model) if os.path.isfile(run.model) else None,
        checkpoint=told.checkpoint,
        resumed=tuple(told.resumed),
        notes=tuple(told.notes),
        error=str(TrainerError(failed.message, failed.where)) if failed else None,
        usage=status.usage if state in LIVE else None,
    )


def _began(run: RunDir) -> str:
    at = began(run)
    return datetime.fromtimestamp(at).isoformat(" ", "seconds") if at else ""
