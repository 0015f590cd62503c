"""A field whose value is chosen from a list and not typed."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text
from textual.events import Key, Paste
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui_trainer.ui.commands import bindings

_DEFAULT = " (default)"


class Pick(Widget, can_focus=True):
    """Shows what is chosen; enter or a letter asks for the list."""

    DEFAULT_CSS = """
    Pick {
        height: 1; width: 1fr; background: $surface;
        &:focus { background: $boost; }
        &:focus:ansi { text-style: reverse; }
    }
    """
    BINDINGS = bindings("choice")

    class Asked(Message):
        """The user wants the list, and typed a letter already or not."""

        def __init__(self, letters: str) -> None:
            super().__init__()
            self.letters = letters

    class Reset(Message):
        """The user wants the default back."""

    class Stepped(Message):
        """The user wants the next choice, or the one before."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    text: reactive[str] = reactive("")
    """What is chosen; nothing while it is the default."""

    def __init__(self, text: str, default: str) -> None:
        super().__init__()
        self.set_reactive(Pick.text, text)
        self._default = default

    def render(self) -> Table:
        """Draw the choice, and the mark that says it is one."""
        table = Table.grid(expand=True)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", width=1)
        shown = Text(self.text or self._default, "" if self.text else "dim")
        if not self.text and len(self._default) + len(_DEFAULT) < self.size.width - 2:
            shown.append(_DEFAULT)
        table.add_row(shown, Text("▾", "bold" if self.has_focus else "dim"))
        return table

    def on_key(self, event: Key) -> None:
        """Ask for the list with the letter that was typed."""
        if event.is_printable and event.character and event.key != "space":
            event.stop()
            self.post_message(self.Asked(event.character))

    def on_paste(self, event: Paste) -> None:
        """Ask for the list with what was pasted."""
        event.stop()
        self.post_message(self.Asked(event.text))

    def on_click(self) -> None:
        """Ask for the list."""
        self.post_message(self.Asked(""))

    def action_ask(self) -> None:
        """Ask for the list."""
        self.post_message(self.Asked(""))

    def action_reset(self) -> None:
        """Return to the default."""
        self.post_message(self.Reset())

    def action_step(self, by: int) -> None:
        """Take the next choice, or the one before."""
        self.post_message(self.Stepped(by))
