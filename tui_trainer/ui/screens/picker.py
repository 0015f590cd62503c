"""Choosing one of many by typing a few letters of it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_trainer.ui.choices import Choice, ranked
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.display import Dialog
from tui_trainer.ui.key_names import short

_WHOLE = 120
"""Columns of a window in which the words of choices are not cut."""


class Picker(Dialog[Choice | None]):
    """A search field over a list of choices, each with what it is for."""

    DEFAULT_CSS = """
    Picker {
        align: center middle;
        & > Vertical {
            width: 90%; max-width: 120; height: auto; max-height: 80%; padding: 0 1;
            background: $surface; border: round $primary; border-title-color: $text-muted;
        }
        & > Vertical.-plain { max-width: 44; }
        & OptionList {
            background: transparent; border: none;
            text-wrap: nowrap; text-overflow: ellipsis; scrollbar-size-vertical: 1;
        }
        & Static { color: $text-muted; height: 1; }
        & #told { height: 2; }
    }
    """
    BINDINGS = [*bindings("dialog", "dialog.cancel"), *bindings("search")]

    def __init__(
        self, title: str, choices: Sequence[Choice], letters: str = "", chosen: str = ""
    ) -> None:
        """Take what there is to choose from, letters typed already, and what is chosen now."""
        super().__init__()
        self._title, self._choices = title, choices
        self._letters, self._chosen = letters, chosen
        self._found: list[Choice | None] = []
        """By line; None is a heading."""

    def compose(self) -> ComposeResult:
        """Make the search field and the list."""
        with Vertical() as box:
            box.border_title = self._title
            box.set_class(self._plain, "-plain")
            yield Input(
                self._letters,
                placeholder="type a few letters",
                compact=True,
                select_on_focus=False,
            )
            yield OptionList(compact=True)
            yield Static(id="told", markup=False)
            up, down = short("up"), short("down")
            yield Static(f"enter takes it · {up} {down} choose · esc leaves it")

    @property
    def _plain(self) -> bool:
        """Whether the choices say all by their names."""
        return not any(choice.words for choice in self._choices)

    def on_mount(self) -> None:
        """Show what the letters that were typed already stand for."""
        self._search(self._letters)
        self._make_room()

    def on_resize(self) -> None:
        """Keep the last line in sight."""
        self._make_room()

    def _make_room(self) -> None:
        """Give the list as many lines as it has at first, or as the window has for it.

        In a narrow one, the words of the choice under the cursor stand below it, and are not cut.
        """
        told = self.query_one("#told", Static)
        told.display = self.size.width < _WHOLE and not self._plain
        lines = len(_with_headings(self._choices))
        most = self.size.height * 8 // 10 - (6 if told.display else 4)
        self.query_one(OptionList).styles.height = max(1, min(lines, most))

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        choice = self._found[event.option_index] if self._found else None
        self.query_one("#told", Static).update(choice.words if choice else "")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._search(event.value)

    @on(Input.Submitted)
    def _entered(self) -> None:
        self._take(self.query_one(OptionList).highlighted)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._take(event.option_index)

    def _take(self, line: int | None) -> None:
        choice = self._found[line] if line is not None and line < len(self._found) else None
        if choice:
            self.dismiss(choice)

    def action_move(self, way: str) -> None:
        """Move the cursor in the list while the field has the focus."""
        getattr(self.query_one(OptionList), f"action_{way}")()

    def _search(self, letters: str) -> None:
        found: list[Choice | None] = list(ranked(self._choices, letters))
        if not letters.strip():
            found = list(_with_headings(self._choices))
        self._found = found
        options = self.query_one(OptionList)
        options.clear_options()
        nothing = [] if found else [Option("nothing has these letters", disabled=True)]
        options.add_options([*(self._option(line) for line in range(len(found))), *nothing])
        lines = [line for line, choice in enumerate(found) if choice]
        chosen = [line for line in lines if letters == "" and self._is_chosen(found[line])]
        options.highlighted = next(iter(chosen or lines), None)

    def _is_chosen(self, choice: Choice | None) -> bool:
        return choice is not None and self._chosen in (choice.name, *choice.aliases)

    def _option(self, line: int) -> Option:
        choice = self._found[line]
        if choice is None:
            return Option(Text(_family_after(self._found, line), "dim italic"), disabled=True)
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(f"{choice.name:<26} ", "bold")
        return Option(text.append(choice.words) if choice.words else text)


def _with_headings(choices: Sequence[Choice]) -> list[Choice | None]:
    """Return the choices with None before each family, if there is more than one."""
    if len({choice.family for choice in choices}) < 2:
        return list(choices)
    lines: list[Choice | None] = []
    family = ""
    for choice in choices:
        if choice.family != family:
            family = choice.family
            lines.append(None)
        lines.append(choice)
    return lines


def _family_after(lines: Sequence[Choice | None], line: int) -> str:
    following = lines[line + 1]
    return following.family if following else ""
