"""The app's tie to its terminal, which may lag, stop reading, be put aside, or go away."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from threading import Thread
from types import FrameType
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

from tui_trainer.ui.outlet import Outlet

_SCREEN = 1
"""The file descriptor that is drawn on: standard output, so that `2>log` leaves the screen."""
_PATIENCE = 0.5
"""Seconds that a terminal has to take what is left for it when the app lets go of it."""


class TerminalDriver(LinuxDriver):
    """Textual's driver, but that it never waits for the terminal, and parts from it in order.

    A hang-up ends the process at once, as is the custom: runs have processes of their own.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._file = sys.__stdout__  # Textual's is standard error, which may be closed.
        self._outlet: Outlet | None = None
        self._context = copy_context()
        """In which Textual knows its app; threads and signals come without it."""
        signal.signal(
            signal.SIGHUP, signal.SIG_DFL
        )  # `nohup` ignores it: a screen has no use for that.
        signal.signal(signal.SIGCONT, self._go_on)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        Thread(target=_end_with, args=(self.fileno,), name="hang-up", daemon=True).start()

    @property
    def behind(self) -> bool:
        """Whether the terminal has not yet taken all that was written."""
        return self._outlet is not None and self._outlet.behind

    def when_drained(self, call: Callable[[], None]) -> None:
        """Call something once in the event loop when the terminal has taken all."""
        if self._outlet:
            self._outlet.when_drained(partial(self._call, call))

    def write(self, data: str) -> None:
        """Take text for the terminal."""
        if self._outlet is None:
            self._outlet = Outlet(_SCREEN)
        self._outlet.write(data)

    def close(self) -> None:
        """Let go of the terminal; one that does not read keeps nobody."""
        if self._outlet:
            self._outlet.close(_PATIENCE)
            self._outlet = None
        super().close()

    def _call(self, call: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # The loop has ended.
            self._loop.call_soon_threadsafe(call, context=self._context)

    def _end(self, number: int, frame: FrameType | None) -> None:
        """Leave in order, with the status that stands for a signal; the next one is the last."""
        signal.signal(number, signal.SIG_DFL)
        self._call(partial(self._app.exit, return_code=128 + number))

    def _go_on(self, number: int, frame: FrameType | None) -> None:
        """Take the terminal again, or at least draw anew: the shell wrote on it."""
        if self._key_thread and self._key_thread.is_alive():
            self.send_message(self.SignalResume())
        elif self._auto_restart:
            self.resume_application_mode()


def _end_with(terminal: int) -> None:
    """End the process when its terminal is gone, whether or not anybody sends a signal."""
    poll = select.poll()
    poll.register(terminal, 0)
    if any(event & select.POLLHUP for _, event in poll.poll()):
        os.kill(os.getpid(), signal.SIGHUP)
