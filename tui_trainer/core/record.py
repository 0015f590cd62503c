"""From a JSON object to the fields of a dataclass; what does not fit is a ValueError."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (int, float, type(None)),
    "float | None": (int, float, type(None)),
}
"""By annotation, what JSON may hold; any other annotation is the caller's to read."""


def read_fields(kind: type[Any], record: object) -> dict[str, Any]:
    """Return the fields of a dataclass that a record holds; others are passed over.

    Null in the place of a float is NaN, as JSON has none. Raises ValueError for a value of another
    type, and for a record that is no object.
    """
    if not isinstance(record, Mapping):
        raise ValueError(f"expected an object; received {type(record).__name__}")
    found = {f.name: record[f.name] for f in fields(kind) if f.name in record}
    for field in fields(kind):
        types = _TYPES.get(str(field.type))
        if field.name not in found or types is None:
            continue
        value = found[field.name]
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise ValueError(f"expected {field.name} as {field.type}; received {value!r:.80}")
        if field.type == "float" or (types != (int,) and type(value) is int):
            found[field.name] = number(value)
    return found


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
