"""The one error for what a user can mend, and why a file could not be used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui_trainer.core.brief import harmless


class TrainerError(Exception):
    """A mistake of the input, told in one line: where, what was expected, what was received."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(harmless(f"{where}: {message}" if where else message))
        self.where = where
        self.message = message


@contextmanager
def telling(what: str, path: Path | str) -> Iterator[None]:
    """Have an OSError be told as a TrainerError: of which path what is not possible, and why."""
    try:
        yield
    except OSError as error:
        raise TrainerError(f"{what}: {reason(error)}", str(path)) from error


def reason(error: OSError) -> str:
    """Return why a file could not be used, in a few words; HDF5 has a page of its own for it."""
    return os.strerror(error.errno) if error.errno else " ".join(str(error).split())
