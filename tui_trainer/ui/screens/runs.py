"""The Runs tab: what was trained."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from tui_trainer.core.rundir import RunDir, find_runs
from tui_trainer.core.summary import Summary
from tui_trainer.core.words import count, figure, figures
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.pane import Pane
from tui_trainer.ui.training import Training
from tui_trainer.ui.widgets.parts_table import PartsTable
from tui_trainer.ui.workspace import Workspace

_LOOK_SECONDS = 1.0
"""How often the folder is looked through for new runs."""


_MARKS = {"running": "bold", "starting": "bold", "failed": "red", "lost": "red"}


class RunsPane(Pane):
    """All runs of the folder, newest first."""

    DEFAULT_CSS = """
    RunsPane { layout: vertical; }
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
        self._runs: list[tuple[RunDir, Summary]] = []
        self._looked_at = 0.0

    def compose(self) -> ComposeResult:
        """Make the table."""
        yield PartsTable(
            ("run", "state", "epochs ", "best", "test", "s ", "device", "began"), id="table"
        )
        yield Static(id="where", markup=False)

    async def show(self, workspace: Workspace, training: Training) -> None:
        """Show the folder as it is now."""
        self._looked_at = 0.0
        await self.show_progress(workspace, training)

    async def show_progress(self, workspace: Workspace, training: Training) -> None:
        """Look through the folder, once a second: it may be large, or far away."""
        if monotonic() - self._looked_at < _LOOK_SECONDS:
            return
        self._looked_at = monotonic()
        self._runs = await asyncio.to_thread(self._read, self._runs)
        table, many = self.query_one(PartsTable), len(self._runs)
        rows = [_row(summary) for _, summary in self._runs]
        table.show(rows, max(0, min(table.cursor_row, many - 1)))
        hint = "enter shows one, o opens its experiment" if many else "ctrl+r trains one"
        told = f"{count(many, 'run')} in {self._runs_dir} · {hint}"
        self.query_one("#where", Static).update(told)

    def _read(self, known: list[tuple[RunDir, Summary]]) -> list[tuple[RunDir, Summary]]:
        """Return the runs as they are now; one that has ended is read once."""
        ended = {run.path: read for run, read in known if not read.live}
        found = find_runs(self._runs_dir)
        return [(run, ended.get(run.path) or Summary.read(run)) for run in found]

    def focus_first(self) -> None:
        """Put the cursor into the table."""
        self.screen.set_focus(self.query_one(PartsTable))

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
        if 0 <= row < len(self._runs):
            self.post_message(self.Chosen(self._runs[row][0], edit))


def _row(run: Summary) -> tuple[Text, ...]:
    test = {name: value for name, value in [*run.test.items()][-1:]}
    best = f"{run.best.monitor} {figure(run.best.value)}" if run.best else ""
    return (
        Text(run.name, "bold"),
        Text(run.state, _MARKS.get(run.state, "")),
        Text(f"{run.epochs}/{run.planned}", justify="right"),
        Text(best),
        Text(figures(test)),
        Text(f"{run.seconds:.1f}", justify="right"),
        Text(run.device),
        Text(run.began, "dim"),
    )
