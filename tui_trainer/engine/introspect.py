"""The installed Keras → `Catalogue`: its signatures, and what our own tables add."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import keras

from tui_trainer.core.callback_paths import FILES
from tui_trainer.core.catalogue import GROUPS, Catalogue, Entry, Kind, Param
from tui_trainer.core.experiment import Part, Value
from tui_trainer.core.hints import hint_for, order_of
from tui_trainer.core.hints.hint import ACTIVATIONS, Hint
from tui_trainer.core.hints.summaries import summary_of
from tui_trainer.core.values import fault
from tui_trainer.engine import docstrings
from tui_trainer.engine.classes import (
    LEFT_OUT,
    PARAMS_LEFT_OUT,
    activation_names,
    aliases_of,
    classes,
    names,
)

_FAMILIES = {
    "image_preprocessing": "preprocessing",
    "confusion": "classification",
    "iou": "segmentation",
    "f_score": "classification",
}
"""Where Keras' documentation files what lies in a module of another name."""
_LOSSES = {
    **dict.fromkeys(("CTC", "KLDivergence", "Poisson"), "probabilistic"),
    **dict.fromkeys(("Hinge", "SquaredHinge", "CategoricalHinge"), "hinge"),
}
"""Where it files losses, which are all in one module; the rest are for regression."""
_BASE = ("name", "trainable", "dtype")
"""What every layer takes that takes `**kwargs`."""
_UNSAID = "Keras says nothing of it."
_ACCURACY = Entry(
    "accuracy", "metrics", "accuracy", summary_of("metrics", "accuracy"), aliases=("acc",)
)


@cache
def catalogue() -> Catalogue:
    """Return all that the installed Keras offers."""
    entries = [_entry(group, name, cls) for group in GROUPS for name, cls in classes(group).items()]
    return Catalogue(keras.__version__, (_ACCURACY, *entries), {**LEFT_OUT, **PARAMS_LEFT_OUT})


def _entry(group: str, name: str, cls: type[Any]) -> Entry:
    documented = docstrings.arguments(cls)
    made = (_param(group, cls, p, documented) for p in _parameters(group, cls))
    params = [param for param in made if param]
    return Entry(
        name,
        group,
        _family(group, cls),
        summary_of(group, name) or docstrings.summary(cls),
        aliases_of(group, cls),
        tuple(sorted(params, key=lambda param: _place(group, name, param))),
    )


def _family(group: str, cls: type[Any]) -> str:
    """Return where Keras files a class, or nothing where its group says it all."""
    if group == "losses":
        entropy = "entropy" in cls.__name__.lower()
        return _LOSSES.get(cls.__name__, "probabilistic" if entropy else "regression")
    *_, folder, module = cls.__module__.split(".")
    found = folder if group in ("layers", "cells") else module.removesuffix(f"_{group}")
    useful = group in ("layers", "cells") or found != module
    return _FAMILIES.get(found, found) if useful else ""


def _place(group: str, owner: str, param: Param) -> tuple[int, int]:
    """Return where a parameter stands in a form: needed, common, the name, rare."""
    if param.required:
        return 0, 0
    if not param.main:
        return 3, _BASE.index(param.name) + 1 if param.name in _BASE else 0
    return (2, 0) if param.name == "name" else (1, order_of(group, owner, param.name))


def _parameters(group: str, cls: type[Any]) -> Iterator[inspect.Parameter]:
    own = inspect.signature(cls).parameters
    for parameter in own.values():
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            continue
        if f"{cls.__name__}.{parameter.name}" not in PARAMS_LEFT_OUT:
            yield parameter
    hidden = any(parameter.kind is parameter.VAR_KEYWORD for parameter in own.values())
    for name in _BASE if hidden and group in ("layers", "cells") else ():
        if name not in own and f"{cls.__name__}.{name}" not in PARAMS_LEFT_OUT:
            default = True if name == "trainable" else None
            yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)


def _param(
    group: str, cls: type[Any], parameter: inspect.Parameter, documented: Mapping[str, str]
) -> Param | None:
    """Return what a form needs of a parameter, or None if its default is no value of ours."""
    name, owner = parameter.name, cls.__name__
    text = documented.get(name, "")
    hint = hint_for(group, owner, name) or Hint(main=False)
    required = parameter.default is inspect.Parameter.empty or hint.required
    default = None if required else _value(parameter.default)
    file, path = FILES.get(owner, ("", ""))
    if file == name:
        required, default = False, path
    param = _described(name, default, required, hint, text)
    if fault(param, default) and not required:
        # The class means something else by this name than our table knows.
        param = _described(name, default, required, Hint(main=False), text)
    return None if fault(param, param.default) and not required else param


def _described(name: str, default: Value, required: bool, hint: Hint, text: str) -> Param:
    return Param(
        name,
        hint.kind or _by_default(default) or docstrings.kind(text),
        _as_part(default, hint.group) if hint.kind is Kind.PART else default,
        required,
        optional=not required and (default is None or hint.optional),
        choices=activation_names() if hint.group == ACTIVATIONS else hint.choices,
        group="" if hint.group == ACTIVATIONS else hint.group,
        least=hint.least,
        most=hint.most,
        main=required or hint.main,
        help=hint.help or docstrings.sentence(text) or _UNSAID,
    )


def _as_part(default: Value, group: str) -> Value:
    """Return the part that a name such as `glorot_uniform` stands for, by its class."""
    cls = names(group).get(default) if isinstance(default, str) else None
    return Part(cls.__name__) if cls else default


def _by_default(default: Value) -> Kind | None:
    match default:
        case None:
            return None
        case bool():
            return Kind.BOOLEAN
        case int():
            return Kind.INTEGER
        case float():
            return Kind.FLOAT
        case tuple() if all(isinstance(item, int) for item in default):
            return Kind.INTEGERS
        case tuple() if all(isinstance(item, int | float) for item in default):
            return Kind.NUMBERS
        case tuple():
            return Kind.TEXTS
        case _:
            return Kind.TEXT


def _value(default: Any) -> Value:
    """Return a signature's default as a value; what is none of ours counts as None."""
    if default is None or isinstance(default, bool | int | float | str):
        return default
    if isinstance(default, tuple | list):
        return tuple(_value(item) for item in default)
    return None
