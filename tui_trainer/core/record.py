"""From a JSON object to the fields of a dataclass; what does not fit is a ValueError."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from tui_trainer.core.brief import harmless

_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (float, int, type(None)),
    "float | None": (float, int, type(None)),
}
"""By annotation, what JSON may hold, most often first; any other is the caller's to read."""


_MOST = 10**15
"""What is counted comes to no more than that: a float holds it exactly."""


def read_fields(kind: Any, record: object) -> dict[str, Any]:
    """Return the fields of a dataclass that a record holds, text harmless; others are left out.

    Null in the place of a float is NaN, as JSON has none. Raises ValueError for a value of another
    type, and for a record that is no object.
    """
    if not isinstance(record, Mapping):
        raise ValueError(f"expected an object; received {type(record).__name__}")
    found = {}
    for name, annotation, types in _fields(kind):
        if name not in record:
            continue
        value = found[name] = record[name]
        if isinstance(value, str):
            found[name] = harmless(value)
        if annotation == "int" and isinstance(value, int) and abs(value) > _MOST:
            raise ValueError(f"expected {name} as a count; received {value!r:.80}")
        if types is None or type(value) is types[0]:
            continue
        if not isinstance(value, types) or isinstance(value, bool):
            raise ValueError(f"expected {name} as {annotation}; received {value!r:.80}")
        if annotation == "float" or type(value) is int:
            found[name] = number(value)
    return found


@cache
def _fields(kind: Any) -> list[tuple[str, str, tuple[type, ...] | None]]:
    """Return the fields of a dataclass: name, annotation, and what JSON may hold."""
    return [(field.name, str(field.type), _TYPES.get(str(field.type))) for field in fields(kind)]


def number(value: Any) -> float:
    """Return a float of JSON, null as NaN, or raise ValueError."""
    if value is None:
        return float("nan")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"expected a number; received {type(value).__name__}")
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError("expected a number that a float can hold") from error
