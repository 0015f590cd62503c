"""Choosing a class of Keras by typing a few letters of it."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_trainer.core.catalogue import Catalogue, Entry

_FIRST = (
    *("Dense", "Dropout", "BatchNormalization", "Flatten", "Conv2D", "MaxPooling2D"),
    *("Embedding", "GlobalAveragePooling1D", "LSTM", "Activation", "ReLU", "LeakyReLU"),
    *("accuracy", "EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint"),
)
"""What most people look for; the rest follows as Keras groups it."""


class AddPart(ModalScreen[Entry | None]):
    """A search field over a list of classes, each with what it is for."""

    DEFAULT_CSS = """
    AddPart {
        align: center middle;
        & > Vertical {
            width: 90%; max-width: 110; height: 80%; padding: 0 1;
            background: $surface; border: round $primary;
        }
        & OptionList {
            height: 1fr; background: transparent; border: none;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
        & Static { color: $text-muted; height: 1; }
    }
    """
    BINDINGS = [
        Binding("escape", "dismiss", "Cancel"),
        Binding("down", "cursor(1)", "Down", show=False),
        Binding("up", "cursor(-1)", "Up", show=False),
    ]

    def __init__(self, catalogue: Catalogue, groups: tuple[str, ...]) -> None:
        super().__init__()
        entries = [entry for group in groups for entry in catalogue.group(group)]
        place = {name: number for number, name in enumerate(_FIRST)}
        self._entries = sorted(entries, key=lambda e: place.get(e.name, len(place)))
        self._found: list[Entry] = []
        self._many = len(groups) > 1

    def compose(self) -> ComposeResult:
        """Make the search field and the list."""
        with Vertical():
            yield Input(placeholder="type a few letters", compact=True)
            yield OptionList(compact=True)
            yield Static("enter adds it · ↑ ↓ choose · esc leaves everything as it is")

    def on_mount(self) -> None:
        """Show everything at first."""
        self._search("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._search(event.value)

    @on(Input.Submitted)
    def _entered(self) -> None:
        index = self.query_one(OptionList).highlighted
        if index is not None and index < len(self._found):
            self.dismiss(self._found[index])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index])

    def action_cursor(self, by: int) -> None:
        """Move in the list while the search field keeps the keys."""
        options = self.query_one(OptionList)
        if self._found:
            options.highlighted = ((options.highlighted or 0) + by) % len(self._found)

    def _search(self, text: str) -> None:
        wanted = text.strip().lower()
        self._found = sorted(
            (entry for entry in self._entries if _rank(entry, wanted) < 9),
            key=lambda entry: _rank(entry, wanted),
        )
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._line(entry)) for entry in self._found])
        options.highlighted = 0 if self._found else None

    def _line(self, entry: Entry) -> Text:
        kind = entry.group.removesuffix("s") if self._many else entry.family
        line = Text(no_wrap=True, overflow="ellipsis")
        line.append(f"{entry.name:<26} ", "bold").append(f"{kind:<15} ", "dim")
        return line.append(entry.summary)


def _rank(entry: Entry, wanted: str) -> int:
    """Return how well an entry matches: 0 best, 9 not at all."""
    name = entry.name.lower()
    capitals = "".join(c for c in entry.name if c.isupper() or c.isdigit()).lower()
    if name.startswith(wanted):
        return 0
    if wanted in name or any(alias.lower().startswith(wanted) for alias in entry.aliases):
        return 1
    if capitals.startswith(wanted):
        return 2
    return 3 if wanted in entry.summary.lower() else 9
