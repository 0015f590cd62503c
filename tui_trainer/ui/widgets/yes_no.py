"""A box to be ticked."""

from __future__ import annotations

from textual.widgets import Checkbox


class YesNo(Checkbox):
    """A box that says by a mark and a word, not by colour alone, whether it is on."""

    def __init__(self, value: bool) -> None:
        super().__init__("", value, compact=True)
        self._say(value)

    def watch_value(self) -> None:
        """Say the new value."""
        self._say(self.value)
        super().watch_value()

    def _say(self, value: bool) -> None:
        self.BUTTON_INNER = "■" if value else " "
        self.label = "yes" if value else "no"
