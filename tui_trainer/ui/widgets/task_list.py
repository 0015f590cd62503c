"""The presets to begin with, and below them those that one keeps."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from rich.text import Text
from textual.widgets import DataTable

from tui_trainer.core.places import own_presets_dir
from tui_trainer.core.presets import Preset, own_presets, shipped_presets
from tui_trainer.ui.widgets.parts_table import PartsTable

_WIDEST = 23
"""Characters of a name: the list of a narrow window shows no more."""


class TaskList(PartsTable):
    """A row for each preset; one's own stand under a heading that the cursor steps over."""

    def __init__(self) -> None:
        super().__init__(("task", ""), id="tasks")
        self._presets: list[Preset | None] = []
        """What the rows stand for; None for the heading."""
        self._seen: tuple[str, int] | None = None
        """The folder of one's own presets, and when something in it last changed."""
        self._last = 0

    @property
    def preset(self) -> Preset | None:
        """The preset under the cursor."""
        row = self.cursor_row
        return self._presets[row] if 0 <= row < len(self._presets) else None

    def refresh_presets(self) -> None:
        """List the presets anew if a file of one's own came, went or was replaced."""
        folder, changed = own_presets_dir(), 0
        with suppress(OSError):
            changed = folder.stat().st_mtime_ns
        if (str(folder), changed) == self._seen:
            return
        self._seen = (str(folder), changed)
        before, row = self.preset, self.cursor_row
        own = own_presets()
        self._presets = [*shipped_presets(), *((None, *own) if own else ())]
        rows = [_row(preset) for preset in self._presets]
        self.show(rows, min(row, len(rows) - 1))
        if before:
            self.point_at(before.name, before.path if before.own else None)

    def point_at(self, name: str, path: Path | None) -> None:
        """Put the cursor on the preset of a name, or on one's own in a file, if it is listed."""
        for row, preset in enumerate(self._presets):
            if preset and (
                preset.path == path if preset.own else (preset.name, None) == (name, path)
            ):
                self.move_cursor(row=row)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Step over the heading."""
        row = event.cursor_row
        if row < len(self._presets) and self._presets[row] is None:
            row += 1 if row > self._last else -1
            self.move_cursor(row=row)
        self._last = row


def _row(preset: Preset | None) -> tuple[Text, Text]:
    if preset is None:
        return Text("── yours ──", "dim"), Text("")
    name = f"✗ {preset.name}" if preset.trouble else preset.name
    return _line(name, _WIDEST), Text(preset.trouble or preset.title, "dim", no_wrap=True)


def _line(text: str, width: int) -> Text:
    line = Text(text)
    line.truncate(width, overflow="ellipsis")
    return line
