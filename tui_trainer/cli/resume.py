"""`resume`: a run that ended, was stopped or was lost goes on in this process."""

from __future__ import annotations

from argparse import Namespace

from tui_trainer.cli.jobs import Job, carry_out
from tui_trainer.core import toml
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.resume import ready_to_resume
from tui_trainer.core.rundir import RunDir, open_run
from tui_trainer.core.summary import Summary


def run(options: Namespace) -> int:
    """Go on with a run, to as many epochs as it was to have or as are asked for now."""
    found = open_run(options.runs, options.name)
    if options.epochs is None:
        _refuse_whole(found)
    ready_to_resume(found, options.epochs)
    experiment = toml.read(found.experiment)
    job = Job(str(found.experiment), experiment, lambda: found, found.last.is_file())
    return carry_out([job], options.json)


def _refuse_whole(run: RunDir) -> None:
    """Raise TrainerError for a run that has nothing left to train, and say how to train on."""
    summary = Summary.read(run)
    if summary.state == "finished" and summary.epochs >= summary.planned:
        raise TrainerError(
            f"all its {summary.epochs} epochs are trained; "
            f"`--epochs {2 * summary.epochs}` trains on to twice as many",
            run.name,
        )
