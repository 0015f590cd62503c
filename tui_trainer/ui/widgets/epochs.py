"""The table of epochs."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_trainer.core.curves import Curves
from tui_trainer.core.events import Best
from tui_trainer.core.words import figure

_WIDTH = 9
"""Columns of a metric, at least: those of the longest figure."""
_STAR = "★"


class EpochTable(ScrollView):
    """One row an epoch, the newest at the end and in view; the best one has a star.

    A row is made when it is drawn: ten thousand epochs cost no more than ten.
    """

    COMPONENT_CLASSES = {"epoch-table--header"}
    DEFAULT_CSS = """
    EpochTable { height: 1fr; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; }
    EpochTable > .epoch-table--header { color: $text-muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._curves = Curves()
        self._seen: tuple[object, ...] = ()
        self._best: int | None = None

    @property
    def row_count(self) -> int:
        """How many epochs are listed."""
        return len(self._curves.epochs)

    def show(self, curves: Curves, best: Best | None, more: bool = False) -> None:
        """Show the epochs, and which is the best one; whoever looks at the end sees the newest.

        With more to come they go by half a page at a time: so they can be read, and are sent once.
        """
        seen = (curves.revision, best, more)
        if curves is self._curves and seen == self._seen:
            return
        at_end = curves is not self._curves or self.scroll_offset.y >= self.max_scroll_y
        self._curves, self._seen, self._best = curves, seen, best.epoch if best else None
        page = max(1, self.size.height // 2) if more else 1
        rows = math.ceil(self.row_count / page) * page
        self.virtual_size = Size(len(self._line(self._titles)), rows + 1)
        if at_end:
            self.scroll_end(animate=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the titles, which stay, or the row of an epoch."""
        if y == 0:
            style = self.get_component_rich_style("epoch-table--header")
            text = self._line(self._titles)
        else:
            style = self.visual_style.rich_style
            text = self._row(self.scroll_offset.y + y - 1)
        left = self.scroll_offset.x
        return Strip([Segment(text, style)]).crop_extend(left, left + self.size.width, style)

    @property
    def _titles(self) -> Sequence[str]:
        metrics = self._curves.epochs[-1].metrics if self._curves.epochs else {}
        return ("epoch", *metrics, "s") if metrics else ()

    def _row(self, row: int) -> str:
        if row >= self.row_count:
            return ""
        epoch = self._curves.epochs[row]
        metrics = self._curves.epochs[-1].metrics
        figures = (figure(epoch.metrics.get(name, float("nan"))) for name in metrics)
        line = self._line((str(epoch.epoch), *figures, f"{epoch.seconds:.2f}"))
        return f"{_STAR}{line[1:]}" if epoch.epoch == self._best else line

    def _line(self, cells: Sequence[str]) -> str:
        """Return cells at the right of their columns."""
        widths = (max(len(title), _WIDTH) for title in self._titles)
        return "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=False))
