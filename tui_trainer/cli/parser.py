"""From a command line to what carries it out, and the help that teaches it."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import NoReturn

from tui_trainer import __version__
from tui_trainer.cli import deferred
from tui_trainer.cli.arguments import ARGUMENTS
from tui_trainer.cli.commands import COMMANDS, GROUPS, Command, Run
from tui_trainer.core.brief import brief
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.words import did_you_mean

_FIRST = """\
Train Keras models from a terminal.

  tui-trainer                     the app: Enter opens a task, Ctrl-R trains it
  tui-trainer digits              the app with a preset: nothing to download
  tui-trainer mine.toml           the app with an experiment of your own
  tui-trainer train digits        train without the app
  tui-trainer show digits-1       what came of it
"""
_LAST = """\
`tui-trainer COMMAND --help` tells more; ./train is a file of such a name.
Exit status: 0 done, 1 the run failed, 2 the input is wrong, 130 interrupted."""
_OPEN = ("open", "runs", "plain_motion", "ascii")
"""What the app takes."""


class _Parser(ArgumentParser):
    """An argument parser whose complaint is one line like any other."""

    def error(self, message: str) -> NoReturn:
        raise TrainerError(f"{message}; see {self.prog} --help")


def parse(words: Sequence[str]) -> tuple[Run, Namespace]:
    """Return what carries out a command line, and its options; TrainerError if it is none."""
    if words[:1] == ["help"]:
        words = [*words[1:2], "--help"]
    command = COMMANDS.get(words[0]) if words else None
    if command is None:
        _refuse_misspelt(words)
        return deferred.app, app_parser().parse_args(words)
    return command.run, command_parser(command).parse_args(words[1:])


def _refuse_misspelt(words: Sequence[str]) -> None:
    """Raise TrainerError for a first word that is nearly a command, and nothing to be opened."""
    first = words[0] if words else "-"
    hint = "" if first.startswith("-") else did_you_mean(first, COMMANDS)
    if not hint:
        return
    from tui_trainer.core.presets import all_presets, is_file_argument

    if not is_file_argument(first) and all(preset.name != first for preset in all_presets()):
        told = f"expected a command, a file.toml or a preset; received {brief(first)}{hint}"
        raise TrainerError(told)


def app_parser() -> ArgumentParser:
    """Return the parser of a command line without a command."""
    width = max(map(len, COMMANDS))
    lines = [_FIRST]
    for title, group in GROUPS.items():
        lines.append(f"{title}:")
        lines += (f"  {command.name:{width}}  {command.summary}" for command in group)
    parser = _Parser(
        prog="tui-trainer",
        usage="tui-trainer [FILE|PRESET], or tui-trainer COMMAND …",
        description="\n".join(lines),
        epilog=_LAST,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    for name in _OPEN:
        ARGUMENTS[name](parser)
    return parser


def command_parser(command: Command) -> ArgumentParser:
    """Return the parser of what follows a command."""
    summary = f"{command.summary[0].upper()}{command.summary[1:]}."
    parser = _Parser(
        prog=f"tui-trainer {command.name}",
        description=f"{summary}\n\n{command.teaching}" if command.teaching else summary,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name in command.options.split():
        ARGUMENTS[name](parser)
    return parser
