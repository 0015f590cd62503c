"""The engine as the screen knows it: a process that answers questions, and then trains."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tui_trainer.core.errors import TrainerError

ENGINE = (sys.executable, "-m", "tui_trainer.engine")
"""The command of an engine process, but for where it logs."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Ready:
    """What an engine says of itself once Keras is imported."""

    keras: str
    tensorflow: str
    devices: tuple[str, ...]


class Engine:
    """One engine process; it stands by until it is given a run, and ends with that run.

    A plain `Popen` and not asyncio's: that one kills its process when the event loop ends, and a
    run has to outlive the screen.
    """

    def __init__(self, log: Path, command: Sequence[str] = ENGINE) -> None:
        self.log = log
        self._command = command
        self._began = time.monotonic()
        self._process: subprocess.Popen[bytes] | None = None
        self._loop = asyncio.get_running_loop()
        self._told_ready: asyncio.Future[Ready] = self._loop.create_future()
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._last_id = 0
        self._rest = b""
        self._log_began = 0
        """Where this engine's own lines begin in the log."""

    def launch(self) -> None:
        """Start the process, or raise TrainerError."""
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self._log_began = self.log.stat().st_size if self.log.exists() else 0
            self._process = subprocess.Popen(
                (*self._command, "--log", str(self.log)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise TrainerError(f"could not be started: {error}", "engine") from error
        self._loop.add_reader(self._output, self._read)

    async def become_ready(self) -> Ready:
        """Wait until Keras is imported, or raise TrainerError."""
        return await asyncio.shield(self._told_ready)

    @property
    def ready(self) -> Ready | None:
        """What the engine said of itself; None while it imports Keras."""
        told = self._told_ready
        return told.result() if told.done() and not told.exception() else None

    @property
    def alive(self) -> bool:
        """Whether the process is there to be asked."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of the process, 0 before it is launched."""
        return self._process.pid if self._process else 0

    @property
    def waited(self) -> float:
        """Seconds since the engine was started."""
        return time.monotonic() - self._began

    def ask(self, request: str, **arguments: str) -> asyncio.Future[dict[str, Any]]:
        """Hand a request over, and return its answer to come.

        TrainerError, raised here or by the answer, has the engine's own words.
        """
        self._last_id += 1
        answer: asyncio.Future[dict[str, Any]] = self._loop.create_future()
        line = json.dumps({"id": self._last_id, "do": request, **arguments})
        try:
            if not self._process or not self._process.stdin:
                raise BrokenPipeError
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise TrainerError(self._last_words(), "engine") from error
        self._answers[self._last_id] = answer
        return answer

    def release(self) -> None:
        """Close the lines to the process: one that stands by ends, one that trains goes on.

        Whoever still waits for an answer is told that there will be none.
        """
        if not self._process or not self._process.stdin or not self._process.stdout:
            return
        if not self._process.stdout.closed:
            self._loop.remove_reader(self._output)
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()
        if self._answers or not self._told_ready.done():  # Its words are in a file.
            self._hang_up(TrainerError(self._last_words(), "engine"))

    @property
    def _output(self) -> int:
        assert self._process and self._process.stdout
        return self._process.stdout.fileno()

    def _read(self) -> None:
        chunk = os.read(self._output, _CHUNK)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            with suppress(ValueError):
                self._heard(json.loads(line))
        if not chunk:
            self._loop.remove_reader(self._output)
            assert self._process and self._process.stdin
            with suppress(OSError):  # It may still take a request, but would never answer.
                self._process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.2)
            self._hang_up(TrainerError(self._last_words(), "engine"))

    def _heard(self, record: Mapping[str, Any]) -> None:
        if "ready" in record and not self._told_ready.done():
            told = record["ready"]
            self._told_ready.set_result(
                Ready(told["keras"], told["tensorflow"], tuple(told["devices"]))
            )
            return
        answer = self._answers.pop(record.get("id") or 0, None)
        error = record.get("error")
        if error and answer is None:
            self._hang_up(TrainerError(error["message"], error.get("where") or "engine"))
        elif error and answer and not answer.done():
            answer.set_exception(TrainerError(error["message"], error.get("where") or ""))
        elif answer and not answer.done():
            answer.set_result(record.get("ok", {}))

    def _hang_up(self, error: TrainerError) -> None:
        waiting: list[asyncio.Future[Any]] = [self._told_ready, *self._answers.values()]
        for future in waiting:
            if not future.done():
                future.set_exception(error)
                future.exception()
        self._answers.clear()

    def _last_words(self) -> str:
        try:
            printed = self.log.read_bytes()[self._log_began :]
            lines = printed.decode("utf-8", "replace").strip().splitlines()
        except OSError:
            lines = []
        status = self._process.poll() if self._process else None
        if status in (-signal.SIGKILL, -signal.SIGTERM):  # It had no time for a word of its own.
            return "was killed from outside"
        words = f": {lines[-1].strip()}" if lines else ""
        how = "" if status is None else f" with status {status}"
        return f"stopped unexpectedly{how}{words} (all it printed: {self.log})"
