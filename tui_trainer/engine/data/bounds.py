"""Whether an Embedding has a row for every number that comes in: compiled code would not ask."""

from __future__ import annotations

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.problem import place
from tui_trainer.engine.data.arrays import Arrays


def check_numbers(experiment: Experiment, arrays: Arrays) -> None:
    """Raise TrainerError where the first layer is an Embedding with too few rows for the data."""
    first, rows = experiment.layers[0], experiment.layers[0].params.get("input_dim")
    if first.type != "Embedding" or not isinstance(rows, int):
        return
    for split in (arrays.train, arrays.validation, arrays.test):
        if not split.x.size:
            continue
        low, high = split.x.min(), split.x.max()
        if low < 0 or high >= rows:
            raise TrainerError(
                f"expected numbers from 0 to {rows - 1} in the data; received {low:g} to {high:g}",
                place(("layers", 0, "input_dim")),
            )
