"""Tables of epochs on disk, one row each: cut where a run is taken up again."""

from __future__ import annotations

from pathlib import Path

from tui_trainer.core.places import atomic_write


def cut_rows(path: Path, beyond: int, separator: str = ",") -> None:
    """Remove the last rows from the epoch `beyond` on, and a torn one; raises OSError.

    Rows of an earlier training, which a table may begin with, stay.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    header, *rows = text.splitlines(keepends=True) or [""]
    kept, after = len(rows), float("inf")
    while kept:
        epoch = _epoch(rows[kept - 1], separator)
        if epoch is not None and (epoch < beyond or epoch >= after):
            break
        after = after if epoch is None else epoch
        kept -= 1
    if kept < len(rows):
        atomic_write(path, "".join([header, *rows[:kept]]))


def _epoch(row: str, separator: str) -> int | None:
    """Return a row's epoch; None for a torn one."""
    number = row.partition(separator)[0]
    whole = row.endswith("\n") and number.isdecimal() and len(number) < _DIGITS
    return int(number) if whole else None


_DIGITS = 16
"""Of an epoch: Python reads numbers of so many, and no run comes to one."""
