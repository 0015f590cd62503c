"""What the parts of a run share while it goes on: its folder, its phase, what is asked of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tui_trainer.core.brief import cut
from tui_trainer.core.errors import TrainerError, reason
from tui_trainer.core.events import CheckpointSaved, Noted, PhaseBegan
from tui_trainer.core.modelfile import has_weights
from tui_trainer.core.places import atomic_write, user_path
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.toml import read_text
from tui_trainer.engine.commands import Commands
from tui_trainer.engine.journal import Journal
from tui_trainer.engine.pace import Stopwatch
from tui_trainer.engine.state import State

_MOMENT = 0.02
"""Seconds between two looks at whether a pause is over."""


class Desk:
    """The worker's view of its run."""

    def __init__(self, run: RunDir) -> None:
        self.run = run
        self.journal = Journal(run)
        self.commands = Commands(run)
        self.watch = Stopwatch()
        self.phase = ""
        self._experiment = ""
        with suppress(TrainerError):
            self._experiment = read_text(run.experiment)

    def take_up(self, state: State) -> None:
        """Tell from where the run goes on, and count on from there."""
        self.watch.take_up(state.phases, state.seconds)
        self.journal.take_up(state.epoch, state.batch)
        self.journal.change(epoch=state.epoch, metrics=state.metrics, best=state.best)

    def stand(self) -> None:
        """Have the folder be a run's again if it was removed meanwhile; raises OSError."""
        if self._experiment and not self.run.experiment.is_file():
            self.run.path.mkdir(parents=True, exist_ok=True)
            atomic_write(self.run.experiment, self._experiment)

    def begin(self, phase: str, batches: int = 0, done: int = 0) -> None:
        """Turn to a phase of so many batches, some of them done already."""
        self.phase = phase
        if self.watch.turn(phase):
            self.journal.tell(PhaseBegan(phase, time.time()))
        self.journal.change(phase=phase, batch=done, batches=batches)

    def wait(self, meanwhile: Callable[[], None]) -> float:
        """Wait while the run is paused; return for how many seconds, none of which counts."""
        self.journal.change(state="paused", samples_per_second=0.0)
        self.watch.hold()
        while self.commands.pausing:
            meanwhile()
            time.sleep(_MOMENT)
        self.journal.change(state="running")
        return self.watch.go_on()

    def note(self, text: str) -> None:
        """Write a line into the history."""
        self.journal.tell(Noted(text, time.time()))

    def warn(self, text: str) -> None:
        """Write into the history what is wrong while the run goes on."""
        self.journal.tell(Noted(text, time.time(), warning=True))

    def save_wishes(self, write: Callable[[Path], None], epoch: int) -> None:
        """Have the model written wherever that was asked for, and tell how it went."""
        while self.commands.saves:
            wish = self.commands.saves.popleft()
            try:
                path = user_path(wish)
                if not has_weights(path.name):
                    raise TrainerError("expected a path that ends in .keras or .weights.h5")
                write(path)
            except (OSError, TrainerError) as error:
                why = reason(error) if isinstance(error, OSError) else error.message
                self.warn(f"not saved to {cut(wish)}: {why}")
            else:
                self.journal.tell(CheckpointSaved(epoch, str(path), time.time()))
