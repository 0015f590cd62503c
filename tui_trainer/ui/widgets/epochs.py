"""The table of epochs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import DataTable

from tui_trainer.core.events import Best, EpochEnded


class EpochTable(DataTable[Text]):
    """One row an epoch, the newest at the end and in view; the best one has a star."""

    DEFAULT_CSS = """
    EpochTable { height: 1fr; background: transparent; scrollbar-size-vertical: 1; }
    EpochTable > .datatable--header {
        background: transparent; color: $text-muted; text-style: none;
    }
    """

    def __init__(self) -> None:
        super().__init__(cursor_type="none", cell_padding=1)
        self._names: list[str] = []
        self._starred: int | None = None

    def clear_epochs(self) -> None:
        """Forget everything."""
        self.clear(columns=True)
        self._names, self._starred = [], None

    def show(self, epochs: Sequence[EpochEnded], best: Best | None) -> None:
        """Add the epochs that are not there yet, and move the star."""
        if self.row_count > len(epochs) or (epochs and [*epochs[-1].metrics] != self._names):
            self.clear_epochs()
        if epochs and not self.columns:
            self._names = [*epochs[-1].metrics]
            for name in ("epoch", *self._names, "s", ""):
                self.add_column(Text(name, justify="right"), key=name or "star")
        if best and best.epoch != self._starred:
            self.call_later(self._star, best.epoch)
        if self.row_count == len(epochs):
            return
        for epoch in epochs[self.row_count :]:
            cells = [f"{epoch.metrics.get(name, float('nan')):.4f}" for name in self._names]
            row = [str(epoch.epoch), *cells, f"{epoch.seconds:.2f}"]
            self.add_row(*(Text(cell, justify="right") for cell in row), Text(" "), key=row[0])
        self.scroll_end(animate=False)

    def _star(self, epoch: int) -> None:
        if str(epoch) not in self.rows:
            return
        if self._starred is not None:
            self.update_cell(str(self._starred), "star", Text(" "))
        self.update_cell(str(epoch), "star", Text("★", "bold"))
        self._starred = epoch
