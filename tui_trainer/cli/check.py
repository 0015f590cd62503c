"""`check`: the layers of an experiment, or what is wrong with it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Any

from tui_trainer.cli.exits import DONE, WRONG_INPUT
from tui_trainer.cli.streams import own_streams
from tui_trainer.cli.verify import verify
from tui_trainer.cli.words import columns
from tui_trainer.core.presets import open_experiment


def run(options: Namespace) -> int:
    """Print the layers with their shapes and parameters, or a line for each thing wrong."""
    experiment, name, path = open_experiment(options.experiment)
    with own_streams() as streams:
        answer, problems = verify(experiment)
        for problem in problems:
            print(f"tui-trainer: {path or name}: {problem}", file=streams.err)
        if not problems:
            print(_table(answer), file=streams.out)
    return WRONG_INPUT if problems else DONE


def _table(answer: Mapping[str, Any]) -> str:
    head = ("", "LAYER", "TYPE", "OUTPUT", "PARAMETERS")
    rows = [
        (str(number), at["name"], at["type"], _shape(at["shape"]), f"{at['params']:,}")
        for number, at in enumerate(answer["layers"], start=1)
    ]
    given = answer["input"]
    first = ("", "input", given["dtype"], _shape(given["shape"]), "")
    last = ("", "total", "", "", f"{answer['params']:,}")
    return columns([head, first, *rows, last], right=(0, 4))


def _shape(shape: Sequence[int | None]) -> str:
    return " × ".join("?" if size is None else str(size) for size in shape)
