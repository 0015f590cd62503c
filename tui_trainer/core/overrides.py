"""Single settings on the command line: `--set fit.epochs=3`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tui_trainer.core import toml
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Compile, Experiment


def read_with(path: Path, settings: Sequence[str], where: str) -> Experiment:
    """Return a file's experiment with `key.key=value` settings, or raise TrainerError.

    The settings go into the plain structure, which is then read like any file: what is wrong with
    one is told in the same words as what is wrong with a file.
    """
    text = toml.read_text(path)
    experiment = toml.loads(text, str(path))
    if not settings:
        return experiment
    table = tomllib.loads(text)
    for setting in settings:
        _apply(table, setting)
    return toml.from_table(table, f"{where} with --set")


def _apply(plain: dict[str, Any], setting: str) -> None:
    key, equals, value = setting.partition("=")
    steps = key.strip().split(".")
    if not equals or not all(steps):
        raise TrainerError(
            f"expected KEY=VALUE, such as fit.epochs=3; received {setting!r}", "--set"
        )
    table: Any = plain
    for number, step in enumerate(steps[:-1]):
        table = _enter(table, step, ".".join(steps[: number + 1]))
    if isinstance(table, list):
        table[_index(table, steps[-1], key)] = _value(value)
    else:
        table[steps[-1]] = _value(value)


def _enter(table: Any, step: str, path: str) -> Any:
    """Return what lies under a step, to go on from; a bare class name becomes a part's table."""
    if isinstance(table, list):
        at: Any = _index(table, step, path)
    else:
        at = step
        table.setdefault(step, Compile().optimizer.type if path == "compile.optimizer" else {})
    if isinstance(table[at], str):
        table[at] = {"type": table[at]}
    if not isinstance(table[at], dict | list):
        raise TrainerError(f"expected a table; received {table[at]!r}", f"--set {path}")
    return table[at]


def _index(items: list[Any], step: str, path: str) -> int:
    if step.isdecimal() and int(step) < len(items):
        return int(step)
    places = f"a place from 0 to {len(items) - 1}" if items else "a list that is not empty"
    raise TrainerError(f"expected {places}; received {step!r}", f"--set {path}")


def _value(text: str) -> Any:
    """Return the text as a TOML value, or as text where it is none."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text.strip()
