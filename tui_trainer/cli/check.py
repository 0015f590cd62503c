"""`check`: the layers of an experiment, or what is wrong with it."""

from __future__ import annotations

from argparse import Namespace

from tui_trainer.cli.exits import DONE, WRONG_INPUT
from tui_trainer.cli.streams import own_streams
from tui_trainer.cli.table import columns
from tui_trainer.cli.verify import verify
from tui_trainer.core.presets import open_experiment
from tui_trainer.core.verdict import Verdict
from tui_trainer.core.words import spaced, times


def run(options: Namespace) -> int:
    """Print the layers with their shapes and parameters, or a line for each thing wrong."""
    experiment, name, path = open_experiment(options.experiment)
    with own_streams() as streams:
        verdict = verify(experiment)
        for problem in verdict.problems:
            print(f"tui-trainer: {path or name}: {problem}", file=streams.err)
        if not verdict.problems:
            print(_table(verdict), file=streams.out)
    return WRONG_INPUT if verdict.problems else DONE


def _table(verdict: Verdict) -> str:
    head = ("", "LAYER", "TYPE", "OUTPUT", "PARAMETERS")
    first = ("", "input", verdict.input_dtype, times(verdict.input_shape), "")
    rows = [
        (str(number), at.name, at.type, times(at.shape), spaced(at.params))
        for number, at in enumerate(verdict.layers, start=1)
    ]
    last = ("", "total", "", "", spaced(verdict.params))
    return columns([head, first, *rows, last], right=(0, 4))
