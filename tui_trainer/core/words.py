"""Figures and names in words: the one way in which commands and screen say them."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import accumulate
from typing import TYPE_CHECKING

from tui_trainer.core.brief import LONGEST

if TYPE_CHECKING:
    from tui_trainer.core.verdict import Memory

_SMALL, _LARGE = 1e-3, 1e6
_KILO = 1000
_HISSING = ("s", "x", "tch", "sh")


def duration(seconds: float) -> str:
    """Return a duration as a clock shows it: `0:09`, `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def spaced(number: int) -> str:
    """Return an integer with its thousands apart: `78 500`."""
    return f"{number:,}".replace(",", " ")


def count(number: int, noun: str) -> str:
    """Return so many of a thing: `1 epoch`, `3 epochs`, `10 classes`."""
    ending = "" if number == 1 else "es" if noun.endswith(_HISSING) else "s"
    return f"{spaced(number)} {noun}{ending}"


def listing(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: `a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def bytes_(number: float) -> str:
    """Return a size in memory with three digits: `640 bytes`, `79.5 kB`, `1.23 GB`."""
    if number < _KILO:
        return count(round(number), "byte")
    size, unit = number / _KILO, "kB"
    for larger in ("MB", "GB", "TB", "PB", "EB", "ZB"):
        if size >= _KILO - 0.5:
            size, unit = size / _KILO, larger
    return f"{size:.3g} {unit}"


def memory_words(needed: Memory, optimizer: str, batch: int) -> str:
    """Return what takes the memory of a training step: `weights 19.2 kB, gradients 19.2 kB, …`."""
    return (
        f"weights {bytes_(needed.weights)}, gradients {bytes_(needed.gradients)}, "
        f"{optimizer} {bytes_(needed.optimizer)}, "
        f"activations {bytes_(needed.activations)} at batch {batch}"
    )


def times(shape: Sequence[int | None]) -> str:
    """Return a shape as it is read aloud: `28 × 28`; an open size is `?`, no size at all `1`."""
    return " × ".join("?" if size is None else str(size) for size in shape) or "1"


def figure(value: float) -> str:
    """Return a metric with four significant digits at least, nan and infinity by name.

    From 0.1 to 9999 that takes six characters, so that a column stands still: `0.2909`, `1.0000`,
    `21.940`. Below 0.1 each zero takes one more; below 0.001 and from a million on, it is
    `3.000e-05`.
    """
    if not math.isfinite(value):
        return str(value)
    rounded = abs(float(f"{value:.4g}"))
    if rounded and not _SMALL <= rounded < _LARGE:
        return f"{value:.3e}"
    power = math.floor(math.log10(rounded)) if rounded else 0
    return f"{value:.{max(0, (4 if power >= 0 else 3) - power)}f}"


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes: an East Asian character takes two."""
    return sum(map(_columns, text))


def fitted(text: str, columns: int) -> str:
    """Return as much of a text, from its start, as goes into so many columns."""
    ends = accumulate(map(_columns, text))
    return text[: sum(end <= columns for end in ends)]


def shortened(text: str, columns: int) -> str:
    """Return a text with its middle left out where it takes more columns: `a-long-na…me-12`."""
    if columns_of(text) <= columns:
        return text
    end = fitted(text[::-1], (columns - 1) // 2)[::-1]
    return f"{fitted(text, columns - 1 - columns_of(end))}…{end}"


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):  # An accent stands above the one before.
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return `; did you mean Dense?` with the names that come close, or nothing if none does.

    A name differs least in its case alone, then by an end that is missing, then by a few letters.
    """
    folded = {known.lower(): known for known in names}
    typed = name[:LONGEST].lower()
    starts = [known for known in folded if len(typed) > 1 and known.startswith(typed)]
    close = [typed] if typed in folded else starts[:3] or get_close_matches(typed, folded, 1)
    return f"; did you mean {' or '.join(folded[known] for known in close)}?" if close else ""
