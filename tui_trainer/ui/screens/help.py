"""The keys of where you are."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_trainer.core.places import settings_path
from tui_trainer.ui.commands import COMMANDS, bindings
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
_NAMES = 100
"""Columns of a window that has room for the names of the commands too."""


class Help(ModalScreen[None]):
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
            yield Static(self._table())
            told = f"The keys, the colours and more are chosen in {settings_path()}"
            yield Static(Text(f"\n{told}", "dim"))

    def _table(self) -> Table:
        named = self.app.size.width >= _NAMES
        table = Table.grid(padding=(0, 2))
        table.add_column(style="bold", no_wrap=True)
        table.add_column()
        table.add_column(style="dim", no_wrap=True)
        sections = {self._tab: "", "": "Everywhere", **_INSIDE}
        for place, title in sections.items():
            if title:
                table.add_row()
                table.add_row("", Text(title, "bold dim"))
            for keys, told in _FIXED.get(place, ()):
                table.add_row(keys, told)
            for command in COMMANDS:
                if command.tab == place:
                    keys = ", ".join(map(short, keymap().keys(command)))
                    told = self._told.get(command.action, command.help)
                    table.add_row(keys, Text(told), command.name if named else "")
        return table
