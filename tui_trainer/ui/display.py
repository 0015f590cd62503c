"""Sends the terminal only the cells that change, and nothing while it lags.

This module alone overrides what Textual calls private: `App._display`, to which a screen hands each
update of its compositor; `Screen._compositor_refresh`, which makes it; `Screen._screen_resized`,
which lays out; `App._handle_exception`, which ends an app. Its tests tell when Textual does that
in another way.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from time import monotonic
from typing import Any

from rich.console import COLOR_SYSTEMS, RenderableType
from textual import on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.driver import Driver
from textual.events import DescendantFocus, ScreenResume
from textual.geometry import Offset, Size
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.strip import Strip
from textual.widgets import Input

from tui_trainer.ui.cells import Row, changes, move
from tui_trainer.ui.driver import TerminalDriver

PLAIN_MOTION_SECONDS = 0.1
"""How long a frame stands at least on a terminal that is far away."""
_MUCH = 1000
"""So many cells are painted in several steps."""
_PATIENCE = 0.005
"""Seconds of painting after which the event loop goes on with something else."""
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
"""What makes a terminal that knows of it show a frame as one."""


class PatientScreen(Screen[ScreenResultType]):
    """A screen that paints its widgets one by one, and lets the event loop go on in between.

    Painting all of a new tab takes longer than anything else in the loop should have to wait.
    Nor is anything styled or laid out twice when the screen is shown.
    """

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Style nothing anew: all has just been styled."""
        event.refresh_styles = False

    def _screen_resized(self, size: Size) -> None:
        """Lay out, unless that is done: a new screen is told its size once more."""
        if size != self._compositor.size:
            super()._screen_resized(size)

    def _compositor_refresh(self) -> None:
        dirty = sum(region.area for region in self._compositor._dirty_regions)
        if self.is_active and dirty > _MUCH:
            self.call_next(self._paint)
        elif self.is_current:
            super()._compositor_refresh()

    async def _paint(self) -> None:
        await asyncio.sleep(0)
        began = monotonic()
        for _ in self._compositor._get_renders():  # Each widget keeps what it has painted.
            if monotonic() - began > _PATIENCE:
                await asyncio.sleep(0)
                began = monotonic()
        await asyncio.sleep(0)
        if self.app._batch_count:  # What is shown now would be lost.
            self.set_timer(_PATIENCE, self._paint)
        elif self.is_current:  # The app may have ended meanwhile.
            self._compositor.update_widgets(self._dirty_widgets)
            super()._compositor_refresh()


class Dialog(ModalScreen[ScreenResultType], PatientScreen[ScreenResultType]):
    """A patient screen that stands over another one."""


class ThinApp(App[None]):
    """An app whose screen is that of any Textual app, for a fraction of the bytes."""

    plain_motion = False
    """Whether to draw seldom, for a terminal on a slow line; to be set before the app runs."""
    ascii_only = False
    """Whether to send no other characters; to be set before the app runs."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted: list[Row] = []
        self._shown: list[Row | None] = []
        """What the terminal shows; None where that is not known."""
        self._drawn_size = Size(0, 0)
        self._cursor = Offset(-1, -1)
        self._sent_at = 0.0
        self._waits = False
        """Whether a frame waits for its time."""

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that never waits for its terminal, unless there is to be another."""
        usual = super().get_driver_class()
        return TerminalDriver if issubclass(TerminalDriver, usual) else usual

    def on_mount(self) -> None:
        """Draw everything anew whenever the app was put aside; let nothing glide on a slow line."""
        self.app_resume_signal.subscribe(self, lambda _: self._draw_anew())
        if self.plain_motion:
            self.animation_level = "none"

    def on_resize(self) -> None:
        """Draw everything anew: terminals move what they show as they like."""
        self._draw_anew()

    @on(DescendantFocus)
    def _calm(self, event: DescendantFocus) -> None:
        """Let no cursor blink."""
        if isinstance(event.widget, Input):
            event.widget.cursor_blink = False

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if not isinstance(renderable, LayoutUpdate | ChopsUpdate) or self.is_headless:
            super()._display(screen, renderable)
            return
        if self._running and not self._closed and not self._batch_count:
            self._take(renderable)
            self._send()
        self.post_display_hook()

    def _handle_exception(self, error: Exception) -> None:
        """End the app, unless it ends already: what works with widgets that go may then fail."""
        if not self._exit:
            super()._handle_exception(error)

    def _draw_anew(self) -> None:
        self._shown = [None] * len(self._wanted)
        self.call_after_refresh(self._send)

    def _take(self, update: LayoutUpdate | ChopsUpdate) -> None:
        """Note what an update changes."""
        colors = COLOR_SYSTEMS[self.console.color_system or "truecolor"]
        system = None if self.no_color else colors
        if isinstance(update, LayoutUpdate):
            width, height = size = update.region.size
            self._wanted = [Row.blank(width) for _ in range(height)]
            if size != self._drawn_size:
                self._drawn_size, self._shown = size, [None] * height
        for x, y, strip in _strips(update):
            if y < len(self._wanted):
                self._wanted[y].put(x, strip, system, self.ascii_only)

    def _send(self) -> None:
        """Have the terminal show what is wanted: now, or as soon as it is ready for it."""
        driver: Any = self._driver  # Perhaps one that is never behind.
        if self._exit or driver is None or self._waits or self._drawn_size != self.size:
            return  # After a resize, the layout for the new size is on its way.
        if getattr(driver, "behind", False):
            driver.when_drained(self._send)
            return
        early = self._sent_at + PLAIN_MOTION_SECONDS - monotonic()
        if self.plain_motion and early > 0:
            self._waits = True
            self.set_timer(early, self._send_late)
            return
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        text = changes(self._shown, self._wanted)
        if text or cursor != self._cursor:
            self._sent_at, self._cursor = monotonic(), cursor
            self._shown = [
                old if old == new else new.copy()
                for old, new in zip(self._shown, self._wanted, strict=True)
            ]
            begin, end = (_BEGIN, _END) if self._sync_available else ("", "")
            driver.write(f"{begin}{text}{move(*cursor)}{end}")

    def _send_late(self) -> None:
        self._waits = False
        self._send()


def far_away() -> bool:
    """Return whether the terminal is on another machine."""
    return any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY"))


def _strips(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Yield what an update writes, each with the cell in which it begins."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield x, y, strip
                x += strip.cell_length
        return
    for y, left, right in update.spans:
        for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if chop is not None and x <= right and end > left:
                yield x, y, chop if end <= right else chop.crop(0, right - x)
