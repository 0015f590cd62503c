"""An experiment as TOML, both ways; the file holds only what differs from the defaults."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from tui_trainer.core.brief import brief, cut
from tui_trainer.core.catalogue import Param
from tui_trainer.core.errors import TrainerError, reason
from tui_trainer.core.experiment import (
    Compile,
    Data,
    Experiment,
    Fit,
    Part,
    Value,
    are_names,
    is_plain,
    value_from_plain,
)
from tui_trainer.core.fields import DATA, FIT
from tui_trainer.core.values import fault
from tui_trainer.core.words import did_you_mean

TABLES = ("title", "data", "layers", "compile", "fit", "callbacks")
"""The tables and keys of a file, as one would write them."""
_LARGEST = 10_000_000
NONE = "none"
"""How None is written: TOML has no word of its own for it."""
_T = TypeVar("_T", Data, Fit)


def read(path: Path) -> Experiment:
    """Return the experiment in a file, or raise TrainerError naming the file, table and key."""
    return loads(read_text(path), str(path))


def read_text(path: Path) -> str:
    """Return the text of a file, without a byte order mark, or raise TrainerError."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise TrainerError(f"cannot be read: {reason(error)}", str(path)) from error
    except UnicodeDecodeError as error:
        raise TrainerError("expected text in UTF-8; received other bytes", str(path)) from error
    if len(content) > _LARGEST:
        raise TrainerError(f"expected a file of at most {_LARGEST} bytes", str(path))
    return text


def loads(text: str, where: str = "") -> Experiment:
    """Return the experiment that TOML text holds; `where` names the text in errors."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TrainerError(f"expected TOML: {error}", where) from error
    except ValueError as error:
        raise TrainerError(
            "expected TOML; received a number of thousands of digits", where
        ) from error
    except RecursionError as error:
        raise TrainerError("expected TOML; received brackets nested too deep", where) from error
    return from_table(table, where)


def from_table(table: Mapping[str, Any], where: str = "") -> Experiment:
    """Return the experiment that a parsed TOML document holds, or raise TrainerError."""
    try:
        _known(table, TABLES, "a table")
        title = table.get("title", "")
        if not isinstance(title, str) or not is_plain(title):
            raise TrainerError(f"expected text; received {brief(title)}", "title")
        return Experiment(
            title=title,
            data=_data(_table(table, "data")),
            layers=_parts(table.get("layers", []), "layer"),
            compile=_compile(_table(table, "compile")),
            fit=_section(Fit, _table(table, "fit"), FIT, "fit"),
            callbacks=_parts(table.get("callbacks", []), "callback"),
        )
    except TrainerError as error:
        raise TrainerError(error.message, ": ".join(filter(None, (where, error.where)))) from None


def dumps(experiment: Experiment) -> str:
    """Return an experiment as TOML text, without what equals the defaults."""
    from tui_trainer.core.toml.write import dumps as write  # Many who read never write.

    return write(experiment)


def merged(text: str, steps: Sequence[Experiment]) -> str:
    """Return the text of the first of several experiments, edited to be that of the last.

    The steps between tell which layer is which. What did not change stays as it was written, and
    where nothing did, the text is the same; comments go only with what they are about.
    """
    from tui_trainer.core.toml.write import merged as merge

    return merge(text, steps)


def _data(table: Mapping[str, Any]) -> Data:
    options = table.get("options", {})
    if not isinstance(options, Mapping):
        raise TrainerError(f"expected a table; received {brief(options)}", "[data] options")
    rest = {key: value for key, value in table.items() if key != "options"}
    values = {str(k): _value(v, f"[data] options · {cut(k)}") for k, v in options.items()}
    return _section(Data, rest, DATA, "data", options=values)


def _section(
    kind: type[_T], table: Mapping[str, Any], params: tuple[Param, ...], name: str, **more: Any
) -> _T:
    _known(table, [param.name for param in params], f"a key of [{name}]", f"[{name}]")
    for param in params:
        if param.name not in table:
            continue
        where = f"[{name}] {param.name}"
        message = fault(param, _plain_value(table[param.name], where))
        if message:
            raise TrainerError(message, where)
    return kind(**table, **more)


def _compile(table: Mapping[str, Any]) -> Compile:
    _known(table, ("optimizer", "loss", "metrics"), "a key of [compile]", "[compile]")
    optimizer = table.get("optimizer", "rmsprop")
    return Compile(
        optimizer=_part(optimizer, "[compile] optimizer"),
        loss=_part(table["loss"], "[compile] loss") if "loss" in table else None,
        metrics=_parts(table.get("metrics", []), "metric"),
    )


def _parts(items: Any, name: str) -> tuple[Part, ...]:
    if not isinstance(items, list):
        table = "[compile] metrics" if name == "metric" else f"{name}s"
        raise TrainerError(f"expected a list; received {brief(items)}", table)
    return tuple(_listed(item, f"{name} {number}") for number, item in enumerate(items, start=1))


def _listed(item: Any, where: str) -> Part:
    """Return a part of a list, where it may be switched off."""
    if not isinstance(item, Mapping) or "disabled" not in item:
        return _part(item, where)
    rest = {key: value for key, value in item.items() if key != "disabled"}
    if not isinstance(item["disabled"], bool):
        received = brief(item["disabled"])
        raise TrainerError(f"expected true or false; received {received}", f"{where} · disabled")
    return replace(_part(rest, where), disabled=item["disabled"])


def _part(item: Any, where: str) -> Part:
    if isinstance(item, str) and item and are_names(item):
        return Part(item)
    if not isinstance(item, Mapping):
        received = brief(item)
        raise TrainerError(f"expected a name or a table with a type; received {received}", where)
    if not are_names(item.get("type"), *item):
        received = brief(dict(item))
        raise TrainerError(f'expected a type, such as type = "Dense"; received {received}', where)
    values = {k: _value(v, f"{where} · {cut(k)}") for k, v in item.items() if k != "type"}
    return Part(item["type"], values)


def _value(plain: Any, where: str) -> Value:
    """Return a value of a part or an option, where NONE stands for None as in a form."""
    return _nothing(_plain_value(plain, where))


def _nothing(value: Value) -> Value:
    if isinstance(value, tuple):
        # Among words, as in a vocabulary, it is a word.
        words = any(isinstance(item, str) and item != NONE for item in value)
        return tuple(item if words and item == NONE else _nothing(item) for item in value)
    if isinstance(value, Part):
        return Part(value.type, {name: _nothing(item) for name, item in value.params.items()})
    return None if value == NONE else value


def _plain_value(plain: Any, where: str) -> Value:
    try:
        return value_from_plain(plain)
    except ValueError as error:
        raise TrainerError(f"expected {error}", where) from error


def _table(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = table.get(name, {})
    if not isinstance(found, Mapping):
        raise TrainerError(f"expected a table, [{name}]; received {brief(found)}", name)
    return found


def _known(table: Mapping[str, Any], names: Sequence[str], what: str, where: str = "") -> None:
    for key in table:
        if key not in names:
            hint = did_you_mean(key, names) or f"; there are {', '.join(names)}"
            raise TrainerError(f"expected {what}; received {brief(key)}{hint}", where)
