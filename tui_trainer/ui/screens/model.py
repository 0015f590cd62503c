"""The Model tab: the layer stack, the layer under the cursor, and the whole as code or picture."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from tui_trainer.core.document import PartPath
from tui_trainer.core.experiment import Part
from tui_trainer.ui.choices import Choice, part_choices
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.keymap import key
from tui_trainer.ui.list_pane import ListPane
from tui_trainer.ui.rows import Sheet
from tui_trainer.ui.screens.picker import Picker
from tui_trainer.ui.sheets import edit_part, part_sheet
from tui_trainer.ui.stack import memory, stack_rows, totals
from tui_trainer.ui.training import Training
from tui_trainer.ui.widgets.form import Form
from tui_trainer.ui.widgets.key_bar import KeyHints
from tui_trainer.ui.widgets.parts_table import PartsTable
from tui_trainer.ui.workspace import Workspace


class ModelPane(ListPane):
    """Layers at the left, the parameters of one at the right."""

    DEFAULT_CSS = """
    ModelPane {
        & #totals { height: auto; padding: 0 1; border-top: solid $panel; }
        & #memory { height: auto; padding: 0 1; color: $text-muted; }
    }
    """
    BINDINGS = bindings("model")

    FIRST = 1
    """Row 0 is the input."""

    def __init__(self) -> None:
        super().__init__(id="model")

    def compose(self) -> ComposeResult:
        """Make the stack, and what shows a layer of it."""
        with Vertical(classes="side"):
            yield PartsTable(("", "layer", "shape ", "params "), id="stack")
            yield KeyHints("model")
            yield Static(id="totals", markup=False)
            yield Static(id="memory", markup=False)
        yield from self.compose_right()

    async def show(self, workspace: Workspace, training: Training) -> None:
        """Show the stack as it is now, and the layer under the cursor."""
        self.query_one("#totals", Static).update(totals(self.workspace))
        self.query_one("#memory", Static).update(memory(self.workspace))
        await super().show(workspace, training)

    def rows(self) -> list[tuple[Text, ...]]:
        """Return the input and the layers as rows."""
        return [*stack_rows(self.workspace)]

    def places(self) -> list[PartPath]:
        """Return where the rows stand: on the input, where all layers do."""
        count = len(self.workspace.document.experiment.layers)
        return [("layers",), *(("layers", index) for index in range(count))]

    def sheet(self) -> Sheet:
        """Return the form of the layer under the cursor."""
        workspace, where = self.workspace, ("layers", self.row - 1)
        part = workspace.document.part(where) if self.row else None
        if part:
            return part_sheet(workspace, where, part, "layers")
        layers = workspace.document.experiment.layers
        empty = f"No layers yet: {key('model.add')} adds one"
        told = "What the first layer is given" if layers else empty
        problems, advice = workspace.problems_at(("layers",)), workspace.advice_at(("layers",))
        return Sheet(
            ("input", told),
            told,
            memory(workspace),
            problems={path: said for path, said in problems.items() if not path},
            advice={path: said for path, said in advice.items() if not path},
        )

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        self.edit(edit_part(self.workspace.document, event))

    def action_add(self) -> None:
        """Ask which layer, and put it below the cursor."""
        catalogue = self.workspace.catalogue
        if not catalogue:
            self.notify("The layers are known once Keras is imported: a moment.", title="Not yet")
            return

        def put(choice: Choice | None) -> None:
            if choice and isinstance(choice.value, Part):
                below, document = self.row, self.workspace.document
                self.edit(document.insert("layers", below, choice.value), below + 1)

        part = self.workspace.document.part(self.place()) if self.row else None
        title = f"add a layer {f'below {part.type}' if part else 'at the beginning'}"
        self.app.push_screen(Picker(title, part_choices(catalogue, ("layers",))), put)

    def action_duplicate(self) -> None:
        """Put a copy of the layer below it."""
        if self.row:
            document = self.workspace.document.duplicate("layers", self.row - 1)
            self.edit(document, self.row + 1)

    def action_move(self, by: int) -> None:
        """Move the layer up or down."""
        document, to = self.workspace.document, self.row + by
        if self.row and 1 <= to <= len(document.parts("layers")):
            self.edit(document.move("layers", self.row - 1, by), to)

    def action_rename(self) -> None:
        """Put the cursor into the field of the layer's name."""
        self.show_form()
        self.query_one(Form).focus_field(("name",))
