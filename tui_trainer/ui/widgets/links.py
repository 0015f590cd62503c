"""A line of words that can be clicked."""

from __future__ import annotations

from functools import lru_cache

from rich.style import Style
from textual.content import Content
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


@lru_cache(64)
def read(markup: str) -> Content:
    """Return markup as it is drawn: the same few lines come again and again."""
    return Content.from_markup(markup)
