"""What the parts of a run share while it goes on: its folder, its phase, what is asked of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tui_trainer.core.events import CheckpointSaved, Noted, PhaseBegan
from tui_trainer.core.rundir import RunDir
from tui_trainer.engine.checkpoint import save_model
from tui_trainer.engine.commands import Commands
from tui_trainer.engine.journal import Journal
from tui_trainer.engine.pace import Stopwatch


class Desk:
    """The worker's view of its run."""

    def __init__(self, run: RunDir) -> None:
        self.run = run
        self.journal = Journal(run)
        self.commands = Commands(run)
        self.watch = Stopwatch()
        self.phase = ""

    def begin(self, phase: str) -> None:
        """Turn to a phase."""
        self.phase = phase
        if self.watch.turn(phase):
            self.journal.tell(PhaseBegan(phase, time.time()))
        self.journal.change(phase=phase)

    def note(self, text: str) -> None:
        """Write a line into the history."""
        self.journal.tell(Noted(text, time.time()))

    def save_wishes(self, model: Any, epoch: int) -> None:
        """Save the model wherever that was asked for, and tell how it went."""
        while self.commands.saves:
            path = Path(self.commands.saves.popleft()).expanduser()
            try:
                save_model(model, path)
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else None
                self.note(f"not saved to {path}: {reason or error}")
            else:
                self.journal.tell(CheckpointSaved(epoch, str(path), time.time()))
