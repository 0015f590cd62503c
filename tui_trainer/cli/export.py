"""`export`: an experiment as a plain Keras script."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tui_trainer.cli.exits import DONE
from tui_trainer.core import toml
from tui_trainer.core.catalogue import read_cached
from tui_trainer.core.check import check
from tui_trainer.core.errors import TrainerError, telling
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.places import atomic_write, user_path
from tui_trainer.core.presets import find_preset, is_file_argument, open_experiment
from tui_trainer.core.problem import Problem
from tui_trainer.core.rundir import find_runs, open_run
from tui_trainer.core.script import script

STDOUT = "-"


def run(options: Namespace) -> int:
    """Write the script of a run, a file or a preset."""
    experiment, name = _open(options.experiment, options.runs)
    text = script(experiment, name).text
    if options.script == STDOUT:
        print(text, end="")
    else:
        path = user_path(options.script)
        _write(path, text, options.force)
        print(f"wrote {path}")
    problem = _problem(experiment)
    if problem:
        told = f"{options.experiment}: {problem}; the script is written as it stands"
        print(f"tui-trainer: {told}", file=sys.stderr)
    return DONE


def _problem(experiment: Experiment) -> Problem | None:
    """Return what is wrong first, as far as is known without Keras: once the app has met it."""
    try:
        catalogue = read_cached(version("keras"))
    except PackageNotFoundError:
        return None
    return next(iter(check(experiment, catalogue)), None) if catalogue else None


def _open(argument: str, runs: Path) -> tuple[Experiment, str]:
    """Return an experiment and its name; a file wins over a run, and a run over a preset."""
    if is_file_argument(argument):
        return open_experiment(argument)[:2]
    names = [run.name for run in find_runs(runs)]
    if argument in names or os.path.isfile(user_path(argument) / "experiment.toml"):
        found = open_run(runs, argument)
        return toml.read(found.experiment), found.name
    preset = find_preset(argument, names)
    return toml.read(preset.path), preset.name


def _write(path: Path, text: str, force: bool) -> None:
    if path.is_dir():
        raise TrainerError("expected a file; this is a folder", str(path))
    if path.exists() and not force:
        raise TrainerError("there is such a file already; --force replaces it", str(path))
    with telling("cannot be written", path):
        atomic_write(path, text)
