"""The engine that stands by while the user edits, and the next one after it was given a run."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui_trainer.core.catalogue import Catalogue, read_cached, write_cached
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.places import cache_dir
from tui_trainer.core.toml import dumps
from tui_trainer.ui.client import ENGINE, Engine

if TYPE_CHECKING:
    from tui_trainer.core.verdict import Verdict


class Standby:
    """Keeps one engine ready, and knows what Keras offers."""

    def __init__(self, changed: Callable[[], None], command: Sequence[str] = ENGINE) -> None:
        self.catalogue: Catalogue | None = None
        """What Keras offers, once there is an engine or one has been there before."""
        self.failure = ""
        """Why there is no engine, in a line."""
        self.held = ""
        """What others hold of the GPUs' memory, as it was when the engine was asked last."""
        self.engine: Engine | None = None
        self._changed = changed
        self._command = command
        self._log = cache_dir() / "engine.log"
        self._starting: asyncio.Task[None] | None = None

    @property
    def words(self) -> str:
        """What the engine is doing, in a few words."""
        if self.failure:
            return "no engine"
        if self.engine is None and self._starting is None:
            return "starting the engine"
        if self.engine is None:
            return "the next engine starts when the run has ended"
        if not self.engine.alive:
            return "the engine has ended: the next edit starts another"
        if self.engine.ready is None:
            return f"importing Keras {self.engine.waited:.1f} s"
        ready = self.engine.ready
        return f"engine ready · {' · '.join(ready.devices)} · Keras {ready.keras}"

    async def check(self, experiment: Experiment) -> Verdict | None:
        """Return shapes and problems, or raise TrainerError; None if a run took the engine."""
        engine = await self._ready()
        if engine is None:
            return None
        from tui_trainer.core.verdict import Verdict  # Not before the first frame.

        try:
            answer = await engine.ask("check", experiment=dumps(experiment))
            self.held = str(answer.get("held") or "")
            return Verdict.from_json(answer)
        except ValueError as error:
            raise TrainerError(f"answered what cannot be read: {error}", "engine") from error

    async def preview(self, experiment: Experiment) -> Mapping[str, Any]:
        """Return samples of the training data, if they are on this machine."""
        engine = await self._ready()
        return await engine.ask("preview", experiment=dumps(experiment)) if engine else {}

    async def prepare(self, experiment: Experiment) -> None:
        """Have the engine make ready for a run of an experiment, if one stands by."""
        engine = self.engine
        if engine and engine.alive and engine.ready:
            await engine.ask("prepare", experiment=dumps(experiment))

    def take(self) -> Engine:
        """Return the engine, for a run to own, or raise TrainerError.

        It may still be importing Keras: what it is asked waits for it, even if the app goes away.
        """
        engine = self.engine
        if engine is None or not engine.alive:
            self.failure = ""
            engine = Engine(self._log, self._command)
            engine.launch()
        self.engine = None
        return engine

    def release(self) -> None:
        """Let the engine end."""
        if self.engine:
            self.engine.release()

    async def _ready(self) -> Engine | None:
        """Return an engine that can be asked, starting one if there is none."""
        if self.engine is None or not self.engine.alive:
            self.failure = ""
            self.engine = Engine(self._log, self._command)
            self._starting = asyncio.create_task(self._start(self.engine))
        if self._starting:
            await self._starting
        if self.failure:
            raise TrainerError(self.failure)
        return self.engine

    async def _start(self, engine: Engine) -> None:
        try:
            engine.launch()
            self._changed()
            if self.catalogue is None:
                self._know(await asyncio.to_thread(_cached))
            await engine.become_ready()
            if self.engine is engine and self.catalogue is None:
                answer = await engine.ask("catalogue")
                self._know(await asyncio.to_thread(_kept, answer["catalogue"]))
        except (TrainerError, ValueError, KeyError) as error:
            if self.engine is engine:
                self.failure = str(error)
                self.engine = None
            engine.release()
        self._changed()

    def _know(self, catalogue: Catalogue | None) -> None:
        """Take what Keras offers; no collection is to look through it, as through nothing before.

        That is so large that keys would wait.
        """
        self.catalogue = catalogue
        if gc.get_freeze_count():
            gc.freeze()
        self._changed()


# A catalogue is large: it is read in a thread, and keys are heard meanwhile.


def _cached() -> Catalogue | None:
    """Return what the installed Keras offers, if that was kept."""
    from importlib.metadata import PackageNotFoundError, version  # Not before the first frame.

    try:
        return read_cached(version("keras"))
    except PackageNotFoundError:
        return None


def _kept(text: str) -> Catalogue:
    """Return the catalogue that an engine sent, and keep it for the next start, or ValueError."""
    catalogue = Catalogue.from_json(text)
    write_cached(catalogue)
    return catalogue
