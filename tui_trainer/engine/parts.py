"""`Part` → Keras object: the one function for everything that an experiment is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tui_trainer.core.catalogue import Kind
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Part, Value
from tui_trainer.core.hints import hint_for
from tui_trainer.core.hints.hint import FLOATS, Hint
from tui_trainer.core.local import FILE_OR_WORDS, check_readable, local_path
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
            if name == FILE_OR_WORDS and isinstance(value, str):
                _check_words(value)
            arguments[name] = _argument(value, hint_for(group, cls.__name__, name) or Hint())
        except PartError as error:
            raise PartError(error.message, (name, *error.path)) from error
    try:
        return cls(**arguments)
    except Exception as error:  # Whatever Keras says of a user's arguments is the user's to read.
        message = plain_message(error, cls.__name__)
        raise PartError(message, blamed(message, part)) from error


def _check_words(text: str) -> None:
    """Raise PartError for what Keras should not read as a file of words, wherever that lies."""
    try:
        check_readable(local_path(text), "a file of words", _MOST_WORDS)
    except TrainerError as error:
        raise PartError(str(error)) from error


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
        if message.startswith(f"{name} must "):
            return (name,)
        if isinstance(value, str) and message.endswith(f"identifier: {value}"):
            return (name,)
    if PATCH in message:
        return tuple(name for name in ("kernel_size", "pool_size") if name in part.params)[:1]
    missing = re.search(r"required positional argument: '(\w+)'", message)
    return (missing[1],) if missing else ()


_MOST_WORDS = 100_000_000
"""Bytes of a file of words."""
_MARKS = (("`", "`"), ("'", "'"), ("", "="))
"""What stands round a parameter's name in Keras' messages."""


def _argument(value: Value, hint: Hint) -> Any:
    """Return a value as Keras wants this argument."""
    if value is None:
        return None
    group = hint.group if hint.kind in _PARTS else ""
    if isinstance(value, tuple):
        return tuple(_item(item, group, f"{number}") for number, item in enumerate(value, start=1))
    if isinstance(value, int) and not isinstance(value, bool) and hint.kind in FLOATS:
        return float(value)
    converted = _convert(value, group)
    return (converted,) if hint.many else converted


def _item(value: Value, group: str, number: str) -> Any:
    """Return one of several values; what is wrong inside it is told at the list."""
    if isinstance(value, tuple):
        return tuple(_item(item, group, number) for item in value)
    try:
        return _convert(value, group)
    except PartError as error:
        where = " · ".join([f"number {number}", *error.path])
        raise PartError(f"{error.message} ({where})") from error


def _convert(value: Value, group: str) -> Any:
    if isinstance(value, Part) and not group:
        raise PartError(f"expected a plain value; received {value.type}")
    if isinstance(value, Part):
        return make(value, group)
    if isinstance(value, str) and group and not takes_name(value, group):
        return make(Part(value), group)
    return value


_PARTS = (Kind.PART, Kind.PARTS, Kind.NUMBER_OR_PART)
