"""The Train tab: a run as it goes, its curves, and the buttons that steer it."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Button, Static

from tui_trainer.core.watch import Watch
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.pane import Pane
from tui_trainer.ui.pictures import metric_picture
from tui_trainer.ui.training import Training
from tui_trainer.ui.widgets.chart import Chart
from tui_trainer.ui.widgets.epochs import EpochTable
from tui_trainer.ui.widgets.progress import Progress
from tui_trainer.ui.widgets.run_log import RunLog
from tui_trainer.ui.workspace import Workspace

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
        & #buttons { height: 1; padding: 0 1; }
        & #buttons Button { margin-right: 1; min-width: 9; }
        & #why { color: $text-muted; width: 1fr; text-overflow: ellipsis; text-wrap: nowrap; }
    }
    """
    BINDINGS = bindings("train")

    class Asked(Message):
        """The user wants the run to end: `stop` or `stop_now`."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    log_scale = reactive(False)
    smooth = reactive(False)
    metric = reactive("")
    """The metric of the second chart; the first one after the loss if empty."""

    def __init__(self) -> None:
        super().__init__(id="train")
        self.can_focus = True
        self.watched: Watch | None = None
        self._view = 0
        self._reasons: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Make charts, progress, table, log and buttons."""
        with Horizontal(id="charts"):
            yield Chart(id="loss-chart")
            yield Chart(id="metric-chart")
        yield Progress()
        with Horizontal(id="details"):
            yield EpochTable()
            yield RunLog()
        with Horizontal(id="buttons"):
            yield Button("Train", id="train-button", variant="primary", compact=True)
            yield Button("Early stop", id="early-stop", compact=True)
            yield Button("Stop now", id="stop-now", compact=True)
            yield Button("Save", id="save-button", compact=True)
            yield Button("Load", id="load-button", compact=True)
            yield Static(id="why", markup=False)

    def focus_first(self) -> None:
        """Take the keys."""
        self.screen.set_focus(self)

    async def show(self, workspace: Workspace, training: Training) -> None:
        """Show the watched run; another one from its beginning."""
        if training.watched is not self.watched:
            self.watched = training.watched
            self.query_one(EpochTable).clear_epochs()
        self._draw()
        self.query_one(Progress).show(self.watched)
        self._show_buttons(training.reasons(workspace))
        if self.watched:
            best = self.watched.status.best
            self.query_one(EpochTable).show(self.watched.curves.epochs, best)
            self.query_one(RunLog).show(self.watched)

    async def show_progress(self, workspace: Workspace, training: Training) -> None:
        """Show what is new in the run."""
        await self.show(workspace, training)

    def _show_buttons(self, reasons: dict[str, str]) -> None:
        """Disable each button that has a reason against it, and say the first reason."""
        if reasons == self._reasons:
            return
        self._reasons = reasons
        for name, reason in reasons.items():
            button = self.query_one(f"#{name}", Button)
            button.disabled = bool(reason)
            button.tooltip = Text(reason) if reason else None
        self.query_one("#why", Static).update(next(filter(None, reasons.values()), ""))

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
        draw = (watched, self.log_scale, self.smooth)
        self.query_one("#loss-chart", Chart).show(metric_picture("loss", *draw))
        chart = self.query_one("#metric-chart", Chart)
        chart.show(metric_picture(metric, *draw))

    def action_toggle_log_scale(self) -> None:
        """Turn the log scale on or off."""
        self.log_scale = not self.log_scale

    def action_toggle_smooth(self) -> None:
        """Turn smoothing on or off."""
        self.smooth = not self.smooth

    def action_next_metric(self) -> None:
        """Show the next metric; where there is one chart, the loss is among them."""
        names = [n for n in self.watched.curves.metrics() if n != "loss"] if self.watched else []
        one_chart = self.app.screen.has_class("-narrow")
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

    def action_early_stop(self) -> None:
        """Ask the run to end after this epoch."""
        self.post_message(self.Asked("stop"))

    def action_stop_now(self) -> None:
        """Ask the run to end at the next batch."""
        self.post_message(self.Asked("stop_now"))

    @on(Button.Pressed)
    async def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        match event.button.id:
            case "early-stop":
                self.action_early_stop()
            case "stop-now":
                self.action_stop_now()
            case "train-button":
                await self.app.run_action("train")
            case "save-button":
                await self.app.run_action("save")
            case "load-button":
                await self.app.run_action("load")
