"""Commands in processes of their own, in which Keras need not be imported each time anew."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

from tui_trainer.engine.redirect import settle_environment

settle_environment()
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tui_trainer.cli", "tui_trainer.engine.service"])


class Forked:
    """A command that was started: what tests use of `subprocess.Popen`."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        """Start it, without standard input."""
        ends = [os.pipe() for _ in range(2)]
        printed = [_Writer(end) for _, end in ends]
        self._process = _CONTEXT.Process(
            target=_be, args=(list(words), dict(environment), folder, printed)
        )
        self._process.start()
        for _, end in ends:
            os.close(end)
        self.stdout, self.stderr = (os.fdopen(end, encoding="utf-8") for end, _ in ends)

    def __enter__(self) -> Forked:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()
        self.stdout.close()
        self.stderr.close()

    @property
    def returncode(self) -> int | None:
        """The exit status, once it has ended."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def wait(self, timeout: float) -> int | None:
        """Wait for its end and return its exit status."""
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("tui-trainer", timeout)
        return self.returncode

    def communicate(self, timeout: float) -> tuple[str, str]:
        """Return all that it still prints, which is little on standard error."""
        told = self.stdout.read(), self.stderr.read()
        self.wait(timeout)
        return told


class _Writer:
    """The writing end of a pipe, on its way into another process."""

    def __init__(self, end: int) -> None:
        self.end = end

    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (DupFd(self.end),)


def _received(end: Any) -> int:
    return int(end.detach())


def _be(
    words: list[str], environment: dict[str, str], folder: Path, printed: Sequence[int]
) -> None:
    """Be `tui-trainer`."""
    from tui_trainer.cli import main

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for descriptor, end in zip((1, 2), printed, strict=True):
        os.dup2(end, descriptor)
        os.close(end)
    sys.stdout, sys.stderr = (os.fdopen(one, "w", encoding="utf-8") for one in (1, 2))
    raise SystemExit(main(words))
