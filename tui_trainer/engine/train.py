"""A run while it goes on: a worker thread does the work, another one keeps in touch."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from dataclasses import replace
from threading import Event, Lock, Thread
from time import monotonic

from tui_trainer.core.claim import Claim
from tui_trainer.core.events import Failed, Finished
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import HEARTBEAT_SECONDS, Status
from tui_trainer.engine.ahead import Ahead
from tui_trainer.engine.desk import Desk
from tui_trainer.engine.gauges import Gauges
from tui_trainer.engine.prepared import Prepared
from tui_trainer.engine.work import Work

_LOOK = 0.03
"""Seconds between two looks at what is asked."""
_WRITTEN_EVERY = 0.2
"""Seconds between two writings of a status that changed."""


class LiveRun:
    """One run that this process trains; it needs nobody, and anyone may watch and steer it.

    A folder with a history is gone on with from its last checkpoint.
    """

    def __init__(self, run: RunDir, experiment: Experiment) -> None:
        """Take the run, or raise TrainerError: another process trains it, or it can't be taken."""
        self._claim = Claim(run)
        self._desk = Desk(run)
        self._desk.journal.change(epochs=experiment.fit.epochs)
        self._work = Work(self._desk, experiment)
        self._worker = Thread(target=self._train, name="trainer", daemon=True)
        self._scribe = Thread(target=self._keep_in_touch, name="scribe", daemon=True)
        self._gauges = Gauges()
        self._ended = Event()
        self._writing = Lock()
        self._written: Status | None = None
        self._written_at = 0.0

    def start(self, ahead: Ahead | None = None) -> None:
        """Start to train, or have the thread go on that has prepared the experiment."""
        self._work.take_up()
        self._desk.commands.read()
        self._desk.journal.change(state="running")
        self._write()
        self._gauges.start()
        self._scribe.start()
        if ahead is None:
            self._worker.start()
        else:
            self._worker = ahead.thread
            ahead.go_on(self._train, self._work.tell)

    def release(self) -> None:
        """Give back a run that is not started after all."""
        self._claim.release()

    @property
    def outcome(self) -> Finished | Failed | None:
        """How the run ended; None while anything of it is still to be written."""
        return None if self._worker.is_alive() else self._work.outcome

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
            usage=self._gauges.usage,
        )

    def stop(self, now: bool = False) -> None:
        """End the run after this epoch, or at the next batch."""
        if now:
            self._desk.commands.stop_now = True
        self._desk.commands.stop = True

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end of the run; return whether it has come."""
        self._worker.join(timeout)
        return not self._worker.is_alive()

    def _train(self, prepared: Prepared | None = None) -> None:
        try:
            self._work.run(prepared)
        finally:
            self._gauges.stop()
            self._ended.set()
            self._scribe.join()
            self._write()
            self._work.copy_wishes()  # Whoever asked until now saw a run that goes on.
            self._claim.release()

    def _keep_in_touch(self) -> None:
        """Read what is asked, and write the status when it is time, until the run has ended."""
        while not self._ended.wait(_LOOK):
            self._desk.commands.read()
            changed = self._desk.journal.status is not self._written
            wait = _WRITTEN_EVERY if changed else HEARTBEAT_SECONDS
            if monotonic() - self._written_at >= wait:
                self._write()

    def _write(self) -> None:
        with self._writing:
            newest = self._desk.journal.status
            self._written_at = monotonic()
            with suppress(OSError):  # Full or gone: the worker tells so when it saves.
                self._desk.run.write_status(self.status)
                self._written = newest

    def _note(self) -> str:
        status, commands = self._desk.journal.status, self._desk.commands
        if status.note or self._work.outcome is not None:
            return status.note
        if commands.stopping:
            return "stopping now" if commands.stop_now else "stopping after this epoch"
        return "pausing" if commands.paused and status.state == "running" else ""
