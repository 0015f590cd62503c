"""The Data tab: which task, what its data are, how they are prepared."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from tui_trainer.core.catalogue import Param
from tui_trainer.core.datasets import DATASETS
from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data
from tui_trainer.core.fields import DATA, TITLE
from tui_trainer.core.presets import (
    Preset,
    delete_preset,
    keep_preset,
    own_preset_path,
    shipped_presets,
)
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.facts import facts_of
from tui_trainer.ui.keymap import key
from tui_trainer.ui.messages import Edited
from tui_trainer.ui.pane import Pane
from tui_trainer.ui.rows import Sheet
from tui_trainer.ui.screens.ask import Ask
from tui_trainer.ui.screens.choice import Choice
from tui_trainer.ui.sheets import edit_field, field_values
from tui_trainer.ui.widgets.field import UNSET
from tui_trainer.ui.widgets.form import Form
from tui_trainer.ui.widgets.key_bar import KeyHints
from tui_trainer.ui.widgets.parts_table import PartsTable
from tui_trainer.ui.widgets.samples import Samples
from tui_trainer.ui.widgets.task_list import TaskList
from tui_trainer.ui.workspace import Workspace

if TYPE_CHECKING:
    from tui_trainer.ui.training import Training


class DataPane(Pane):
    """Tasks at the left; the data of the open one at the right."""

    DEFAULT_CSS = """
    DataPane {
        layout: horizontal;
        & > .side { width: 46; border-right: solid $panel; }
        & > #about { width: 1fr; }
        & #task { display: none; height: 2; padding: 0 1; color: $text-muted; }
        & #facts { height: auto; padding: 0 1; }
        & Samples { margin-top: 1; }
        & Form { height: 1fr; margin-top: 1; }
    }
    """
    BINDINGS = bindings("data")

    class TaskChosen(Message):
        """The user wants to open a preset."""

        def __init__(self, preset: Preset) -> None:
            super().__init__()
            self.preset = preset

    def __init__(self) -> None:
        super().__init__(id="data")
        self.workspace: Workspace | None = None

    def compose(self) -> ComposeResult:
        """Make the list of tasks, the facts, the samples and the form."""
        with Vertical(classes="side"):
            yield TaskList()
            yield Static(id="task", markup=False)
            yield KeyHints("data")
        with Vertical(id="about"):
            yield Static(id="facts")
            yield Samples()
            yield Form()

    async def show(self, workspace: Workspace, training: Training) -> None:
        """Show the data of the open experiment."""
        begins, self.workspace = self.workspace is None, workspace
        tasks = self.query_one(TaskList)
        tasks.refresh_presets()
        if begins and tasks.cursor_row == 0:  # No key was pressed yet.
            self._point_at_open_task()
        self._tell_task()
        self.query_one("#facts", Static).update(facts_of(workspace.document.experiment.data))
        preview = workspace.preview or {}
        missing = preview.get("cached") is False
        words = "not downloaded yet: training fetches it once" if missing else "reading samples …"
        words = "" if workspace.trouble else words
        shown = list(preview.get("samples", []))
        self.query_one(Samples).show(shown, preview.get("error") or words)
        form = self.query_one(Form)
        form.catalogue = workspace.catalogue
        await form.show(_sheet(workspace))

    def on_mount(self) -> None:
        """List the tasks at once: they are in the first frame."""
        self.query_one(TaskList).refresh_presets()

    @on(PartsTable.Moved)
    def _tell_task(self) -> None:
        """Tell what the task under the cursor is, where the list has no room for that."""
        preset = self.query_one(TaskList).preset
        told = (preset.trouble or preset.title) if preset else ""
        self.query_one("#task", Static).update(told)

    def focus_first(self) -> None:
        """Put the cursor into the list, on the open task."""
        self._point_at_open_task()
        self.screen.set_focus(self.query_one(TaskList))

    def _point_at_open_task(self) -> None:
        if self.workspace:
            document = self.workspace.document
            self.query_one(TaskList).point_at(document.name, document.path)

    def action_open_task(self) -> None:
        """Open the task under the cursor."""
        preset = self.query_one(TaskList).preset
        if preset:
            self.post_message(self.TaskChosen(preset))

    def action_keep(self) -> None:
        """Ask for a name, and keep the open experiment as a preset of one's own."""
        if self.workspace is None:
            return
        document = self.workspace.document

        def attempt(name: str) -> str | None:
            if os.path.exists(own_preset_path(name)) and asking.confirmed != name:
                return f"{name} is a preset of yours already: enter again overwrites it"
            kept = keep_preset(document, name)
            tasks = self.query_one(TaskList)
            tasks.refresh_presets()
            tasks.point_at(kept.name, kept.path)
            self.post_message(Edited(kept))
            self.notify(f"{name} is in the list of tasks; {key('save')} saves to it.", title="Kept")
            return None

        told = "It stands in the list of tasks, and is a PRESET to every command."
        name = document.name
        taken = name in [preset.name for preset in shipped_presets()]
        name = f"my-{name}" if taken else name
        asking = Ask("Keep as a preset of your own", told, name, attempt)
        self.app.push_screen(asking)

    def action_remove(self) -> None:
        """Delete a preset of one's own, after asking."""
        preset = self.query_one(TaskList).preset
        if preset is None:
            return
        if not preset.own:
            told = f"{preset.name} comes with the program and stays; presets of your own can go."
            self.notify(told, title="Not deleted", severity="warning")
            return

        def answered(answer: str | None) -> None:
            if answer:
                self._delete(preset)

        question = f"{preset.name} is a preset of yours. Its file would be deleted:\n{preset.path}"
        self.app.push_screen(Choice(question, {"delete": "Delete it"}), answered)

    def _delete(self, preset: Preset) -> None:
        try:
            delete_preset(preset)
        except TrainerError as error:
            self.notify(str(error), title="Not deleted", severity="error")
        else:
            self._lose(preset)
        self.query_one(TaskList).refresh_presets()

    def _lose(self, preset: Preset) -> None:
        """Have the open experiment count as not saved if its file was that of a preset."""
        document = self.workspace.document if self.workspace else None
        path = document.path if document else None
        if document and path and os.path.realpath(path) == os.path.realpath(preset.path):
            self.post_message(Edited(document.without_file()))

    @on(TaskList.RowSelected)
    def _selected(self, event: TaskList.RowSelected) -> None:
        event.stop()
        self.action_open_task()

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        if self.workspace:
            self.post_message(Edited(_edited(self.workspace, event)))


def _edited(workspace: Workspace, event: Form.Changed) -> Document:
    """Return the document after an edit in the form."""
    document = workspace.document
    if event.path == (TITLE.name,):
        title = "" if event.value is UNSET or event.value is None else str(event.value)
        return document.set_field("", TITLE.name, title)
    if event.path[0].startswith(_STRAY):
        name = event.path[0].removeprefix(_STRAY)
        if event.value is UNSET or event.value is None:
            return document.remove_option(name)
        return document.set_field("options", name, str(event.value))
    options = _options(document.experiment.data)
    own = event.path[0] in [param.name for param in options]
    params = options if own else DATA
    return edit_field(workspace, "options" if own else "data", params, event)


_STRAY = "options."
"""What stands before the name of an option that the data set has not."""


def _options(data: Data) -> tuple[Param, ...]:
    return DATASETS[data.source].options if data.source in DATASETS else ()


def _sheet(workspace: Workspace) -> Sheet:
    experiment = workspace.document.experiment
    data = experiment.data
    options = _options(data)
    known = [param.name for param in options]
    values = {
        **({TITLE.name: experiment.title} if experiment.title else {}),
        **field_values(workspace, "data", DATA),
        **{name if name in known else _STRAY + name: value for name, value in data.options.items()},
        **field_values(workspace, "options", options),
        "source": data.source,
    }
    return Sheet(
        ("data", data.source, "the data"),
        "The experiment and its data",
        "",
        (TITLE, *DATA[:1], *options, *DATA[1:]),
        values,
        {
            **workspace.problems_at(("data",)),
            **workspace.problems_at(("data", "options")),
        },
        workspace.advice_at(("data",)),
    )
