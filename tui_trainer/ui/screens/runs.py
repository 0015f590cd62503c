"""The Runs tab: what was trained."""

from __future__ import annotations

import time
from pathlib import Path

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from tui_trainer.core.events import Finished
from tui_trainer.core.rundir import RunDir, find_runs
from tui_trainer.core.watch import Watch, summary
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.widgets.parts_table import PartsTable


class RunsPane(Vertical):
    """All runs of the folder, newest first."""

    DEFAULT_CSS = """
    RunsPane > Static { height: auto; padding: 0 1; color: $text-muted; }
    """
    BINDINGS = bindings("runs")

    class Chosen(Message):
        """The user wants to see a run, or to edit its experiment."""

        def __init__(self, run: RunDir, edit: bool) -> None:
            super().__init__()
            self.run = run
            self.edit = edit

    def __init__(self, runs: Path) -> None:
        super().__init__(id="runs")
        self._runs_dir = runs
        self._watches: dict[Path, Watch] = {}
        self._shown: list[Watch] = []

    def compose(self) -> ComposeResult:
        """Make the table."""
        yield PartsTable(
            ("run", "state", "epochs ", "best", "test", "s ", "device", "began"), id="table"
        )
        yield Static(id="where")

    def refresh_runs(self) -> None:
        """Read what is new in the folder."""
        known = {}
        for run in find_runs(self._runs_dir):
            watch = self._watches.get(run.path) or summary(run)
            if watch:
                if watch.live or run.path in self._watches:
                    watch.poll()
                known[run.path] = watch
        self._watches = known
        self._shown = list(known.values())
        table = self.query_one(PartsTable)
        table.show([_row(watch) for watch in self._shown], min(table.cursor_row, len(known)))
        where = f"{len(known)} runs in {self._runs_dir.absolute()}"
        hint = " · enter shows one, o opens its experiment" if known else ": ctrl+r trains one"
        self.query_one("#where", Static).update(where + hint)

    def live_runs(self) -> list[Watch]:
        """Return the runs that go on, as last read."""
        return [watch for watch in self._shown if watch.live]

    def focus_first(self) -> None:
        """Put the cursor into the table."""
        self.refresh_runs()
        self.query_one(PartsTable).focus()

    @on(PartsTable.RowSelected)
    def _selected(self, event: PartsTable.RowSelected) -> None:
        event.stop()
        self.action_open_run()

    def action_open_run(self) -> None:
        """Show the curves of the run under the cursor."""
        self._choose(edit=False)

    def action_edit_run(self) -> None:
        """Open the experiment of the run under the cursor."""
        self._choose(edit=True)

    def _choose(self, edit: bool) -> None:
        row = self.query_one(PartsTable).cursor_row
        if 0 <= row < len(self._shown):
            self.post_message(self.Chosen(self._shown[row].run, edit))


def _row(watch: Watch) -> tuple[Text, ...]:
    status, outcome = watch.status, watch.outcome
    best = f"{status.best.monitor} {status.best.value:.4f}" if status.best else ""
    test = ""
    if isinstance(outcome, Finished):
        test = "  ".join(f"{name} {value:.4f}" for name, value in [*outcome.test.items()][-1:])
    done = len(watch.curves.epochs)
    began = time.localtime(watch.run.experiment.stat().st_mtime)
    marks = {"running": "bold", "starting": "bold", "failed": "red", "lost": "red"}
    return (
        Text(watch.run.name, "bold"),
        Text(watch.state, marks.get(watch.state, "")),
        Text(f"{done}/{watch.experiment.fit.epochs}", justify="right"),
        Text(best),
        Text(test),
        Text(f"{status.seconds:.1f}", justify="right"),
        Text(status.device),
        Text(time.strftime("%d %b %H:%M", began), "dim"),
    )
