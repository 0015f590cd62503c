"""What is shown in place of the app in a window that is too small for it."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from rich.segment import Segment
from textual import events
from textual.geometry import Size

from tui_trainer.ui.cells import PLAIN, Row, changes
from tui_trainer.ui.commands import COMMANDS
from tui_trainer.ui.display import ThinApp
from tui_trainer.ui.keymap import key, keymap

LEAST = Size(60, 20)
"""The smallest window in which everything can be used."""
_QUIT = next(command for command in COMMANDS if command.name == "quit")
_TYPED = events.InputEvent | events.Paste


class CoverApp(ThinApp):
    """An app that is never laid out for less room than it can be used in.

    In a smaller window it stays as it was, at the size that it had, under a few words that say so.
    """

    def __init__(self) -> None:
        super().__init__()
        self._window = LEAST
        """How large the terminal is; the app may be larger."""
        self._began = False
        """Whether the app has a size."""
        self._lost = ""
        """What would be lost, once it was to be left unseen and was not."""
        self._told: list[str] = []
        """What the terminal shows in place of the app."""

    @property
    def covered(self) -> bool:
        """Whether nothing of the app is seen."""
        return self._window.width < LEAST.width or self._window.height < LEAST.height

    @property
    def cover(self) -> list[str]:
        """What is seen in place of the app, line by line."""
        return words(self._window, self._lost)

    @property
    def unsaved(self) -> str:
        """What would be lost if the app were left now, in a few words."""
        return ""

    def leave(self) -> None:
        """Leave the app without a question."""
        self.exit()

    async def on_event(self, event: events.Event) -> None:
        """Let nothing that is typed or clicked reach what is not seen, and no such size anybody."""
        if isinstance(event, events.Resize):
            await self._resized(event)
        elif not self.covered or event.is_forwarded or not isinstance(event, _TYPED):
            await super().on_event(event)
        elif isinstance(event, events.Key) and event.key in keymap().keys(_QUIT):
            if self._lost or not self.unsaved:
                self.leave()
            self._lost = self.unsaved
            self._send()

    async def _resized(self, event: events.Resize) -> None:
        self._window, self._lost, self._told = event.size, "", []
        if not self.covered:
            await super().on_event(event)
        elif self._began:
            self.capture_mouse(None)
            self._send()
        else:
            await super().on_event(events.Resize(LEAST, LEAST))
        self._began = True

    def _send(self) -> None:
        """Have the terminal show the few words instead, while the app is under them."""
        driver: Any = self._driver
        if not self.covered:
            super()._send()
        elif getattr(driver, "behind", False):
            driver.when_drained(self._send)
        elif driver and self.cover != self._told:
            self._told = self.cover
            look = self._wanted[-1].looks[-1] if self._wanted else PLAIN
            rows = [Row.blank(self._window.width) for _ in self._told]
            for row, line in zip(rows, self._told, strict=True):
                row.put(0, [Segment(line)], None, self.ascii_only)
                row.looks = [look] * len(row.looks)
            driver.write(changes([None] * len(rows), rows))


def words(window: Size, lost: str = "") -> list[str]:
    """Return what fills a window that is too small: a few words in the middle of it.

    `lost` is what quitting would lose; where there is little room, less is said.
    """
    width, height = window
    least, now, quits = f"{LEAST.width}x{LEAST.height}", f"{width}x{height}", key("quit")
    long: tuple[str, ...] = (
        f"This window is {now}.",
        f"tui-trainer needs {least}.",
        "Nothing is lost, runs go on.",
        f"{quits} quits.",
    )
    brief: tuple[str, ...] = (f"{now}, needs {least}", f"{quits} quits")
    if lost:
        long, brief = (f"{lost}.", f"{quits} again quits."), (f"{quits} again quits",)
    lines = [least]
    for said in (brief, long):
        wrapped = [line for sentence in said for line in wrap(sentence, width)]
        lines = wrapped if len(wrapped) <= height else lines
    above = [""] * ((height - len(lines)) // 2)
    below = [""] * (height - len(lines) - len(above))
    return [line[:width].center(width) for line in (*above, *lines, *below)]
