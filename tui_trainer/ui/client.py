"""The engine as the screen knows it: a process that answers questions, and then trains."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tui_trainer.core.errors import TrainerError

ENGINE = (sys.executable, "-m", "tui_trainer.engine")
"""The command of an engine process, but for where it logs."""
_LONGEST_LINE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ready:
    """What an engine says of itself once Keras is imported."""

    keras: str
    tensorflow: str
    devices: tuple[str, ...]


class Engine:
    """One engine process; it stands by until it is given a run, and ends with that run."""

    def __init__(self, log: Path, command: Sequence[str] = ENGINE) -> None:
        self.log = log
        self._command = command
        self.began = time.monotonic()
        self.ready: Ready | None = None
        self._process: Process | None = None
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading: asyncio.Task[None] | None = None
        self._told_ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
        self._last_id = 0

    async def start(self) -> Ready:
        """Start the process and wait until Keras is imported, or raise TrainerError."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(*self._command, "--log", str(self.log)),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                start_new_session=True,
                limit=_LONGEST_LINE,
            )
        except OSError as error:
            raise TrainerError(f"could not be started: {error}", "engine") from error
        self._reading = asyncio.create_task(self._read())
        self.ready = await self._told_ready
        return self.ready

    @property
    def alive(self) -> bool:
        """Whether the process is there to be asked."""
        return self._process is not None and self._process.returncode is None

    @property
    def waited(self) -> float:
        """Seconds since the engine was started."""
        return time.monotonic() - self.began

    async def ask(self, request: str, **arguments: str) -> dict[str, Any]:
        """Return the answer to a request, or raise TrainerError with the engine's own words."""
        if not self._process or not self._process.stdin or not self.alive:
            raise TrainerError(self._last_words(), "engine")
        self._last_id += 1
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[self._last_id] = answer
        line = json.dumps({"id": self._last_id, "do": request, **arguments})
        try:
            self._process.stdin.write(line.encode() + b"\n")
            await self._process.stdin.drain()
        except ConnectionError as error:
            raise TrainerError(self._last_words(), "engine") from error
        return await answer

    async def ended(self) -> int:
        """Wait for the end of the process and return its exit status."""
        return await self._process.wait() if self._process else 0

    def release(self) -> None:
        """Close the line to the process: one that stands by ends, one that trains goes on."""
        if self._process and self._process.stdin:
            self._process.stdin.close()

    async def _read(self) -> None:
        assert self._process and self._process.stdout
        async for line in self._process.stdout:
            try:
                self._heard(json.loads(line))
            except ValueError:
                continue
        await self._process.wait()
        self._hang_up(TrainerError(self._last_words(), "engine"))

    def _heard(self, record: Mapping[str, Any]) -> None:
        if "ready" in record and not self._told_ready.done():
            told = record["ready"]
            self._told_ready.set_result(
                Ready(told["keras"], told["tensorflow"], tuple(told["devices"]))
            )
            return
        answer = self._answers.pop(record.get("id", 0), None)
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
            lines = self.log.read_text("utf-8", "replace").strip().splitlines()
        except OSError:
            lines = []
        words = f": {lines[-1].strip()}" if lines else ""
        return f"stopped unexpectedly{words} (all it printed: {self.log})"
