"""Starting a run, steering it, and watching it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import Failed
from tui_trainer.core.rundir import RunDir, create_run
from tui_trainer.core.toml import dumps
from tui_trainer.core.watch import Watch
from tui_trainer.ui.client import Engine
from tui_trainer.ui.standby import Standby
from tui_trainer.ui.workspace import Workspace


class Training:
    """The run on the screen, and the engines that were given runs from here."""

    def __init__(self, standby: Standby, runs: Path) -> None:
        self.watched: Watch | None = None
        self.starting = False
        """Whether a run waits for its engine."""
        self._standby = standby
        self._runs = runs
        self._engines: dict[Path, Engine] = {}

    @property
    def live(self) -> Watch | None:
        """The watched run, if it goes on."""
        return self.watched if self.watched and self.watched.live else None

    async def start(self, document: Document) -> None:
        """Make a run of the open experiment and hand it to the engine, or raise TrainerError."""
        run = create_run(self._runs, document.name, dumps(document.experiment))
        self.watched = Watch.open(run)
        self.starting = True
        try:
            await self._wait_for_engine(run)
            self._engines[run.path] = await self._standby.train(run)
        except TrainerError as error:
            run.add_event(Failed(error.message, error.where, time.time()))
            run.write_status(replace(run.status(), state="failed"))
            raise
        finally:
            self.starting = False

    def show(self, run: RunDir) -> None:
        """Watch another run, or raise TrainerError."""
        self.watched = Watch.open(run)

    def ask(self, command: str) -> None:
        """Send a command to the watched run."""
        if self.live:
            self.live.run.send(command)

    def poll(self) -> bool:
        """Read what is new; return whether anything is."""
        for path, engine in list(self._engines.items()):
            if not engine.alive:
                engine.release()
                del self._engines[path]
        return self.watched is not None and self.watched.poll()

    def release(self) -> None:
        """Let go of the engines: their runs go on."""
        for engine in self._engines.values():
            engine.release()

    def words(self) -> str:
        """Return what the watched run is doing, in a few words."""
        if self.watched is None:
            return ""
        status = self.watched.status
        doing = f"epoch {status.epoch}/{status.epochs}" if self.live and status.epoch else ""
        parts = (f"run {self.watched.run.name}", self.watched.state, doing, status.device)
        return " · ".join(filter(None, parts))

    def reasons(self, workspace: Workspace) -> dict[str, str]:
        """Return why a button of the Train tab can do nothing now, by its id."""
        problems = workspace.problems()
        no_run = "no run is going on" if not self.live else ""
        none_yet = "no run yet" if self.watched is None else ""
        return {
            "train-button": f"Train: {problems[0]}" if problems else "",
            "early-stop": f"Early stop: {none_yet or no_run}" if no_run else "",
            "stop-now": f"Stop now: {no_run}" if no_run else "",
        }

    async def _wait_for_engine(self, run: RunDir) -> None:
        """Wait until the engine can take the run, and say so in the run's folder meanwhile."""
        began = time.time()
        engine = asyncio.create_task(self._standby.ready())
        while not engine.done():
            now = time.time()
            note, waited = self._standby.words, now - began
            run.write_status(replace(run.status(), note=note, seconds=waited, heartbeat=now))
            await asyncio.wait([engine], timeout=0.2)
        engine.result()
