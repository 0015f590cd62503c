"""The changes that fixes are made of: each leaves all else of the experiment as it is."""

from __future__ import annotations

from dataclasses import replace

from tui_trainer.core.advice.case import Fix
from tui_trainer.core.document import Document, PartPath
from tui_trainer.core.experiment import Experiment, Part, Value


def put(where: PartPath, part: Part) -> Fix:
    """Return the change that puts a part in the place of another."""
    return lambda experiment: _open(experiment).put(where, part).experiment


def insert(table: str, index: int, part: Part) -> Fix:
    """Return the change that puts a part before the one at an index."""
    return lambda experiment: _open(experiment).insert(table, index, part).experiment


def remove(table: str, index: int) -> Fix:
    """Return the change that takes a part away."""
    return lambda experiment: _open(experiment).remove(table, index).experiment


def move(table: str, index: int, to: int) -> Fix:
    """Return the change that moves a part to the place of another."""
    return lambda experiment: _open(experiment).move(table, index, to - index).experiment


def set_data(key: str, value: Value) -> Fix:
    """Return the change that sets a key of [data]."""
    return lambda experiment: _open(experiment).set_field("data", key, value).experiment


def set_fit(key: str, value: Value) -> Fix:
    """Return the change that sets a key of [fit]."""
    return lambda experiment: _open(experiment).set_field("fit", key, value).experiment


def all_of(*fixes: Fix) -> Fix:
    """Return the change that makes several, one after another."""

    def fix(experiment: Experiment) -> Experiment:
        for each in fixes:
            experiment = each(experiment)
        return experiment

    return fix


def with_metrics(experiment: Experiment, metrics: tuple[Part, ...]) -> Experiment:
    """Return an experiment with other metrics."""
    return replace(experiment, compile=replace(experiment.compile, metrics=metrics))


def _open(experiment: Experiment) -> Document:
    return Document.opened(experiment, "")
