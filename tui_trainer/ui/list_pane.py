"""A tab with a list of parts at the left and the form of one of them at the right."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from tui_trainer.core.document import Document
from tui_trainer.ui.messages import Edited
from tui_trainer.ui.pane import Pane
from tui_trainer.ui.rows import Sheet
from tui_trainer.ui.widgets.form import Form
from tui_trainer.ui.widgets.parts_table import PartsTable
from tui_trainer.ui.widgets.side_view import SideView
from tui_trainer.ui.workspace import Where, Workspace


class ListPane(Pane):
    """Shows the form of the row under the cursor, and the experiment as code if that is wanted."""

    DEFAULT_CSS = """
    ListPane {
        layout: horizontal;
        & > .side { width: 46; border-right: solid $panel; }
        & > .right { width: 1fr; height: 1fr; }
        & > .right > Form, & > .right > SideView { width: 1fr; height: 1fr; }
    }
    """

    def __init__(self, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.workspace: Workspace | None = None
        self.row = 0
        """The row under the cursor."""

    def compose_right(self) -> ComposeResult:
        """Make the form, and the view that stays hidden until it is asked for."""
        with Container(classes="right"):
            yield Form()
            yield SideView()

    def place(self) -> Where:
        """Return where in the experiment the row under the cursor stands."""
        raise NotImplementedError

    def sheet(self, workspace: Workspace) -> Sheet:
        """Return what the form shows of the row under the cursor."""
        raise NotImplementedError

    def edit(self, document: Document) -> None:
        """Tell that the user changed the experiment."""
        self.post_message(Edited(document))

    def focus_first(self) -> None:
        """Put the cursor into the list."""
        self.screen.set_focus(self.query_one(PartsTable))

    async def show_row(self) -> None:
        """Show the form of the row under the cursor, and its lines in the view."""
        if self.workspace:
            form = self.query_one(Form)
            form.catalogue = self.workspace.catalogue
            await form.show(self.sheet(self.workspace))
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
        if self.workspace and view.what:
            view.show(self.workspace, self.place())

    @on(PartsTable.Moved)
    async def _moved(self, event: PartsTable.Moved) -> None:
        if event.row != self.row:
            self.row = event.row
            await self.show_row()

    @on(PartsTable.RowSelected)
    def _selected(self) -> None:
        if self.display:
            self.show_form()
            self.query_one(Form).focus_first()
