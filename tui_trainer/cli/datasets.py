"""`datasets`: what there is to learn from, which of it is here, and fetching the rest."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Any

from tui_trainer.cli.exits import DONE, FAILED
from tui_trainer.cli.table import columns
from tui_trainer.core.datasets import DATASETS, Dataset, find_dataset
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import dumps
from tui_trainer.core.words import spaced
from tui_trainer.engine.download import cached, fetch
from tui_trainer.engine.wait import Wait


def run(options: Namespace) -> int:
    """Print a line for each data set, or download one."""
    if options.download is not None:
        return _download(_dataset(options.download), options.json)
    records = [_record(dataset) for dataset in DATASETS.values()]
    if options.json:
        for record in records:
            print(dumps(record))
        return DONE
    head = ("DATA SET", "HERE", "SIZE", "SAMPLES", "WHAT", "LICENCE")
    print(columns([head, *map(_row, records)], right=(2, 3)))
    return DONE


def is_here(dataset: Dataset) -> bool:
    """Return whether everything that training needs of a data set is on this machine."""
    return all(cached(file) for file in dataset.files if file.needed)


def _record(dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.name,
        "title": dataset.title,
        "task": dataset.task,
        "shape": [size if size > 0 else None for size in dataset.shape],
        "samples": max(0, dataset.train) + dataset.test,
        "classes": len(dataset.classes),
        "megabytes": round(sum(file.megabytes for file in dataset.files), 3),
        "here": is_here(dataset),
        "licence": dataset.licence,
        "source": dataset.source,
    }


def _row(record: dict[str, Any]) -> tuple[str, ...]:
    size = f"{record['megabytes']:.3g} MB" if record["megabytes"] else ""
    samples = spaced(record["samples"]) if record["samples"] else "any"
    here = "yes" if record["here"] else "no"
    return record["name"], here, size, samples, record["title"], record["licence"]


def _dataset(name: str) -> Dataset:
    try:
        return find_dataset(name)
    except TrainerError as error:
        raise TrainerError(error.message, "--download") from error


def _download(dataset: Dataset, json: bool) -> int:
    """Fetch what of a data set is missing, and say where it lies."""
    progress = _Progress(quiet=json)
    try:
        paths = fetch(dataset, Wait(progress.note))
    except TrainerError as error:
        print(f"tui-trainer: {dataset.name}: {error.message}", file=sys.stderr)
        return FAILED
    where = [str(path) for path in paths]
    if json:
        print(dumps({"name": dataset.name, "here": True, "files": where}))
    elif where:
        print(f"{dataset.name} is here: {', '.join(where)}")
    else:
        print(f"{dataset.name} is here: it comes with the program")
    return DONE


class _Progress:
    """One line on standard error that is written over, on a terminal alone."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet or sys.stderr is None or not sys.stderr.isatty()
        self._width = 0

    def note(self, text: str) -> None:
        """Show how far a download is; an empty text leaves an empty line."""
        if not self._quiet:
            print(f"\r{text:{self._width}}", end="" if text else "\r", file=sys.stderr, flush=True)
            self._width = len(text)
