"""Values as they are typed: Python's literals, names and calls; nothing that is typed is run."""

from __future__ import annotations

import ast
import warnings

from tui_trainer.core.experiment import LEVELS, Part, Value, is_plain

_LONGEST = 10_000
"""Characters of a text that may be more than text."""


def read(text: str) -> Value:
    """Return what a text stands for; one that is no literal, name or call stays text.

    A name is a part, and so is a call, if all its arguments go by name.
    """
    if len(text) > _LONGEST:
        return text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on its syntax is not for a form.
            return _value(ast.parse(text, mode="eval").body, LEVELS)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text


def show(value: Value) -> str:
    """Return a value as a user types it: `0.001`, `3, 3`, `none`, `L2(l2=0.01)`."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Part():
            arguments = ", ".join(f"{name}={literal(item)}" for name, item in value.params.items())
            return f"{value.type}({arguments})" if arguments else value.type
        case tuple():
            return ", ".join(map(_bare, value)) + ("," if len(value) == 1 else "")
        case _:
            return str(value)


def literal(value: Value) -> str:
    """Return a value as it stands inside another one: texts in quotes, several in brackets."""
    match value:
        case None:
            return "none"
        case Part():
            return show(value)
        case tuple():
            return "(" + ", ".join(map(literal, value)) + ("," if len(value) == 1 else "") + ")"
        case _:
            return repr(value)


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


def _bare(value: Value) -> str:
    """Return one of several values as it is typed between commas."""
    word = isinstance(value, str) and value.isidentifier()
    return str(value) if word and isinstance(read(str(value)), Part) else literal(value)
