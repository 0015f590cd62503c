"""Which callbacks write to a path, and where that is if the user says nothing."""

from __future__ import annotations

from pathlib import Path

from tui_trainer.core.experiment import Part

FILES = {
    "ModelCheckpoint": ("filepath", "checkpoints/model-checkpoint.keras"),
    "CSVLogger": ("filename", "epochs.csv"),
    "TensorBoard": ("log_dir", "tensorboard"),
    "BackupAndRestore": ("backup_dir", "backup"),
}
"""Which parameter of a callback is a path, and what it is where the user gives none."""


def with_path(part: Part, folder: Path = Path()) -> Part:
    """Return a callback with the path it writes to, inside a folder where it is relative."""
    name, default = FILES.get(part.type, ("", ""))
    if not name:
        return part
    if part.type == "ModelCheckpoint" and part.params.get("save_weights_only") is True:
        default = str(Path(default).with_suffix(".weights.h5"))
    return part.having(name, str(folder / str(part.params.get(name) or default)))
