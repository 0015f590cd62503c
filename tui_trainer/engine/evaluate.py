"""What a trained model makes of the data of its run: its metrics on each split, tested anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras

from tui_trainer.core.events import Metrics
from tui_trainer.core.experiment import Experiment
from tui_trainer.engine.data import Wait
from tui_trainer.engine.devices import device_scope
from tui_trainer.engine.initial import load_weights
from tui_trainer.engine.prepared import prepare
from tui_trainer.engine.recorder import plain_metrics


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The metrics of one split of the data."""

    split: str
    """`train`, `validation` or `test`."""
    samples: int
    metrics: Metrics

    def to_json(self) -> dict[str, Any]:
        """Return them as an object for JSON."""
        return asdict(self)


def evaluate(experiment: Experiment, weights: Path) -> Iterator[Evaluated]:
    """Yield the metrics of each split that has samples, by the weights of a file.

    Layers and data are those of the experiment; TrainerError says what of the file does not fit.
    """
    with device_scope(experiment.fit.device):
        ready = prepare(experiment, Wait(), lambda phase, device: None)
        arrays, fitting = ready.arrays, ready.fitting
        load_weights(ready.model, weights, experiment, arrays.facts)
        splits = {"train": arrays.train, "validation": arrays.validation, "test": arrays.test}
        for name, split in splits.items():
            if len(split):
                found = fitting.evaluate(fitting.feed(split), keras.callbacks.Callback())
                yield Evaluated(name, len(split), plain_metrics(found))
