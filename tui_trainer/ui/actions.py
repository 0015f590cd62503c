"""What the keys do: to what is open, and to runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.screen import Screen

from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.presets import document_of, open_preset
from tui_trainer.ui.bench import Bench
from tui_trainer.ui.commands import COMMANDS, TABS, Command
from tui_trainer.ui.keyboard import KeyboardApp
from tui_trainer.ui.keymap import key
from tui_trainer.ui.messages import Asked, Edited
from tui_trainer.ui.pane import Pane
from tui_trainer.ui.screens.data import DataPane
from tui_trainer.ui.standby import Standby

if TYPE_CHECKING:
    from tui_trainer.ui.dialogs import Dialogs
    from tui_trainer.ui.screens.runs import RunsPane
    from tui_trainer.ui.steering import Steering
    from tui_trainer.ui.training import Training


class ActionsApp(KeyboardApp):
    """An app that edits one experiment, trains it, and asks before anything is lost."""

    tab = "data"
    """The tab that is shown."""

    def __init__(self, document: Document, runs: Path, engine_command: Sequence[str]) -> None:
        """Take what is open, where runs go, and what starts an engine."""
        super().__init__()
        self.runs = runs
        self.standby = Standby(self.redraw, engine_command)
        self.bench = Bench(document, self.standby, self.redraw)

    # What shows it

    @property
    def pane(self) -> Pane:
        """The pane of the tab that is shown."""
        raise NotImplementedError

    async def action_show_tab(self, tab: str) -> None:
        """Show a tab and put the cursor where its work begins."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw everything anew, once, when there is time."""
        raise NotImplementedError

    # What is open and what is trained

    @property
    def document(self) -> Document:
        """The open document."""
        return self.bench.document

    # Imported when first needed, since the first frame is not to wait for it.

    @cached_property
    def training(self) -> Training:
        """The runs that go on, and the one that is shown."""
        from tui_trainer.ui.training import Training

        return Training(self.standby, self.runs)

    @cached_property
    def steering(self) -> Steering:
        """What is done to runs."""
        from tui_trainer.ui.steering import Steering

        return Steering(self)

    @cached_property
    def dialogs(self) -> Dialogs:
        """What is asked."""
        from tui_trainer.ui.dialogs import Dialogs

        return Dialogs(self)

    @property
    def is_busy(self) -> bool:
        """Whether a run is being begun right now."""
        return self.steering.handing_over

    def on_unmount(self) -> None:
        """Let go of the engines: the one that stands by ends, those that train go on."""
        self.standby.release()
        self.training.release()

    # What panes tell

    def on_edited(self, event: Edited) -> None:
        """Take an edit of a pane."""
        self.bench.set_document(event.document)

    def on_data_pane_task_chosen(self, event: DataPane.TaskChosen) -> None:
        """Open a preset."""
        try:
            self._open(open_preset(event.preset))
        except TrainerError as error:
            self.notify(str(error), title="Not opened", severity="error")

    def _open(self, document: Document) -> None:
        go_on = partial(self.bench.set_document, document)
        self.dialogs.unless_unsaved("Open without saving", go_on)

    async def on_runs_pane_chosen(self, event: RunsPane.Chosen) -> None:
        """Show a run, or open its experiment."""
        try:
            if event.edit:
                self._open(document_of(event.run))
            else:
                await self.steering.show(event.run)
        except TrainerError as error:
            self.notify(str(error), title="Not opened", severity="error")

    async def on_asked(self, event: Asked) -> None:
        """Do to a run what is asked."""
        await self.steering.ask(event.command, event.run)

    # What is done with a key

    def action_press(self, key: str) -> None:
        """Do what a key does."""
        self.simulate_key(key)

    def action_press_in_list(self, key: str) -> None:
        """Do what a key does in the tab's list."""
        self.pane.focus_first()
        self.simulate_key(key)

    def action_to_list(self) -> None:
        """Leave a form for the list beside it."""
        self.pane.focus_first()

    def action_help_quit(self) -> None:
        """Say which key quits, to those who press ctrl+c."""
        self.notify(f"{key('quit')} quits; runs go on.")

    def action_fix(self) -> None:
        """Do what the first advice says that knows how."""
        advice = self.bench.workspace.advice_for(self.pane.place())
        if advice and advice.fix:
            self.bench.set_document(self.document.become(advice.fix(self.document.experiment)))
            self.notify(f"{advice.fix_words}: done; {key('undo')} takes it back.")
        else:
            self.notify("There is no advice that a key could follow.")

    def action_undo(self) -> None:
        """Take the last edit back."""
        self.bench.set_document(self.document.undo())

    def action_redo(self) -> None:
        """Do the last undone edit again."""
        self.bench.set_document(self.document.redo())

    def action_help(self) -> None:
        """Show the keys of where you are."""
        self.dialogs.help()

    async def action_train(self) -> None:
        """Start a run; while one goes on, ask first."""
        await self.steering.train()

    def action_load(self) -> None:
        """Ask what to open, and open it."""
        self.dialogs.load()

    def action_save(self) -> None:
        """Ask where to, and save what that path stands for."""
        self.dialogs.save()

    @property
    def unsaved(self) -> str:
        """What leaving would lose, for a window that has no room for a question."""
        return f"{self.document.name} has edits that are not saved" if self.document.changed else ""

    def leave(self) -> None:
        """Leave; runs go on."""
        self.steering.leave(False)

    async def action_quit(self) -> None:
        """Quit; while runs go on, ask what becomes of them."""
        self.dialogs.quit(self.steering.leave)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Put every command into the palette."""
        for command in COMMANDS:
            if command.tab not in ("", *TABS) or command.name == "commands":
                continue
            owner = f"{command.tab}: " if command.tab else ""
            run = partial(self._run_command, command)
            yield SystemCommand(f"{owner}{command.label}", command.help, run)

    async def _run_command(self, command: Command) -> None:
        if command.tab:
            await self.action_show_tab(command.tab)
        await self.run_action(command.action, self.pane if command.tab else self)
