"""A run while it goes on: a worker thread does the work, the main thread keeps in touch."""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from dataclasses import replace
from time import monotonic

from tui_trainer.core.events import Failed, Finished
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import HEARTBEAT_SECONDS, Status
from tui_trainer.engine.desk import Desk
from tui_trainer.engine.work import Work

_WRITTEN_EVERY = 0.2
"""Seconds between two writings of a status that changed."""


class LiveRun:
    """One run: started, watched and steered from the thread that made it."""

    def __init__(self, run: RunDir, experiment: Experiment) -> None:
        self._desk = Desk(run)
        self._desk.journal.change(epochs=experiment.fit.epochs)
        self._work = Work(self._desk, experiment)
        self._thread = threading.Thread(target=self._run, name="trainer", daemon=True)
        self._writing = threading.Lock()
        self._written: Status | None = None
        self._written_at = 0.0

    def start(self) -> None:
        """Start the worker."""
        self._desk.journal.change(state="running")
        self._thread.start()

    @property
    def outcome(self) -> Finished | Failed | None:
        """How the run ended; None while it goes on."""
        return self._work.outcome

    @property
    def status(self) -> Status:
        """What the run is doing now."""
        return replace(
            self._desk.journal.status,
            note=self._note(),
            seconds=self._desk.watch.total,
            phase_seconds=self._desk.watch.phase_seconds,
            pid=os.getpid(),
            host=socket.gethostname(),
            heartbeat=time.time(),
        )

    def tick(self) -> None:
        """Read what is asked, and write the status when it is time; call it ten times a second."""
        self._desk.commands.read()
        ended = self.outcome is not None
        if ended:
            self._work.copy_wishes()
        changed = self._desk.journal.status is not self._written
        wait = _WRITTEN_EVERY if changed else HEARTBEAT_SECONDS
        if monotonic() - self._written_at >= wait or (ended and changed):
            self._write()

    def _run(self) -> None:
        self._work.run()
        self._write()

    def _write(self) -> None:
        with self._writing:  # The worker writes the last one itself; nothing older comes after.
            newest = self._desk.journal.status
            self._written_at = monotonic()
            with suppress(OSError):  # Full or gone: the worker tells so when it saves.
                self._desk.run.write_status(self.status)
                self._written = newest

    def stop(self, now: bool = False) -> None:
        """End the run after this epoch, or at the next batch."""
        if now:
            self._desk.commands.stop_now = True
        self._desk.commands.stop = True

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the worker; return whether it has ended. Ticks are the caller's."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _note(self) -> str:
        note = self._desk.journal.status.note
        if note or self.outcome is not None or not self._desk.commands.stopping:
            return note
        return "stopping now" if self._desk.commands.stop_now else "stopping after this epoch"
