"""What the commands show of a run: JSON for programs, plain lines in a pipe."""

from __future__ import annotations

from typing import Protocol, TextIO

from tui_trainer.core.brief import harmless
from tui_trainer.core.events import (
    EpochEnded,
    Event,
    Finished,
    Noted,
    PhaseBegan,
    Resumed,
    dumps,
    to_json,
)
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import Status
from tui_trainer.core.told import best_value, ending, figures, phase_words, resumed_words


class Front(Protocol):
    """Shows one run after another."""

    def waiting(self, what: str) -> None:
        """Show that something takes its time before a run begins, such as `importing Keras`."""

    def began(self, run: RunDir, title: str) -> None:
        """Show that a run begins."""

    def happened(self, event: Event) -> None:
        """Show an event of the run."""

    def update(self, status: Status) -> None:
        """Show what the run is doing now."""

    def said(self, text: str) -> None:
        """Tell the user something that is no event of the run."""

    def close(self) -> None:
        """Give the terminal back."""


class JsonFront:
    """One JSON object for each event, with the run it belongs to, and nothing else."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out, self._err = out, err
        self._run = ""

    def waiting(self, what: str) -> None:
        """Show nothing."""

    def began(self, run: RunDir, title: str) -> None:
        """Remember which run the events are of."""
        self._run = str(run.path)

    def happened(self, event: Event) -> None:
        """Print the event."""
        record = {**to_json(event), "run": self._run}
        print(dumps(record), file=self._out, flush=True)

    def update(self, status: Status) -> None:
        """Show nothing."""

    def said(self, text: str) -> None:
        """Print the text on standard error."""
        print(text, file=self._err, flush=True)

    def close(self) -> None:
        """Do nothing: every line is out."""


class PlainFront:
    """A line for each phase, epoch, note and download, and the figures at the end."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out, self._err = out, err
        self._epochs = 0
        self._note = ""

    def waiting(self, what: str) -> None:
        """Show nothing: a pipe has no use for it."""

    def began(self, run: RunDir, title: str) -> None:
        """Print the run's name and title."""
        self._epochs, self._note = 0, ""
        self._print(f"{run.name}: {title}" if title else run.name)

    def happened(self, event: Event) -> None:
        """Print what is worth a line: of phases, those that no epoch speaks for."""
        if isinstance(event, PhaseBegan) and event.phase not in IN_EPOCHS:
            self._print(phase_words(event.phase))
        for line in event_lines(event, self._epochs):
            self._print(line)

    def update(self, status: Status) -> None:
        """Print what is being waited for, once."""
        self._epochs = status.epochs
        note = status.note.partition(":")[0]
        if note and note != self._note:
            self._print(note)
        self._note = note

    def said(self, text: str) -> None:
        """Print the text on standard error."""
        print(harmless(text), file=self._err, flush=True)

    def close(self) -> None:
        """Do nothing: every line is out."""

    def _print(self, line: str) -> None:
        print(harmless(line), file=self._out, flush=True)


IN_EPOCHS = ("train", "validate")
"""The phases of which an epoch consists."""


def event_lines(event: Event, epochs: int = 0) -> list[str]:
    """Return what a user who reads along wants to keep of an event, as lines.

    `epochs` is how many the run is to have, 0 while that is not known. A failure is told on
    standard error, by who follows the run.
    """
    match event:
        case EpochEnded():
            of = f"{event.epoch:>{len(str(epochs))}}/{epochs}" if epochs else str(event.epoch)
            return [f"epoch {of}  {figures(event.metrics)}  {event.seconds:.1f} s"]
        case Finished():
            rows = (
                ("best", best_value(event.best)),
                ("test", figures(event.test)),
                ("run", event.run),
            )
            return [ending(event), *(f"{name:<6}{text}" for name, text in rows if text)]
        case Noted():
            return [event.text]
        case Resumed():
            return [resumed_words(event)]
        case _:
            return []
