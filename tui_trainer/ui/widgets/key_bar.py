"""The keys of where you are, each of which can be clicked too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive

from tui_trainer.ui.commands import COMMANDS
from tui_trainer.ui.key_names import short
from tui_trainer.ui.keymap import keymap
from tui_trainer.ui.widgets.links import Links, read

Key: TypeAlias = tuple[str, str]
"""A key, and what it does."""
_ALWAYS = 2
"""How many keys at the end of the bar are shown however narrow it is: help, and all commands."""
_GAP = "  "


class KeyBar(Links):
    """The keys of the tab and those that work everywhere, as many as there is room for."""

    DEFAULT_CSS = """
    KeyBar {
        height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    shown = reactive("data")
    in_form = reactive(False)
    """Whether the cursor is in a form, whose fields take the letters."""

    def render(self) -> Content:
        """Draw the tab's own keys first, and those that work in a form."""
        gap, width = ("  " if self.size.width >= 100 else " "), self.content_size.width
        keys = self._keys()
        while len(keys) > _ALWAYS and _width(keys, gap) > width:
            del keys[-1 - _ALWAYS]
        return read(_markup(keys, gap))

    def _keys(self) -> list[Key]:
        footer, keys = [c for c in COMMANDS if c.footer], keymap()
        everywhere = [command for command in footer if not command.tab]
        if self.in_form:
            typed = [(keys.typed_in_field(command), command.label) for command in everywhere]
            back = next(command for command in COMMANDS if command.name == "back")
            first = [(keys.typed_in_field(back), "List"), ("tab", "Next field")]
            return [key for key in (*first, *typed) if key[0]]
        own = [command for command in footer if command.tab == self.shown]
        return [(keys.keys(command)[0], command.label) for command in (*own, *everywhere)]


class KeyHints(Links):
    """The keys that work in a tab's list."""

    DEFAULT_CSS = """
    KeyHints { height: auto; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, tab: str) -> None:
        super().__init__()
        self._tab = tab

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the keys need."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Draw the keys of the tab's list."""
        lines = self._lines(self.content_size.width)
        return read("\n".join(_markup(line, _GAP, "press_in_list") for line in lines))

    def _lines(self, width: int) -> list[list[Key]]:
        """Return the keys line by line, none cut in two."""
        lines: list[list[Key]] = [[]]
        for command in COMMANDS:
            if command.hint and command.tab == self._tab:
                key = keymap().keys(command)[0], command.label
                if lines[-1] and _width([*lines[-1], key], _GAP) > width:
                    lines.append([])
                lines[-1].append(key)
        return lines


def _markup(keys: Sequence[Key], gap: str, action: str = "press") -> str:
    """Return keys and what they do, as markup that can be clicked; none is cut in two."""
    return gap.join(
        f"[@click=app.{action}('{key}')][b $text-accent]{_escaped(short(key))}[/]\N{NO-BREAK SPACE}"
        f"{label.replace(' ', chr(0xA0))}[/]"
        for key, label in keys
    )


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")


def _width(keys: Sequence[Key], gap: str) -> int:
    cells = [len(short(key)) + 1 + len(label) for key, label in keys]
    return sum(cells) + len(gap) * (len(keys) - 1)
