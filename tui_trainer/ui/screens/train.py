"""The Train tab: a run as it goes, its curves, and the buttons that steer it."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.widgets import Button

from tui_trainer.core.keeps import keeps
from tui_trainer.core.watch import Watch
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.keymap import key
from tui_trainer.ui.messages import Asked
from tui_trainer.ui.pane import Pane
from tui_trainer.ui.pictures import metric_picture
from tui_trainer.ui.training import Training
from tui_trainer.ui.widgets.chart import Chart
from tui_trainer.ui.widgets.epochs import EpochTable
from tui_trainer.ui.widgets.progress import Progress
from tui_trainer.ui.widgets.run_buttons import ACTIONS, RunButtons
from tui_trainer.ui.widgets.run_log import RunLog
from tui_trainer.ui.workspace import Workspace

_REST = 20
"""Charts are not made anew for this many times what it took to make them: a run may be long."""
VIEWS = ("curves", "epochs", "log")
"""What a small terminal shows one at a time; a large one shows all."""


class TrainPane(Pane):
    """Curves, progress, epochs, log, buttons."""

    DEFAULT_CSS = """
    TrainPane {
        layout: vertical;
        & > #charts { height: 2fr; min-height: 8; }
        & > #details { height: 1fr; border-top: solid $panel; }
        & EpochTable { width: 2fr; }
        & RunLog {
            width: 1fr; border-left: solid $panel;
        }
    }
    """
    BINDINGS = bindings("train")

    log_scale = reactive(False)
    smooth = reactive(False)
    metric = reactive("")
    """The metric of the second chart; the first one after the loss if empty."""

    def __init__(self) -> None:
        super().__init__(id="train")
        self.can_focus = True
        self.watched: Watch | None = None
        self._view = 0
        self._drawn: tuple[object, ...] = ()
        """What the charts show, of which run."""
        self._news: tuple[object, ...] = ()
        """What the run had told when they were made."""
        self._rests_until = 0.0

    def compose(self) -> ComposeResult:
        """Make charts, progress, table, log and buttons."""
        with Horizontal(id="charts"):
            yield Chart(id="loss-chart")
            yield Chart(id="metric-chart")
        yield Progress()
        with Horizontal(id="details"):
            yield EpochTable()
            yield RunLog()
        yield RunButtons()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Style nothing anew: the tab looks the same with the cursor and without."""

    def focus_first(self) -> None:
        """Take the keys."""
        self.screen.set_focus(self)

    async def show(self, workspace: Workspace, training: Training) -> None:
        """Show the watched run."""
        self.watched = training.watched
        self._draw()
        self.query_one(Progress).show(self.watched)
        self.query_one(RunButtons).show(self.watched, workspace.problems)
        if self.watched:
            best = self.watched.status.best
            self.query_one(EpochTable).show(self.watched.curves, best, self.watched.live)
            self.query_one(RunLog).show(self.watched)

    async def show_progress(self, workspace: Workspace, training: Training) -> None:
        """Show what is new in the run."""
        await self.show(workspace, training)

    def watch_log_scale(self) -> None:
        """Draw anew."""
        self._draw()

    def watch_smooth(self) -> None:
        """Draw anew."""
        self._draw()

    def watch_metric(self) -> None:
        """Draw anew."""
        self._draw()

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        watched = self.watched
        names = [name for name in watched.curves.metrics() if name != "loss"] if watched else []
        metric = self.metric if self.metric in names else next(iter(names), "")
        of = (watched.curves, watched.state) if watched else ()
        news = (watched.status.best, watched.curves.revision) if watched else ()
        drawn = (metric, self.log_scale, self.smooth, of)
        if drawn == self._drawn and (news == self._news or monotonic() < self._rests_until):
            return
        self._drawn, self._news, began = drawn, news, monotonic()
        for chart, name in (("#loss-chart", "loss"), ("#metric-chart", metric)):
            picture = metric_picture(name, watched, self.log_scale, self.smooth)
            self.query_one(chart, Chart).show(picture)
        self._rests_until = monotonic() + _REST * (monotonic() - began)

    def action_toggle_log_scale(self) -> None:
        """Turn the log scale on or off."""
        self.log_scale = not self.log_scale

    def action_toggle_smooth(self) -> None:
        """Turn smoothing on or off."""
        self.smooth = not self.smooth

    def action_next_metric(self) -> None:
        """Show the next metric; where there is one chart, the loss is among them."""
        names = [n for n in self.watched.curves.metrics() if n != "loss"] if self.watched else []
        one_chart = not all(chart.display for chart in self.query(Chart))
        if one_chart and not self.has_class("-second"):
            self.add_class("-second")
            self.metric = next(iter(names), "")
            return
        place = names.index(self.metric) + 1 if self.metric in names else 1
        if place >= len(names):
            self.remove_class("-second")
        self.metric = names[place % len(names)] if names else ""

    def action_next_view(self) -> None:
        """Show the curves, the table of epochs, or the log, where there is room for one."""
        self._view = (self._view + 1) % len(VIEWS)
        for number, view in enumerate(VIEWS):
            self.set_class(number == self._view, f"-{view}")
        self.call_after_refresh(self._to_the_newest)

    def _to_the_newest(self) -> None:
        for part in (self.query_one(EpochTable), self.query_one(RunLog)):
            part.scroll_end(animate=False)

    def told(self) -> Mapping[str, str]:
        """Return what the keys that steer a run would do to the one that goes on."""
        watched = self.watched
        if not watched or not watched.live:
            return {}
        told = {
            command: keeps(command, watched.status, watched.checkpoint)
            for command in ("stop", "stop_now", "kill")
        }
        name = watched.run.name
        return {f"ask('{command}')": f"{name} {told}." for command, told in told.items()}

    def action_ask(self, command: str) -> None:
        """Have the watched run do a command of `core.keeps`."""
        if self.watched:
            self.post_message(Asked(command, self.watched.run))
        else:
            self.notify(f"There is no run yet: {key('train')} trains.", severity="warning")

    @on(Button.Pressed)
    async def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        await self.app.run_action(ACTIONS[event.button.id or ""], self)
