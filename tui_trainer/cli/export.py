"""`export`: an experiment as a plain Keras script."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from tui_trainer.cli.exits import DONE
from tui_trainer.core import toml
from tui_trainer.core.brief import brief
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.places import atomic_write, user_path
from tui_trainer.core.presets import all_presets, open_experiment
from tui_trainer.core.rundir import find_runs, open_run
from tui_trainer.core.script import script
from tui_trainer.core.words import did_you_mean

STDOUT = "-"


def run(options: Namespace) -> int:
    """Write the script of a run, a file or a preset."""
    experiment, name = _open(options.experiment, options.runs)
    text = script(experiment, name).text
    if options.script == STDOUT:
        print(text, end="")
        return DONE
    path = user_path(options.script)
    _write(path, text, options.force)
    print(f"wrote {path}")
    return DONE


def _open(argument: str, runs: Path) -> tuple[Experiment, str]:
    """Return an experiment and its name; a file wins over a run, and a run over a preset."""
    path, run_names = user_path(argument), [run.name for run in find_runs(runs)]
    if path.suffix == ".toml" or path.is_file():
        return open_experiment(argument)[:2]
    if argument in run_names or os.path.isfile(path / "experiment.toml"):
        found = open_run(runs, argument)
        return toml.read(found.experiment), found.name
    names = [preset.name for preset in all_presets()]
    if argument not in names:
        received = f"{brief(argument)}{did_you_mean(argument, [*names, *run_names])}"
        raise TrainerError(f"expected a run, a file.toml or a preset; received {received}")
    return open_experiment(argument)[:2]


def _write(path: Path, text: str, force: bool) -> None:
    if path.is_dir():
        raise TrainerError("expected a file; this is a folder", str(path))
    if path.exists() and not force:
        raise TrainerError("there is such a file already; --force replaces it", str(path))
    try:
        atomic_write(path, text)
    except OSError as error:
        raise TrainerError(f"cannot be written: {error.strerror or error}", str(path)) from error
