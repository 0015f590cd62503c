"""The keys of where you are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from tui_trainer.core.places import settings_path
from tui_trainer.ui.commands import COMMANDS, bindings
from tui_trainer.ui.display import Dialog
from tui_trainer.ui.key_names import short
from tui_trainer.ui.keymap import keymap

_ABOUT = {
    "data": "Pick a task; see what its data are, and how they are prepared.",
    "model": "Build the stack of layers. Shapes and parameters are worked out as you type.",
    "compile": "Choose optimizer, loss and metrics, how long to fit, and callbacks.",
    "train": "Watch a run. It goes on if you close the app, and is in Runs when you come back.",
    "runs": "Everything that was trained; open one to see its curves again.",
}
_INSIDE = {"list": "In a list", "form": "In a form", "choice": "On a field with ▾"}
_FIXED = {
    "list": (("enter", "Edit, open or show what is under the cursor."),),
    "form": (("tab", "Go to the next field; with shift, to the one before."),),
}
"""Keys of Textual's own, which the settings do not change."""
_GAP = "  "
_LEAST = 16
"""Columns in which what a key does is told even where there is no room."""
_NAMES = 88
"""Columns of a table that has room for the names of the commands too."""


class Help(Dialog[None]):
    """Every key of a tab, and those that work everywhere."""

    DEFAULT_CSS = """
    Help {
        align: center middle;
        & > VerticalScroll {
            width: 100; max-width: 95%; height: auto; max-height: 90%; padding: 0 2;
            background: $surface; border: round $primary; scrollbar-size-vertical: 1;
        }
        & Static { height: auto; }
    }
    """
    BINDINGS = [
        *bindings("dialog", "dialog.cancel", "dialog.close_help"),
        Binding("question_mark", "dismiss", id="help", show=False),
    ]

    def __init__(self, tab: str, told: Mapping[str, str]) -> None:
        """Take the tab, and what an action would do now, where that is known."""
        super().__init__()
        self._tab, self._told = tab, told

    def compose(self) -> ComposeResult:
        """Make the table of keys."""
        with VerticalScroll():
            yield Static(f"[b]{self._tab.capitalize()}[/b]  {_ABOUT[self._tab]}\n")
            yield Keys(tuple(self._rows()))
            told = f"The keys, the colours and more are chosen in {settings_path()}"
            yield Static(Text(f"\n{told}", "dim"))

    def _rows(self) -> Iterator[KeyRow]:
        sections = {self._tab: "", "": "Everywhere", **_INSIDE}
        for place, title in sections.items():
            if title:
                yield KeyRow()
                yield KeyRow(told=title, style="bold dim")
            for keys, told in _FIXED.get(place, ()):
                yield KeyRow(keys, told)
            for command in COMMANDS:
                if command.tab == place:
                    keys = ", ".join(map(short, keymap().keys(command)))
                    told = self._told.get(command.action, command.help)
                    yield KeyRow(keys, told, command.name)


class KeyRow(NamedTuple):
    """Keys, what they do, and the name of the command; a title has no keys."""

    keys: str = ""
    told: str = ""
    name: str = ""
    style: str = ""
    """How what they do is written."""


class Keys(Widget):
    """A table of keys; a rich one would take ten times as long to draw, and is drawn four times."""

    DEFAULT_CSS = "Keys { height: auto; }"

    def __init__(self, rows: Sequence[KeyRow]) -> None:
        super().__init__()
        self._rows = rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are in so many columns."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Draw the lines."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        first = max(len(row.keys) for row in self._rows)
        last = max(len(row.name) for row in self._rows) if width >= _NAMES else 0
        room = max(_LEAST, width - first - last - 2 * len(_GAP))
        lines = []
        for row in self._rows:
            keys, name = row.keys, row.name[:last]
            for told in wrap(row.told, room) or [""]:
                left, middle = f"{keys:{first}}{_GAP}", f"{told:{room}}{_GAP}"
                lines.append(Content.assemble((left, "bold"), (middle, row.style), (name, "dim")))
                keys = name = ""
        return lines
