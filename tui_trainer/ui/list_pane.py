"""A tab with a list of parts at the left and the form of one of them at the right."""

from __future__ import annotations

from textual import on

from tui_trainer.ui.pane import Pane
from tui_trainer.ui.widgets.form import Form, Sheet
from tui_trainer.ui.widgets.parts_table import PartsTable
from tui_trainer.ui.workspace import Workspace


class ListPane(Pane):
    """Shows the form of the row under the cursor."""

    def __init__(self, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.workspace: Workspace | None = None
        self.row = 0
        """The row under the cursor."""

    def sheet(self, workspace: Workspace) -> Sheet:
        """Return what the form shows of the row under the cursor."""
        raise NotImplementedError

    def focus_first(self) -> None:
        """Put the cursor into the list."""
        self.screen.set_focus(self.query_one(PartsTable))

    async def show_row(self) -> None:
        """Show the form of the row under the cursor."""
        if self.workspace:
            form = self.query_one(Form)
            form.catalogue = self.workspace.catalogue
            await form.show(self.sheet(self.workspace))

    @on(PartsTable.Moved)
    async def _moved(self, event: PartsTable.Moved) -> None:
        if event.row != self.row:
            self.row = event.row
            await self.show_row()

    @on(PartsTable.RowSelected)
    def _selected(self) -> None:
        if self.display:
            self.query_one(Form).focus_first()
