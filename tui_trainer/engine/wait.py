"""How loading tells what it waits for, and how it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class Cancelled(Exception):
    """The user ended it."""


def _no_note(text: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Whoever waits for the data."""

    note: Callable[[str], None] = _no_note
    """Takes one line on what is being waited for; an empty one when the wait is over."""
    cancelled: Callable[[], bool] = bool
    download: bool = True
    """Whether to fetch what is not there."""

    def check(self) -> None:
        """Raise Cancelled once the user has ended it."""
        if self.cancelled():
            raise Cancelled
