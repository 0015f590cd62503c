"""`train`: the trainer with a plain front."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass

from tui_trainer.cli.exits import DONE, INTERRUPTED
from tui_trainer.cli.follow import follow
from tui_trainer.cli.front import Front, JsonFront, PlainFront
from tui_trainer.cli.signals import listening
from tui_trainer.cli.streams import Streams, own_streams
from tui_trainer.cli.verify import verify
from tui_trainer.core import toml
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.overrides import read_with
from tui_trainer.core.presets import find_source
from tui_trainer.core.rundir import create_run


@dataclass(frozen=True, slots=True)
class Job:
    """An experiment to train, and what to call its run."""

    name: str
    where: str
    """What an error calls it: its file, or the preset's name."""
    experiment: Experiment


def run(options: Namespace) -> int:
    """Train the experiments one after another, each checked before the first one starts."""
    jobs = _read(options)
    with own_streams() as streams:
        front = _front(streams, options.json)
        try:
            front.waiting("importing Keras")
            _check(jobs)
            front.waiting("")
            return _train_all(jobs, options, front, streams)
        finally:
            front.close()


def _read(options: Namespace) -> list[Job]:
    device = [f"fit.device={options.device}"] if options.device else []
    jobs = []
    for argument in options.experiments:
        source = find_source(argument)
        experiment = read_with(source.file, [*options.settings, *device], source.where)
        jobs.append(Job(options.name or source.name, source.where, experiment))
    return jobs


def _check(jobs: Sequence[Job]) -> None:
    """Raise TrainerError for the first thing wrong with one of the experiments."""
    for job in jobs:
        for problem in verify(job.experiment).problems:
            raise TrainerError(str(problem), job.where)


def _front(streams: Streams, json: bool) -> Front:
    if json:
        return JsonFront(streams)
    if not streams.out.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return PlainFront(streams)
    from tui_trainer.cli.live import LiveFront

    return LiveFront(streams)


def _train_all(jobs: Sequence[Job], options: Namespace, front: Front, streams: Streams) -> int:
    """Return the worst exit status of the runs; one that fails does not keep others from theirs."""
    status = DONE
    with listening() as wishes:
        for job in jobs:
            run = create_run(options.runs, job.name, toml.dumps(job.experiment))
            streams.log_to(run.log)
            front.began(run, job.experiment.title)
            try:
                status = max(status, follow(run, job.experiment, front, wishes))
            except KeyboardInterrupt:
                front.close()
                os._exit(INTERRUPTED)  # The worker computes; nothing could make it hurry.
            if wishes:
                return INTERRUPTED
    return status
