"""What the user does to runs: they are started, gone on with, paused and ended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from textual.notifications import SeverityLevel
from textual.worker import Worker

from tui_trainer.core.claim import kill
from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.keeps import keeps, kept, loses, lost_words
from tui_trainer.core.rundir import RunDir, typed
from tui_trainer.core.told import ending
from tui_trainer.core.watch import Watch
from tui_trainer.core.words import listing
from tui_trainer.ui.commands import tab_of
from tui_trainer.ui.keymap import key
from tui_trainer.ui.screens.choice import Choice

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tui_trainer.ui.actions import ActionsApp


class Steering:
    """Carries out what is asked of runs, and says what came of it."""

    def __init__(self, app: ActionsApp) -> None:
        self._app = app
        self._training = app.training
        self._trouble = ""
        """Why the last run could not be started, until something else is tried."""
        self._troubled: Document | None = None
        """What was to be trained then."""
        self._begins: Worker[Any] | None = None
        """What starts the run that was asked for last."""
        self.waits = False
        """Whether that run waits for the verdict on its experiment."""
        self.last_words: list[str] = []
        """How to come back to the runs that went on when the app was left."""

    @property
    def trouble(self) -> str:
        """Why what is open could not be trained when that was tried."""
        return self._trouble if self._troubled is self._app.document else ""

    @property
    def starting(self) -> bool:
        """Whether a run was asked for that does not train yet."""
        return self._begins is not None and not self._begins.is_finished

    @property
    def handing_over(self) -> bool:
        """Whether a run is being begun right now: no verdict and no engine is waited for."""
        return self.starting and not (self.waits or self._training.starting)

    async def meet(self, show: bool) -> None:
        """Tell of the runs that were left, and show one that goes on if it may be shown.

        Whoever has gone to another tab meanwhile stays there.
        """
        tab = self._app.tab
        met = await self._training.meet()
        live = [watch for watch in met if watch.live]
        if live:
            verb = "goes on" if len(live) == 1 else "go on"
            self._app.notify(f"{_names(live)} {verb}.", title="Welcome back")
        for watch in met:
            if not watch.live:
                lost = lost_words(watch.status, watch.checkpoint)
                told = f"{lost}. Tab Runs: {key('runs.resume')} resumes it."
                self._app.notify(told, title=watch.run.name, severity="warning", timeout=10)
        if live and show and (self._app.tab, self._training.watched) == (tab, None):
            await self.show(live[0].run)
        self._app.redraw()

    async def show(self, run: RunDir) -> None:
        """Show a run on the Train tab, or say why it cannot be."""
        try:
            self._training.watch(await self._training.open(run))
        except TrainerError as error:
            self._app.notify(str(error), title="Not opened", severity="error")
        else:
            await self._app.action_show_tab("train")

    async def train(self) -> None:
        """Start a run of what is open; while one goes on, ask first."""
        live = self._training.all_live
        if await self._told_problem():
            return
        if self.starting:
            self._app.notify("A run is starting already.")
        elif live:
            question = f"{_names(live)} {'is' if len(live) == 1 else 'are'} still training."
            answers = {"train": f"Train another beside {'it' if len(live) == 1 else 'them'}"}
            self._app.push_screen(Choice(question, answers), self._train)
        else:
            self._train("train")

    async def ask(self, command: str, run: RunDir) -> None:
        """Have a run do a command of `core.keeps`; `pause` has a paused one go on."""
        try:
            watch = await self._training.open(run)
            if command == "resume" and not watch.live:
                self._app.dialogs.epochs(watch, lambda: self._resume(run))
            elif not watch.live:
                self._app.notify(f"{run.name} has ended.", severity="warning")
            elif command == "resume" and watch.state != "paused":
                self._app.notify(f"{run.name} goes on already.", severity="warning")
            elif command == "kill":
                self._ask_kill(watch)
            else:
                paused = command == "pause" and watch.state == "paused"
                self._send("resume" if paused else command, watch)
        except TrainerError as error:
            self._app.notify(str(error), title="Not asked", severity="error")

    def tell_ends(self) -> None:
        """Tell of the runs that have ended where they are not to be seen."""
        for watch in self._training.ended:
            if watch is not self._training.watched or self._app.tab != "train":
                lost = lost_words(watch.status, watch.checkpoint)
                told = lost if watch.state == "lost" else ending(watch.outcome, watch.state)
                well = watch.state in ("finished", "stopped")
                severity: SeverityLevel = "information" if well else "warning"
                self._app.notify(told, title=watch.run.name, severity=severity)

    def leave(self, stop: bool) -> None:
        """Leave the app, having asked all runs to stop and save if they are to."""
        live = [watch.run for watch in self._training.all_live]
        try:
            for run in live if stop else ():
                run.send("stop_now")
        except TrainerError as error:
            self._app.notify(str(error), title="Not stopped", severity="error")
            return
        self.last_words = [_stops(run) if stop else _goes_on(run) for run in live]
        self._app.exit()

    def _send(self, command: str, watch: Watch) -> None:
        watch.run.send(command)
        told = keeps(command, watch.status, watch.checkpoint)
        self._app.notify(told, title=watch.run.name)

    def _ask_kill(self, watch: Watch) -> None:
        async def kill_it() -> None:
            try:
                await asyncio.to_thread(kill, watch.run)
            except TrainerError as error:
                self._app.notify(str(error), title="Not killed", severity="error")

        def answered(answer: str | None) -> None:
            if answer:
                self._app.run_worker(kill_it())

        left = f"{kept(watch.checkpoint)}, {loses(watch.status, watch.checkpoint)}"
        question = f"Kill {watch.run.name}? Its process ends at once: {left}."
        self._app.push_screen(Choice(question, {"kill": "Kill it"}), answered)

    def _resume(self, run: RunDir) -> None:
        self._begins = self._app.run_worker(self._start(self._training.resume(run)))

    def _train(self, answer: str | None) -> None:
        if answer:
            self._begins = self._app.run_worker(self._train_open())

    async def _train_open(self) -> None:
        self.waits = True
        await self._app.bench.settled()
        self.waits = False
        if not await self._told_problem():
            self._troubled = self._app.document
            self._trouble = await self._start(self._training.start(self._app.document))

    async def _start(self, starting: Awaitable[None]) -> str:
        """Show a run while it is started; return what went wrong, which is told."""
        self._trouble = ""
        try:
            both = (starting, self._app.action_show_tab("train"))
            for done in await asyncio.gather(*both, return_exceptions=True):
                if isinstance(done, BaseException):
                    raise done
        except TrainerError as error:
            self._app.notify(str(error), title="Not trained", severity="error")
            return str(error)
        finally:
            self._app.redraw()
        return ""

    async def _told_problem(self) -> bool:
        """Tell what keeps the experiment from being trained, if something does."""
        problem = next(iter(self._app.bench.workspace.problems), None)
        if problem:
            self._app.notify(str(problem), title="Not ready to train", severity="error")
            if self._app.tab != tab_of(problem):
                await self._app.action_show_tab(tab_of(problem))
            await self._app.pane.reveal(problem.where)
        return problem is not None


def _names(watches: list[Watch]) -> str:
    return listing([watch.run.name for watch in watches])


def _goes_on(run: RunDir) -> str:
    return f"{run.name} goes on; `{typed('attach', run)}` shows it again."


def _stops(run: RunDir) -> str:
    return f"{run.name} stops and saves; `{typed('resume', run)}` goes on with it."
