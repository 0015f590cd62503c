"""One run from its start to its end, steered by signals and shown by a front."""

from __future__ import annotations

from tui_trainer.cli.exits import DONE, FAILED, WRONG_INPUT
from tui_trainer.cli.front import Front
from tui_trainer.cli.signals import Wishes
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import Event, Failed, PhaseBegan
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.rundir import RunDir, Tail

_TICK_SECONDS = 0.1
_GENTLY = "stopping after this epoch and saving; Ctrl-C again stops at once"
_NOW = "stopping now and saving; Ctrl-C again does not wait"


def follow(run: RunDir, experiment: Experiment, front: Front, wishes: Wishes) -> int:
    """Train in a worker thread, show what happens, and return the exit status."""
    from tui_trainer.engine.train import LiveRun

    live = LiveRun(run, experiment)
    live.start()
    tail = Tail(run.events)
    events: list[Event] = []
    told = ""
    while True:
        outcome = live.outcome
        live.tick()
        for event in tail.events():
            events.append(event)
            front.happened(event)
        front.update(live.status)
        if outcome is not None:
            break
        asked = _NOW if wishes.now else _GENTLY if wishes else ""
        if asked != told:
            live.stop(now=wishes.now)
            front.said(asked)
            told = asked
        live.join(_TICK_SECONDS)
    if not isinstance(outcome, Failed):
        return DONE
    front.said(f"tui-trainer: {run.name}: {TrainerError(outcome.message, outcome.where)}")
    trained = any(isinstance(event, PhaseBegan) and event.phase == "train" for event in events)
    return WRONG_INPUT if outcome.where and not trained else FAILED
