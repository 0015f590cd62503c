"""The Compile tab: optimizer, loss, metrics, how to fit, callbacks."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from tui_trainer.core.catalogue import Catalogue, Entry, Kind, Param
from tui_trainer.core.document import PartPath
from tui_trainer.core.experiment import Part
from tui_trainer.core.fields import FIT
from tui_trainer.core.values import show
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.list_pane import ListPane
from tui_trainer.ui.messages import Edited
from tui_trainer.ui.screens.add_part import AddPart
from tui_trainer.ui.sheets import edit_field, field_values, part_sheet, path_of, with_param
from tui_trainer.ui.training import Training
from tui_trainer.ui.widgets.form import Form, Sheet
from tui_trainer.ui.widgets.parts_table import PartsTable
from tui_trainer.ui.workspace import Workspace

_GROUPS = {
    "optimizer": "optimizers",
    "loss": "losses",
    "metrics": "metrics",
    "callbacks": "callbacks",
}


class CompilePane(ListPane):
    """What `compile` and `fit` are given at the left, one of them at the right."""

    DEFAULT_CSS = """
    CompilePane {
        layout: horizontal;
        & > .side { width: 46; border-right: solid $panel; }
        & > .side > Static { height: auto; padding: 0 1; color: $text-muted; }
        & > Form { width: 1fr; }
    }
    """
    BINDINGS = bindings("compile")

    def __init__(self) -> None:
        super().__init__(id="compile")

    def compose(self) -> ComposeResult:
        """Make the list and the form."""
        with Vertical(classes="side"):
            yield PartsTable(("", "what", ""), id="compiled")
            yield Static("a adds a metric or a callback, ⌫ removes it")
        yield Form()

    async def show(self, workspace: Workspace, training: Training) -> None:
        """Show everything as it is now, and what is under the cursor."""
        self.workspace = workspace
        places = self._places()
        self.row = min(self.row, len(places) - 1)
        rows = [self._row(place) for place in places]
        self.query_one(PartsTable).show(rows, self.row)
        await self.show_row()

    def _places(self) -> list[PartPath]:
        assert self.workspace is not None
        experiment = self.workspace.document.experiment
        metrics: list[PartPath] = [("metrics", i) for i in range(len(experiment.compile.metrics))]
        callbacks: list[PartPath] = [("callbacks", i) for i in range(len(experiment.callbacks))]
        return [("optimizer",), ("loss",), *metrics, ("fit",), *callbacks]

    def _row(self, place: PartPath) -> tuple[Text, ...]:
        assert self.workspace is not None
        wrong = bool(self.workspace.problems_at(place))
        mark = Text("✗", "bold red") if wrong else Text(" ")
        if place == ("fit",):
            fit = self.workspace.document.experiment.fit
            return mark, Text("fit", "dim"), Text(f"{fit.epochs} epochs, batch {fit.batch_size}")
        part = self.workspace.document.part(place)
        name = Text(place[0].removesuffix("s") if len(place) > 1 else place[0], "dim")
        return mark, name, Text(show(part) if part else "none", overflow="ellipsis", no_wrap=True)

    def sheet(self, workspace: Workspace) -> Sheet:
        """Return the form of what is under the cursor."""
        place = self._places()[self.row]
        return _fit_sheet(workspace) if place == ("fit",) else _sheet(workspace, place)

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        if not self.workspace:
            return
        document = self.workspace.document
        if event.key == ("fit",):
            self.post_message(Edited(edit_field(self.workspace, "fit", FIT, event)))
            return
        place = path_of(event.key)
        part = document.part(place)
        if event.name == "type":
            if isinstance(event.value, str):
                self.post_message(Edited(document.put(place, Part(event.value))))
        elif part:
            edited = with_param(part, event.name, event.value)
            self.post_message(Edited(document.put(place, edited, event.name)))

    def action_add(self) -> None:
        """Ask which metric or callback, and add it to the others of its kind."""
        workspace = self.workspace
        if not workspace or not workspace.catalogue:
            self.notify("These are known once Keras is imported: a moment.", title="Not yet")
            return

        def put(entry: Entry | None) -> None:
            if entry and self.workspace:
                document = self.workspace.document
                index = len(document.parts(entry.group))
                self.post_message(Edited(document.insert(entry.group, index, Part(entry.name))))

        self.app.push_screen(AddPart(workspace.catalogue, ("metrics", "callbacks")), put)

    def action_remove(self) -> None:
        """Remove the metric or callback under the cursor; undo brings it back."""
        if not self.workspace:
            return
        match self._places()[self.row]:
            case (table, int(index)):
                self.post_message(Edited(self.workspace.document.remove(table, index)))
            case (name, *_):
                self.notify(f"A run needs its {name}.", title="Not removed", severity="warning")


def _sheet(workspace: Workspace, place: PartPath) -> Sheet:
    group = _GROUPS[place[0]]
    part = workspace.document.part(place) or Part("none")
    sheet = part_sheet(workspace, place, part, group)
    if not workspace.catalogue or len(place) > 1:
        return sheet
    entry = workspace.catalogue.find(group, part.type)
    chosen = {"type": entry.name} if entry else {}
    return Sheet(
        sheet.key,
        sheet.title,
        sheet.summary,
        (_type_param(workspace.catalogue, group), *sheet.params),
        {**chosen, **sheet.values},
        sheet.problems,
    )


def _type_param(catalogue: Catalogue, group: str) -> Param:
    names = tuple(entry.name for entry in catalogue.group(group))
    what = group.removesuffix("es") if group == "losses" else group.removesuffix("s")
    return Param("type", Kind.CHOICE, required=True, choices=names, help=f"Which {what}.")


def _fit_sheet(workspace: Workspace) -> Sheet:
    return Sheet(
        ("fit",),
        "fit",
        "How long, in what steps, and where.",
        FIT,
        field_values(workspace, "fit", FIT),
        workspace.problems_at(("fit",)),
    )
