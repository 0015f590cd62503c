"""Where the process prints: TensorFlow writes to descriptors 1 and 2 itself, past `sys.stdout`."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

QUIET = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
}
"""The environment that Keras and TensorFlow are imported under."""


def settle_environment() -> None:
    """Set what has to be set before Keras is imported."""
    os.environ["KERAS_BACKEND"] = QUIET["KERAS_BACKEND"]
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)


class _Lossy(io.FileIO):
    """A descriptor that takes everything; what its file cannot hold is lost."""

    def write(self, data: Any, /) -> int:
        """Write what can be written: a full disk is no reason for whoever prints to fail."""
        with suppress(OSError):
            super().write(data)
        return len(data)


def lossy(descriptor: int) -> TextIO:
    """Return a stream to print on that never fails."""
    raw = _Lossy(descriptor, "w", closefd=False)
    written = io.BufferedWriter(raw)
    return io.TextIOWrapper(written, encoding="utf-8", errors="replace", line_buffering=True)


def private_copy(descriptor: int) -> int:
    """Return a copy of a descriptor that no child inherits and no redirection reaches."""
    return os.dup(descriptor)


def send_output_to(log: Path | str) -> None:
    """Send everything that the process prints, from C++ too, to the end of a log file.

    Raises OSError where the file cannot be written; the output then goes where it went before.
    """
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
    finally:
        os.close(descriptor)
