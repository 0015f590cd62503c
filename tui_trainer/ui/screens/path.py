"""Asking for a path: to load from, or to save to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.widgets import DirectoryTree, Input

from tui_trainer.core.modelfile import has_weights
from tui_trainer.ui.screens.ask import Ask


class ModelFiles(DirectoryTree):
    """Folders, and the files that can be loaded."""

    ICON_NODE, ICON_NODE_EXPANDED, ICON_FILE = "▸ ", "▾ ", "  "
    show_root = False  # It is the current folder, which has no name here.

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        """Leave out what is hidden and what is no experiment and no model."""
        for path in paths:
            wanted = path.is_dir() or path.suffix == ".toml" or has_weights(path.name)
            if wanted and not path.name.startswith((".", "__")):
                yield path


class AskPath(Ask):
    """A field for a path over a tree of files."""

    DEFAULT_CSS = """
    AskPath {
        & DirectoryTree {
            height: auto; min-height: 8; max-height: 40vh; background: transparent;
        }
    }
    """
    KEYS = f"{Ask.KEYS} · tab: choose from the files"
    WANTED = "a path"

    def compose_more(self) -> ComposeResult:
        """Make the tree."""
        yield ModelFiles(".")

    @on(DirectoryTree.FileSelected)
    @on(DirectoryTree.DirectorySelected)
    def _picked(self, event: DirectoryTree.FileSelected | DirectoryTree.DirectorySelected) -> None:
        event.stop()
        field = self.query_one(Input)
        field.value = str(event.path)
        if isinstance(event, DirectoryTree.FileSelected):
            field.focus()
