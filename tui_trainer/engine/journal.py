"""What a run writes down: its events and its table of epochs, and where its status is kept."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tui_trainer.core.events import EpochEnded, Event, Failed, Finished, dumps, to_json
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import Status


class Journal:
    """The worker's side of a run folder; what cannot be written now is kept for the next time."""

    def __init__(self, run: RunDir) -> None:
        self.run = run
        self.status = Status()
        """The newest status: only the worker sets it, whole; anyone may read it."""
        self.fault: OSError | None = None
        """Why the last event could not be written."""
        self._pending: list[Event] = []
        self._ended = False
        self._rows: list[str] = []
        self._columns: list[str] = []

    def change(self, **fields: Any) -> None:
        """Set fields of the status."""
        self.status = replace(self.status, **fields)

    def tell(self, event: Event) -> None:
        """Append an event, after those that could not be written before.

        The outcome is the last one: what comes after it goes to the log alone.
        """
        if self._ended:
            print(dumps(to_json(event)), file=sys.stderr)
            return
        self._ended = isinstance(event, Finished | Failed)
        self._pending.append(event)
        try:
            while self._pending:
                self.run.add_event(self._pending[0])
                del self._pending[0]
            self.fault = None
        except OSError as error:
            self.fault = error
            print(f"{self.run.events}: {error.strerror or error}", file=sys.stderr)

    def add_row(self, event: EpochEnded) -> None:
        """Append an epoch to the table; its first epoch decides the columns."""
        row = {"epoch": event.epoch, "seconds": round(event.seconds, 6), **event.metrics}
        if not self._columns:
            self._columns = list(row)
            self._rows.append(_line(dict(zip(row, row, strict=True)), self._columns))
        self._rows.append(_line(row, self._columns))
        try:
            with self.run.history.open("a", encoding="utf-8", newline="") as file:
                file.write("".join(self._rows))
            self._rows.clear()
        except OSError as error:
            print(f"{self.run.history}: {error.strerror or error}", file=sys.stderr)


def _line(row: Mapping[str, Any], columns: list[str]) -> str:
    text = io.StringIO()
    csv.DictWriter(text, columns, extrasaction="ignore").writerow(row)
    return text.getvalue().replace("\r\n", "\n")
