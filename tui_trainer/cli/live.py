"""What `train` shows of a run on a terminal."""

from __future__ import annotations

import time

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from tui_trainer.cli.front import event_lines
from tui_trainer.cli.streams import Streams
from tui_trainer.cli.words import best_text, metrics_text
from tui_trainer.core.events import Event, Metrics, PhaseBegan
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import Status

_PHASES = {
    "load": "loading the data",
    "build": "building the model",
    "compile": "compiling",
    "evaluate": "testing",
    "save": "saving",
}
"""What a phase is called where there are no epochs to show."""
_REFRESHES = 8
"""Pictures a second."""


class LiveFront:
    """Finished epochs as lines that stay, and below them what is going on."""

    def __init__(self, streams: Streams) -> None:
        self._console = Console(file=streams.out, highlight=False)
        self._err = streams.err
        self._waiting = ""
        self._since = time.monotonic()
        self._status = Status()
        self._live = Live(
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
        self._status = Status()
        self._print(f"{run.name}: {title}" if title else run.name)

    def happened(self, event: Event) -> None:
        """Print what stays, and name what is being waited for."""
        if isinstance(event, PhaseBegan):
            self.waiting(_PHASES.get(event.phase, ""))
        for line in event_lines(event, self._status.epochs):
            self._print(line.removeprefix("epoch "))

    def update(self, status: Status) -> None:
        """Show what the run is doing now."""
        self._status = status

    def said(self, text: str) -> None:
        """Print the text above the picture, or where standard error leads to."""
        if self._err.isatty():
            self._print(text)
        else:
            print(text, file=self._err, flush=True)

    def close(self) -> None:
        """Leave only the lines that stay."""
        self._live.stop()

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False)

    def _picture(self) -> RenderableType:
        status = self._status
        if status.note:
            return Text(status.note)
        if self._waiting:
            return Text(f"{self._waiting} {time.monotonic() - self._since:.1f} s")
        best = f"best {best_text(status.best)}" if status.best else ""
        return Group(_bars(status), Text(metrics_text(_training_first(status.metrics))), Text(best))


def _bars(status: Status) -> Table:
    """Return the bars of epochs and batches."""
    table = Table.grid(padding=(0, 1))
    done = max(status.epoch - 1, 0) + (status.batch / status.batches if status.batches else 0)
    table.add_row(
        f"epoch {status.epoch}/{status.epochs}",
        ProgressBar(total=max(status.epochs, 1), completed=done, width=24),
        "" if status.eta is None else f"{_clock(status.eta)} to go",
    )
    speed = f"{status.samples_per_second:,.0f} samples/s" if status.samples_per_second else ""
    table.add_row(
        f"batch {status.batch}/{status.batches}",
        ProgressBar(total=max(status.batches, 1), completed=status.batch, width=24),
        _joined("validating" if status.phase == "validate" else "", speed, status.device),
    )
    return table


def _training_first(metrics: Metrics) -> Metrics:
    return dict(sorted(metrics.items(), key=lambda item: item[0].startswith("val_")))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _joined(*texts: str) -> str:
    return " · ".join(filter(None, texts))
