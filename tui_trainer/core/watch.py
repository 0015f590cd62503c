"""A run as a viewer sees it: its folder, read again whenever asked."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tui_trainer.core.claim import state_of
from tui_trainer.core.curves import Curves
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import (
    CheckpointSaved,
    EpochEnded,
    Event,
    Failed,
    Finished,
    Noted,
    Resumed,
)
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.lines import Tail
from tui_trainer.core.places import identity
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import LIVE, Status
from tui_trainer.core.toml import read


@dataclass(slots=True)
class Watch:
    """What is known of a run so far; `poll` reads what is new."""

    run: RunDir
    experiment: Experiment
    status: Status = field(default_factory=Status)
    state: str = ""
    """`Status.state`, or `lost`."""
    curves: Curves = field(default_factory=Curves)
    log: list[Event] = field(default_factory=list)
    """All events but those of epochs."""
    outcome: Finished | Failed | None = None
    checkpoint: int | None = None
    """The epoch of the last checkpoint."""
    warnings: list[str] = field(default_factory=list)
    """What is wrong since then, though the run goes on."""
    _tail: Tail = field(init=False)
    _made: tuple[int, int] | None = field(init=False)
    _beat: float | None = None
    """The newest heartbeat, and when it came by the clock that never jumps."""
    _beat_at: float = 0.0

    def __post_init__(self) -> None:
        self._tail = Tail(self.run.events)
        self._made = identity(self.run.experiment)

    @staticmethod
    def open(run: RunDir) -> Watch:
        """Return a watch that has read everything once, or raise TrainerError."""
        watch = Watch(run, read(run.experiment))
        watch.poll()
        return watch

    @property
    def live(self) -> bool:
        """Whether the run is still going on."""
        return self.state in LIVE

    @property
    def moved(self) -> bool:
        """Whether a batch has been trained."""
        return self.status.batch > 0 or bool(self.curves.epochs)

    @property
    def saved_model(self) -> Path | None:
        """The best model file there is: the result, else the newest checkpoint."""
        files = (self.run.model, self.run.last, self.run.best)
        return next((path for path in files if path.is_file()), None)

    def poll(self) -> bool:
        """Read what is new; return whether anything changed."""
        renewed = self._begin_anew()
        status, changed = self.run.status(), renewed
        for event in self._tail.events():
            changed = True
            if isinstance(event, EpochEnded):
                self.curves.add(event)
                self.outcome = None  # A run that goes on has not ended.
                continue
            self.log.append(event)
            if isinstance(event, Finished | Failed):
                self.outcome = event
            elif isinstance(event, CheckpointSaved) and Path(event.path).name == self.run.last.name:
                self.checkpoint, self.warnings = event.epoch, []
            elif isinstance(event, Resumed):
                self.curves.resume(event.epoch)
                self.outcome = None
            elif isinstance(event, Noted) and event.warning:
                self.warnings.append(event.text)
        state = self._seen(status)
        changed |= (status, state) != (self.status, self.state)
        self.status, self.state = status, state
        return changed

    def _begin_anew(self) -> bool:
        """Forget what was read where the folder was made again, and return whether it was."""
        made = identity(self.run.experiment)
        if made not in (None, self._made):
            with suppress(TrainerError):
                self.experiment = read(self.run.experiment)
            self._made, self._tail = made, Tail(self.run.events)
        elif not self._tail.renewed():
            return False
        self.curves, self.log, self.outcome, self.checkpoint = Curves(), [], None, None
        self.warnings = []
        return True

    def _seen(self, status: Status) -> str:
        """Return the state, `lost` where the heartbeat has not moved for long.

        A run that tells of its end has ended, though its last status is still on the way. It may
        be on a machine with another clock: its own is only asked at the first look.
        """
        if self.outcome and status.live and status.heartbeat <= self.outcome.at:
            return self.outcome.state
        if status.live and status.heartbeat != self._beat:
            age = time.time() - status.heartbeat if self._beat is None else 0.0
            self._beat, self._beat_at = status.heartbeat, time.monotonic() - max(0.0, age)
        return state_of(self.run, status, status.heartbeat + time.monotonic() - self._beat_at)
