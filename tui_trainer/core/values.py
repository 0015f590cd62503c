"""Text to value and back, and whether a value is one that a parameter takes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from tui_trainer.core.brief import brief, cut
from tui_trainer.core.catalogue import Kind, Param
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Part, Value
from tui_trainer.core.literals import literal, read, show

__all__ = ["DEVICE", "expected", "fault", "parse", "show"]

DEVICE = re.compile(r"auto|cpu|gpu:\d+")
"""What `[fit] device` may be."""


def parse(param: Param, text: str) -> Value:
    """Return the value that a user's text stands for, or raise TrainerError with what is wrong."""
    text = text.strip()
    if param.optional and text.lower() == "none":
        return None
    value = _meant(param, text)
    if fault(param, value):
        received = brief(text) if text else "nothing"
        raise TrainerError(f"expected {expected(param)}; received {received}")
    return value


def fault(param: Param, value: Value) -> str | None:
    """Return what is wrong with a value of a parameter, or None if nothing is."""
    if value is None:
        good = param.optional
    elif isinstance(value, str) and value in param.choices:
        good = True
    elif param.name == "device" and param.kind is Kind.TEXT:
        good = isinstance(value, str) and DEVICE.fullmatch(value) is not None
    else:
        good = _fits(param, value)
    if good:
        return None
    return f"expected {expected(param)}; received {_received(value)}"


def expected(param: Param) -> str:
    """Return in words what a parameter takes."""
    words = [] if param.kind is Kind.CHOICE else [*param.choices]
    return " or ".join([_expected(param), *words, *(["none"] if param.optional else [])])


def _expected(param: Param) -> str:
    match param.kind:
        case Kind.TEXT if param.name == "device":
            return "auto, cpu or gpu:0, gpu:1, …"
        case Kind.CHOICE:
            return "one of " + ", ".join(param.choices)
        case Kind.PART:
            return f"one of Keras' {param.group}"
        case Kind.PARTS:
            return f"one or several of Keras' {param.group}"
        case kind:
            several = f", {_SEVERAL[kind]}" if kind in _SEVERAL else ""
            return f"{_one(param)}{several}"


_ONE = {
    Kind.BOOLEAN: "yes or no",
    Kind.TEXT: "text",
    Kind.TEXTS: "text",
    Kind.SHARE: "a count from 0 on, or a fraction below 1",
}
_SEVERAL = {
    Kind.INTEGERS: "or several such as 3, 3",
    Kind.PAIRS: "several, or pairs such as (1, 1), (2, 2)",
    Kind.SHAPE: "or several such as none, 8, 1",
    Kind.NUMBERS: "or several such as 0.1, 0.5",
    Kind.TEXTS: "or several such as yes, no",
}
_WHOLE = (Kind.INTEGER, Kind.INTEGERS, Kind.PAIRS, Kind.SHAPE)


def _one(param: Param) -> str:
    """Return what a single value of a parameter may be."""
    whole = param.kind in _WHOLE
    if whole and (param.least, param.most) == (1, None):
        return "a positive integer"
    return _ONE.get(param.kind) or ("an integer" if whole else "a number") + _range(param)


def _range(param: Param) -> str:
    low, high = (_plain(bound) if bound is not None else "" for bound in (param.least, param.most))
    if low and high:
        return f" from {low} to {high}"
    return f", {low or high} or {'more' if low else 'less'}" if low or high else ""


def _plain(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else str(bound)


def _meant(param: Param, text: str) -> Value:
    """Return what a text means for a parameter of this kind, whether or not it is allowed."""
    if param.kind in (Kind.TEXT, Kind.CHOICE) or text in param.choices:
        return text
    value = read(text)
    if param.kind is Kind.NUMBER_OR_PART and isinstance(value, Part) and not value.params:
        value = text  # The beginning of a word, and hardly of a schedule without its arguments.
    if param.kind is Kind.BOOLEAN and isinstance(value, Part):
        return {"yes": True, "no": False}.get(value.type.lower(), text)
    if param.kind is Kind.TEXTS:
        return _texts(value, text)
    return value


def _texts(value: Value, text: str) -> Value:
    """Return words between commas, with or without quotes, as texts."""
    if isinstance(value, str) and value != text:
        return value
    if isinstance(value, tuple):
        plain = tuple(i.type if isinstance(i, Part) and not i.params else i for i in value)
        if all(isinstance(item, str) for item in plain):
            return plain
    words = tuple(word.strip() for word in text.split(","))
    return words if len(words) > 1 else text


def _fits(param: Param, value: Value) -> bool:
    def integer(item: Value) -> bool:
        return isinstance(item, int) and _within(param, item)

    def number(item: Value) -> bool:
        return _within(param, item)

    match param.kind:
        case Kind.INTEGER:
            return integer(value)
        case Kind.FLOAT:
            return number(value)
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.CHOICE:
            return False  # Its words are its choices, and nothing else.
        case Kind.TEXT:
            return _is_text(value)
        case Kind.INTEGERS:
            return _one_or_several(value, integer)
        case Kind.PAIRS:
            return _one_or_several(value, lambda item: _one_or_several(item, integer))
        case Kind.SHAPE:
            return _one_or_several(value, lambda item: item is None or integer(item))
        case Kind.NUMBERS:
            return _one_or_several(value, number)
        case Kind.TEXTS:
            return _one_or_several(value, _is_text)
        case Kind.PART:
            return _is_part(value)
        case Kind.PARTS:
            return _one_or_several(value, lambda i: isinstance(i, Part) or _is_name(i))
        case Kind.NUMBER_OR_PART:
            return isinstance(value, Part) or number(value)
        case Kind.SHARE:
            return _is_share(value)


def _one_or_several(value: Value, good: Callable[[Value], bool]) -> bool:
    return (value != () and all(map(good, value))) if isinstance(value, tuple) else good(value)


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and value != ""


def _is_name(value: Value) -> bool:
    return isinstance(value, str) and value.isidentifier()


def _is_part(value: Value) -> bool:
    return isinstance(value, Part | str) and value != ""


def _is_share(value: Value) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return whole or (isinstance(value, float) and 0 <= value < 1)


def _within(param: Param, value: Value) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    if isinstance(value, float) and not math.isfinite(value):
        return False
    low = param.least is None or value >= param.least
    return low and (param.most is None or value <= param.most)


def _received(value: Value) -> str:
    match value:
        case None:
            return "none"
        case "":
            return "nothing"
        case Part() | tuple():
            return cut(literal(value))
        case _:
            return brief(value)
