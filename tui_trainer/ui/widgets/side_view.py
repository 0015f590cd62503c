"""The experiment seen another way beside its forms: as a Keras script, or as a picture."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import ScrollableContainer
from textual.reactive import reactive
from textual.widgets import Static

from tui_trainer.core.diagram import diagram
from tui_trainer.core.problem import Where
from tui_trainer.core.script import script
from tui_trainer.ui.workspace import Workspace


class SideView(ScrollableContainer, can_focus=True):
    """Lines that scroll, with those of one layer marked and in view."""

    DEFAULT_CSS = """
    SideView {
        padding: 0 1; scrollbar-size: 0 1; display: none;
        & > Static { width: auto; height: auto; }
    }
    """

    what: reactive[str] = reactive("")
    """`code`, `picture`, or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[object, ...] = ()
        self._asked: tuple[Workspace, Where] | None = None

    def compose(self) -> ComposeResult:
        """Make the room for the lines."""
        yield Static(markup=False)

    def watch_what(self) -> None:
        """Take room only where there is something to see."""
        self.display = bool(self.what)

    def show(self, workspace: Workspace, where: Where) -> None:
        """Show the experiment, with the lines of one place marked and in view."""
        self._asked = workspace, where
        experiment, name = workspace.document.experiment, workspace.document.name
        width = max(_NARROWEST, self.size.width - 4)
        new = (self.what, experiment, name, workspace.verdict, where, width)
        if new == self._shown:
            return
        self._shown = new
        if self.what == "code":
            code = script(experiment, name)
            text, lines = coloured(code.text), code.at(where)
        else:
            drawn = diagram(experiment, workspace.verdict, width)
            text, lines = Text("\n".join(drawn.rows)), drawn.at(where)
        self.query_one(Static).update(_marked(text, lines))
        self.call_after_refresh(self._bring_into_view, lines, text.plain.count("\n") + 1)

    def on_resize(self) -> None:
        """Draw anew for the new size."""
        if self._asked and self.what:
            self._shown = ()
            self.show(*self._asked)

    def _bring_into_view(self, lines: range, count: int) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if count <= height:
            self.scroll_to(y=0, animate=False)
        elif lines and not (top <= lines.start and lines.stop <= top + height):
            self.scroll_to(y=max(0, lines.start - height // 3), animate=False)


_NARROWEST = 30
"""Columns of a picture at least."""


def coloured(code: str) -> Text:
    """Return Python code with its words told apart, in the terminal's own colours."""
    from pygments.lexers import PythonLexer  # It takes a while to import, and few need it.

    text = Text()
    for token, value in PythonLexer().get_tokens(code):
        style = next((style for name, style in _STYLES.items() if f".{name}" in str(token)), "")
        text.append(value, style)
    text.rstrip()
    return text


_STYLES = {"Keyword": "bold", "String": "green", "Number": "cyan", "Comment": "dim"}
"""How the kinds of word look, by Pygments' names for them."""


def _marked(text: Text, lines: range) -> Text:
    """Return lines with a bar before some of them."""
    rows = [
        Text.assemble(("▌ ", "bold") if number in lines else "  ", row)
        for number, row in enumerate(text.split("\n"))
    ]
    return Text("\n", no_wrap=True).join(rows)
