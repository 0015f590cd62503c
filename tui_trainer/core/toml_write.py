"""From an experiment to TOML text; apart from the reading, as tomlkit takes long to import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import tomlkit
from tomlkit.items import Item

from tui_trainer.core.experiment import Data, Experiment, Fit, Part, value_to_plain
from tui_trainer.core.toml import NONE


def dumps(experiment: Experiment) -> str:
    """Return an experiment as TOML text, without what equals the defaults."""
    document = tomlkit.document()
    if experiment.title:
        document.add("title", tomlkit.item(experiment.title))
    data = {"source": experiment.data.source, **_changed(experiment.data, Data())}
    document.add("data", _as_table(data))
    if experiment.layers:
        document.add("layers", _as_tables(experiment.layers))
    compiled = experiment.compile
    short = {
        "optimizer": _short(compiled.optimizer),
        **({"loss": _short(compiled.loss)} if compiled.loss else {}),
        **(
            {"metrics": [_short(metric) for metric in compiled.metrics]} if compiled.metrics else {}
        ),
    }
    document.add("compile", _as_table(short))
    fit = _changed(experiment.fit, Fit())
    if fit:
        document.add("fit", _as_table(fit))
    if experiment.callbacks:
        document.add("callbacks", _as_tables(experiment.callbacks))
    return tomlkit.dumps(document)


def _changed(section: Data | Fit, default: Data | Fit) -> dict[str, Any]:
    pairs = {f.name: (getattr(section, f.name), getattr(default, f.name)) for f in fields(section)}
    return {name: new for name, (new, old) in pairs.items() if new != old}


def _short(part: Part) -> Any:
    return _plain(part) if part.params or part.disabled else part.type


def _plain(part: Part) -> dict[str, Any]:
    """Return a part as a table, which says first whether it is switched off."""
    off = {"disabled": True} if part.disabled else {}
    return {"type": part.type, **off, **part.params}


def _as_table(values: Mapping[str, Any]) -> tomlkit.items.Table:
    table = tomlkit.table()
    for name, value in values.items():
        table.add(name, _item(value))
    return table


def _as_tables(parts: Sequence[Part]) -> tomlkit.items.AoT:
    tables = tomlkit.aot()
    for part in parts:
        tables.append(_as_table(_plain(part)))
    return tables


def _item(value: Any) -> Item:
    plain = value_to_plain(value) if isinstance(value, Part | tuple) else value
    if isinstance(plain, Mapping):
        inline = tomlkit.inline_table()
        for name, item in plain.items():
            inline.add(name, _item(item))
        return inline
    if isinstance(plain, list):
        array = tomlkit.array()
        for item in plain:
            array.append(_item(item))
        return array
    scalar: Item = tomlkit.item(NONE if plain is None else plain)
    return scalar
