"""The first minutes: a line on each tab that says what to do there, until that was done once."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from tui_trainer.core.document import Document
from tui_trainer.core.places import cache_dir
from tui_trainer.ui.keymap import with_keys

HINTS = {
    "data": "enter opens a task, {train} trains it",
    "model": "enter edits a layer, {model.add} adds one, {show_compile} goes on",
    "compile": "enter edits what is listed, {train} trains",
    "train": "{train} starts a run, its curves come here",
    "runs": "what you train is listed here, {train} begins",
}
"""What to do on each tab, the names of commands standing for their keys.

With what stands before it, it is a line of 80 columns.
"""


class Welcome:
    """Knows whether somebody is new here, and what of it they have done."""

    def __init__(self, runs: Path, document: Document) -> None:
        """Take the folder of runs, whoever has some is not new, and what is open at first."""
        self._met = cache_dir() / "welcomed"
        self._over = self._met.exists() or _holds_something(runs)
        self._document = document
        self._done: set[str] = set()

    def hint(self, tab: str, document: Document, has_run: bool) -> str:
        """Return what to do on a tab; nothing once it was done there, or once there is a run.

        `document` is what is open now: one that has become another was edited on this tab.
        """
        if document is not self._document:
            self._done.add(tab)
            self._document = document
        if has_run and not self._over:
            self._over = True
            with suppress(OSError):  # Then the next start is a first one too.
                self._met.parent.mkdir(parents=True, exist_ok=True)
                self._met.touch()
        return "" if self._over or tab in self._done else with_keys(HINTS[tab])


def _holds_something(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except OSError:
        return False
