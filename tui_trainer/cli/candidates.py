"""What may follow the words of a command line that was typed so far."""

from __future__ import annotations

import os
import shlex
from argparse import SUPPRESS, Action, ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui_trainer.cli.commands import COMMANDS
from tui_trainer.cli.parser import app_parser, command_parser
from tui_trainer.core.catalogue import Kind, Param
from tui_trainer.core.datasets import DATASETS
from tui_trainer.core.fields import DATA, FIT
from tui_trainer.core.places import runs_dir
from tui_trainer.core.presets import all_presets
from tui_trainer.core.rundir import find_runs


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may be meant, and a few words about it."""

    value: str
    """One that ends in `=` or `/` is to be gone on with."""
    about: str = ""


@dataclass(frozen=True, slots=True)
class _Typed:
    """The word at the cursor, and where runs are to be looked for."""

    word: str
    runs: Path


def candidates(line: str) -> list[Candidate]:
    """Return what the last word of a line may become; the line ends at the cursor."""
    _, *words, word = _split(line)
    typed = _Typed(word, _runs(words))
    command = COMMANDS.get(words[0]) if words else None
    parser = command_parser(command) if command else app_parser()
    found = list(_values(parser, words[1:] if command else words, typed))
    if not words and not word.startswith("-"):
        found = [*(Candidate(c.name, c.summary) for c in COMMANDS.values()), *found]
    return [one for one in dict.fromkeys(found) if one.value.startswith(word)]


def _split(line: str) -> list[str]:
    """Return the words of a line, the last one that at the cursor; a quote may be open still."""
    for end in ("x", "x'", 'x"'):  # The letter shows where the last word ends, if it is empty too.
        try:
            *words, word = shlex.split(line + end)
        except ValueError:
            continue
        return [*words, word[:-1]] if words else ["", ""]
    return ["", ""]


def _runs(words: Sequence[str]) -> Path:
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == "--runs" and (equals or at + 1 < len(words)):
            return Path(os.path.expanduser(value if equals else words[at + 1]))
    return runs_dir()


def _values(parser: ArgumentParser, words: Sequence[str], typed: _Typed) -> Iterator[Candidate]:
    """Yield what an argument may be, by the words before it."""
    options = {name: action for action in parser._actions for name in action.option_strings}
    name, equals, value = typed.word.partition("=")
    if equals and name in options:
        for one in _of(options[name], _Typed(value, typed.runs)):
            yield Candidate(f"{name}={one.value}", one.about)
        return
    waiting, places = None, 0
    for word in words:
        if waiting is not None:
            waiting = None
        elif word in options:
            waiting = options[word] if options[word].nargs is None else None
        elif not word.startswith("-"):
            places += 1
    if waiting is not None:
        yield from _of(waiting, typed)
        return
    taken = [action for action in parser._actions if not action.option_strings]
    if not typed.word.startswith("-") and taken:
        if places < len(taken):
            yield from _of(taken[places], typed)
        elif taken[-1].nargs == "+":
            yield from _of(taken[-1], typed)
    if typed.word.startswith("-") or places >= len(taken):
        for name, action in options.items():
            if name.startswith("--") and action.help != SUPPRESS:
                yield Candidate(name, action.help or "")


def _of(action: Action, typed: _Typed) -> Iterator[Candidate]:
    """Yield the values of an argument, by what its help calls it."""
    if action.choices:
        yield from map(Candidate, action.choices)
        return
    for kind in str(action.metavar).split("|"):
        yield from _KINDS.get(kind, _nothing)(typed)


def _nothing(typed: _Typed) -> Iterable[Candidate]:
    return ()


def _presets(typed: _Typed) -> Iterable[Candidate]:
    return (Candidate(preset.name, preset.title) for preset in all_presets())


def _run_names(typed: _Typed) -> Iterable[Candidate]:
    names = [Candidate(run.name) for run in find_runs(typed.runs)]
    return [*names, *_paths(typed.word)] if "/" in typed.word else names


def _paths(word: str, *suffixes: str) -> Iterator[Candidate]:
    """Yield the folders that a path may go on with, and the files that end in a certain way."""
    head, tail = os.path.split(word)
    try:
        entries = sorted(os.scandir(os.path.expanduser(head) or "."), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if (
            not entry.name.startswith(tail or entry.name.lstrip("."))
            or not entry.name.isprintable()
        ):
            continue
        if entry.is_dir():
            yield Candidate(f"{os.path.join(head, entry.name)}/")
        elif entry.name.endswith(suffixes or "/"):
            yield Candidate(os.path.join(head, entry.name))


def _keys(typed: _Typed) -> Iterator[Candidate]:
    """Yield the keys of an experiment's tables of ours; after `=`, what they may hold."""
    for table, params in (("data", DATA), ("fit", FIT)):
        for param in params:
            key = f"{table}.{param.name}="
            if typed.word.startswith(key):
                yield from (Candidate(key + value) for value in _choices(param))
            else:
                yield Candidate(key, param.help)
    for key in ("loss", "optimizer", "optimizer.learning_rate"):
        yield Candidate(f"compile.{key}=")


def _choices(param: Param) -> Sequence[str]:
    return (*param.choices, *(("true", "false") if param.kind == Kind.BOOLEAN else ()))


_KINDS: dict[str, Callable[[_Typed], Iterable[Candidate]]] = {
    "RUN": _run_names,
    "PRESET": _presets,
    "FILE": lambda typed: _paths(typed.word, ".toml"),
    "F.py": lambda typed: _paths(typed.word, ".py"),
    "DIR": lambda typed: _paths(typed.word),
    "DATASET": lambda typed: (Candidate(d.name, d.title) for d in DATASETS.values() if d.files),
    "KEY=VALUE": _keys,
    "gpu:N": lambda typed: map(Candidate, ("auto", "cpu", "gpu:0")),
}
"""By what the help of an argument calls its value."""
