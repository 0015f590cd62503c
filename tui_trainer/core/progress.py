"""How far a run is."""

from __future__ import annotations

from tui_trainer.core.status import Status


def share(status: Status, before: float = 0.0) -> float:
    """Return how much of a run's epochs is done, from 0 to 1, and never less than before.

    The training batches make an epoch; those of a validation, counted anew, do not move it back.
    """
    if not status.epoch or not status.epochs:
        return before
    inside = status.batch / status.batches if status.batches else 0.0
    if status.phase in ("validate", "evaluate", "save"):
        inside = 1.0
    done = (status.epoch - 1 + min(1.0, inside)) / status.epochs
    return max(before, min(1.0, done))
