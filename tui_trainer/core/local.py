"""Files that a user names to be read: of this machine, regular, and no larger than they may be."""

from __future__ import annotations

import stat
from pathlib import Path

from tui_trainer.core.errors import TrainerError, reason
from tui_trainer.core.places import user_path
from tui_trainer.core.words import bytes_

FILE_OR_WORDS = "vocabulary"
"""The argument of which Keras takes a text as the path of a file, and reads that."""


def local_path(text: str) -> Path:
    """Return the path that a user typed, or raise TrainerError: it may be no address."""
    if "://" in text:
        raise TrainerError("expected a file of this machine; received an address", text)
    return user_path(text)


def check_readable(path: Path, wanted: str, most: int) -> None:
    """Raise TrainerError unless there is a regular file of so many bytes at most."""
    where = str(path)
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise TrainerError("expected a file that exists; there is none", where) from error
    except OSError as error:
        raise TrainerError(f"cannot be read: {reason(error)}", where) from error
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe or a device"
        raise TrainerError(f"expected {wanted}; received {kind}", where)
    if found.st_size > most:
        told = f"expected at most {bytes_(most)}; received {bytes_(found.st_size)}"
        raise TrainerError(told, where)
