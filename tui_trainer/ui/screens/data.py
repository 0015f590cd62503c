"""The Data tab: which task, what its data are, how they are prepared."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from tui_trainer.core.catalogue import Param
from tui_trainer.core.datasets import DATASETS, Facts, describe
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data
from tui_trainer.core.fields import DATA
from tui_trainer.core.presets import Preset, all_presets
from tui_trainer.core.words import spaced, times
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.messages import Edited
from tui_trainer.ui.pane import Pane
from tui_trainer.ui.rows import Sheet
from tui_trainer.ui.sheets import edit_field, field_values
from tui_trainer.ui.training import Training
from tui_trainer.ui.widgets.form import Form
from tui_trainer.ui.widgets.parts_table import PartsTable
from tui_trainer.ui.widgets.samples import Samples
from tui_trainer.ui.workspace import Workspace


class DataPane(Pane):
    """Tasks at the left; the data of the open one at the right."""

    DEFAULT_CSS = """
    DataPane {
        layout: horizontal;
        & > PartsTable { width: 46; border-right: solid $panel; }
        & > Vertical { width: 1fr; }
        & #facts { height: auto; padding: 0 1; }
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
        self._presets = all_presets()

    def compose(self) -> ComposeResult:
        """Make the list of tasks, the facts, the samples and the form."""
        yield PartsTable(("task", ""), id="tasks")
        with Vertical():
            yield Static(id="facts")
            yield Samples()
            yield Form()

    async def show(self, workspace: Workspace, training: Training) -> None:
        """Show the data of the open experiment."""
        self.workspace = workspace
        self.query_one("#facts", Static).update(facts_text(workspace.document.experiment.data))
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
        self.query_one(PartsTable).show([_task(preset) for preset in self._presets], 0)

    def focus_first(self) -> None:
        """Put the cursor into the list, on the open task."""
        tasks = self.query_one(PartsTable)
        names = [preset.name for preset in self._presets]
        name = self.workspace.document.name if self.workspace else ""
        if name in names:
            tasks.move_cursor(row=names.index(name))
        self.screen.set_focus(tasks)

    def action_open_task(self) -> None:
        """Open the task under the cursor."""
        self.post_message(self.TaskChosen(self._presets[self.query_one(PartsTable).cursor_row]))

    @on(PartsTable.RowSelected)
    def _selected(self, event: PartsTable.RowSelected) -> None:
        event.stop()
        self.action_open_task()

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        if self.workspace:
            options = _options(self.workspace.document.experiment.data)
            names = [param.name for param in options]
            own = event.path[0] in names
            params = options if own else DATA
            document = edit_field(self.workspace, "options" if own else "data", params, event)
            self.post_message(Edited(document))


def facts_text(data: Data) -> Text:
    """Return what the model will get to see, in a few lines."""
    try:
        facts = describe(data)
    except TrainerError as error:
        return Text(f"✗ {error}", "bold red")
    dataset = facts.dataset
    lines = [
        Text.assemble((dataset.title, "bold"), (f"  {dataset.name}", "dim")),
        Text.assemble(("input   ", "dim"), times(facts.shape), (f"  {facts.dtype}", "dim")),
        Text.assemble(("label   ", "dim"), _label(facts)),
        Text.assemble(
            ("samples ", "dim"),
            f"{spaced(facts.train)} train · {spaced(facts.validation)} validation · ",
            f"{spaced(facts.test)} test",
        ),
        Text(f"{dataset.source} · {dataset.licence}".strip(" ·"), "dim", overflow="ellipsis"),
    ]
    return Text("\n").join(lines)


def _label(facts: Facts) -> str:
    classes = facts.dataset.classes
    if not classes:
        return "a number"
    names = ", ".join(classes)
    how = "one-hot of " if facts.one_hot else ""
    return f"{how}{len(classes)} classes: {names}"


def _task(preset: Preset) -> tuple[Text, Text]:
    return Text(preset.name), Text(preset.title, "dim")


def _options(data: Data) -> tuple[Param, ...]:
    return DATASETS[data.source].options if data.source in DATASETS else ()


def _sheet(workspace: Workspace) -> Sheet:
    data = workspace.document.experiment.data
    options = _options(data)
    values = {
        **field_values(workspace, "data", DATA),
        **data.options,
        **field_values(workspace, "options", options),
        "source": data.source,
    }
    return Sheet(
        ("data", data.source),
        "How they are prepared",
        "",
        (*DATA[:1], *options, *DATA[1:]),
        values,
        {
            **workspace.problems_at(("data",)),
            **workspace.problems_at(("data", "options")),
        },
        workspace.advice_at(("data",)),
    )
