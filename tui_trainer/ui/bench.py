"""The open document, and what the engine says of it as it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data, Experiment
from tui_trainer.ui.standby import Standby
from tui_trainer.ui.workspace import Workspace

PATIENCE = 0.3
"""Seconds that a verdict may take before the screen says that it is waited for."""
GLANCE = 0.7
"""Seconds without an edit after which the user seems to look at what is to be trained."""


class Bench:
    """Holds the workspace, and has the engine judge each new experiment."""

    def __init__(self, document: Document, standby: Standby, changed: Callable[[], None]) -> None:
        self._workspace = Workspace(document)
        self._standby = standby
        self._changed = changed
        self._edited = asyncio.Event()
        self._told = asyncio.Event()
        """Set whenever the engine has said something."""
        self._previewed: Data | None = None

    @property
    def workspace(self) -> Workspace:
        """What is open and known now."""
        if self._workspace.catalogue is not self._standby.catalogue:
            self._workspace = replace(self._workspace, catalogue=self._standby.catalogue)
        return self._workspace

    @property
    def document(self) -> Document:
        """The open document."""
        return self._workspace.document

    def set_document(self, document: Document) -> None:
        """Take an edit, and have it judged."""
        self._workspace = replace(self._workspace, document=document, slow=False)
        self._edited.set()
        self._changed()
        asyncio.get_running_loop().call_later(PATIENCE, self._wait, document)

    async def settled(self) -> None:
        """Wait for the verdict on what is open, if there has been one and another is under way."""
        while self._workspace.verdict and not (self._workspace.fresh or self._workspace.trouble):
            self._told.clear()
            await self._told.wait()

    async def try_weights(self, document: Document) -> None:
        """Ask the engine whether a document's layers take the weights that training starts from.

        TrainerError says why they do not.
        """
        verdict = await self._standby.check(document.experiment)
        for problem in verdict.problems if verdict else ():
            if problem.where == ("fit", "initial_weights"):
                raise TrainerError(problem.message)

    def wake(self) -> None:
        """Have the experiment judged again: it takes a new engine if the last one is gone."""
        self._edited.set()

    async def judge(self, idle: Callable[[], bool]) -> None:
        """Ask the engine about the experiment whenever it has changed; never returns.

        While it is looked at and the machine is idle, its run is prepared.
        """
        while True:
            experiment = self.document.experiment
            try:
                verdict = await self._standby.check(experiment)
                if verdict:
                    self._take(verdict=verdict, judged=experiment, trouble="")
                if experiment.data != self._previewed:
                    await self._preview(experiment)
            except TrainerError as error:
                self._take(trouble=str(error))
            if not await self._edited_within(GLANCE) and idle():
                await self._prepare()
            await self._edited.wait()
            self._edited.clear()

    async def _edited_within(self, seconds: float) -> bool:
        try:
            return await asyncio.wait_for(self._edited.wait(), seconds)
        except TimeoutError:
            return False

    async def _prepare(self) -> None:
        """Have the run prepared of what is open, if it is ready to be trained."""
        if self._workspace.fresh and not self._workspace.problems:
            from tui_trainer.core.modelfile import from_anywhere  # Not before the first frame.

            with suppress(TrainerError):  # The run itself will tell.
                await self._standby.prepare(from_anywhere(self.document.experiment))

    async def _preview(self, experiment: Experiment) -> None:
        self._take(preview=None)
        try:
            preview = await self._standby.preview(experiment)
        except TrainerError as error:
            preview = {"samples": [], "error": str(error)}
        if preview.get("cached"):
            self._previewed = experiment.data
        self._take(preview=preview)

    def _wait(self, document: Document) -> None:
        """Have it said that the verdict is waited for, if it still is."""
        if document is self.document and not self._workspace.fresh:
            self._take(slow=True)

    def _take(self, **news: Any) -> None:
        self._workspace = replace(self._workspace, **news)
        self._told.set()
        self._changed()
