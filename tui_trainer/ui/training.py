"""Starting a run, steering it, and watching it."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import suppress
from dataclasses import replace
from enum import IntEnum
from pathlib import Path

from tui_trainer.core.claim import state_of
from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import Failed
from tui_trainer.core.rundir import RunDir, create_run, find_runs
from tui_trainer.core.status import LIVE
from tui_trainer.core.toml import dumps
from tui_trainer.core.watch import Watch
from tui_trainer.ui.client import Engine
from tui_trainer.ui.standby import Standby
from tui_trainer.ui.workspace import Workspace

_LOOK, _QUICK_LOOK = 0.25, 0.05
"""Seconds between two looks at run folders, and while a run's first batch is waited for."""
_FIRST_MOMENTS = 3.0
_LONG = 120.0
"""Seconds of training beside which the few that an engine computes at its start are nothing."""


class Room(IntEnum):
    """What the machine has time for beside the runs."""

    NONE = 0
    ENGINE = 1
    """An engine's start: the runs go on for so long that they would not notice."""
    ALL = 2
    """No run goes on."""


class Training:
    """The run on the screen, and those that were started from here."""

    def __init__(self, standby: Standby, runs: Path) -> None:
        self.watched: Watch | None = None
        self.starting = False
        """Whether a run waits for its engine."""
        self._standby = standby
        self._runs = runs
        self._started: dict[Path, tuple[Watch, Engine]] = {}
        self._began = -math.inf
        """When the last run was begun from here."""

    @property
    def live(self) -> Watch | None:
        """The watched run, if it goes on."""
        return self.watched if self.watched and self.watched.live else None

    @property
    def all_live(self) -> list[Watch]:
        """All runs known here that go on: the watched one, and those started from here."""
        started = (watch for watch, _ in self._started.values())
        known = {watch.run.path: watch for watch in (*started, self.watched) if watch}
        return [watch for watch in known.values() if watch.live]

    @property
    def room(self) -> Room:
        """What the machine has time for now."""
        if self.starting:
            return Room.NONE
        live = self.all_live
        long = all((watch.status.eta or 0.0) > _LONG for watch in live)
        return Room.ENGINE if live and long else Room.NONE if live else Room.ALL

    @property
    def pause(self) -> float:
        """Seconds until the screen is to look at the runs again; few until the first batch."""
        fresh = time.monotonic() - self._began < _FIRST_MOMENTS
        waits = fresh and self.watched is not None and not self.watched.moved
        return _QUICK_LOOK if waits else _LOOK

    async def start(self, document: Document) -> None:
        """Make a run of the open experiment and hand it to the engine, or raise TrainerError."""
        run = create_run(self._runs, document.name, dumps(document.experiment))
        self.watched = Watch.open(run)
        self.starting, self._began = True, time.monotonic()
        try:
            engine = self._standby.take()
            self._started[run.path] = (self.watched, engine)
            await self._hand_over(run, engine)
        except TrainerError as error:
            self._started.pop(run.path, None)
            with suppress(OSError):
                run.add_event(Failed(error.message, error.where, time.time()))
                run.write_status(replace(run.status(), state="failed", note=str(error)))
            raise
        finally:
            self.starting = False

    async def find_live(self) -> bool:
        """Watch the newest run of the folder that goes on; return whether there is one."""

        def look() -> RunDir | None:
            runs = find_runs(self._runs)
            return next((run for run in runs if state_of(run, run.status()) in LIVE), None)

        run = await asyncio.to_thread(look)
        if run is None or self.watched:
            return False
        with suppress(TrainerError):
            self.show(run)
        return self.live is not None

    def show(self, run: RunDir) -> None:
        """Watch another run, or raise TrainerError."""
        started = self._started.get(run.path)
        self.watched = started[0] if started else Watch.open(run)

    def poll(self) -> bool:
        """Read what is new; return whether anything is in the watched run."""
        for path, (watch, engine) in list(self._started.items()):
            if watch is not self.watched:
                watch.poll()
            if not engine.alive:
                engine.release()
                del self._started[path]
        return self.watched is not None and self.watched.poll()

    def release(self) -> None:
        """Let go of the engines: their runs go on."""
        for _, engine in self._started.values():
            engine.release()

    def words(self) -> str:
        """Return what the live runs are doing, in a few words."""
        running = self.all_live
        if len(running) > 1:
            return f"{len(running)} runs are training"
        status = running[0].status
        doing = f"epoch {status.epoch}/{status.epochs}" if status.epoch else ""
        taken = status.usage.words(status.device) or status.device
        parts = (f"run {running[0].run.name}", running[0].state, doing, taken)
        return " · ".join(filter(None, parts))

    def reasons(self, workspace: Workspace) -> dict[str, str]:
        """Return why a button of the Train tab can do nothing now, by its id."""
        problems = workspace.problems
        no_run = "" if self.live else "no run to stop"
        return {
            "train-button": f"Train: {problems[0]}" if problems else "",
            "early-stop": no_run,
            "stop-now": no_run,
        }

    async def _hand_over(self, run: RunDir, engine: Engine) -> None:
        """Ask the engine to train; while it imports Keras, say so in the run's folder."""
        asked = asyncio.create_task(engine.ask("train", run=str(run.path.absolute())))
        while not asked.done():
            if engine.ready is None:
                note = f"importing Keras {engine.waited:.1f} s"
                with suppress(OSError):
                    run.write_status(replace(run.status(), note=note, heartbeat=time.time()))
            await asyncio.wait([asked], timeout=0.2)
        asked.result()
