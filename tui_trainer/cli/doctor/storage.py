"""Whether there is room to write, and which data sets are here."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tui_trainer.cli.datasets import is_here
from tui_trainer.cli.doctor.finding import FAIL, WARN, Finding
from tui_trainer.core.datasets import DATASETS
from tui_trainer.core.errors import reason
from tui_trainer.core.places import cache_dir, own_presets_dir
from tui_trainer.core.words import bytes_
from tui_trainer.engine.download import folders

_LITTLE, _NOTHING = 1e9, 50e6
"""Bytes free: what is soon used up, and what is none."""


def examine_storage(runs: Path) -> Iterator[Finding]:
    """Yield what there is to say of the folders that are written to, and of the data."""
    yield _folder("runs", runs, "Choose another with --runs or TUI_TRAINER_RUNS.", FAIL)
    yield _folder("cache", cache_dir(), "Set XDG_CACHE_HOME to a folder of your own.", WARN)
    yield _folder("presets", own_presets_dir(), "Set TUI_TRAINER_PRESETS to another.", WARN)
    yield _folder("data", folders()[0], "Set KERAS_HOME to a folder of your own.", WARN)
    yield _datasets()


def _folder(what: str, path: Path, todo: str, level: str) -> Finding:
    """Return whether a folder, which need not be there yet, can be written to."""
    path = path.absolute()
    there = next(place for place in (path, *path.parents) if os.path.exists(place))
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"x")
        free = shutil.disk_usage(there).free
    except OSError as error:
        return Finding(what, f"{path}: {reason(error)}", level, todo)
    found = f"{path}: {bytes_(free)} free"
    if free < _NOTHING:
        return Finding(what, found, level, f"The disk is full. {todo}")
    if free < _LITTLE:
        return Finding(what, found, WARN, f"A run keeps two models or three. {todo}")
    return Finding(what, found)


def _datasets() -> Finding:
    here = [dataset.name for dataset in DATASETS.values() if is_here(dataset)]
    away = [name for name in DATASETS if name not in here]
    found = f"{len(here)} of {len(DATASETS)} are here: {', '.join(here)}"
    if not away:
        return Finding("data sets", found)
    todo = f"`tui-trainer datasets --download NAME` fetches {', '.join(away)}."
    return Finding("data sets", found, todo=todo)
