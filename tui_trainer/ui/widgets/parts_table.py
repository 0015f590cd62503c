"""A list of parts with a cursor: the layer stack, or what is compiled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.widgets import DataTable


class PartsTable(DataTable[Text]):
    """Rows under fixed columns; the row under the cursor is what the form shows."""

    DEFAULT_CSS = """
    PartsTable {
        height: 1fr; background: transparent;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0;
    }
    PartsTable > .datatable--header {
        background: transparent; color: $text-muted; text-style: none;
    }
    PartsTable > .datatable--cursor { background: $surface-lighten-2; }
    PartsTable:focus > .datatable--cursor { background: $primary; color: $text; }
    """

    BINDINGS = [
        Binding("home", "scroll_top", show=False),
        Binding("end", "scroll_bottom", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    def __init__(self, columns: Sequence[str], id: str | None = None) -> None:  # noqa: A002
        super().__init__(
            id=id, cursor_type="row", cell_padding=1, zebra_stripes=False, show_row_labels=False
        )
        self._titles = columns
        self._rows: list[tuple[Text, ...]] = []

    def on_mount(self) -> None:
        """Make the columns."""
        self._add_columns()

    def _add_columns(self) -> None:
        """Make the columns; a title that ends in a blank stands over numbers, at the right.

        Each is as wide as its longest cell from the start: a width that Textual finds out later is
        not drawn if the table was drawn in between.
        """
        for place, title in enumerate(self._titles):
            side: Literal["right", "left"] = "right" if title.endswith(" ") else "left"
            head = Text(title.strip(), justify=side)
            width = max(head.cell_len, *(row[place].cell_len for row in self._rows), 0)
            self.add_column(head, width=width)

    def show(self, rows: Sequence[tuple[Text, ...]], row: int) -> None:
        """Show rows and put the cursor on one of them."""
        if list(rows) != self._rows:
            self._rows = list(rows)
            with self.prevent(DataTable.RowHighlighted):
                self.clear(columns=True)
                self._add_columns()
                self.add_rows(rows)
        if row != self.cursor_row:
            with self.prevent(DataTable.RowHighlighted):
                self.move_cursor(row=row)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell where the cursor is."""
        event.stop()
        self.post_message(self.Moved(event.cursor_row))
