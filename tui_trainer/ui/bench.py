"""The open document, and what the engine says of it as it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data, Experiment
from tui_trainer.ui.standby import Standby
from tui_trainer.ui.workspace import Workspace

PATIENCE = 0.3
"""Seconds that a verdict may take before the screen says that it is waited for."""


class Bench:
    """Holds the workspace, and has the engine judge each new experiment."""

    def __init__(self, document: Document, standby: Standby, changed: Callable[[], None]) -> None:
        self._workspace = Workspace(document, standby.catalogue)
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

    async def judge(self) -> None:
        """Ask the engine about the experiment whenever it has changed; never returns."""
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
            await self._edited.wait()
            self._edited.clear()

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
