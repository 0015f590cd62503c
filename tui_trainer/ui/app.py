"""The app: owns the open document and the watched run, and lays out the tabs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.text import Text
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Footer

from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.presets import open_experiment
from tui_trainer.ui import files
from tui_trainer.ui.bench import Bench
from tui_trainer.ui.client import ENGINE
from tui_trainer.ui.commands import COMMANDS, Command, bindings, tab_of
from tui_trainer.ui.messages import Edited
from tui_trainer.ui.screens.choice import Choice
from tui_trainer.ui.screens.compile import CompilePane
from tui_trainer.ui.screens.data import DataPane
from tui_trainer.ui.screens.help import Help
from tui_trainer.ui.screens.model import ModelPane
from tui_trainer.ui.screens.path import AskPath
from tui_trainer.ui.screens.runs import RunsPane
from tui_trainer.ui.screens.train import TrainPane
from tui_trainer.ui.standby import Standby
from tui_trainer.ui.training import Training
from tui_trainer.ui.widgets.bars import StatusLine, TabRow, TitleBar, status_text

POLL_SECONDS = 0.25
"""How often the screen looks at run folders."""
STANDBY_SECONDS = 5.0
"""How long after a run began the next engine is started: not to take its first moments."""


class TrainerApp(App[None]):
    """Pick a task, edit it, train it, watch it learn."""

    CSS_PATH = "app.tcss"
    TITLE = "tui-trainer"
    BINDINGS = [*bindings(), Binding("escape", "to_list", "Back", show=False)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (150, "-vast")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]

    def __init__(
        self, document: Document, runs: Path, engine_command: Sequence[str] = ENGINE
    ) -> None:
        super().__init__()
        self.runs = runs
        self.standby = Standby(self.redraw, engine_command)
        self.training = Training(self.standby, runs)
        self.bench = Bench(document, self.standby, self.redraw)
        self._redraw_due = False
        self._trouble = ""
        """Why the last run could not be started, until something else is tried."""

    @property
    def tab(self) -> str:
        """The tab that is shown."""
        return self.query_one(TabRow).shown

    def compose(self) -> ComposeResult:
        """Lay out the bars and the tabs."""
        yield TitleBar()
        yield TabRow()
        with ContentSwitcher(initial="data"):
            yield DataPane()
            yield ModelPane()
            yield CompilePane()
            yield TrainPane()
            yield RunsPane(self.runs)
        yield StatusLine()
        yield Footer(show_command_palette=True, compact=True)

    def on_mount(self) -> None:
        """Draw once, then start the engine and look at the run folders now and then."""
        self.redraw()
        self.call_after_refresh(self.pane.focus_first)
        self.set_interval(POLL_SECONDS, self._poll)
        self.run_worker(self.bench.judge())

    def on_unmount(self) -> None:
        """Let go of the engines: the one that stands by ends, those that train go on."""
        self.standby.release()
        self.training.release()

    @property
    def pane(self) -> DataPane | ModelPane | CompilePane | TrainPane | RunsPane:
        """The pane that is shown."""
        panes: Mapping[str, type[Any]] = {
            "data": DataPane,
            "model": ModelPane,
            "compile": CompilePane,
            "train": TrainPane,
            "runs": RunsPane,
        }
        pane: DataPane = self.query_one(panes[self.tab])
        return pane

    # What is open

    @property
    def document(self) -> Document:
        """The open document."""
        return self.bench.document

    def redraw(self) -> None:
        """Draw everything anew, once, when there is time."""
        if not self._redraw_due:
            self._redraw_due = True
            self.call_later(self._draw)

    async def _draw(self) -> None:
        self._redraw_due = False
        if not self.is_running:
            return
        pane = self.pane
        if isinstance(pane, DataPane | ModelPane | CompilePane):
            await pane.show(self.bench.workspace)
        elif isinstance(pane, TrainPane):
            self._draw_run()
        else:
            pane.refresh_runs()
        self._draw_bars()

    def _draw_run(self) -> None:
        pane = self.query_one(TrainPane)
        pane.watch_run(self.training.watched)
        pane.show_buttons(self.training.reasons(self.bench.workspace))

    def _draw_bars(self) -> None:
        title = self.query_one(TitleBar)
        title.document_name = self.document.name
        title.changed = self.document.changed
        title.state = self.training.words() if self.training.live else self.standby.words
        self.query_one(StatusLine).update(self._status())

    def _status(self) -> Text:
        return status_text(self.bench.workspace, self.standby, self._trouble)

    def _poll(self) -> None:
        if not self.is_running:
            return
        changed = self.training.poll()
        if self.tab == "train" and changed:
            self._draw_run()
        elif self.tab == "runs":
            self.query_one(RunsPane).refresh_runs()
        self._draw_bars()

    # What panes tell

    def on_edited(self, event: Edited) -> None:
        """Take an edit of a pane."""
        self._trouble = ""
        self.bench.set_document(event.document)

    def on_data_pane_task_chosen(self, event: DataPane.TaskChosen) -> None:
        """Open a preset; ask first if something would be lost."""
        experiment, name, _ = open_experiment(event.preset.name)
        self._open(Document.opened(experiment, name))

    def on_runs_pane_chosen(self, event: RunsPane.Chosen) -> None:
        """Show a run, or open its experiment."""
        try:
            self.training.show(event.run)
            if event.edit:
                self._open(files.opened_run(event.run))
            else:
                self.action_show_tab("train")
        except TrainerError as error:
            self.notify(str(error), title="Not opened", severity="error")

    def on_train_pane_asked(self, event: TrainPane.Asked) -> None:
        """Steer the watched run."""
        if not self.training.live:
            self.notify("No run is going on.", severity="warning")
            return
        self.training.ask(event.command)
        told = {
            "stop": "The run ends after this epoch, is evaluated and saved.",
            "stop_now": "The run ends at the next batch and is saved.",
        }
        self.notify(told[event.command], title=self.training.live.run.name)

    def _open(self, document: Document) -> None:
        def answered(answer: str | None) -> None:
            if answer:
                self.bench.set_document(document)

        if self.document.changed:
            question = f"{self.document.name} has edits that are not saved."
            self.push_screen(Choice(question, {"open": "Open without saving"}), answered)
        else:
            self.bench.set_document(document)

    # What is done with a key

    def action_show_tab(self, tab: str) -> None:
        """Show a tab and put the cursor where its work begins."""
        self.query_one(TabRow).shown = tab
        self.query_one(ContentSwitcher).current = tab
        self.pane.focus_first()
        self.redraw()

    def action_to_list(self) -> None:
        """Leave a form for the list beside it."""
        self.pane.focus_first()

    def action_undo(self) -> None:
        """Take the last edit back."""
        self.bench.set_document(self.document.undo())

    def action_redo(self) -> None:
        """Do the last undone edit again."""
        self.bench.set_document(self.document.redo())

    def action_help(self) -> None:
        """Show the keys of where you are."""
        self.push_screen(Help(self.tab))

    def action_train(self) -> None:
        """Start a run; while one goes on, ask first."""
        problems = self.bench.workspace.problems()
        if problems:
            self.notify(str(problems[0]), title="Not ready to train", severity="error")
            self.action_show_tab(tab_of(problems[0]))
        elif self.training.starting:
            self.notify("A run is starting already.")
        elif self.training.live:
            question = f"{self.training.live.run.name} is still training."
            self.push_screen(Choice(question, {"train": "Train another beside it"}), self._train)
        else:
            self._train("train")

    def _train(self, answer: str | None) -> None:
        if answer:
            self.run_worker(self._start_run())

    async def _start_run(self) -> None:
        self._trouble = ""
        self.action_show_tab("train")
        try:
            await self.training.start(self.document)
        except TrainerError as error:
            self._trouble = str(error)
            self.notify(str(error), title="Not trained", severity="error")
        self.set_timer(STANDBY_SECONDS, self.bench.wake)
        self.redraw()

    def action_load(self) -> None:
        """Ask what to open, and open it."""

        def attempt(text: str) -> str | None:
            loaded = files.load(text, self.document, self.bench.workspace.catalogue, self.runs)
            if self.document.changed and asking.confirmed != text:
                return f"{self.document.name} is not saved: enter again opens without saving"
            if loaded.run:
                self.training.show(loaded.run)
            self.bench.set_document(loaded.document)
            self.notify(f"{loaded.document.name} is open.", title="Loaded")
            return None

        told = "An experiment .toml, a run, or the layers of a .keras file."
        asking = AskPath("Load", told, "", attempt)
        self.push_screen(asking)

    def action_save(self) -> None:
        """Ask where to, and save the experiment, and the model of the watched run."""
        watched = self.training.watched
        model = watched if watched and (watched.live or watched.saved_model) else None

        def attempt(text: str) -> str | None:
            to = files.targets(text, model is not None)
            existing = to.existing()
            if existing and asking.confirmed != text:
                return f"{' and '.join(existing)} exist: enter again overwrites"
            document, told = files.save(self.document, to, model)
            self.bench.set_document(document)
            self.notify(told, title="Saved")
            return None

        told = f"NAME.toml: the experiment. {files.model_words(model, self.document)}"
        path = self.document.path or Path(f"{self.document.name}.toml")
        asking = AskPath("Save", told, str(path), attempt)
        self.push_screen(asking)

    async def action_quit(self) -> None:
        """Quit; while a run goes on, ask what becomes of it."""
        live = self.training.live
        if live is None:
            self._leave("leave")
            return
        question = f"{live.run.name} is still training."
        answers = {"leave": "Leave it running", "stop": "Stop and save it"}
        self.push_screen(Choice(question, answers), self._leave)

    def _leave(self, answer: str | None) -> None:
        if answer == "stop":
            self.training.ask("stop_now")
        if answer:
            self.exit()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Put every command into the palette."""
        for command in COMMANDS:
            owner = f"{command.tab}: " if command.tab else ""
            run = partial(self._run_command, command)
            yield SystemCommand(f"{owner}{command.label}", command.help, run)
        yield SystemCommand("Quit", "Leave the app; runs go on.", self.action_quit)

    async def _run_command(self, command: Command) -> None:
        if command.tab:
            self.action_show_tab(command.tab)
            await self._draw()
        await self.run_action(command.action, self.pane if command.tab else self)


def run(experiment: Experiment | None, name: str, path: Path | None, runs: Path) -> int:
    """Open the app and return the exit status; with no experiment, on the first task."""
    if experiment is None:
        experiment, name, path = open_experiment("digits")
    app = TrainerApp(Document.opened(experiment, name, path), runs)
    app.run()
    if app.training.live:
        print(f"{app.training.live.run.name} goes on training; the app shows it again under Runs.")
    return app.return_code or 0
