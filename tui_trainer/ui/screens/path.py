"""Asking for a path: to load from, or to save to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import DirectoryTree, Input, Static

from tui_trainer.core.errors import TrainerError

Attempt = Callable[[str], str | None]
"""Does what is asked with a path; returns a question to be answered by enter again, or None."""


class ModelFiles(DirectoryTree):
    """Folders, and the files that can be loaded."""

    ICON_NODE, ICON_NODE_EXPANDED, ICON_FILE = "▸ ", "▾ ", "  "

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        """Leave out what is hidden and what is no experiment and no model."""
        for path in paths:
            wanted = path.is_dir() or path.suffix in (".toml", ".keras")
            if wanted and not path.name.startswith((".", "__")):
                yield path


class AskPath(ModalScreen[None]):
    """A field for a path over a tree of files; it stays until the attempt succeeds or esc."""

    DEFAULT_CSS = """
    AskPath {
        align: center middle;
        & > Vertical {
            width: 90%; max-width: 100; height: 80%; padding: 0 1;
            background: $surface; border: round $primary;
        }
        & Static { height: auto; }
        & #title { text-style: bold; }
        & #told { color: $text-muted; margin-bottom: 1; }
        & #answer { color: $text-error; min-height: 1; }
        & DirectoryTree { height: 1fr; background: transparent; }
    }
    """
    BINDINGS = [Binding("escape", "dismiss", "Cancel")]

    def __init__(self, title: str, told: str, path: str, attempt: Attempt) -> None:
        super().__init__()
        self._title, self._told, self._path, self._attempt = title, told, path, attempt
        self.confirmed = ""
        """The path for which a question was asked and enter was pressed again."""
        self._asked = ""

    def compose(self) -> ComposeResult:
        """Make the field, the answer and the tree."""
        with Vertical():
            title = f"{self._title}   enter: do it · esc: leave · tab: choose from the files"
            yield Static(title, id="title", markup=False)
            yield Static(self._told, id="told", markup=False)
            yield Input(self._path, compact=True, select_on_focus=False)
            yield Static(id="answer", markup=False)
            yield ModelFiles(".")

    @on(DirectoryTree.FileSelected)
    @on(DirectoryTree.DirectorySelected)
    def _picked(self, event: DirectoryTree.FileSelected | DirectoryTree.DirectorySelected) -> None:
        event.stop()
        field = self.query_one(Input)
        field.value = str(event.path)
        if isinstance(event, DirectoryTree.FileSelected):
            field.focus()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        self.confirmed = text if text == self._asked else ""
        self._asked = ""
        try:
            question = self._attempt(text) if text else "expected a path; received nothing"
        except TrainerError as error:
            question = f"✗ {error}"
        else:
            if question is None:
                self.dismiss()
                return
            self._asked = text
        self.query_one("#answer", Static).update(question)
