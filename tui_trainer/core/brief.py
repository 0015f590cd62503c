"""A value as an error tells it: on one line, and short however long the value is."""

from __future__ import annotations

import re
import reprlib

LONGEST = 80
"""Characters of a value at most."""

_REPR = reprlib.Repr()
_REPR.maxlevel, _REPR.maxdict, _REPR.maxlist, _REPR.maxtuple = 3, 4, 6, 6
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = LONGEST


def brief(value: object) -> str:
    """Return a plain value as Python writes it, its middle left out where it is long."""
    try:
        return cut(_REPR.repr(value))
    except ValueError:  # An integer of more digits than Python turns into text.
        return "a number of thousands of digits"


def harmless(text: str) -> str:
    """Return a text in which nothing but tabs and line ends steers a terminal: codes instead."""
    return text if text.isprintable() else _STEERING.sub(lambda found: _code(found[0]), text)


_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def shown(name: str) -> str:
    """Return the name of a file as it is shown: on one line, and nothing in it unseen."""
    return "".join(one if one.isprintable() else _code(one) for one in name)


def _code(character: str) -> str:
    return repr(character)[1:-1]


def cut(text: str) -> str:
    """Return a text on one line, its end left out where it is long."""
    line = " ".join(harmless(text[: 2 * LONGEST]).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
