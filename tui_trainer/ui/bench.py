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


class Bench:
    """Holds the workspace, and has the engine judge each new experiment."""

    def __init__(self, document: Document, standby: Standby, changed: Callable[[], None]) -> None:
        self._workspace = Workspace(document, standby.catalogue)
        self._standby = standby
        self._changed = changed
        self._edited = asyncio.Event()
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
        self._workspace = replace(self._workspace, document=document)
        self._edited.set()
        self._changed()

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

    def _take(self, **news: Any) -> None:
        self._workspace = replace(self._workspace, **news)
        self._changed()
