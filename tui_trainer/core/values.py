"""Text to value and back, and whether a value is one that a parameter takes."""

from __future__ import annotations

import ast
import math
import re
import warnings

from tui_trainer.core.brief import brief, cut
from tui_trainer.core.catalogue import Kind, Param
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import LEVELS, Part, Value, is_plain

DEVICE = re.compile(r"auto|cpu|gpu:\d+")
"""What `[fit] device` may be."""


def show(value: Value) -> str:
    """Return a value as a user types it: `0.001`, `3, 3`, `none`, `L2(l2=0.01)`."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Part():
            arguments = ", ".join(f"{name}={_literal(item)}" for name, item in value.params.items())
            return f"{value.type}({arguments})" if arguments else value.type
        case tuple():
            return ", ".join(map(_bare, value)) + ("," if len(value) == 1 else "")
        case _:
            return str(value)


def parse(param: Param, text: str) -> Value:
    """Return the value that a user's text stands for, or raise TrainerError with what is wrong."""
    text = text.strip()
    if param.optional and text.lower() == "none":
        return None
    value = text if param.kind in (Kind.TEXT, Kind.CHOICE) else _read(text)
    if param.kind is Kind.BOOLEAN and isinstance(value, Part):
        value = {"yes": True, "no": False}.get(value.type.lower(), text)
    if param.kind is Kind.ANY:
        value = _names_as_text(value)
    if fault(param, value):
        received = brief(text) if text else "nothing"
        raise TrainerError(f"expected {expected(param)}; received {received}")
    return value


def fault(param: Param, value: Value) -> str | None:
    """Return what is wrong with a value of a parameter, or None if nothing is."""
    if value is None:
        good = param.optional or "none" in param.choices
    elif param.name == "device" and param.kind is Kind.TEXT:
        good = isinstance(value, str) and DEVICE.fullmatch(value) is not None
    else:
        good = _fits(param, value)
    if good:
        return None
    return f"expected {expected(param)}; received {_received(value)}"


def expected(param: Param) -> str:
    """Return in words what a parameter takes."""
    words = _WORDS.get(param.kind, "")
    match param:
        case Param(name="device", kind=Kind.TEXT):
            words = "auto, cpu or gpu:0, gpu:1, …"
        case Param(kind=Kind.CHOICE):
            words = "one of " + ", ".join(param.choices)
        case Param(kind=Kind.PART):
            words = f"one of Keras' {param.group}"
        case Param(kind=Kind.INTEGER, least=1, most=None):
            words = "a positive integer"
        case Param(kind=Kind.INTEGER | Kind.FLOAT | Kind.NUMBER_OR_PART):
            words += _range(param)
        case _:
            pass
    return f"{words} or none" if param.optional else words


_WORDS = {
    Kind.INTEGER: "an integer",
    Kind.FLOAT: "a number",
    Kind.BOOLEAN: "yes or no",
    Kind.TEXT: "text",
    Kind.INTEGERS: "an integer, or several such as 3, 3",
    Kind.NUMBER_OR_PART: "a number",
    Kind.SHARE: "a count from 0 on, or a fraction below 1",
    Kind.ANY: "a number, text or list",
}


def _range(param: Param) -> str:
    low, high = (_plain(bound) if bound is not None else "" for bound in (param.least, param.most))
    if low and high:
        return f" from {low} to {high}"
    return f", {low or high} or {'more' if low else 'less'}" if low or high else ""


def _plain(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else str(bound)


def _fits(param: Param, value: Value) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    integer = isinstance(value, int) and not isinstance(value, bool)
    match param.kind:
        case Kind.INTEGER:
            return integer and _within(param, value)
        case Kind.FLOAT:
            return number and _within(param, value)
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.CHOICE:
            return value in param.choices
        case Kind.TEXT:
            return isinstance(value, str) and value != ""
        case Kind.INTEGERS:
            many = isinstance(value, tuple) and len(value) > 0
            items = value if isinstance(value, tuple) else (value,)
            whole = all(isinstance(i, int) and not isinstance(i, bool) for i in items)
            return (many or integer) and whole
        case Kind.PART:
            return isinstance(value, Part | str) and value != ""
        case Kind.NUMBER_OR_PART:
            return isinstance(value, Part) or (number and _within(param, value))
        case Kind.SHARE:
            fraction = isinstance(value, float) and 0 <= value < 1
            return fraction or (integer and isinstance(value, int) and value >= 0)
        case Kind.ANY:
            return True


def _received(value: Value) -> str:
    match value:
        case None:
            return "none"
        case "":
            return "nothing"
        case Part() | tuple():
            return cut(_literal(value))
        case _:
            return brief(value)


def _within(param: Param, value: Value) -> bool:
    if not isinstance(value, int | float) or (
        isinstance(value, float) and not math.isfinite(value)
    ):
        return False
    low = param.least is None or value >= param.least
    return low and (param.most is None or value <= param.most)


def _read(text: str) -> Value:
    """Read a Python literal, a name or a call as a value; text that is none of these stays text.

    Nothing is evaluated: a call is a part, and only one with arguments by name.
    """
    if len(text) > _LONGEST_READ:
        return text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on its syntax is not for a form.
            return _value(ast.parse(text, mode="eval").body, LEVELS)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text


_LONGEST_READ = 10_000
"""Characters of a text that may be more than text."""


def _value(node: ast.expr, levels: int) -> Value:
    match node:
        case _ if levels == 0:
            pass
        case ast.Constant(value=bool() | int() | float() | str() | None as value):
            if is_plain(value):
                return value
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=ast.Constant(value=value)):
            if isinstance(value, int | float) and not isinstance(value, bool) and is_plain(value):
                return -value if isinstance(sign, ast.USub) else value
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return tuple(_value(item, levels - 1) for item in items)
        case ast.Name(id=("none" | "true" | "false") as word):
            return {"none": None, "true": True, "false": False}[word]
        case ast.Name(id=name):
            return Part(name)
        case ast.Call(func=ast.Name(id=name), args=[], keywords=keywords):
            if all(keyword.arg not in (None, "type") for keyword in keywords):
                return Part(name, {str(k.arg): _value(k.value, levels - 1) for k in keywords})
    raise ValueError("neither a literal nor a part")


def _names_as_text(value: Value) -> Value:
    """Return the value with bare names as texts: `epoch` is a word where no class is meant."""
    if isinstance(value, tuple):
        return tuple(map(_names_as_text, value))
    return value.type if isinstance(value, Part) and not value.params else value


def _bare(value: Value) -> str:
    """Return one of several values as it is typed between commas."""
    word = isinstance(value, str) and value.isidentifier()
    if word and isinstance(_read(str(value)), Part):
        return str(value)
    return _literal(value)


def _literal(value: Value) -> str:
    match value:
        case Part():
            return show(value)
        case tuple():
            return "(" + ", ".join(map(_literal, value)) + ("," if len(value) == 1 else "") + ")"
        case _:
            return repr(value)
