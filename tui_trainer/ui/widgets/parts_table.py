"""A list of parts with a cursor: the layer stack, or what is compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text
from textual.events import Resize
from textual.message import Message
from textual.strip import Strip
from textual.widgets import DataTable

from tui_trainer.ui.commands import bindings

_SCROLLBAR = 1
_GAP = "  "
"""What stands between two columns."""
_LEAST = 8
"""Columns of text that are left at least."""
_NAME = 20
"""Columns of text for which columns that can be spared are left out."""


def _is_of_numbers(title: str) -> bool:
    """Return whether a column stands at the right: its title ends in a blank."""
    return title.endswith(" ")


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
    PartsTable:focus > .datatable--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground;
    }
    """

    BINDINGS = bindings("list")

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    def __init__(
        self,
        columns: Sequence[str],
        id: str | None = None,  # noqa: A002
        spare: Sequence[str] = (),
    ) -> None:
        """Take the titles, and which of them to leave out first where there is little room."""
        super().__init__(
            id=id, cursor_type="row", cell_padding=1, zebra_stripes=False, show_row_labels=False
        )
        self._titles = columns
        self._spare = spare
        self.left_out: list[int] = []
        """The places of the columns for which there is no room."""
        self._rows: list[tuple[Text, ...]] = []
        self._fitted_to = 0
        """How wide the table was when its columns were made."""

    def render_line(self, y: int) -> Strip:
        """Draw a row; below the last one there is nothing to ask a data table for."""
        if self.scroll_offset.y + y > self.row_count:
            return Strip.blank(self.size.width, self.visual_style.rich_style)
        return super().render_line(y)

    def on_mount(self) -> None:
        """Make the columns."""
        self._fill(0)

    def on_resize(self, event: Resize) -> None:
        """Give the longest column the room that there is now; else keep what was drawn."""
        event.prevent_default()
        if self._fitted_to != self.size.width:
            self._fill(self.cursor_row)

    def show(self, rows: Sequence[tuple[Text, ...]], row: int) -> None:
        """Show rows and put the cursor on one of them."""
        if list(rows) != self._rows:
            self._rows = list(rows)
            self._fill(row)
        elif row != self.cursor_row:
            with self.prevent(DataTable.RowHighlighted):
                self.move_cursor(row=row)

    def _fill(self, row: int) -> None:
        """Make the rows anew, and put the cursor on one of them.

        To a data table each is one cell: every cell takes it as long to draw as all of a line.
        """
        self._fitted_to = self.size.width
        with self.prevent(DataTable.RowHighlighted):
            self.clear(columns=True)
            widths = {place: self._width(place) for place in range(len(self._titles))}
            spare = [self._titles.index(title) for title in self._spare]
            texts = [at for at, title in enumerate(self._titles) if not _is_of_numbers(title)]
            longest = max((at for at in texts if at not in spare), key=widths.__getitem__)
            self.left_out = []
            while spare and self._over(widths) > max(0, widths[longest] - _NAME):
                self.left_out.append(spare.pop(0))
                del widths[self.left_out[-1]]
            if self._over(widths) > 0:
                widths[longest] = max(widths[longest] - self._over(widths), _LEAST)
            titles = [Text(title.strip()) for title in self._titles]
            self.add_column(self._line(titles, widths), width=self._needed(widths))
            for cells in self._rows:
                self.add_row(self._line(cells, widths))
            self.move_cursor(row=row)

    def _line(self, cells: Sequence[Text], widths: Mapping[int, int]) -> Text:
        """Return cells in their columns: numbers at the right, what is too long cut."""
        line = []
        for place, width in widths.items():
            cell = cells[place].copy()
            cell.truncate(width, overflow="ellipsis")
            cell.align("right" if _is_of_numbers(self._titles[place]) else "left", width)
            line.append(cell)
        return Text(_GAP, no_wrap=True).join(line)

    def _needed(self, widths: Mapping[int, int]) -> int:
        """Return how wide a line is."""
        return sum(widths.values()) + len(_GAP) * (len(widths) - 1)

    def _over(self, widths: Mapping[int, int]) -> int:
        """Return by how much a line is wider than the table, if that has a width yet."""
        room = self.size.width - _SCROLLBAR - 2 * self.cell_padding
        return self._needed(widths) - room if self.size.width else 0

    def _width(self, place: int) -> int:
        cells = [cells[place].cell_len for cells in self._rows]
        return max(len(self._titles[place].strip()), *cells, 0)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell where the cursor is."""
        event.stop()
        self.post_message(self.Moved(event.cursor_row))
