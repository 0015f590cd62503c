"""What a run writes down: its events and its table of epochs, and where its status is kept."""

from __future__ import annotations

import csv
import io
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from tui_trainer.core.errors import reason
from tui_trainer.core.events import (
    EpochEnded,
    Event,
    Failed,
    Finished,
    Resumed,
    dumps,
    to_json,
)
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import Status
from tui_trainer.engine.tables import cut_rows


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
        self._tabled = 0
        """The epoch of the table's last row."""
        self._cut = True
        """Whether it is sure that nothing comes after that, not even half a row."""

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
            print(f"{self.run.events}: {reason(error)}", file=sys.stderr)

    def take_up(self, epoch: int, batch: int) -> None:
        """Tell that the run goes on after so many epochs; the table loses the rows after that."""
        self.tell(Resumed(epoch, batch, time.time()))
        self._tabled, self._cut = epoch, False
        self._write_rows()
        self._columns = self._header() if epoch else []
        self._tabled = epoch if self._columns else 0

    def _header(self) -> list[str]:
        """Return the columns of the table there is; nothing where it is none of ours."""
        columns: list[str] = []
        with (
            suppress(OSError, csv.Error),
            self.run.history.open(encoding="utf-8", errors="replace", newline="") as file,
        ):
            columns = next(csv.reader(file), [])
        return columns if columns[:1] == ["epoch"] else []

    def settle(self) -> None:
        """Have the history on the disk, before anything that speaks of it; raises OSError."""
        for path in (self.run.events, self.run.history):
            with suppress(FileNotFoundError), path.open("rb") as file:
                os.fsync(file.fileno())

    def add_row(self, event: EpochEnded) -> None:
        """Append an epoch to the table; its first epoch decides the columns."""
        row = {"epoch": event.epoch, "seconds": round(event.seconds, 6), **event.metrics}
        self._columns = self._columns or list(row)
        self._rows.append(_line(row, self._columns))
        if self._write_rows():
            self._tabled = event.epoch

    def _write_rows(self) -> bool:
        """Append what is to be appended, where nothing follows the last row; return whether."""
        try:
            if not self._cut:
                cut_rows(self.run.history, self._tabled + 1)
                self._cut = True
            if self._rows:
                mode = "a" if self._tabled else "w"
                with self.run.history.open(mode, encoding="utf-8", newline="") as file:
                    if not file.tell():
                        file.write(_line({name: name for name in self._columns}, self._columns))
                    file.write("".join(self._rows))
        except OSError as error:
            self._cut = False
            print(f"{self.run.history}: {reason(error)}", file=sys.stderr)
            return False
        self._rows.clear()
        return True


def _line(row: Mapping[str, Any], columns: list[str]) -> str:
    text = io.StringIO()
    csv.DictWriter(text, columns, extrasaction="ignore").writerow(row)
    return text.getvalue().replace("\r\n", "\n")
