"""What earlier processes left of a run: where it can be gone on from."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from tui_trainer.core import toml
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import Finished, from_json
from tui_trainer.core.experiment import Experiment, Fit
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.words import listing
from tui_trainer.engine.checkpoint import Unusable, read_state
from tui_trainer.engine.state import State


@dataclass(frozen=True, slots=True)
class Left:
    """A run as it was found."""

    begun: bool = False
    """Whether it has a history."""
    finished: bool = False
    """Whether it had come to its end by itself: it goes on past that."""
    checkpoints: tuple[tuple[Path, State], ...] = ()
    """What it can go on from, the newest first."""
    faults: tuple[str, ...] = ()
    """What is wrong with other checkpoints, each in a line."""

    def check(self, experiment: Experiment) -> None:
        """Raise TrainerError where something else was trained: its weights are not written over."""
        for _, state in self.checkpoints[:1]:
            others = _others(state.experiment, experiment)
            if others:
                were = f"expected what its checkpoint of epoch {state.epoch} was trained with"
                now = f"received other {listing(others)}: undo that, or train it as a new run"
                raise TrainerError(f"{were}; {now}", "experiment.toml")


def lasting(experiment: Experiment) -> Experiment:
    """Return an experiment without what may be another when its run is gone on with."""
    fit = experiment.fit
    kept = Fit(1, fit.batch_size, fit.shuffle, fit.seed, dtype_policy=fit.dtype_policy)
    return replace(experiment.enabled, title="", fit=kept)


def _others(before: str, experiment: Experiment) -> list[str]:
    """Return which tables of an experiment are not those of a checkpoint."""
    now = lasting(experiment)
    try:
        then = toml.loads(before) if before else now
    except TrainerError:  # Of another version: nobody knows.
        then = now
    return [name for name in _TABLES if getattr(then, name) != getattr(now, name)]


def look(run: RunDir) -> Left:
    """Return what is left of a run."""
    found, faults = [], []
    for path in (run.last, run.best):
        if not path.is_file():
            continue
        try:
            found.append((path, read_state(path)))
        except Unusable as error:
            faults.append(fault(path, error))
    # Killed between the two, a run has a best that is newer than its last.
    found.sort(key=lambda at: (at[1].epoch, at[1].batch), reverse=True)
    ended = _last_line(run.events)
    return Left(bool(ended) or bool(found), _is_end(ended), tuple(found), tuple(faults))


def fault(path: Path, error: Unusable) -> str:
    """Return what is wrong with a checkpoint, in a line."""
    return f"{path.name} cannot be gone on from: {error}"


def sweep(run: RunDir) -> None:
    """Remove what a killed process was writing aside."""
    for folder in (run.path, run.checkpoints):
        for path in folder.glob(".*tmp-*"):
            with suppress(OSError):
                path.unlink()


_TABLES = ("data", "layers", "compile", "fit", "callbacks")


def _last_line(path: Path) -> bytes:
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return b""
    return lines[-1] if lines else b""


def _is_end(line: bytes) -> bool:
    """Return whether a line of the history says that the run ended and was not stopped."""
    try:
        event = from_json(json.loads(line))
    except (ValueError, AttributeError, RecursionError):
        return False
    return isinstance(event, Finished) and not event.stopped
