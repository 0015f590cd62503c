"""The arguments that commands take, as argparse knows them."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from tui_trainer.core.places import runs_dir


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1; received {text!r}")
    return number


def _add_ways(ways: argparse._MutuallyExclusiveGroup) -> None:
    ways.add_argument("--now", action="store_true", help="within its epoch, instead of after it")
    ways.add_argument("--kill", action="store_true", help="end its process, whatever it does")


SHELLS = ("bash", "zsh", "fish")
_EXPERIMENT = "an experiment.toml, or the name of a preset"
ARGUMENTS: dict[str, Callable[[ArgumentParser], object]] = {
    "open": lambda parser: parser.add_argument(
        "experiment", nargs="?", metavar="FILE|PRESET", help=_EXPERIMENT
    ),
    "experiment": lambda parser: parser.add_argument(
        "experiment", metavar="FILE|PRESET", help=_EXPERIMENT
    ),
    "experiments": lambda parser: parser.add_argument(
        "experiments",
        nargs="+",
        metavar="FILE|PRESET",
        help=f"{_EXPERIMENT}; several are trained one after another",
    ),
    "source": lambda parser: parser.add_argument(
        "experiment",
        metavar="RUN|FILE|PRESET",
        help=f"a run by its name or its folder, {_EXPERIMENT}",
    ),
    "script": lambda parser: parser.add_argument(
        "--script", required=True, metavar="F.py", help="the file to write; - prints the script"
    ),
    "force": lambda parser: parser.add_argument(
        "--force", action="store_true", help="replace the file if there is one"
    ),
    "run": lambda parser: parser.add_argument("name", metavar="RUN", help="its name or its folder"),
    "best": lambda parser: parser.add_argument(
        "--best", action="store_true", help="take the checkpoint of its best epoch"
    ),
    "epochs": lambda parser: parser.add_argument(
        "--epochs", type=_positive, metavar="N", help="how many it is to have in all"
    ),
    "plain": lambda parser: parser.add_argument(
        "--plain", action="store_true", help="print lines, on a terminal too"
    ),
    "plain_motion": lambda parser: parser.add_argument(
        "--plain-motion", action="store_true", help="draw seldom, as over SSH: for a slow line"
    ),
    "ascii": lambda parser: parser.add_argument(
        "--ascii",
        action="store_true",
        help="draw with ASCII characters alone: for a terminal or a font that lacks others",
    ),
    "ways": lambda parser: _add_ways(parser.add_mutually_exclusive_group()),
    "off": lambda parser: parser.add_argument("--off", action="store_true", help="have it go on"),
    "set": lambda parser: parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="set a key of the file, such as layers.0.units=32; may be given several times",
    ),
    "name": lambda parser: parser.add_argument(
        "--name", metavar="N", help="what to call the run; a number is added"
    ),
    "runs": lambda parser: parser.add_argument(
        "--runs",
        type=Path,
        default=runs_dir(),
        metavar="DIR",
        help="the folder of runs (default: TUI_TRAINER_RUNS, else ./runs)",
    ),
    "download": lambda parser: parser.add_argument(
        "--download", metavar="DATASET", help="fetch its files, each checked, into Keras' cache"
    ),
    "shell": lambda parser: parser.add_argument(
        "shell", choices=SHELLS, metavar="|".join(SHELLS), help="the shell that you use"
    ),
    "line": lambda parser: parser.add_argument("--line", help=argparse.SUPPRESS),
    "device": lambda parser: parser.add_argument(
        "--device", metavar="auto|cpu|gpu:N", help="where to compute (default: as the file says)"
    ),
    "json": lambda parser: parser.add_argument(
        "--json", action="store_true", help="print JSON objects, one a line, and nothing else"
    ),
}
"""By the names that a Command lists."""
