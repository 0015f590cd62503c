"""The Model tab: the layer stack, and the layer under the cursor."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from tui_trainer.core.catalogue import Entry
from tui_trainer.core.experiment import Part, Value
from tui_trainer.core.verdict import LayerSize
from tui_trainer.core.words import spaced, times
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.list_pane import ListPane
from tui_trainer.ui.messages import Edited
from tui_trainer.ui.screens.add_part import AddPart
from tui_trainer.ui.sheets import part_sheet, path_of, with_param
from tui_trainer.ui.training import Training
from tui_trainer.ui.widgets.form import Form, Sheet
from tui_trainer.ui.widgets.parts_table import PartsTable
from tui_trainer.ui.workspace import Workspace


class ModelPane(ListPane):
    """Layers at the left, the parameters of one at the right."""

    DEFAULT_CSS = """
    ModelPane {
        layout: horizontal;
        & > .side { width: 46; border-right: solid $panel; }
        & #totals { height: auto; padding: 0 1; color: $text-muted; }
        & > Form { width: 1fr; }
    }
    """
    BINDINGS = bindings("model")

    def __init__(self) -> None:
        super().__init__(id="model")
        self.row = 1  # Row 0 is the input.

    def compose(self) -> ComposeResult:
        """Make the stack and the form."""
        with Vertical(classes="side"):
            yield PartsTable(("", "layer", "shape ", "params "), id="stack")
            yield Static(id="totals")
        yield Form()

    async def show(self, workspace: Workspace, training: Training) -> None:
        """Show the stack as it is now, and the layer under the cursor."""
        self.workspace = workspace
        layers = workspace.document.experiment.layers
        self.row = min(self.row, len(layers))
        self.query_one(PartsTable).show(stack_rows(workspace), self.row)
        self.query_one("#totals", Static).update(totals(workspace))
        await self.show_row()

    def sheet(self, workspace: Workspace) -> Sheet:
        """Return the form of the layer under the cursor."""
        part = workspace.document.part(("layers", self.row - 1))
        if part:
            return part_sheet(workspace, ("layers", self.row - 1), part, "layers")
        layers = workspace.document.experiment.layers
        told = "What the first layer is given" if layers else "No layers yet: a adds one"
        return Sheet(("input", told), told)

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        if not self.workspace:
            return
        document = self.workspace.document
        where = path_of(event.key)
        part = document.part(where)
        if part:
            edited = with_param(part, event.name, event.value)
            self.post_message(Edited(document.put(where, edited, event.name)))

    def action_add(self) -> None:
        """Ask which layer, and put it below the cursor."""
        workspace = self.workspace
        if not workspace or not workspace.catalogue:
            self.notify("The layers are known once Keras is imported: a moment.", title="Not yet")
            return

        def put(entry: Entry | None) -> None:
            if entry and self.workspace:
                document = self.workspace.document.insert("layers", self.row, starting(entry))
                self.row += 1
                self.post_message(Edited(document))

        self.app.push_screen(AddPart(workspace.catalogue, ("layers",)), put)

    def action_duplicate(self) -> None:
        """Put a copy of the layer below it."""
        if self.workspace and self.row:
            document = self.workspace.document.duplicate("layers", self.row - 1)
            self.row += 1
            self.post_message(Edited(document))

    def action_remove(self) -> None:
        """Remove the layer; undo brings it back."""
        if self.workspace and self.row:
            self.post_message(Edited(self.workspace.document.remove("layers", self.row - 1)))

    def action_move(self, by: int) -> None:
        """Move the layer up or down."""
        if not self.workspace or not self.row:
            return
        document = self.workspace.document.move("layers", self.row - 1, by)
        if document is not self.workspace.document:
            self.row += by
            self.post_message(Edited(document))


_USUAL: dict[str, Value] = {
    "units": 64,
    "filters": 32,
    "kernel_size": 3,
    "rate": 0.2,
    "input_dim": 10000,
    "output_dim": 16,
    "pool_size": 2,
    "n": 2,
    "dims": (2, 1),
    "target_shape": (-1,),
    "activation": "relu",
    "stddev": 0.1,
}


def starting(entry: Entry) -> Part:
    """Return a part to begin with: what is needed is filled in with a usual value."""
    needed = [param.name for param in entry.params if param.required]
    return Part(entry.name, {name: _USUAL[name] for name in needed if name in _USUAL})


def stack_rows(workspace: Workspace) -> list[tuple[Text, Text, Text, Text]]:
    """Return the input and the layers as rows: number, name, shape, parameters."""
    verdict = workspace.verdict
    shape = times(verdict.input_shape) if verdict and verdict.input_shape else ""
    rows = [(Text(""), Text("input", "dim"), _right(shape, "dim"), Text(""))]
    sizes = verdict.layers if verdict else ()
    wrong = {p.where[1] for p in workspace.problems if p.where[:1] == ("layers",) and p.where[1:]}
    for index, layer in enumerate(workspace.document.experiment.layers):
        size = sizes[index] if index < len(sizes) and workspace.fresh else None
        number = Text("✗", "bold red") if index in wrong else Text(str(index + 1), "dim")
        rows.append((number, _name(layer), *_size(size)))
    return rows


def totals(workspace: Workspace) -> str:
    """Return the sum of parameters, and their memory as float32."""
    if not workspace.verdict:
        return "shapes are shown once Keras is imported"
    params = workspace.verdict.params
    size, unit = params * 4 / 1000, "KB"
    for larger in ("MB", "GB", "TB"):
        if size >= 1000:
            size, unit = size / 1000, larger
    return f"total {spaced(params)} parameters · {size:.3g} {unit}"


def _name(layer: Part) -> Text:
    return Text.assemble(layer.type, (f" {layer.name}", "dim"))


def _size(size: LayerSize | None) -> tuple[Text, Text]:
    if size is None:
        return Text(""), Text("")
    return _right(times(size.shape)), _right(spaced(size.params))


def _right(text: str, style: str = "") -> Text:
    return Text(text, style, justify="right")
