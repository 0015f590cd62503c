"""A run as a viewer sees it: its folder, read again whenever asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tui_trainer.core.curves import Curves
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import EpochEnded, Event, Failed, Finished
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.rundir import RunDir, Tail
from tui_trainer.core.status import Status
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
    _tail: Tail = field(init=False)

    def __post_init__(self) -> None:
        self._tail = Tail(self.run.events)

    @staticmethod
    def open(run: RunDir) -> Watch:
        """Return a watch that has read everything once, or raise TrainerError."""
        watch = Watch(run, read(run.experiment))
        watch.poll()
        return watch

    @property
    def live(self) -> bool:
        """Whether the run is still going on."""
        return self.state in ("starting", "running")

    @property
    def saved_model(self) -> Path | None:
        """The best model file there is: the result, else the newest checkpoint."""
        last, best = (self.run.checkpoints / f"{name}.keras" for name in ("last", "best"))
        return next((path for path in (self.run.model, last, best) if path.is_file()), None)

    def poll(self) -> bool:
        """Read what is new; return whether anything changed."""
        status = self.run.status()
        state = status.seen()
        changed = (status, state) != (self.status, self.state)
        self.status, self.state = status, state
        for event in self._tail.events():
            changed = True
            if isinstance(event, EpochEnded):
                self.curves.add(event)
                self.outcome = None  # A run that goes on has not ended.
                continue
            self.log.append(event)
            if isinstance(event, Finished | Failed):
                self.outcome = event
        return changed


def summary(run: RunDir) -> Watch | None:
    """Return a watch of a run, or None of a folder that cannot be read as one."""
    try:
        return Watch.open(run)
    except TrainerError:
        return None
