"""What the app that runs may draw with, as its settings and its terminal have it."""

from __future__ import annotations

from typing import Any

from textual._context import active_app


def ascii_only() -> bool:
    """Return whether ASCII characters alone reach the terminal."""
    return bool(getattr(_app(), "ascii_only", False))


def colourless() -> bool:
    """Return whether no colours reach the terminal."""
    return bool(getattr(_app(), "no_color", False))


def marker() -> str:
    """Return what plotext is to draw lines with."""
    chosen = getattr(getattr(_app(), "settings", None), "marker", "auto")
    if ascii_only():
        return "dot"
    return "braille" if chosen == "auto" else str(chosen)


def _app() -> Any:
    return active_app.get(None)
