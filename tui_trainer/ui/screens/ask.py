"""Asking for a line of text: what to call a thing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui_trainer.core.errors import TrainerError
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.display import Dialog

Attempt: TypeAlias = "Callable[[str], str | Awaitable[None] | None]"
"""Does what is asked with a text, or raises TrainerError.

It returns a question to be answered by enter again, None, or what is to be waited for.
"""


class Ask(Dialog[bool]):
    """A field for a text; it stays until the attempt succeeds, which gives back True, or esc."""

    DEFAULT_CSS = """
    Ask {
        align: center middle;
        & > Vertical {
            width: 90%; max-width: 100; height: auto; padding: 0 1;
            background: $surface; border: round $primary;
        }
        & Static { height: auto; }
        & #title { text-style: bold; }
        & #told { color: $text-muted; margin-bottom: 1; }
        & #answer { color: $text-error; min-height: 1; }
    }
    """
    BINDINGS = bindings("dialog", "dialog.cancel")
    KEYS = "enter: do it · esc: leave"
    WANTED = "a name"
    SELECT = False
    """Whether the text is selected, for the first key to replace it."""

    def __init__(self, title: str, told: str, text: str, attempt: Attempt) -> None:
        super().__init__()
        self._title, self._told, self._text, self._attempt = title, told, text, attempt
        self.confirmed = ""
        """The text for which a question was asked and enter was pressed again."""
        self._asked = ""

    def compose(self) -> ComposeResult:
        """Make the field and the answer."""
        with Vertical():
            yield Static(f"{self._title}   {self.KEYS}", id="title", markup=False)
            yield Static(self._told, id="told", markup=False)
            yield Input(self._text, compact=True, select_on_focus=self.SELECT)
            yield Static(id="answer", markup=False)
            yield from self.compose_more()

    def compose_more(self) -> ComposeResult:
        """Make what stands below the answer: nothing."""
        yield from ()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        self.confirmed = text if text == self._asked else ""
        self._asked = ""
        try:
            question = self._attempt(text) if text else f"expected {self.WANTED}; received nothing"
        except TrainerError as error:
            self._say(f"✗ {error}")
            return
        if isinstance(question, str):
            self._asked = text
            self._say(question)
        elif question is None:
            self.dismiss(True)
        else:
            self._say("a moment …")
            self.run_worker(self._finish(question), exclusive=True)

    async def _finish(self, attempt: Awaitable[None]) -> None:
        try:
            await attempt
        except TrainerError as error:
            self._say(f"✗ {error}")
        else:
            self.dismiss(True)

    def _say(self, text: str) -> None:
        self.query_one("#answer", Static).update(text)


class AskNumber(Ask):
    """A field for a number."""

    WANTED = "a number"
    SELECT = True
