"""What each way of ending a run keeps, to be said before it is chosen."""

from __future__ import annotations

from tui_trainer.core.status import Status


def keeps(command: str, status: Status, checkpoint: int | None) -> str:
    """Return what `stop`, `stop_now` or `kill` does to a run and leaves of it, in a sentence.

    `checkpoint` is the epoch of its last checkpoint, None where there is none.
    """
    epoch = f"epoch {status.epoch}" if status.epoch else "the first epoch"
    match command:
        case "stop":
            return f"ends after {epoch}: validated, tested and saved"
        case "stop_now":
            return f"ends within {epoch}: the weights are saved as they are, resume goes on there"
        case "kill":
            kept = f"the checkpoint of epoch {checkpoint} is" if checkpoint else "nothing is"
            return f"ends the process at once: {kept} kept"
        case _:
            raise ValueError(f"expected a way to end a run; received {command!r}")
