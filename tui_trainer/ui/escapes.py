"""The escape key and pasted text, told from the keys whose bytes begin with the same one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers import linux_driver
from textual.message import Message

SEQUENCE = "[O]P^_X\\"
"""What follows the byte of the escape key where the two begin a sequence of the terminal."""
OPTION = "bf\t\x7f\x1b"
"""What follows it for a key with Alt that a field knows: a word back, a word on."""


class EscapeParser(XTermParser):
    """Reads escape and the key after it as those two keys, even if they arrive together.

    tmux and slow lines join them, which is what a terminal sends for Alt and a letter too. Here
    no such key means anything; to Textual, escape and `2` would be `™`. What is pasted is never
    read as keys, whatever bytes it has.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._escaped = False
        """Whether the last byte was that of the escape key."""
        self._pasted: str | None = None
        """What has come of a pasted text, until all of it is here."""

    def feed(self, data: str) -> Iterable[Message]:
        """Return what some text from the terminal stands for."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                keys, begins, data = data.partition(BRACKETED_PASTE_START)
                yield from self._keys(keys)
                self._pasted = "" if begins else None
            else:
                text, ends, data = (self._pasted + data).partition(BRACKETED_PASTE_END)
                self._pasted = None if ends else text
                if ends:
                    yield events.Paste(text)

    def _keys(self, data: str) -> Iterable[Message]:
        for piece in filter(None, re.split("(?<=\x1b)", data)):
            lone = self._escaped and piece[0] not in SEQUENCE + OPTION
            if lone and self._timeout_time is not None:
                self._timeout_time = 0.0
                yield from self.tick()
            self._escaped = piece.endswith("\x1b")
            yield from super().feed(piece)


def install() -> None:
    """Have Textual read the terminal so."""
    linux_driver.XTermParser = EscapeParser  # type: ignore[attr-defined]
