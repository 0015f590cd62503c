"""A question with a few answers, asked once."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label

from tui_trainer.ui.commands import bindings
from tui_trainer.ui.display import Dialog


class Choice(Dialog[str | None]):
    """Asks, and gives back the id of the answer, or None."""

    DEFAULT_CSS = """
    Choice {
        align: center middle;
        & > Vertical {
            width: 70; max-width: 95%; height: auto; padding: 1 2;
            background: $surface; border: round $primary;
        }
        & Label { width: 1fr; margin-bottom: 1; }
        & Horizontal { height: 1; }
        & Button { margin-right: 2; }
    }
    """
    BINDINGS = bindings("dialog", "dialog.cancel", "dialog.next", "dialog.previous")

    def __init__(self, question: str, answers: dict[str, str]) -> None:
        super().__init__()
        self._question = question
        self._answers = answers

    def compose(self) -> ComposeResult:
        """Make the question and a button for each answer; the first has the cursor."""
        with Vertical():
            yield Label(self._question, markup=False)
            with Horizontal():
                for name, label in self._answers.items():
                    yield Button(label, id=name, compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    @on(Button.Pressed)
    def _answered(self, event: Button.Pressed) -> None:
        self.dismiss(None if event.button.id == "cancel" else event.button.id)
