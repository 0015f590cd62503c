"""The engine that stands by while the user edits, and the next one after it was given a run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tui_trainer.core.catalogue import Catalogue, read_cached, write_cached
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.places import cache_dir
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.toml import dumps
from tui_trainer.ui.client import ENGINE, Engine
from tui_trainer.ui.verdict import Verdict


class Standby:
    """Keeps one engine ready, and knows what Keras offers."""

    def __init__(self, changed: Callable[[], None], command: Sequence[str] = ENGINE) -> None:
        self.catalogue = read_cached(_installed_keras())
        self.failure = ""
        """Why there is no engine, in a line."""
        self.engine: Engine | None = None
        self._changed = changed
        self._command = command
        self._starting: asyncio.Task[None] | None = None

    @property
    def words(self) -> str:
        """What the engine is doing, in a few words."""
        if self.failure:
            return "no engine"
        if self.engine is None:
            return "the next engine starts in a moment"
        if self.engine.ready is None:
            return f"importing Keras {self.engine.waited:.1f} s"
        ready = self.engine.ready
        return f"engine ready · {' · '.join(ready.devices)} · Keras {ready.keras}"

    async def ready(self) -> Engine:
        """Return an engine that can be asked, starting one if there is none, or raise."""
        if self.engine is None or (self.engine.ready and not self.engine.alive):
            self.engine = None
            self._starting = None
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        await asyncio.shield(self._starting)
        if self.engine is None:
            raise TrainerError(self.failure, "")
        return self.engine

    async def check(self, experiment: Experiment) -> Verdict | None:
        """Return shapes and problems; None if a later question made this one idle."""
        engine = await self.ready()
        answer = await engine.ask("check", experiment=dumps(experiment))
        return None if answer.get("stale") else Verdict.from_json(answer)

    async def preview(self, experiment: Experiment) -> Mapping[str, Any]:
        """Return samples of the training data, if they are on this machine."""
        engine = await self.ready()
        return await engine.ask("preview", experiment=dumps(experiment))

    async def train(self, run: RunDir) -> Engine:
        """Hand the engine to a run; another is started when it is needed next."""
        engine = await self.ready()
        self.engine = self._starting = None
        await engine.ask("train", run=str(run.path.absolute()))
        return engine

    def release(self) -> None:
        """Let the engine end."""
        if self.engine:
            self.engine.release()
        if self._starting:
            self._starting.cancel()

    async def _start(self) -> None:
        self.failure = ""
        log = cache_dir() / "engine.log"
        engine = self.engine = Engine(log, self._command)
        self._changed()
        try:
            await engine.start()
            if self.catalogue is None:
                answer = await engine.ask("catalogue")
                self.catalogue = Catalogue.from_json(answer["catalogue"])
                write_cached(self.catalogue)
        except (TrainerError, OSError, ValueError, KeyError) as error:
            self.failure = str(error)
            self.engine = self._starting = None
            engine.release()
        self._changed()


def _installed_keras() -> str:
    try:
        return version("keras")
    except PackageNotFoundError:
        return "none"
