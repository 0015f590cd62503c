"""Whose a run is: one process at a time trains it, and a lock says which, as long as it lives."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import socket
import time
from contextlib import suppress
from dataclasses import replace
from types import TracebackType

from tui_trainer.core.errors import TrainerError, telling
from tui_trainer.core.events import Failed
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import Status

_PATIENCE = 1.0
"""Seconds that a claim waits: whoever only looks holds the lock for an instant."""
_DEATH = 5.0
"""Seconds in which a killed process is gone."""
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP)


class Claim:
    """The right to train a run; it ends with `release`, or with the process, however it ends."""

    def __init__(self, run: RunDir) -> None:
        """Take the run, or raise TrainerError: another process trains it, or it can't be asked."""
        with telling("cannot be written", run.lock):
            self._file = os.open(run.lock, os.O_RDWR | os.O_CREAT, 0o644)
        until = time.monotonic() + _PATIENCE
        while not _locked(self._file, fcntl.LOCK_EX):
            if time.monotonic() > until:
                self.release()
                status = run.status()
                raise TrainerError(
                    f"is being trained already, by process {status.pid} on {status.host}", run.name
                )
            time.sleep(0.05)

    def release(self) -> None:
        """Give the run back."""
        os.close(self._file)

    def __enter__(self) -> Claim:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.release()


def state_of(run: RunDir, status: Status, now: float | None = None) -> str:
    """Return the state of a run as a reader finds it: `lost` if the process behind it is gone.

    On the machine of the run its lock tells, whatever clocks and process numbers say.
    """
    if status.state in ("running", "paused") and status.host == socket.gethostname():
        with suppress(OSError):
            return status.state if _held(run) else "lost"
    return status.seen(now)


def kill(run: RunDir) -> None:
    """End the process of a run at once, its last checkpoint stays; or raise TrainerError."""
    status = run.status()
    state = state_of(run, status)
    if state not in ("running", "paused"):
        raise TrainerError(f"expected a run that is training; it is {state}", run.name)
    if status.host != socket.gethostname():
        raise TrainerError(
            f"expected a run of this machine; it is trained on {status.host}", run.name
        )
    with telling("could not be killed", f"process {status.pid}"):
        os.kill(status.pid, signal.SIGKILL)
    until = time.monotonic() + _DEATH
    while state_of(run, status) != "lost" and time.monotonic() < until:
        time.sleep(0.02)
    with suppress(OSError):  # Then it is shown as lost, which is as true.
        run.add_event(Failed("killed, as asked", at=time.time()))
        run.write_status(replace(run.status(), state="failed", eta=None, note=""))


def _held(run: RunDir) -> bool:
    """Return whether a process holds the lock of a run; OSError if that can't be found out."""
    file = os.open(run.lock, os.O_RDONLY)
    try:
        return not _locked(file, fcntl.LOCK_SH)
    finally:
        os.close(file)


def _locked(file: int, kind: int) -> bool:
    """Lock a file and return whether that went; a file system without locks refuses nobody."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if kind == fcntl.LOCK_EX and error.errno in _NO_LOCKS:
            return True
        raise
    return True
