"""The Compile tab: optimizer, loss, metrics, how to fit, callbacks."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from tui_trainer.core.document import PartPath
from tui_trainer.core.experiment import Part
from tui_trainer.core.fields import FIT
from tui_trainer.core.values import show
from tui_trainer.core.words import count
from tui_trainer.ui.choices import Choice, part_choices
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.list_pane import ListPane
from tui_trainer.ui.rows import Sheet
from tui_trainer.ui.screens.picker import Picker
from tui_trainer.ui.sheets import edit_field, edit_part, field_values, part_sheet
from tui_trainer.ui.widgets.form import Form
from tui_trainer.ui.widgets.key_bar import KeyHints
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

    BINDINGS = bindings("compile")

    def __init__(self) -> None:
        super().__init__(id="compile")

    def compose(self) -> ComposeResult:
        """Make the list, and what shows a row of it."""
        with Vertical(classes="side"):
            yield PartsTable(("", "what", ""), id="compiled")
            yield KeyHints("compile")
        yield from self.compose_right()

    def rows(self) -> list[tuple[Text, ...]]:
        """Return a row for each part, and one for `fit`."""
        return [self._row(place) for place in self.places()]

    def places(self) -> list[PartPath]:
        """Return where the rows stand: the parts as they are compiled, `fit`, the callbacks."""
        experiment = self.workspace.document.experiment
        metrics: list[PartPath] = [("metrics", i) for i in range(len(experiment.compile.metrics))]
        callbacks: list[PartPath] = [("callbacks", i) for i in range(len(experiment.callbacks))]
        return [("optimizer",), ("loss",), *metrics, ("fit",), *callbacks]

    def _row(self, place: PartPath) -> tuple[Text, ...]:
        mark = Text(" ")
        if self.workspace.problems_at(place):
            mark = Text("✗", "bold red")
        elif self.workspace.advice_at(place):
            mark = Text("!", "bold yellow")
        if place == ("fit",):
            fit = self.workspace.document.experiment.fit
            start = Path(fit.initial_weights or "").name
            told = f"{count(fit.epochs, 'epoch')}, batch {fit.batch_size}"
            told += f", from {start}" if start else ""
            return mark, Text("fit", "dim"), Text(told, overflow="ellipsis", no_wrap=True)
        part = self.workspace.document.part(place)
        name = Text(place[0].removesuffix("s") if len(place) > 1 else place[0], "dim")
        said = Text(show(part) if part else "none", overflow="ellipsis", no_wrap=True)
        if part and part.disabled:
            said = Text.assemble((show(part), "dim strike"), (" off", "dim"), no_wrap=True)
        return mark, name, said

    def sheet(self) -> Sheet:
        """Return the form of what is under the cursor."""
        workspace, place = self.workspace, self.place()
        if place == ("fit",):
            return _fit_sheet(workspace)
        part = workspace.document.part(place) or Part("none")
        return part_sheet(workspace, place, part, _GROUPS[place[0]])

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        if event.key == ("fit",):
            self.edit(edit_field(self.workspace, "fit", FIT, event))
        else:
            self.edit(edit_part(self.workspace.document, event))

    def action_add(self) -> None:
        """Ask which metric or callback, and add it to the others of its kind."""
        catalogue = self.workspace.catalogue
        if not catalogue:
            self.notify("These are known once Keras is imported: a moment.", title="Not yet")
            return

        def put(choice: Choice | None) -> None:
            if choice and isinstance(choice.value, Part):
                document = self.workspace.document
                index = len(document.parts(choice.group))
                self.edit(document.insert(choice.group, index, choice.value))
                self.show_place((choice.group, index))

        choices = part_choices(catalogue, ("metrics", "callbacks"))
        self.app.push_screen(Picker("add a metric or a callback", choices), put)


def _fit_sheet(workspace: Workspace) -> Sheet:
    return Sheet(
        ("fit",),
        "fit",
        "How long, in what steps, and where.",
        FIT,
        field_values(workspace, "fit", FIT),
        workspace.problems_at(("fit",)),
        workspace.advice_at(("fit",)),
    )
