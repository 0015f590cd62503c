"""The commands and their options, as argparse knows them."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tui_trainer import __version__
from tui_trainer.cli import deferred
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.places import runs_dir

Run = Callable[[Namespace], int]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, a line about it, its options, and what carries it out."""

    name: str
    summary: str
    options: str
    """Which of the arguments in `_ARGUMENTS` it takes."""
    run: Run
    examples: str = ""


COMMANDS = {
    command.name: command
    for command in (
        Command(
            "train",
            "train without the app: progress on a terminal, plain lines in a pipe",
            "experiments set name runs device json",
            deferred.train,
            """\
  tui-trainer train digits
  tui-trainer train imdb --set fit.epochs=3 --set compile.optimizer.learning_rate=0.01
  tui-trainer train fashion-relu fashion-dropout --name compare
  tui-trainer train mine.toml --json | jq 'select(.event == "epoch").metrics'

Ctrl-C once ends the run after its epoch: validated, tested and saved. Twice: within its epoch, the
weights are saved as they are. If the terminal is closed, the run goes on to its end.""",
        ),
        Command(
            "resume",
            "go on with a run that ended early, was lost, or is to have more epochs",
            "run epochs runs json",
            deferred.resume,
            """\
  tui-trainer resume digits-1
  tui-trainer resume digits-1 --epochs 40

It goes on from the last checkpoint as if it had never ended, in the same folder: weights,
optimizer, epoch, random state and best value come back, and the curve is one curve.""",
        ),
        Command(
            "attach",
            "show a run as it goes on, or as it went, in the app or as plain lines in a pipe",
            "run plain runs json",
            deferred.attach,
            """\
  tui-trainer attach digits-1
  tui-trainer attach digits-1 --plain
  tui-trainer attach digits-1 --json | jq 'select(.event == "epoch").metrics'

It only looks: to leave ends nothing, and several may look at once.""",
        ),
        Command(
            "stop",
            "end a run: after its epoch, now, or by killing its process",
            "run ways runs",
            deferred.stop,
            """\
  tui-trainer stop digits-1
  tui-trainer stop digits-1 --now

What is kept: after its epoch, the model, validated, tested and saved; --now, the weights as they
are; --kill, the last checkpoint. `tui-trainer resume` goes on from there.""",
        ),
        Command(
            "pause",
            "have a run wait, all its work in memory, or go on",
            "run off runs",
            deferred.pause,
            "  tui-trainer pause digits-1\n  tui-trainer pause digits-1 --off",
        ),
        Command("presets", "list the experiments to begin with", "", deferred.presets),
        Command(
            "check",
            "show an experiment's layers, memory and advice, or what is wrong with it",
            "experiment",
            deferred.check,
            "  tui-trainer check digits\n  tui-trainer check mine.toml",
        ),
        Command("runs", "list what was trained, newest first", "runs json", deferred.runs),
        Command(
            "show",
            "show the figures of one run",
            "run runs json",
            deferred.show,
            "  tui-trainer show digits-1\n  tui-trainer show runs/digits-1 --json",
        ),
        Command(
            "export",
            "write an experiment as a plain Keras script that trains the same",
            "source script force runs",
            deferred.export,
            """\
  tui-trainer export digits --script digits.py
  tui-trainer export mine.toml --script mine.py --force
  tui-trainer export digits-1 --script - | less""",
        ),
    )
}
"""Every command but the app itself, by name."""

_EXAMPLES = """\
examples:
  tui-trainer                     open the app
  tui-trainer digits              open it with a preset: nothing to download
  tui-trainer mine.toml           open it with an experiment of your own
  tui-trainer ./train             open a file that is named like a command
  tui-trainer train digits        train without the app
  tui-trainer show digits-1       the figures of that run
  tui-trainer export digits --script digits.py
                                  the same as a plain Keras script

exit status: 0 done, 1 the run failed, 2 the input is wrong, 130 interrupted"""


class _Parser(ArgumentParser):
    """An argument parser whose complaint is one line like any other."""

    def error(self, message: str) -> NoReturn:
        raise TrainerError(f"{message}; see {self.prog} --help")


def parse(words: Sequence[str]) -> tuple[Run, Namespace]:
    """Return what carries out a command line, and its options; TrainerError if it is none."""
    command = COMMANDS.get(words[0]) if words else None
    if command is None:
        return deferred.app, _app_parser().parse_args(words)
    return command.run, _command_parser(command).parse_args(words[1:])


def _app_parser() -> ArgumentParser:
    width = max(map(len, COMMANDS))
    lines = [f"  {command.name:{width}}  {command.summary}" for command in COMMANDS.values()]
    parser = _Parser(
        prog="tui-trainer",
        usage="tui-trainer [FILE|PRESET]\n       tui-trainer COMMAND …",
        description="Train Keras models from a terminal. Without a command: the app.",
        epilog="\n".join(
            ["commands (each has its own --help):", *lines, "", _EXAMPLES],
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    for name in ("open", "runs"):
        _ARGUMENTS[name](parser)
    return parser


def _command_parser(command: Command) -> ArgumentParser:
    parser = _Parser(
        prog=f"tui-trainer {command.name}",
        description=f"{command.summary[0].upper()}{command.summary[1:]}.",
        epilog=f"examples:\n{command.examples}" if command.examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name in command.options.split():
        _ARGUMENTS[name](parser)
    return parser


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1; received {text!r}")
    return number


def _add_ways(ways: argparse._MutuallyExclusiveGroup) -> None:
    ways.add_argument("--now", action="store_true", help="within its epoch, instead of after it")
    ways.add_argument("--kill", action="store_true", help="end its process, whatever it does")


_EXPERIMENT = "an experiment.toml, or the name of a preset"
_ARGUMENTS: dict[str, Callable[[ArgumentParser], object]] = {
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
    "epochs": lambda parser: parser.add_argument(
        "--epochs", type=_positive, metavar="N", help="how many it is to have in all"
    ),
    "plain": lambda parser: parser.add_argument(
        "--plain", action="store_true", help="print lines, on a terminal too"
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
    "device": lambda parser: parser.add_argument(
        "--device", metavar="auto|cpu|gpu:N", help="where to train (default: as the file says)"
    ),
    "json": lambda parser: parser.add_argument(
        "--json", action="store_true", help="print JSON objects, one a line, and nothing else"
    ),
}
