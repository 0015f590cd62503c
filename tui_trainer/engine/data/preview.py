"""A look at the training data: a few samples as a screen can show them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from tui_trainer.core.datasets import DATASETS, REGRESSION, Facts, describe
from tui_trainer.core.experiment import Data
from tui_trainer.engine.data.arrays import Array, Split
from tui_trainer.engine.data.prepare import divide
from tui_trainer.engine.data.sources import read
from tui_trainer.engine.download import NotCached, cached
from tui_trainer.engine.wait import Wait

SAMPLES = 12
_WORD_OFFSET = 3
_MARKS = {0: "", 1: "", 2: "…"}
"""How the numbers below the words are shown: padding, the beginning, a word left out."""


def preview(data: Data) -> dict[str, Any]:
    """Return the first training samples and the classes' sizes, if the data are on this machine.

    Nothing is ever downloaded: without a copy here, `cached` is false, and all that is told.
    """
    facts = describe(data)
    try:
        raw = read(data, Wait(download=False))
    except NotCached:
        return {"cached": False}
    train, _, _ = divide(data, facts, raw)
    return {
        "cached": True,
        "class_counts": _counts(facts, train),
        "samples": _samples(facts, train),
    }


def _counts(facts: Facts, train: Split) -> list[int]:
    if facts.dataset.task == REGRESSION:
        return []
    counts = np.bincount(train.y.astype(np.int64), minlength=len(facts.dataset.classes))
    return [int(count) for count in counts]


def _samples(facts: Facts, train: Split) -> list[dict[str, Any]]:
    show = _shower(facts, train)
    return [
        {**show(x), "label": _label(facts, y)}
        for x, y in zip(train.x[:SAMPLES], train.y[:SAMPLES], strict=True)
    ]


def _label(facts: Facts, y: Any) -> str:
    classes = facts.dataset.classes
    return classes[int(y)] if classes else f"{float(y):.4g}"


def _shower(facts: Facts, train: Split) -> Callable[[Array], dict[str, Any]]:
    if facts.dtype == "int32":
        return lambda x: {"kind": "text", "text": _text(facts, x)}
    if train.x.ndim > 2:
        lowest, highest = float(train.x.min()), float(train.x.max())
        width = highest - lowest or 1.0
        return lambda x: {
            "kind": "image",
            "pixels": ((x - lowest) * (255 / width)).round().astype(int).tolist(),
        }
    return lambda x: {"kind": "row", "values": [float(f"{value:.6g}") for value in x]}


def _text(facts: Facts, numbers: Array) -> str:
    words = _words(facts.dataset.name)
    shown = (
        _MARKS[number] if number in _MARKS else words.get(number - _WORD_OFFSET, str(number))
        for number in numbers.tolist()
    )
    return " ".join(filter(None, shown))


@cache
def _words(name: str) -> dict[int, str]:
    """Return a set's words by number, or none where their file is not on this machine."""
    for file in DATASETS[name].files:
        path = cached(file) if file.name.endswith(".json") else None
        if path is not None:
            try:
                return {rank: word for word, rank in json.loads(path.read_text("utf-8")).items()}
            except (OSError, ValueError):
                return {}
    return {}
