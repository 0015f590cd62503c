"""A line of words that can be clicked."""

from __future__ import annotations

from rich.style import Style
from textual.widgets import Static


class Links(Static):
    """Text whose links look as its markup says, each for itself."""

    DEFAULT_CSS = """
    Links {
        link-style-hover: none; link-background-hover: $boost; link-color-hover: $foreground;
    }
    """

    @property
    def link_style(self) -> Style:
        """Nothing that would be one for all links."""
        return Style()
