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

from tui_trainer.ui.commands import COMMANDS, TABS

_ABOUT = {
    "data": "Pick a task; see what its data are, and how they are prepared.",
    "model": "Build the stack of layers. Shapes and parameters are worked out as you type.",
    "compile": "Choose optimizer, loss and metrics, how long to fit, and callbacks.",
    "train": "Watch a run. It goes on if you close the app, and is in Runs when you come back.",
    "runs": "Everything that was trained; open one to see its curves again.",
}
_FORMS = (
    ("tab, shift+tab", "Go to the next field, or the one before."),
    ("enter", "In a list: edit what is under the cursor."),
    ("escape", "Back to the list."),
    ("ctrl+p", "Find any command by its name."),
    ("ctrl+q", "Quit."),
)


class Help(ModalScreen[None]):
    """Every key of a tab, and those that work everywhere."""

    DEFAULT_CSS = """
    Help {
        align: center middle;
        & > VerticalScroll {
            width: 80; max-width: 95%; height: auto; max-height: 90%; padding: 0 2;
            background: $surface; border: round $primary;
        }
    }
    """
    BINDINGS = [Binding("escape,question_mark,enter,q", "dismiss", "Close")]

    def __init__(self, tab: str, told: Mapping[str, str]) -> None:
        """Take the tab, and what an action would do now, where that is known."""
        super().__init__()
        self._tab, self._told = tab, told

    def compose(self) -> ComposeResult:
        """Make the table of keys."""
        with VerticalScroll():
            yield Static(f"[b]{self._tab.capitalize()}[/b]  {_ABOUT[self._tab]}\n")
            yield Static(self._table())

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        table.add_column(style="bold", no_wrap=True)
        table.add_column()
        here = [command for command in COMMANDS if command.tab == self._tab]
        everywhere = [c for c in COMMANDS if not c.tab and not c.action.startswith("show_tab")]
        for command in here:
            told = self._told.get(command.action, command.help)
            table.add_row(command.shown or command.key, Text(told))
        table.add_row("", "")
        table.add_row(f"1 – {len(TABS)}", "Show a tab: " + ", ".join(TABS) + ".")
        for command in everywhere:
            table.add_row(command.shown or command.key, command.help)
        for keys, told in _FORMS:
            table.add_row(keys, told)
        return table
