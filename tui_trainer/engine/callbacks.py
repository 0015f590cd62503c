"""The experiment's own callbacks, and what is worth telling of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import keras

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Part
from tui_trainer.core.rundir import RunDir
from tui_trainer.engine.parts import PartError, make

FILES = {
    "ModelCheckpoint": ("filepath", "checkpoints/model-checkpoint.keras"),
    "CSVLogger": ("filename", "epochs.csv"),
    "TensorBoard": ("log_dir", "tensorboard"),
    "BackupAndRestore": ("backup_dir", "backup"),
}
"""Which parameter of a callback is a path, and what it is where the user gives none."""


def make_callbacks(parts: Sequence[Part], run: RunDir) -> list[Any]:
    """Return the callbacks, with relative paths inside the run's folder."""
    made = []
    for number, part in enumerate(parts, start=1):
        try:
            made.append(make(with_path(part, run.path), "callbacks"))
        except PartError as error:
            where = " · ".join([f"callback {number}", *error.path])
            raise TrainerError(error.message, where) from error
    return made


def tell_stops(callbacks: Sequence[Any], epochs: int) -> Iterator[str]:
    """Yield what the early stoppings did, after `epochs` epochs."""
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.EarlyStopping):
            continue
        best = callback.best_epoch + 1
        restored = callback.restore_best_weights and callback.best_weights is not None
        if callback.stopped_epoch > 0:
            end = f", weights of epoch {best} restored" if restored else ""
            yield (
                f"{callback.monitor} has not improved since epoch {best}: "
                f"stopped after epoch {callback.stopped_epoch + 1}{end}"
            )
        elif restored and best < epochs:
            yield f"weights of epoch {best} restored, the best by {callback.monitor}"


def with_path(part: Part, folder: Path = Path()) -> Part:
    """Return a callback with the path it writes to, inside a folder where it is relative."""
    name, default = FILES.get(part.type, ("", ""))
    if not name:
        return part
    if part.type == "ModelCheckpoint" and part.params.get("save_weights_only") is True:
        default = str(Path(default).with_suffix(".weights.h5"))
    return part.having(name, str(folder / str(part.params.get(name) or default)))
