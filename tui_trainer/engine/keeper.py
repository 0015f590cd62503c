"""When the last and the best state of a run are written: seldom enough to cost next to nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from time import monotonic
from typing import Any

from tui_trainer.core.errors import reason
from tui_trainer.core.events import CheckpointSaved
from tui_trainer.engine.checkpoint import (
    Held,
    digest,
    holding,
    is_finite,
    link_model,
    save_checkpoint,
    values,
)
from tui_trainer.engine.desk import Desk
from tui_trainer.engine.state import State

_SHARE = 40
"""Between two writes lies this many times what a write costs."""
_FIRST = 1.0
"""Seconds of training before the first one: what is lost until then is soon done again."""
_LONG = 180.0
"""Seconds after which the middle of an epoch is written too."""


class Keeper:
    """Keeps the last and the best state of a run as files; what cannot be written is noted once.

    Whenever the last is written, the best on disk is the one that it speaks of. A model whose
    weights are no numbers is not taken: the files stay those of the last good state.
    """

    def __init__(self, desk: Desk, kept: int) -> None:
        """Take the epoch of the last checkpoint there is, 0 where there is none."""
        self._desk, self._kept = desk, kept
        self._best, self._last = desk.run.best, desk.run.last
        self._waiting: tuple[State, Held] | None = None
        """The best state, until it is in its file."""
        self._written_at = monotonic()
        self._free_at = self._written_at + _FIRST
        self._digest: int | None = None
        """Of the model in the last checkpoint that was written here."""
        self._noted = ""

    @property
    def overdue(self) -> bool:
        """Whether it has been long since the last checkpoint."""
        return monotonic() > max(self._free_at, self._written_at + _LONG)

    def end_epoch(self, model: Any, mark: Callable[[], State], improved: bool, final: bool) -> None:
        """Take an epoch's model; it is written now, later, or not if a newer one comes first.

        `mark` returns the state that belongs to it, and is called if that is wanted.
        """
        due = final or monotonic() > self._free_at
        if not (due or improved) or not self._is_sound(model):
            return
        state = mark()
        if improved:
            self._waiting = state, values(model)
        if due:
            self._try(lambda: self._write(model, state))

    def keep(self, model: Any, state: State) -> None:
        """Write a state now."""
        if self._is_sound(model):
            self._try(lambda: self._write(model, state))

    def file_of(self, model: Any) -> Path | None:
        """Return the file that holds exactly this model, if there is one."""
        return self._last if self._digest == digest(model) and self._last.is_file() else None

    def flush(self, model: Any) -> None:
        """Write the best state if that is still to be done; it is then the last one too.

        For a run that breaks off: what its model holds belongs to no moment that has a name.
        """
        if self._waiting is not None:
            self._try(lambda: self._link(self._write_best(model, None)))

    def _is_sound(self, model: Any) -> bool:
        if is_finite(model):
            return True
        kept = f"the checkpoint of epoch {self._kept} stays" if self._kept else "no checkpoint yet"
        self._warn(f"the weights are no longer numbers: {kept}")
        return False

    def _try(self, write: Callable[[], None]) -> None:
        began = monotonic()
        try:
            self._desk.stand()
            self._desk.journal.settle()
            write()
        except OSError as error:
            place = self._last.parent
            self._warn(f"checkpoint not saved in {place}: {reason(error)}; it is tried again")
        else:
            self._noted = ""
        self._written_at = monotonic()
        self._free_at = self._written_at + _SHARE * (self._written_at - began)

    def _write(self, model: Any, state: State) -> None:
        best = self._write_best(model, state) if self._waiting else None
        if best is state:
            self._link(state)
        else:
            self._digest = save_checkpoint(model, self._last, state)
            self._saved(state, self._last)

    def _write_best(self, model: Any, now: State | None) -> State:
        assert self._waiting is not None
        state, held = self._waiting
        with nullcontext() if state is now else holding(model, held):
            self._digest = save_checkpoint(model, self._best, state)
        self._saved(state, self._best)
        self._waiting = None
        return state

    def _link(self, state: State) -> None:
        link_model(self._best, self._last)
        self._saved(state, self._last)

    def _saved(self, state: State, path: Path) -> None:
        self._kept = state.epoch
        self._desk.journal.tell(CheckpointSaved(state.epoch, str(path), time.time()))

    def _warn(self, text: str) -> None:
        if text != self._noted:
            self._desk.warn(text)
        self._noted = text
