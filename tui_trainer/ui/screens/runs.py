"""The Runs tab: what was trained."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from time import monotonic

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from tui_trainer.core.events import Finished
from tui_trainer.core.rundir import RunDir, find_runs
from tui_trainer.core.watch import Watch, summary
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.pane import Pane
from tui_trainer.ui.training import Training
from tui_trainer.ui.widgets.parts_table import PartsTable
from tui_trainer.ui.workspace import Workspace

_LOOK_SECONDS = 1.0
"""How often the folder is looked through for new runs."""


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
        self._watches: dict[Path, Watch] = {}
        self._shown: list[Watch] = []
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
        """Read on in the runs that go on; look for new ones once a second."""
        if monotonic() - self._looked_at > _LOOK_SECONDS:
            self._looked_at = monotonic()
            await self._look()
        for watch in self._watches.values():
            if watch.live:
                watch.poll()
        table, many = self.query_one(PartsTable), len(self._watches)
        self._shown = list(self._watches.values())
        table.show([_row(watch) for watch in self._shown], max(0, min(table.cursor_row, many - 1)))
        hint = "enter shows one, o opens its experiment" if many else "ctrl+r trains one"
        runs = "1 run" if many == 1 else f"{many} runs"
        self.query_one("#where", Static).update(f"{runs} in {self._runs_dir} · {hint}")

    async def _look(self) -> None:
        """Find the runs of the folder; reading many of them must not hold up the screen."""
        found = await asyncio.to_thread(find_runs, self._runs_dir)
        new = [run for run in found if run.path not in self._watches]
        read = await asyncio.to_thread(lambda: {run.path: summary(run) for run in new})
        known: dict[Path, Watch | None] = {**self._watches, **read}
        self._watches = {run.path: watch for run in found if (watch := known.get(run.path))}

    def focus_first(self) -> None:
        """Put the cursor into the table."""
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
