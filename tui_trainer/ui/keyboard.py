"""What is typed lands where it was typed, however fast it comes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from time import monotonic
from typing import Any, TypeAlias

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import Worker

from tui_trainer.core.words import count
from tui_trainer.ui.commands import COMMANDS
from tui_trainer.ui.keymap import Keymap

Typed: TypeAlias = events.Key | events.Paste
PATIENCE = 5.0
"""Seconds that a key waits for what was typed before it."""
_LOOK = 0.001
_HELD = ("up", "down", "left", "right", "pageup", "pagedown", "tab", "shift+tab")


class KeyboardApp(App[None]):
    """An app in which a key waits until all that was typed before it has had its effect.

    Textual hands a letter to the widget that has the cursor, and lets any other key wander from
    there up to the app. Of keys that arrive together, as they do over a slow line, the letters
    would overtake the others: `512`, tab, `64` would put `51264` into the first field.
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys = Keymap()
        self._waiting: deque[Typed] = deque()
        self._called: list[Typed] = []
        """What waited, and is now on its way."""
        self._last: Typed | None = None
        self._place: Widget | None = None
        """What had the cursor when the last one went on its way."""
        self._usher: Worker[None] | None = None

    @property
    def _held(self) -> Iterator[str]:
        """The keys that one holds down: they move something, and never mean another thing next."""
        yield from _HELD
        for command in COMMANDS:
            yield from self.keys.keys(command) if command.held else ()

    def on_mount(self) -> None:
        """Have Textual know the user's own keys."""
        self.set_keymap(self.keys.for_textual)

    @property
    def is_settled(self) -> bool:
        """Whether all that was typed has had its effect."""
        return not self._waiting and self._is_idle()

    @property
    def is_busy(self) -> bool:
        """Whether what was typed has begun something whose effect is not yet to be seen."""
        return False

    async def on_event(self, event: events.Event) -> None:
        """Let what is typed wait its turn."""
        if not isinstance(event, Typed) or event.is_forwarded:
            await super().on_event(event)
        elif event in self._called:
            self._called.remove(event)
            await self._deliver(event)
        elif self._waiting or not (self._follows(event) or self._is_quiet()):
            self._waiting.append(event)
            if self._usher is None or self._usher.is_finished:
                self._usher = self.run_worker(self._call_in_turn())
        else:
            self._last, self._place = event, self.focused
            await self._deliver(event)

    async def _call_in_turn(self) -> None:
        while self._waiting:
            event, until = self._waiting[0], monotonic() + PATIENCE
            while not (self._follows(event) or self._is_idle()) and monotonic() < until:
                await asyncio.sleep(_LOOK)
            self._last, self._place = event, self.focused
            self._called.append(self._waiting.popleft())
            self.post_message(event)

    def _follows(self, event: Typed) -> bool:
        """Return whether an event keeps its order by itself: one more letter, or a key held."""
        if not isinstance(event, events.Key) or not isinstance(self._last, events.Key):
            return False
        letters = event.is_printable and self._last.is_printable
        held = event.key == self._last.key and event.key in self._held
        return self._place is self.focused and (isinstance(self._place, Input) and letters or held)

    def _is_idle(self) -> bool:
        return _waits(self) and self._is_quiet()

    def _is_quiet(self) -> bool:
        """Return whether nothing is left to do, but for what the app is doing right now.

        The layout counts: by it, tab finds the next field.
        """
        screen = self.screen
        waits = self.is_busy or screen._layout_required or screen._callbacks
        return not (waits or self.message_queue_size) and all(map(_waits, self._registry))

    async def _deliver(self, event: Typed) -> None:
        if isinstance(event, events.Key):
            await super().on_event(event)
        elif text := self._pasted(event.text):
            await super().on_event(events.Paste(text))

    def _pasted(self, text: str) -> str:
        """Return what of a pasted text a field takes: nothing of several lines, which are told."""
        lines, told = text.strip("\r\n").splitlines(), ""
        if not isinstance(self.focused, Input) and not hasattr(self.focused, "on_paste"):
            told = "Text is pasted into a field; here, letters are commands."
        elif len(lines) > 1:
            told = f"A field takes one line; {count(len(lines), 'line')} were pasted."
        if told:
            self.notify(told, title="Not pasted", severity="warning")
            return ""
        return "".join(c if c.isprintable() else " " for c in "".join(lines))


def _waits(pump: MessagePump) -> bool:
    """Return whether a widget waits for its next message, or is gone."""
    queue: Any = pump._message_queue
    return pump._closed or queue.empty() and bool(queue.ready_event._waiters)
