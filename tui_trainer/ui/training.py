"""Handing runs to engines, and watching them."""

from __future__ import annotations

import asyncio
import math
import socket
import time
from contextlib import suppress
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from tui_trainer.core.claim import Claim, state_of
from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError, telling
from tui_trainer.core.events import Failed
from tui_trainer.core.modelfile import from_anywhere
from tui_trainer.core.rundir import RunDir, create_run, find_runs
from tui_trainer.core.status import LIVE
from tui_trainer.core.toml import dumps
from tui_trainer.core.watch import Watch
from tui_trainer.core.words import shortened
from tui_trainer.ui.client import Engine
from tui_trainer.ui.standby import Standby

_HERE = socket.gethostname()
_LOOK, _QUICK_LOOK = 0.25, 0.05
"""Seconds between two looks at run folders, and while a run's first batch is waited for."""
_FIRST_MOMENTS = 3.0
_SHARE, _SELDOM = 0.03, 2.0
"""Looks may take this share of a processor; but no pause between them is longer than this."""
_NAME = 24
"""Columns of a run's name beside what it does."""
_LONG = 120.0
"""Seconds of training beside which the few that an engine computes at its start are nothing."""


class Room(IntEnum):
    """What the machine has time for beside the runs."""

    NONE = 0
    ENGINE = 1
    """An engine's start: the runs go on for so long that they would not notice."""
    ALL = 2
    """No run computes on this machine."""


class Training:
    """The run on the screen, and all that go on."""

    def __init__(self, standby: Standby, runs: Path) -> None:
        self.watched: Watch | None = None
        self.starting = False
        """Whether a run waits for its engine."""
        self._standby = standby
        self._runs = runs
        self.ended: list[Watch] = []
        """The runs that went on at the poll before the last, and not at the last."""
        self._lived: set[Path] = set()
        self._known: dict[Path, Watch] = {}
        """The runs that were met or started and go on, by path."""
        self._engines: dict[Path, Engine] = {}
        """The engines that were started from here and given a run."""
        self._began = -math.inf
        """When the last run was begun from here."""
        self._room_then = Room.ALL
        """What the machine had time for when that was asked last."""

    @property
    def live(self) -> Watch | None:
        """The watched run, if it goes on."""
        return self.watched if self.watched and self.watched.live else None

    @property
    def all_live(self) -> list[Watch]:
        """All runs known here that go on."""
        return [watch for watch in self._known.values() if watch.live]

    @property
    def idle(self) -> bool:
        """Whether the machine has nothing to do for a run."""
        return self.room is Room.ALL

    @property
    def room(self) -> Room:
        """What the machine has time for now."""
        if self.starting:
            return Room.NONE
        busy = [watch for watch in self.all_live if _computes_here(watch)]
        long = all((watch.status.eta or 0.0) > _LONG for watch in busy)
        return Room.ENGINE if busy and long else Room.NONE if busy else Room.ALL

    def has_more_room(self) -> bool:
        """Return whether the machine has time for more than when this was asked last."""
        before, self._room_then = self._room_then, self.room
        return self._room_then > before

    def pause(self, spent: float) -> float:
        """Return the seconds until the screen is to look at the runs again; few at their start.

        `spent` is what the last look took of a processor, to the last letter on the screen: it is
        the processor that trains.
        """
        if time.monotonic() - self._began < _FIRST_MOMENTS:
            return _LOOK if self.watched and self.watched.moved else _QUICK_LOOK
        return min(max(_LOOK, spent / _SHARE), _SELDOM) if self.all_live else _LOOK

    async def start(self, document: Document) -> None:
        """Make a run of the open experiment and hand it to the engine, or raise TrainerError."""
        text = dumps(from_anywhere(document.experiment))
        await self._hand_over(create_run(self._runs, document.name, text))

    async def resume(self, run: RunDir) -> None:
        """Hand a run that is ready to go on to the engine, or raise TrainerError."""
        await self._hand_over(run, await self.open(run))

    async def meet(self) -> list[Watch]:
        """Return the runs of the folder that go on, and those lost since one ended, newest first.

        Those that go on are known from now on.
        """

        def look() -> list[Watch]:
            found, ended = [], False
            for run in find_runs(self._runs):
                state = state_of(run, run.status())
                ended |= state not in (*LIVE, "lost")
                if state in LIVE or (state == "lost" and not ended):
                    with suppress(TrainerError):
                        found.append(self._known.get(run.path) or Watch.open(run))
            return found

        met = await asyncio.to_thread(look)
        self._known = {**{watch.run.path: watch for watch in met if watch.live}, **self._known}
        return met

    async def open(self, run: RunDir) -> Watch:
        """Return a run as it is now, or raise TrainerError."""
        if run.path in self._known:
            return self._known[run.path]
        return await asyncio.to_thread(Watch.open, run)

    def watch(self, watch: Watch) -> None:
        """Have a run be the one on the screen."""
        self.watched = self._known[watch.run.path] = watch

    def poll(self) -> bool:
        """Read what is new; return whether anything is in the watched run."""
        changed = False
        for watch in self._known.values():
            changed |= watch.poll() and watch is self.watched
        known, live = self._known, {path for path, watch in self._known.items() if watch.live}
        self.ended = [known[path] for path in self._lived - live]
        self._lived = live
        self._known = {path: w for path, w in known.items() if w.live or w is self.watched}
        for path, engine in list(self._engines.items()):
            if not engine.alive:
                engine.release()
                del self._engines[path]
        return changed or self.watched in self.ended

    def release(self) -> None:
        """Let go of the engines: their runs go on."""
        for engine in self._engines.values():
            engine.release()

    def words(self) -> str:
        """Return what the live runs are doing, in a few words."""
        running = self.all_live
        if len(running) > 1:
            paused = sum(watch.state == "paused" for watch in running)
            more = f", {paused} of them paused" if paused else ""
            return f"{len(running)} runs go on{more}"
        status = running[0].status
        doing = f"epoch {status.epoch}/{status.epochs}" if status.epoch else ""
        taken = status.usage.words(status.device) or status.device
        parts = (f"run {shortened(running[0].run.name, _NAME)}", running[0].state, doing, taken)
        return " · ".join(filter(None, parts))

    async def _hand_over(self, run: RunDir, watch: Watch | None = None) -> None:
        """Have an engine train a run, from where it stands; TrainerError says what hinders it.

        The engine has it before anything else happens: the app may be left at any time.
        """
        self.starting, self._began, self._room_then = True, time.monotonic(), Room.NONE
        try:
            watch = watch or Watch.open(run)
            with Claim(run):
                engine = self._standby.take()
                _write_starting(run, engine)
            watch.poll()
            self.watch(watch)
            self._engines[run.path] = engine
            answer = engine.ask("train", run=str(run.path.absolute()))
            await _until_begun(run, engine, answer)
        except TrainerError as error:
            _write_failed(run, error)
            raise
        finally:
            self.starting = False


def _computes_here(watch: Watch) -> bool:
    return watch.state != "paused" and watch.status.host in ("", _HERE)


async def _until_begun(run: RunDir, engine: Engine, answer: asyncio.Future[Any]) -> None:
    """Wait for the engine to begin; while it imports Keras, say so in the run's folder."""
    while not answer.done():
        if engine.ready is None:
            note = f"importing Keras {engine.waited:.1f} s"
            with suppress(OSError):
                run.write_status(replace(run.status(), note=note, heartbeat=time.time()))
        await asyncio.wait([answer], timeout=0.2)
    answer.result()


def _write_starting(run: RunDir, engine: Engine) -> None:
    """Say that a run waits for its engine, which is the one to be gone if it is lost now."""
    beginning = replace(
        run.status(),
        state="starting",
        phase="",
        note="",
        eta=None,
        pid=engine.pid,
        host=_HERE,
        heartbeat=time.time(),
    )
    with telling("cannot be written", run.path):
        run.write_status(beginning)


def _write_failed(run: RunDir, error: TrainerError) -> None:
    """Say in a run's folder why it could not begin, unless another process trains it."""
    with suppress(OSError, TrainerError), Claim(run):
        run.add_event(Failed(error.message, error.where, time.time()))
        run.write_status(replace(run.status(), state="failed", note=str(error)))
