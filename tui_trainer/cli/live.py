"""What `train` shows of a run on a terminal."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from tui_trainer.cli.front import IN_EPOCHS, event_lines
from tui_trainer.cli.streams import Streams
from tui_trainer.core.brief import harmless
from tui_trainer.core.events import Event, Metrics, PhaseBegan
from tui_trainer.core.progress import share
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import Status
from tui_trainer.core.told import best_words, figures, phase_words
from tui_trainer.core.words import duration, spaced

_REFRESHES = 8
"""Pictures a second."""


class LiveFront:
    """Finished epochs as lines that stay, and below them what is going on."""

    def __init__(self, streams: Streams) -> None:
        self._console = Console(file=streams.out, highlight=False)
        self._err = streams.err
        self._waiting = ""
        self._since = time.monotonic()
        self._status, self._share = Status(), 0.0
        self._live = _Patient(
            streams,
            console=self._console,
            get_renderable=self._picture,
            refresh_per_second=_REFRESHES,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start()

    def waiting(self, what: str) -> None:
        """Show what is being waited for, and for how long."""
        self._waiting, self._since = what, time.monotonic()

    def began(self, run: RunDir, title: str) -> None:
        """Print the run's name and title."""
        self._status, self._share = Status(), 0.0
        self._print(f"{run.name}: {title}" if title else run.name)

    def happened(self, event: Event) -> None:
        """Print what stays, and name what is being waited for."""
        if isinstance(event, PhaseBegan):
            self.waiting("" if event.phase in IN_EPOCHS else phase_words(event.phase))
        for line in event_lines(event, self._status.epochs):
            self._print(line.removeprefix("epoch "))

    def update(self, status: Status) -> None:
        """Show what the run is doing now."""
        self._status, self._share = status, share(status, self._share)

    def said(self, text: str) -> None:
        """Print the text above the picture, or where standard error leads to."""
        if self._err.isatty():
            self._print(text)
        else:
            print(harmless(text), file=self._err, flush=True)

    def close(self) -> None:
        """Leave only the lines that stay."""
        self._live.stop()

    def _print(self, line: str) -> None:
        self._console.print(harmless(line), markup=False)

    def _picture(self) -> RenderableType:
        status = self._status
        if status.note:
            return Text(status.note)
        if self._waiting:
            return Text(f"{self._waiting} {time.monotonic() - self._since:.1f} s")
        metrics = figures(_training_first(status.metrics))
        return Group(_bars(status, self._share), Text(metrics), Text(best_words(status.best)))


class _Patient(Live):
    """Draws no picture while the terminal has not taken in what was printed before."""

    def __init__(self, streams: Streams, **options: Any) -> None:
        super().__init__(**options)
        self._streams = streams

    def refresh(self) -> None:
        """Draw the picture anew, if it can be seen."""
        if self._streams.idle:
            super().refresh()


def _bars(status: Status, done: float) -> Table:
    """Return the bars of epochs and batches."""
    table = Table.grid(padding=(0, 1))
    table.add_row(
        f"epoch {status.epoch}/{status.epochs}",
        ProgressBar(total=1.0, completed=done, width=24),
        "" if status.eta is None else f"{duration(status.eta)} to go",
    )
    rate = round(status.samples_per_second)
    table.add_row(
        f"batch {status.batch}/{status.batches}",
        ProgressBar(total=max(status.batches, 1), completed=status.batch, width=24),
        _joined(
            status.state if status.state == "paused" else "",
            phase_words(status.phase) if status.phase == "validate" else "",
            f"{spaced(rate)} samples/s" if rate else "",
            status.usage.words(status.device) or status.device,
        ),
    )
    return table


def _training_first(metrics: Metrics) -> Metrics:
    return dict(sorted(metrics.items(), key=lambda item: item[0].startswith("val_")))


def _joined(*texts: str) -> str:
    return " · ".join(filter(None, texts))
