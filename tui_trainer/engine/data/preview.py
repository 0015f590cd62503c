"""A look at the training data: figures, and a few samples as a screen can show them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from tui_trainer.core.datasets import DATASETS, REGRESSION, describe
from tui_trainer.core.experiment import Data
from tui_trainer.engine.data.arrays import Array, Arrays
from tui_trainer.engine.data.download import NotCached, cached
from tui_trainer.engine.data.prepare import prepare
from tui_trainer.engine.data.sources import read
from tui_trainer.engine.data.wait import Wait

SAMPLES = 12
_WORD_OFFSET = 3
_MARKS = {0: "", 1: "", 2: "…"}
"""How the numbers below the words are shown: padding, the beginning, a word left out."""


def preview(data: Data) -> dict[str, Any]:
    """Return what there is to know of the training data; nothing is ever downloaded.

    Without a copy on this machine only `cached` and what the table of data sets knows are told.
    """
    facts = describe(data)
    told: dict[str, Any] = {
        "cached": False,
        "train": facts.train,
        "validation": facts.validation,
        "test": facts.test,
        "input_shape": list(facts.shape),
        "label_shape": list(facts.label_shape),
        "classes": list(facts.dataset.classes),
    }
    try:
        raw = read(data, Wait(download=False))
    except NotCached:
        return told
    arrays = prepare(data, raw)
    return told | {
        "cached": True,
        "class_counts": _counts(arrays),
        "range": [float(arrays.train.x.min()), float(arrays.train.x.max())],
        "samples": _samples(arrays),
    }


def _counts(arrays: Arrays) -> list[int]:
    if arrays.facts.dataset.task == REGRESSION:
        return []
    labels = arrays.stored.y.astype(np.int64)
    counts = np.bincount(labels, minlength=len(arrays.facts.dataset.classes))
    return [int(count) for count in counts]


def _samples(arrays: Arrays) -> list[dict[str, Any]]:
    show = _shower(arrays)
    stored = arrays.stored
    return [
        {**show(x), "label": _label(arrays, y)}
        for x, y in zip(stored.x[:SAMPLES], stored.y[:SAMPLES], strict=True)
    ]


def _label(arrays: Arrays, y: Any) -> str:
    classes = arrays.facts.dataset.classes
    return classes[int(y)] if classes else f"{float(y):.4g}"


def _shower(arrays: Arrays) -> Callable[[Array], dict[str, Any]]:
    if arrays.facts.dtype == "int32":
        return lambda x: {"kind": "text", "text": _text(arrays, x)}
    if arrays.stored.x.ndim > 2:
        lowest, highest = float(arrays.stored.x.min()), float(arrays.stored.x.max())
        width = highest - lowest or 1.0
        return lambda x: {
            "kind": "image",
            "pixels": ((x - lowest) * (255 / width)).round().astype(int).tolist(),
        }
    return lambda x: {"kind": "row", "values": [float(f"{value:.6g}") for value in x]}


def _text(arrays: Arrays, numbers: Array) -> str:
    words = _words(arrays.facts.dataset.name)
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
