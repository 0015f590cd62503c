"""What happened in a run, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import localtime, strftime

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui_trainer.core.events import CheckpointSaved, Event
from tui_trainer.core.told import event_line
from tui_trainer.core.watch import Watch


class RunLog(VerticalScroll):
    """The events of a run but for its epochs, the newest at the end and in view."""

    DEFAULT_CSS = """
    RunLog { padding: 0 1; scrollbar-size-vertical: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._log: Sequence[Event] = ()
        self._shown = 0
        """How many events of the log are on the screen."""

    def compose(self) -> ComposeResult:
        """Make the text."""
        yield Static(markup=False)

    def show(self, watched: Watch) -> None:
        """Show the events of a run."""
        log = watched.log
        if log is self._log and len(log) == self._shown:
            return
        self._log, self._shown = log, len(log)
        lines = [
            f"{strftime('%H:%M:%S', localtime(event.at))} {event_line(event, watched.run.path)}"
            for event in _worth_a_line(log)
        ]
        self.query_one(Static).update("\n".join(lines))
        self.scroll_end(animate=False)


def _worth_a_line(log: Sequence[Event]) -> Iterator[Event]:
    """Yield all events but those of a checkpoint that was written over since."""
    newest = {event.path: event for event in log if isinstance(event, CheckpointSaved)}
    for event in log:
        if not isinstance(event, CheckpointSaved) or newest[event.path] is event:
            yield event
