"""The Runs tab: what was trained."""

from __future__ import annotations

import asyncio
from operator import add
from pathlib import Path
from time import monotonic

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from tui_trainer.core.keeps import kept
from tui_trainer.core.rundir import RunDir, find_runs
from tui_trainer.core.status import LIVE
from tui_trainer.core.summary import Summary
from tui_trainer.core.told import figures
from tui_trainer.core.words import count, figure
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.keymap import key
from tui_trainer.ui.messages import Asked
from tui_trainer.ui.pane import Pane
from tui_trainer.ui.training import Training
from tui_trainer.ui.widgets.parts_table import PartsTable
from tui_trainer.ui.workspace import Workspace

_LOOK_SECONDS = 1.0
"""How often the folder is looked through for new runs."""


_TITLES = ("run", "state", "epochs ", "best", "test", "s ", "device", "began")
_MARKS = {**dict.fromkeys(LIVE, "bold"), **dict.fromkeys(("failed", "lost"), "red")}


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
        self._ended: dict[tuple[Path, tuple[int, int] | None], Summary] = {}
        """What was read of runs that do not go on, by folder and by what their status was."""
        self._looked_at = 0.0

    def compose(self) -> ComposeResult:
        """Make the table."""
        yield PartsTable(_TITLES, id="table", spare=("device", "s ", "began", "test"))
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
        self._runs = await asyncio.to_thread(self._read)
        if not self.query(PartsTable):
            return  # The app was left meanwhile.
        table, many = self.query_one(PartsTable), len(self._runs)
        rows = [_row(summary) for _, summary in self._runs]
        table.show(rows, max(0, min(table.cursor_row, many - 1)))
        self._say()

    def _read(self) -> list[tuple[RunDir, Summary]]:
        """Return the runs as they are now; one whose status was not written since is read once."""
        found, ended = [], {}
        for run in find_runs(self._runs_dir):
            key = (run.path, run.status_identity)
            summary = self._ended.get(key) or Summary.read(run)
            if not summary.live:
                ended[key] = summary
            found.append((run, summary))
        self._ended = ended
        return found

    def on_resize(self) -> None:
        """Say what there is no longer room for."""
        self.call_after_refresh(self._say)

    @on(PartsTable.Moved)
    def _say(self) -> None:
        """Say what the table has no room for of the run under the cursor, and what can be done."""
        many, run = count(len(self._runs), "run"), self._chosen()
        hint = _hint(run[1]) if run else f"{key('train')} trains one"
        told, left_out = "", self.query_one(PartsTable).left_out
        if run and left_out:
            cells = _row(run[1])
            more = [cells[place].plain for place in sorted(left_out)]
            units = [" s" if _TITLES[place] == "s " else "" for place in sorted(left_out)]
            told = " · ".join(filter(None, (run[1].name, *map(add, more, units)))) + "\n"
        self.query_one("#where", Static).update(f"{told}{many} in {self._runs_dir} · {hint}")

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

    def action_ask(self, command: str) -> None:
        """Have the run under the cursor do a command of `core.keeps`."""
        chosen = self._chosen()
        if chosen:
            self.post_message(Asked(command, chosen[0]))

    def _choose(self, edit: bool) -> None:
        chosen = self._chosen()
        if chosen:
            self.post_message(self.Chosen(chosen[0], edit))

    def _chosen(self) -> tuple[RunDir, Summary] | None:
        row = self.query_one(PartsTable).cursor_row
        return self._runs[row] if 0 <= row < len(self._runs) else None


def _hint(run: Summary) -> str:
    resumes = f"{key('runs.resume')} resumes it"
    if run.live:
        stop, now = key("runs.early_stop"), key("runs.stop_now")
        return f"enter shows it, {stop} stops it after its epoch, {now} now"
    match run.state:
        case "lost":
            return f"its engine died; {kept(run.checkpoint)}; {resumes}"
        case "failed" if run.error:
            return f"{run.error}; {kept(run.checkpoint)}; {resumes}"
        case _:
            return f"enter shows it, {key('runs.open')} opens its experiment, {resumes}"


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
