"""What a run keeps, whatever is done to it: to be said before it is done."""

from __future__ import annotations

from tui_trainer.core.status import Status


def keeps(command: str, status: Status, checkpoint: int | None) -> str:
    """Return what a command does to a run and leaves of it, in a sentence.

    The command is `stop`, `stop_now`, `kill`, `pause` or `resume`; `checkpoint` is the epoch of
    the run's last checkpoint, None where there is none.
    """
    epoch = f"epoch {status.epoch}" if status.epoch else "the first epoch"
    match command:
        case "stop":
            return f"ends after {epoch}: validated, tested and saved"
        case "stop_now":
            return f"ends within {epoch}: the weights are saved as they are, resume goes on there"
        case "kill":
            return f"ends the process at once: {kept(checkpoint)}"
        case "pause":
            return f"holds still within {epoch}; its memory stays taken until it goes on"
        case "resume" if status.state == "paused":
            return f"goes on within {epoch}"
        case "resume":
            more = ", for more epochs" if status.state == "finished" else ""
            start = _last(checkpoint) or "the very beginning: it has no checkpoint"
            return f"goes on from {start}{more}"
        case _:
            raise ValueError(f"expected a command to a run; received {command!r}")


def kept(checkpoint: int | None) -> str:
    """Return what is left of a run whose process is gone: `the checkpoint of epoch 6 is kept`."""
    return f"{_last(checkpoint) or 'nothing'} is kept"


def loses(status: Status, checkpoint: int | None) -> str:
    """Return what would be lost of a run if its process were gone now."""
    first = (checkpoint or 0) + 1
    if status.epoch > first:
        return f"what it learned in epochs {first} to {status.epoch} is lost"
    return f"what it learned in epoch {first} is lost"


def lost_words(status: Status, checkpoint: int | None) -> str:
    """Return how a run was lost, and what is left: `lost: its engine died at epoch 7; …`."""
    when = f"at epoch {status.epoch}" if status.epoch else "before its first epoch"
    return f"lost: its engine died {when}; {kept(checkpoint)}"


def _last(checkpoint: int | None) -> str:
    if checkpoint is None:
        return ""
    return f"the checkpoint {f'of epoch {checkpoint}' if checkpoint else 'within epoch 1'}"
