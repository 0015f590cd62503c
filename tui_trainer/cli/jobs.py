"""Experiments trained in this process, one after another: what `train` and `resume` share."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tui_trainer.cli.exits import DONE, INTERRUPTED
from tui_trainer.cli.follow import follow
from tui_trainer.cli.front import Front, JsonFront, PlainFront
from tui_trainer.cli.hints import resume_hint
from tui_trainer.cli.signals import Wishes, listening, outliving
from tui_trainer.cli.streams import Streams, own_streams
from tui_trainer.cli.verify import verify
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.rundir import RunDir


@dataclass(frozen=True, slots=True)
class Job:
    """An experiment to train, and the run that it is trained in."""

    where: str
    """What an error calls it: its file, or the preset's name."""
    experiment: Experiment
    run: Callable[[], RunDir]
    """Gives the run, once it is its turn."""
    begun: bool = False
    """Whether it goes on from a checkpoint: what it started from is not needed any more."""

    @property
    def needed(self) -> Experiment:
        """The experiment, without what is not needed any more."""
        fit = replace(self.experiment.fit, initial_weights=None)
        return replace(self.experiment, fit=fit) if self.begun else self.experiment


def carry_out(jobs: Sequence[Job], json: bool) -> int:
    """Train one after another, each checked before the first one starts; return the exit status.

    That is the worst of the runs; one that fails does not keep others from theirs.
    """
    with own_streams() as streams:
        front, wishes = _front(streams, json), Wishes()
        try:
            with outliving(wishes, streams.silence):
                front.waiting("importing Keras")
                _check(jobs)
                front.waiting("")
                return _train_all(jobs, front, streams, wishes)
        finally:
            front.close()


def _check(jobs: Sequence[Job]) -> None:
    """Raise TrainerError for the first thing wrong with one of the experiments."""
    for job in jobs:
        for problem in verify(job.needed).problems:
            raise TrainerError(str(problem), job.where)


def _front(streams: Streams, json: bool) -> Front:
    if json:
        return JsonFront(streams.out, streams.err)
    if not streams.out.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return PlainFront(streams.out, streams.err)
    from tui_trainer.cli.live import LiveFront

    return LiveFront(streams)


def _train_all(jobs: Sequence[Job], front: Front, streams: Streams, wishes: Wishes) -> int:
    status = DONE
    with listening(wishes):
        for job in jobs:
            run = job.run()
            streams.log_to(run.log)
            front.began(run, job.experiment.title)
            try:
                status = max(status, follow(run, job.experiment, front, wishes))
            except KeyboardInterrupt:
                front.said(resume_hint(run))
                front.close()
                streams.close()
                os._exit(INTERRUPTED)  # The worker computes; nothing could make it hurry.
            if wishes:
                return INTERRUPTED
    return status
