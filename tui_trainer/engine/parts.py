"""`Part` → Keras object: the one function for everything that an experiment is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Part, Value
from tui_trainer.core.hints import ACTIVATIONS, group_of
from tui_trainer.core.words import did_you_mean
from tui_trainer.engine.classes import LEFT_OUT, names, takes_name
from tui_trainer.engine.messages import PATCH, plain_message


class PartError(TrainerError):
    """A part that Keras does not take; `path` leads to the parameter inside it."""

    def __init__(self, message: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


def make(part: Part, group: str, extra: Mapping[str, Any] | None = None) -> Any:
    """Return the Keras object that a part of a group stands for, or raise PartError.

    `extra` are arguments that hold where the part sets none.
    """
    cls = find_class(part.type, group)
    arguments = dict(extra or {})
    for name, value in part.params.items():
        try:
            converted = _convert(value, group_of(cls.__name__, name))
            one = name in _TUPLES and isinstance(value, int)
            arguments[name] = (converted,) if one else converted
        except PartError as error:
            raise PartError(error.message, (name, *error.path)) from error
    try:
        return cls(**arguments)
    except Exception as error:  # Whatever Keras says of a user's arguments is the user's to read.
        message = plain_message(error, cls.__name__)
        raise PartError(message, blamed(message, part)) from error


def find_class(name: str, group: str) -> type[Any]:
    """Return the class that a name stands for in a group, or raise PartError."""
    known = names(group)
    if name in known:
        return known[name]
    if name in LEFT_OUT:
        raise PartError(f"expected one of Keras' {group} for a form; {name} {LEFT_OUT[name]}")
    hint = did_you_mean(name, known)
    raise PartError(f"expected one of Keras' {group}; received {name!r}{hint}")


def blamed(message: str, part: Part) -> tuple[str, ...]:
    """Return the parameter that Keras' message speaks of, or nothing."""
    for name in sorted(part.params, key=len, reverse=True):
        value = part.params[name]
        if any(f"{left}{name}{right}" in message for left, right in _MARKS):
            return (name,)
        if isinstance(value, str) and message.endswith(f"identifier: {value}"):
            return (name,)
    if PATCH in message:
        return tuple(name for name in ("kernel_size", "pool_size") if name in part.params)[:1]
    missing = re.search(r"required positional argument: '(\w+)'", message)
    return (missing[1],) if missing else ()


_MARKS = (("`", "`"), ("'", "'"), ("", "="))
"""What stands round a parameter's name in Keras' messages."""
_TUPLES = ("target_shape", "dims", "target_class_ids")
"""Parameters that take several integers and never one."""


def _convert(value: Value, group: str) -> Any:
    if isinstance(value, Part):
        if not group or group == ACTIVATIONS:
            raise PartError(f"expected a plain value; received {value.type}")
        return make(value, group)
    if isinstance(value, str) and group and group != ACTIVATIONS:
        return value if takes_name(value, group) else make(Part(value), group)
    if isinstance(value, tuple):
        return tuple(_convert(item, group) for item in value)
    return value
