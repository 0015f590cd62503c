"""What panes tell the app."""

from __future__ import annotations

from textual.message import Message

from tui_trainer.core.document import Document


class Edited(Message):
    """The user changed the open experiment."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
