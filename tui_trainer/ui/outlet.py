"""Writes to a terminal that may be slow, stalled or gone, without making anybody wait."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from contextlib import suppress
from threading import Condition, Thread


class Outlet:
    """Takes text at once and writes it from a thread of its own, in order."""

    def __init__(self, terminal: int) -> None:
        """Write to a file descriptor."""
        self._terminal = terminal
        self._waiting = bytearray()
        self._writing = False
        self._closed = False
        self._drained: Callable[[], None] | None = None
        self._change = Condition()
        self._thread = Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    @property
    def behind(self) -> bool:
        """Whether the terminal has not yet taken all that was written."""
        return self._writing or bool(self._waiting)

    def write(self, text: str) -> None:
        """Take text, to be written when the terminal takes it."""
        with self._change:
            self._waiting += text.encode("utf-8", "replace")
            self._change.notify()

    def when_drained(self, call: Callable[[], None]) -> None:
        """Call something once when the terminal has taken all: here and now, or in the thread."""
        with self._change:
            if self.behind:
                self._drained = call
                return
        call()

    def close(self, patience: float) -> None:
        """Write what is left, for some seconds at most."""
        with self._change:
            self._closed = True
            self._change.notify()
        self._thread.join(patience)

    def _run(self) -> None:
        while piece := self._next():
            with suppress(OSError):  # Nobody is there to read it.
                self._send(piece)
            with self._change:
                self._writing = False
                call = None if self._waiting else self._drained
                self._drained = self._drained if self._waiting else None
            if call:
                call()

    def _next(self) -> bytes:
        """Wait for something to write; nothing means that there will be no more."""
        with self._change:
            self._change.wait_for(lambda: self._waiting or self._closed)
            piece, self._waiting = bytes(self._waiting), bytearray()
            self._writing = bool(piece)
            return piece

    def _send(self, piece: bytes) -> None:
        while piece:
            try:
                piece = piece[os.write(self._terminal, piece) :]
            except BlockingIOError:
                select.select([], [self._terminal], [])
