"""What panes tell the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tui_trainer.core.document import Document

if TYPE_CHECKING:
    from tui_trainer.core.rundir import RunDir


class Edited(Message):
    """The user changed the open experiment."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document


class Asked(Message):
    """The user wants something of a run: a command of `core.keeps`."""

    def __init__(self, command: str, run: RunDir) -> None:
        super().__init__()
        self.command = command
        self.run = run
