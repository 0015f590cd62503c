"""From an experiment to TOML: anew, or into the text that it was read from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from tomlkit.exceptions import TOMLKitError

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part, Value
from tui_trainer.core.toml import NONE, loads
from tui_trainer.core.toml.blocks import LISTS, Path
from tui_trainer.core.toml.kin import Kin, kin_through
from tui_trainer.core.toml.merge import Named, Parts, exact, merge


def dumps(experiment: Experiment) -> str:
    """Return an experiment as TOML text, without what equals the defaults."""
    tree = _tree(experiment, {}, {path: (None,) * len(_list(experiment, path)) for path in LISTS})
    tree["data"] = {"source": experiment.data.source, **tree.get("data", {})}
    tree["compile"] = {
        "optimizer": _named(experiment.compile.optimizer),
        **tree.get("compile", {}),
    }
    return merge("", tree)


def merged(text: str, steps: Sequence[Experiment]) -> str:
    """Return the text of the first of several experiments, edited to be that of the last."""
    last = steps[-1]
    if _exact(loads(text)) == _exact(last):
        return text
    if _exact(loads(text)) != _exact(steps[0]):
        steps = (loads(text), last)
    kins = {
        path: kin_through([_list(step, path) for step in steps], lambda part: part.type)
        for path in LISTS
    }
    old = tomllib.loads(text)
    anew = dumps(last)
    try:
        edited = merge(text, _tree(last, old, kins))
        safe = _exact(loads(edited)) == _exact(loads(anew))
    except (TrainerError, TOMLKitError, LookupError, ValueError):
        safe = False  # A save must not fail on what tomlkit cannot edit.
    return edited if safe else anew


def _exact(experiment: Experiment) -> str:
    return exact(asdict(experiment))


def _list(experiment: Experiment, path: Path) -> tuple[Part, ...]:
    lists = {"layers": experiment.layers, "callbacks": experiment.callbacks}
    return lists.get(str(path[0]), experiment.compile.metrics)


def _tree(
    experiment: Experiment, old: Mapping[str, Any], kins: Mapping[Path, Kin]
) -> dict[str, Any]:
    """Return what the file has to hold: what it held, and what differs from the defaults."""
    parts = {path: Parts([*map(_named, _list(experiment, path))], kins[path]) for path in LISTS}
    layers, metrics, callbacks = parts.values()
    tables = {
        "title": experiment.title,
        "data": _section(experiment.data, Data(), old.get("data", {})),
        "layers": layers,
        "compile": _compile(experiment.compile, metrics, old.get("compile", {})),
        "fit": _section(experiment.fit, Fit(), old.get("fit", {})),
        "callbacks": callbacks,
    }
    return {name: table for name, table in tables.items() if table or name in old}


def _compile(section: Compile, metrics: Sequence[Named], old: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if section.optimizer != Compile().optimizer or "optimizer" in old:
        found["optimizer"] = _named(section.optimizer)
    if section.loss:
        found["loss"] = _named(section.loss)
    if metrics or "metrics" in old:
        found["metrics"] = metrics
    return found


def _section(section: Data | Fit, default: Data | Fit, old: Mapping[str, Any]) -> dict[str, Any]:
    pairs = ((f.name, getattr(section, f.name), getattr(default, f.name)) for f in fields(section))
    kept = ((name, new) for name, new, usual in pairs if new != usual or name in old)
    found = {name: _plain(new) for name, new in kept if new is not None}
    if not found.get("options") and old.get("options"):
        del found["options"]
    return found


def _named(part: Part) -> Named:
    off = {"disabled": True} if part.disabled else {}
    params = {name: _plain(value) for name, value in part.params.items()}
    return Named({"type": part.type, **off, **params})


def _plain(value: Value | Mapping[str, Value]) -> Any:
    match value:
        case Part():
            return dict(_named(value))
        case Mapping():
            return {name: _plain(item) for name, item in value.items()}
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return NONE if value is None else value
