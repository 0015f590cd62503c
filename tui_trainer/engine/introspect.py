"""The installed Keras → `Catalogue`: signatures, docstrings, and what our own table adds."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import keras

from tui_trainer.core.callback_paths import FILES
from tui_trainer.core.catalogue import GROUPS, Catalogue, Entry, Kind, Param
from tui_trainer.core.experiment import Value
from tui_trainer.core.hints import ACTIVATIONS, Hint, hint_for
from tui_trainer.engine.classes import activation_names, aliases_of, classes

_FAMILIES = {"image_preprocessing": "preprocessing"}
_BASE = ("name", "trainable", "dtype", "activity_regularizer")
"""What every layer takes, though most hide it in `**kwargs`."""
_NOT_IN_A_FORM = ("kwargs", "args", "optional", "fn")
_ACCURACY = Entry(
    "accuracy",
    "metrics",
    "accuracy_metrics",
    "The share of right answers; binary, categorical or sparse, as the labels want it.",
    aliases=("acc",),
)
_WORDS = {
    "int": Kind.INTEGER,
    "integer": Kind.INTEGER,
    "float": Kind.FLOAT,
    "bool": Kind.BOOLEAN,
    "boolean": Kind.BOOLEAN,
    "whether": Kind.BOOLEAN,
    "if": Kind.BOOLEAN,
    "string": Kind.TEXT,
    "str": Kind.TEXT,
}
"""The first word of a docstring's line on a parameter → its kind."""
_PASSED_OVER = ("optional", "a", "an", "the", "positive", "non", "negative", "single", "scalar")


@cache
def catalogue() -> Catalogue:
    """Return all that the installed Keras offers."""
    entries = [_entry(group, name, cls) for group in GROUPS for name, cls in classes(group).items()]
    return Catalogue(keras.__version__, (*entries, _ACCURACY))


def _entry(group: str, name: str, cls: type[Any]) -> Entry:
    family = cls.__module__.split(".")[-2 if group == "layers" else -1]
    documented = _arguments(cls)
    return Entry(
        name,
        group,
        _FAMILIES.get(family, family),
        _sentence(inspect.getdoc(cls) or ""),
        aliases_of(group, cls),
        tuple(_param(cls, p, documented) for p in _parameters(group, cls)),
    )


def _parameters(group: str, cls: type[Any]) -> Iterator[inspect.Parameter]:
    own = inspect.signature(cls).parameters
    for parameter in own.values():
        if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            yield parameter
    for name in _BASE if group == "layers" else ():
        if name not in own:
            default = True if name == "trainable" else None
            yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)


def _param(cls: type[Any], parameter: inspect.Parameter, documented: Mapping[str, str]) -> Param:
    name, owner = parameter.name, cls.__name__
    text = documented.get(name, "")
    hint = hint_for(owner, name) or Hint()
    required = parameter.default is inspect.Parameter.empty
    default = None if required else _value(parameter.default)
    file, path = FILES.get(owner, ("", ""))
    if file == name and required:
        required, default = False, path
    if hint.kind is not None and not _agrees(hint.kind, default, _choices(hint)):
        hint = Hint(main=hint.main)  # The class means something else by this name.
    kind = hint.kind or _by_default(default) or _by_words(text)
    return Param(
        name,
        kind,
        default,
        required,
        optional=not required and (default is None or hint.optional),
        choices=_choices(hint),
        group=hint.group if kind in (Kind.PART, Kind.NUMBER_OR_PART) else "",
        least=hint.least if kind in _RANGED else None,
        most=hint.most if kind in _RANGED else None,
        main=required or (hint.main and bool(hint.help)) or _is_layer_name(cls, name),
        help=hint.help or _sentence(text),
    )


_RANGED = (Kind.INTEGER, Kind.FLOAT, Kind.NUMBER_OR_PART)


def _is_layer_name(cls: type[Any], name: str) -> bool:
    return name == "name" and issubclass(cls, keras.layers.Layer)


def _choices(hint: Hint) -> tuple[str, ...]:
    return activation_names() if hint.group == ACTIVATIONS else hint.choices


def _agrees(kind: Kind, default: Value, choices: tuple[str, ...]) -> bool:
    if default is None or kind is Kind.ANY:
        return True
    match kind:
        case Kind.CHOICE:
            return default in choices
        case Kind.PART | Kind.TEXT:
            return isinstance(default, str)
        case Kind.INTEGERS:
            return _by_default(default) in (Kind.INTEGER, Kind.INTEGERS)
        case Kind.FLOAT | Kind.NUMBER_OR_PART:
            return _by_default(default) in (Kind.INTEGER, Kind.FLOAT)
        case _:
            return _by_default(default) is kind


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
        case str():
            return Kind.TEXT
        case tuple() if default and all(type(item) is int for item in default):
            return Kind.INTEGERS
        case _:
            return Kind.ANY


def _by_words(text: str) -> Kind:
    words = re.findall(r"[a-z]+", text.lower()[:60])
    words = [word for word in words if word not in _PASSED_OVER]
    if not words or " or " in text[:40].lower() or "/" in text[:30]:
        return Kind.ANY
    return _WORDS.get(words[0], Kind.ANY)


def _value(default: Any) -> Value:
    """Return a signature's default as a value; what is none of ours counts as None."""
    if default is None or isinstance(default, bool | int | float | str):
        return default
    if isinstance(default, tuple | list):
        return tuple(_value(item) for item in default)
    return None


def _arguments(cls: type[Any]) -> dict[str, str]:
    """Return what a docstring's `Args:` says, by parameter."""
    found: dict[str, str] = {}
    for source in (inspect.getdoc(cls), inspect.getdoc(cls.__init__)):
        _, _, rest = (source or "").partition("Args:\n")
        name, indent = "", 0
        for line in rest.splitlines():
            match = re.match(r"( +)`?\*{0,2}(\w+)`?(?: ?\(.*?\))?: ?(.*)", line)
            depth = len(line) - len(line.lstrip())
            if line.strip() and not depth:
                break
            if match and (not indent or depth == indent):
                name, indent = match[2], depth
                found.setdefault(name, match[3].strip())
            elif name and line.strip():
                found[name] = f"{found[name]} {line.strip()}".strip()
    return found


def _sentence(text: str) -> str:
    """Return the first sentence of a text, in one line and without markup."""
    paragraph = " ".join(text.strip().split("\n\n")[0].split())
    sentence = re.split(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!et al\.)\s", paragraph)[0]
    return sentence.replace("``", "`").strip()
