"""`train`: the trainer with a plain front."""

from __future__ import annotations

from argparse import Namespace
from functools import partial

from tui_trainer.cli.jobs import Job, carry_out
from tui_trainer.core import toml
from tui_trainer.core.modelfile import from_anywhere
from tui_trainer.core.overrides import read_with
from tui_trainer.core.presets import find_source
from tui_trainer.core.rundir import create_run


def run(options: Namespace) -> int:
    """Train the experiments one after another."""
    return carry_out([_read(argument, options) for argument in options.experiments], options.json)


def _read(argument: str, options: Namespace) -> Job:
    device = [f"fit.device={options.device}"] if options.device else []
    source = find_source(argument)
    experiment = read_with(source.file, [*options.settings, *device], source.where)
    name = options.name or source.name
    make = partial(create_run, options.runs, name, toml.dumps(from_anywhere(experiment)))
    return Job(source.where, experiment, make)
