"""Who prints where: the command on the terminal, Keras and TensorFlow in a file."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tui_trainer.cli.terminal import Terminal
from tui_trainer.core.characters import STAND_IN
from tui_trainer.engine.redirect import lossy, private_copy, send_output_to, settle_environment


@dataclass(frozen=True, slots=True)
class Streams:
    """What the command prints on, out of reach of everything else in the process."""

    out: TextIO
    err: TextIO
    early: Path
    """What was printed before a run had a log."""

    @property
    def idle(self) -> bool:
        """Whether the terminal, if it is one, has taken in all that was printed."""
        terminals = (s for s in (self.out, self.err) if isinstance(s, Terminal))
        return all(terminal.idle for terminal in terminals)

    def silence(self) -> None:
        """Print nothing from now on: the terminal is gone, and pipes to it lead nowhere."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (self.out, self.err):
            os.dup2(nowhere, stream.fileno())
        os.close(nowhere)

    def close(self) -> None:
        """Print what is still to be printed, and no more."""
        for stream in (self.out, self.err):
            with suppress(OSError):  # Told already, by whoever printed.
                stream.close()

    def log_to(self, log: Path) -> None:
        """Send what else is printed to a run's log, after what was printed before it had one."""
        printed = self.early.read_bytes()
        self.early.write_bytes(b"")
        send_output_to(log)
        with suppress(OSError):  # The disk may be full already.
            os.write(2, printed)


@contextmanager
def own_streams() -> Iterator[Streams]:
    """Keep standard output and error for the command; what else is printed goes to a file.

    That file is one of its own until a run has a log. Afterwards all is as it was before.
    """
    _flush()
    copies = [private_copy(descriptor) for descriptor in (1, 2)]
    out, err = (_text(*pair) for pair in zip(copies, (sys.stdout, sys.stderr), strict=True))
    settle_environment()
    with (
        tempfile.NamedTemporaryFile(prefix="tui-trainer-", suffix=".log") as early,
        redirect_stdout(lossy(1)),
        redirect_stderr(lossy(2)),
    ):
        send_output_to(Path(early.name))
        streams = Streams(out, err, Path(early.name))
        try:
            yield streams
        finally:
            _flush()
            for descriptor, copy in enumerate(copies, start=1):
                os.dup2(copy, descriptor)
            streams.close()


def _text(descriptor: int, like: TextIO | None) -> TextIO:
    """Return a stream to a descriptor that writes characters as another one does."""
    encoding, errors = (like.encoding, like.errors) if like else ("utf-8", None)
    if os.isatty(descriptor):
        return Terminal(descriptor, encoding, errors or STAND_IN)
    return os.fdopen(descriptor, "w", encoding=encoding, errors=errors or STAND_IN)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
