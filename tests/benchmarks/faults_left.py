"""What a run left behind, read without Keras: is it whole, and is it what another run left."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from tui_trainer.core import toml
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import from_json
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import status_from_json
from tui_trainer.core.watch import Watch
from tui_trainer.engine.checkpoint import Unusable, read_state
from tui_trainer.engine.hdf5 import list_numbers, read_numbers
from tui_trainer.engine.state import dumps


def unreadable(run: RunDir) -> list[str]:
    """Return the files of a run that cannot be read, each with the reason."""
    found = []
    for path in sorted(run.path.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            try:
                _read(path)
            except (OSError, ValueError, TrainerError, Unusable) as error:
                found.append(f"{path.name}: {error}")
    return found


def _read(path: Path) -> None:
    """Read a file of a run as whoever needs it does; the last line of a history may be torn."""
    if path.suffix == ".keras":
        list_numbers(path)
        if path.parent.name == "checkpoints" and path.stem in ("last", "best"):
            read_state(path)
    elif path.suffix == ".toml":
        toml.read(path)
    elif path.name == "status.json":
        status_from_json(json.loads(path.read_text("utf-8")))
    elif path.suffix == ".jsonl":
        for line in path.read_text("utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                from_json(json.loads(line))
    elif path.suffix == ".csv":
        list(csv.reader(io.StringIO(path.read_text("utf-8"))))


def difference(run: RunDir, other: RunDir) -> str:
    """Return in what two runs differ that should have come to the same, or nothing."""
    return next(_differences(run, other), "")


def _differences(run: RunDir, other: RunDir) -> Iterator[str]:
    for path in sorted(other.path.rglob("*.keras")):
        its = run.path / path.relative_to(other.path)
        if not its.is_file() or not _same_numbers(its, path):
            yield f"weights in {path.name}"
    for name in ("last.keras", "best.keras"):
        if _state(run.checkpoints / name) != _state(other.checkpoints / name):
            yield f"the state in {name}"
    if _rows(run.history) != _rows(other.history):
        yield "history.csv"
    for path in other.path.glob("epochs.csv"):
        if (run.path / path.name).read_text() != path.read_text():
            yield path.name
    ours, theirs = (
        [(epoch.epoch, epoch.metrics) for epoch in Watch.open(each).curves.epochs]
        for each in (run, other)
    )
    if ours != theirs:
        yield "the curves"


def _same_numbers(one: Path, other: Path) -> bool:
    ours, theirs = (read_numbers(path, list, path.stat().st_size) for path in (one, other))
    same = (np.array_equal(ours[name], theirs[name]) for name in ours.keys() & theirs.keys())
    return ours.keys() == theirs.keys() and all(same)


def _state(path: Path) -> bytes:
    return dumps(replace(read_state(path), spent=0.0, seconds=0.0, phases={}))


def _rows(path: Path) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8")))
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]
