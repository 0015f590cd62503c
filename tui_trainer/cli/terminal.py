"""A terminal to write on that nobody waits for: it may be gone, or read nothing for hours."""

from __future__ import annotations

import io
import os
import threading
from collections import deque
from typing import Any

_MOST = 1 << 20
"""Bytes that may wait; what comes on top of them is dropped."""
_PATIENCE = 2.0
"""Seconds that a terminal may take to read anything when all is to be out."""
_PIECE = 4096


class Terminal(io.TextIOWrapper):
    """A text stream to a terminal: printing on it takes no time and never fails."""

    def __init__(self, descriptor: int, encoding: str, errors: str) -> None:
        self._line = _Line(descriptor)
        super().__init__(io.BufferedWriter(self._line), encoding=encoding, errors=errors)

    @property
    def idle(self) -> bool:
        """Whether all that was printed is out, or never will be."""
        return self._line.idle


class _Line(io.RawIOBase):
    """The bytes on their way to a terminal, which a thread of its own writes as it reads them."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._gone = False
        self._changed = threading.Condition()
        threading.Thread(target=self._write_out, name="terminal", daemon=True).start()

    @property
    def idle(self) -> bool:
        """Whether all that was written is out, or never will be."""
        return self._gone or not self._size

    def writable(self) -> bool:
        """Say that this can be written to."""
        return True

    def isatty(self) -> bool:
        """Say that this is a terminal, also when it is one no more."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def write(self, data: Any, /) -> int:
        """Take bytes, at once and always."""
        piece = bytes(data)
        with self._changed:
            if not self._gone and self._size + len(piece) <= _MOST:
                self._waiting.append(piece)
                self._size += len(piece)
                self._changed.notify_all()
        return len(piece)

    def close(self) -> None:
        """Wait until all is out, as long as the terminal reads; then write no more."""
        if self.closed:
            return
        super().close()
        with self._changed:
            left = self._size + 1
            while not self.idle and self._size < left:
                left = self._size
                self._changed.wait(_PATIENCE)
            if self.idle:
                os.close(self._descriptor)  # Else its thread is stuck in there.
            self._gone = True
            self._changed.notify_all()

    def _write_out(self) -> None:
        while piece := self._next():
            try:
                written = os.write(self._descriptor, piece)
            except OSError:
                written = 0
            with self._changed:
                self._gone = self._gone or not written
                self._size -= written
                if written < len(piece):
                    self._waiting.appendleft(piece[written:])
                self._changed.notify_all()

    def _next(self) -> bytes:
        """Return what is to be written next, and nothing once that is no longer wanted."""
        with self._changed:
            while not self._waiting and not self._gone:
                self._changed.wait()
            if self._gone:
                return b""
            piece = self._waiting.popleft()
            if len(piece) > _PIECE:
                self._waiting.appendleft(piece[_PIECE:])
            return piece[:_PIECE]
