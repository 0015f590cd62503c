"""The app: lays out the tabs, and brings what is open, what is trained and the screen together."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widgets import ContentSwitcher

from tui_trainer.core.characters import in_ascii, why_ascii
from tui_trainer.core.document import Document
from tui_trainer.core.presets import document_of, open_document
from tui_trainer.ui.actions import ActionsApp
from tui_trainer.ui.client import ENGINE
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.cover import CoverApp
from tui_trainer.ui.display import PatientScreen, far_away
from tui_trainer.ui.escapes import install as tell_escape
from tui_trainer.ui.looks import LooksApp, settings
from tui_trainer.ui.pane import Pane, import_pane, make_pane
from tui_trainer.ui.settings import Settings
from tui_trainer.ui.welcome import Welcome
from tui_trainer.ui.widgets.bars import StatusLine, TabRow, TitleBar, status_text
from tui_trainer.ui.widgets.form import Form
from tui_trainer.ui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from tui_trainer.core.rundir import RunDir

PLAIN_POLL_SECONDS = 1.0
"""How often the screen looks at run folders on a slow line."""
_YOUNG = 2000
"""So many new objects are collected at once: Python's 700 make keys wait three times as often."""


class TrainerApp(ActionsApp, LooksApp, CoverApp, inherit_bindings=False):
    """Pick a task, edit it, train it, watch it learn."""

    CSS_PATH = "app.tcss"
    TITLE = "tui-trainer"
    BINDINGS = [*bindings(), Binding("ctrl+c", "help_quit", show=False)]
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (76, "-narrow"), (110, "-wide"), (150, "-vast")]
    NOTIFICATION_TIMEOUT = 4
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]

    def __init__(
        self,
        document: Document | None,
        runs: Path,
        engine_command: Sequence[str] = ENGINE,
        shown: RunDir | None = None,
        plain_motion: bool = False,
        chosen: Settings | None = None,
    ) -> None:
        """Take what is to be open: a document, else the experiment of the run to be shown.

        Without both it is the first task, and a run that goes on is shown.
        """
        opened = document or (document_of(shown) if shown else open_document("digits"))
        super().__init__(opened, runs, engine_command)
        self.settings = chosen or Settings()
        self.keys = self.settings.keys
        self.plain_motion, self.ascii_only = plain_motion, self.settings.ascii is True
        self._run_wanted, self._named = shown, document is not None
        self.welcome = Welcome(runs, opened)
        self._title, self._status, self._key_bar = TitleBar(), StatusLine(), KeyBar()
        self._panes: dict[str, Pane] = {}
        """The tabs that were shown so far."""
        self._showing = asyncio.Lock()
        """Held while a tab is made and shown: a key and a run may both ask for it."""
        self._framed, self._redraw_due = False, False
        """Whether the first frame is out, and whether another is wanted."""
        self._spent = 0.0
        """What the app had taken of a processor when the runs were looked at last."""

    @property
    def pane(self) -> Pane:
        """The pane that is shown."""
        return self._panes[self.tab]

    def get_default_screen(self) -> Screen[Any]:
        """Return a screen that has the classes of its size from the start, and is styled once."""
        breakpoints = (self.HORIZONTAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS)
        classes = [
            [name for least, name in named if cells >= least][-1]
            for cells, named in zip(self.size, breakpoints, strict=True)
        ]
        return PatientScreen(id="_default", classes=" ".join(classes))

    def compose(self) -> ComposeResult:
        """Lay out the bars and the first tab; the others are made when they are first shown."""
        self._panes[self.tab] = make_pane(self.tab, self.runs, self.bench)
        yield self._title
        yield TabRow()
        with ContentSwitcher(initial=self.tab):
            yield self.pane
        yield self._status
        yield self._key_bar

    def on_mount(self) -> None:
        """Let the first frame out, then draw what is open and start the engine."""
        self._title.document_name = self.document.name
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._framed = True
        if not gc.isenabled():  # The command has put it off until there is a frame.
            gc.freeze()
            gc.set_threshold(_YOUNG)
            gc.enable()
        self.pane.focus_first()
        self.call_after_refresh(self.redraw)
        self.set_timer(self._pause(), self._poll)
        self.run_worker(self.bench.judge(lambda: self.training.idle))
        self.run_worker(self._meet_runs())

    async def _meet_runs(self) -> None:
        if self._run_wanted:
            await self.steering.show(self._run_wanted)
        await self.steering.meet(show=not self._named)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a message as it stands: `[fit] epochs` is no markup."""
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    # Drawing

    def redraw(self) -> None:
        """Draw everything anew, once, when there is time."""
        if not self._redraw_due:
            self._redraw_due = True
            self.call_later(self._draw)

    @property
    def _stands(self) -> bool:
        """Whether there is a screen to draw on: it goes bit by bit when the app is left."""
        parts = (self._title, self._status, self._key_bar, self.pane)
        return self._framed and self.is_running and all(part.is_attached for part in parts)

    async def _draw(self) -> None:
        self._redraw_due = False
        if self._stands:
            await self.pane.show(self.bench.workspace, self.training)
            self._draw_bars()

    async def _poll(self) -> None:
        if not self._stands:
            return
        if self.training.poll() or self.tab == "runs":
            await self.pane.show_progress(self.bench.workspace, self.training)
        self.steering.tell_ends()
        if self.training.has_more_room():
            self.bench.wake()  # Have the next engine started, and the next run prepared.
        self._draw_bars()
        self.set_timer(self._pause(), self._poll)

    def _pause(self) -> float:
        """Return the seconds until the runs are looked at again."""
        spent, self._spent = time.process_time() - self._spent, time.process_time()
        return PLAIN_POLL_SECONDS if self.plain_motion else self.training.pause(spent)

    def _draw_bars(self) -> None:
        if not self._stands:
            return
        title, engine = self._title, self.standby.words
        title.document_name = self.document.name
        title.changed = self.document.changed
        title.state = self.training.words() if self.training.all_live else engine
        held, trouble = self.standby.held, self.steering.trouble
        hint = self.welcome.hint(self.tab, self.document, self.training.watched is not None)
        status = status_text(self.bench.workspace, self.pane.place(), engine, trouble, held, hint)
        self._status.show(status)
        focused = self.screen_stack[0].focused
        inside = focused.ancestors if focused else []
        self._key_bar.in_form = any(isinstance(node, Form) for node in inside)

    async def action_show_tab(self, tab: str) -> None:
        """Show a tab and put the cursor where its work begins."""
        switcher = self.query_one(ContentSwitcher)
        async with self._showing:
            if tab not in self._panes:
                await import_pane(tab)
                self._panes[tab] = make_pane(tab, self.runs, self.bench)
                await switcher.add_content(self._panes[tab])
            self.tab = self.query_one(TabRow).shown = self._key_bar.shown = tab
            switcher.current = tab
            await self._draw()
            self.pane.focus_first()

    def on_descendant_focus(self) -> None:
        """Show the keys that work where the cursor is."""
        self._draw_bars()


def run(
    document: Document | None,
    runs: Path,
    shown: RunDir | None = None,
    plain_motion: bool = False,
    ascii_only: bool = False,
) -> int:
    """Open the app, on a run if one is to be shown, and return the exit status."""
    tell_escape()
    chosen = settings()
    if ascii_only or chosen.ascii == "auto":
        chosen = replace(chosen, ascii=ascii_only or bool(why_ascii()))
    seldom = plain_motion or {"plain": True, "full": False}.get(chosen.motion, far_away())
    app = TrainerApp(document, runs, shown=shown, plain_motion=seldom, chosen=chosen)
    app.run()
    # Whoever sent a signal may not read: a terminal that has stalled would keep the process.
    for line in () if app.return_code else app.steering.last_words:
        print(in_ascii(line) if app.ascii_only else line)
    return app.return_code or 0
