"""A tab with a list of parts at the left and the form of one of them at the right."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from tui_trainer.core.document import Document, PartPath
from tui_trainer.core.problem import Where
from tui_trainer.ui.pane import Pane
from tui_trainer.ui.rows import Sheet
from tui_trainer.ui.training import Training
from tui_trainer.ui.widgets.form import Form
from tui_trainer.ui.widgets.parts_table import PartsTable
from tui_trainer.ui.widgets.side_view import SideView
from tui_trainer.ui.workspace import Workspace


class ListPane(Pane):
    """Shows the form of the row under the cursor, and the experiment as code if that is wanted.

    What it edits is what is open at that moment, and the row is the list's own: keys may come
    faster than the screen is drawn.
    """

    DEFAULT_CSS = """
    ListPane {
        layout: horizontal;
        & > .side { width: 46; border-right: solid $panel; }
        & > .right { width: 1fr; height: 1fr; }
        & > .right > Form, & > .right > SideView { width: 1fr; height: 1fr; }
    }
    """
    FIRST = 0
    """The row that the cursor begins on."""

    def __init__(self, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._begun = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let a view be left from inside it too."""
        if action == "view" and isinstance(self.screen.focused, SideView):
            return True
        return super().check_action(action, parameters)

    def compose_right(self) -> ComposeResult:
        """Make the form, and the view that stays hidden until it is asked for."""
        with Container(classes="right"):
            yield Form()
            yield SideView()

    @property
    def workspace(self) -> Workspace:
        """What is open now."""
        return self.bench.workspace

    @property
    def row(self) -> int:
        """The row under the cursor."""
        return self.query_one(PartsTable).cursor_row if self._begun else self.FIRST

    def places(self) -> Sequence[PartPath]:
        """Return where the rows stand."""
        raise NotImplementedError

    def place(self) -> PartPath:
        """Return where the row under the cursor stands."""
        places = self.places()
        return places[min(self.row, len(places) - 1)]

    def show_place(self, where: Where) -> None:
        """Put the cursor on the row of a place, or of what it lies in."""
        for row, place in enumerate(self.places()):
            if where[: len(place)] == place:
                self._show_list(row)

    async def reveal(self, where: Where) -> None:
        """Put the cursor into the field of a place."""
        self.show_place(where)
        self.show_form()
        await self._show_row()
        self.query_one(Form).focus_field(tuple(map(str, where[len(self.place()) :])))

    def rows(self) -> list[tuple[Text, ...]]:
        """Return the rows of the list."""
        raise NotImplementedError

    def sheet(self) -> Sheet:
        """Return what the form shows of the row under the cursor."""
        raise NotImplementedError

    def edit(self, document: Document, row: int | None = None) -> None:
        """Take an edit at once, and put the cursor on a row of what has become of the list."""
        self.bench.set_document(document)
        self._show_list(self.row if row is None else row)

    def action_remove(self) -> None:
        """Remove what is under the cursor; undo brings it back."""
        match self.place():
            case (str(table), int(index)):
                self.edit(self.workspace.document.remove(table, index))
            case (name, *_):
                self.notify(f"A run needs its {name}.", title="Not removed", severity="warning")

    def action_switch(self) -> None:
        """Switch what is under the cursor off, or on again."""
        match self.place():
            case (str(table), int(index)):
                self.edit(self.workspace.document.switch(table, index))
            case (name, *_):
                self.notify(f"A run needs its {name}.", title="Not off", severity="warning")

    def focus_first(self) -> None:
        """Put the cursor into the list."""
        self.screen.set_focus(self.query_one(PartsTable))

    async def show(self, workspace: Workspace, training: Training) -> None:
        """Show everything as it is now, and what is under the cursor."""
        self._show_list(self.row)
        await self._show_row()

    def _show_list(self, row: int) -> None:
        rows = self.rows()
        self.query_one(PartsTable).show(rows, min(row, len(rows) - 1))
        self._begun = True

    async def _show_row(self) -> None:
        form = self.query_one(Form)
        form.catalogue = self.workspace.catalogue
        await form.show(self.sheet())
        self._show_view()

    def show_form(self) -> None:
        """Bring the form back where the view has taken its place."""
        if not self.query_one(Form).display:
            self.action_view(self.query_one(SideView).what)

    def action_view(self, what: str) -> None:
        """Show the experiment as code or as a picture, or leave that view."""
        view = self.query_one(SideView)
        view.what = "" if view.what == what else what
        self.set_class(bool(view.what), "-viewing")
        self._show_view()

    def _show_view(self) -> None:
        view = self.query_one(SideView)
        if view.what:
            view.show(self.workspace, self.place())

    @on(PartsTable.Moved)
    async def _moved(self) -> None:
        await self._show_row()

    @on(PartsTable.RowSelected)
    def _selected(self) -> None:
        if self.display:
            self.show_form()
            self.query_one(Form).focus_first()
