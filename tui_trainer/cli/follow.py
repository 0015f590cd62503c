"""One run from its start to its end, steered by signals and shown by a front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_trainer.cli.exits import DONE, FAILED, WRONG_INPUT
from tui_trainer.cli.front import Front
from tui_trainer.cli.hints import resume_hint
from tui_trainer.cli.signals import Wishes
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import Failed, Finished
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.lines import Tail
from tui_trainer.core.rundir import RunDir

if TYPE_CHECKING:
    from tui_trainer.engine.train import LiveRun

_TICK_SECONDS = 0.1
_GENTLY = "stopping after this epoch and saving; Ctrl-C again stops at once"
_NOW = "stopping now and saving; Ctrl-C again does not wait"


def follow(run: RunDir, experiment: Experiment, front: Front, wishes: Wishes) -> int:
    """Train in a worker thread, show what happens, and return the exit status.

    Where nothing can be shown any more the run is stopped and saved, and the OSError goes on;
    without its terminal a run goes on too, unseen.
    """
    from tui_trainer.engine.train import LiveRun

    tail = Tail.from_now(run.events)
    live = LiveRun(run, experiment)
    live.start()
    while True:
        try:
            outcome = _show(live, tail, front, wishes)
            break
        except OSError:
            if wishes.hung_up:
                continue  # It was the pipe to a program that went with the terminal.
            live.stop(now=True)
            live.join()
            raise
    if isinstance(outcome, Finished):
        if outcome.stopped:
            front.said(resume_hint(run))
        return DONE
    return tell_failure(run, outcome, front, trained=live.status.epoch > 0)


def tell_failure(run: RunDir, failed: Failed, front: Front, trained: bool) -> int:
    """Say why a run failed, and return the exit status: the input is to blame if all it took."""
    front.said(f"tui-trainer: {run.name}: {TrainerError(failed.message, failed.where)}")
    return WRONG_INPUT if failed.where and not trained else FAILED


def _show(live: LiveRun, tail: Tail, front: Front, wishes: Wishes) -> Finished | Failed:
    """Show the run until it has ended, and pass on what the user wishes."""
    told = ""
    while True:
        outcome = live.outcome
        for event in tail.events():
            if not isinstance(event, Finished | Failed):
                front.happened(event)
        front.update(live.status)
        if outcome is not None:
            front.happened(outcome)  # Last, even if the history could not be written.
            return outcome
        asked = _NOW if wishes.now else _GENTLY if wishes else ""
        if asked != told:
            live.stop(now=wishes.now)
            front.said(asked)
            told = asked
        live.join(_TICK_SECONDS)
