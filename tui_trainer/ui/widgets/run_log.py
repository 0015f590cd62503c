"""What happened in a run, a line each."""

from __future__ import annotations

from time import localtime, strftime

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui_trainer.core.watch import Watch
from tui_trainer.core.words import event_line


class RunLog(VerticalScroll):
    """The events of a run but for its epochs, the newest at the end and in view."""

    DEFAULT_CSS = """
    RunLog { padding: 0 1; scrollbar-size-vertical: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []

    def compose(self) -> ComposeResult:
        """Make the text."""
        yield Static(markup=False)

    def show(self, watched: Watch) -> None:
        """Show the events of a run."""
        lines = [
            f"{strftime('%H:%M:%S', localtime(event.at))} {event_line(event, watched.run.path)}"
            for event in watched.log
        ]
        if lines != self._lines:
            self._lines = lines
            self.query_one(Static).update("\n".join(lines))
            self.scroll_end(animate=False)
