"""Going on with a run that ended, was stopped, or was lost."""

from __future__ import annotations

import os
from dataclasses import replace

from tui_trainer.core.errors import TrainerError, telling
from tui_trainer.core.places import atomic_write
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.summary import Summary
from tui_trainer.core.toml import dumps, read


def ready_to_resume(run: RunDir, epochs: int | None = None) -> None:
    """Make a run ready to go on, with `epochs` in all if given; or raise TrainerError.

    One without a checkpoint goes on from its very beginning. More epochs are written into its
    experiment; nothing else of it can change. What was asked of it before is forgotten.
    """
    found = Summary.read(run)
    if found.live:
        raise TrainerError(f"expected a run that has ended; it is {found.state}", run.name)
    experiment = read(run.experiment)
    wanted = experiment.fit.epochs if epochs is None else epochs
    if found.state == "finished" and wanted <= found.epochs:
        raise TrainerError(
            f"expected more than its {found.epochs} epochs, all of which are trained; "
            f"received {wanted}",
            f"{run.name}: epochs",
        )
    if wanted < max(found.epochs, 1):
        raise TrainerError(
            f"expected at least the {max(found.epochs, 1)} epochs it has; received {wanted}",
            f"{run.name}: epochs",
        )
    _forget_commands(run)
    if wanted != experiment.fit.epochs:
        _rewrite(run, dumps(replace(experiment, fit=replace(experiment.fit, epochs=wanted))))


def _forget_commands(run: RunDir) -> None:
    """Remove what was asked of the run before: it is not asked again of the one that goes on."""
    with telling("cannot be removed", run.commands):
        run.commands.unlink(missing_ok=True)


def _rewrite(run: RunDir, text: str) -> None:
    """Write the experiment anew; when it was first written is when the run began, and stays."""
    with telling("cannot be written", run.experiment):
        began = os.stat(run.experiment)
        atomic_write(run.experiment, text)
        os.utime(run.experiment, ns=(began.st_atime_ns, began.st_mtime_ns))
