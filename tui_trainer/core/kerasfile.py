"""The layer stack of a .keras file, read as data: nothing in the file is run."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui_trainer.core.catalogue import Catalogue, Entry
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Compile, Experiment, Part, Value

_LARGEST_CONFIG = 20_000_000
_DERIVED = ("dtype", "build_config", "batch_input_shape", "batch_shape")
"""What a file stores of a layer and an experiment does not: it follows from the rest."""


def read_keras_file(path: Path, catalogue: Catalogue) -> Experiment:
    """Return an experiment with the layers, optimizer, loss and metrics of a saved Sequential.

    Raises TrainerError for anything else: a foreign or damaged file, another kind of model, a
    class that the catalogue does not know.
    """
    where = str(path)
    config = _config(path)
    if config.get("class_name") != "Sequential":
        received = f"a {config.get('class_name')} model"
        raise TrainerError(f"expected a Sequential model; received {received}", where)
    layers = config.get("config", {}).get("layers", [])
    parts = [
        _part(layer, "layers", catalogue, f"{where}: layer {number}")
        for number, layer in enumerate(layers)
        if isinstance(layer, Mapping) and layer.get("class_name") != "InputLayer"
    ]
    return Experiment(
        title=f"loaded from {path.name}",
        layers=tuple(parts),
        compile=_compile(config.get("compile_config") or {}, catalogue, where),
    )


def _config(path: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("config.json").file_size > _LARGEST_CONFIG:
                raise TrainerError("expected a smaller config.json", str(path))
            config = json.loads(archive.read("config.json"))
    except OSError as error:
        raise TrainerError(f"cannot be read: {error.strerror or error}", str(path)) from error
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError) as error:
        raise TrainerError("expected a whole .keras file; this is none", str(path)) from error
    if not isinstance(config, dict) or not isinstance(config.get("config"), dict):
        raise TrainerError("expected a model in config.json; received something else", str(path))
    return config


def _compile(config: Mapping[str, Any], catalogue: Catalogue, where: str) -> Compile:
    if not config:
        return Compile()
    optimizer = config.get("optimizer") or "rmsprop"
    loss = config.get("loss")
    metrics = config.get("metrics") or []
    return Compile(
        optimizer=_part(optimizer, "optimizers", catalogue, f"{where}: optimizer"),
        loss=_part(loss, "losses", catalogue, f"{where}: loss") if loss else None,
        metrics=tuple(
            _part(metric, "metrics", catalogue, f"{where}: metric")
            for metric in (metrics if isinstance(metrics, list) else [metrics])
        ),
    )


def _part(config: Any, group: str, catalogue: Catalogue, where: str) -> Part:
    name = config if isinstance(config, str) else None
    if isinstance(config, Mapping):
        name = config.get("class_name")
        if name == "function":
            name = config.get("config")
    entry = catalogue.find(group, name) if isinstance(name, str) else None
    if entry is None or not isinstance(name, str):
        raise TrainerError(f"expected one of Keras' {group}; received {name!r}", where)
    if isinstance(config, str) or not isinstance(config.get("config"), Mapping):
        return Part(name)
    return Part(entry.name, _params(entry, config["config"], catalogue, where))


def _params(
    entry: Entry, config: Mapping[str, Any], catalogue: Catalogue, where: str
) -> dict[str, Value]:
    params: dict[str, Value] = {}
    for param in entry.params:
        if param.name not in config or param.name in _DERIVED:
            continue
        value = config[param.name]
        if isinstance(value, Mapping):
            if "class_name" not in value:
                continue
            found: Value = _part(value, param.group, catalogue, f"{where} · {param.name}")
            if found == Part(_default_name(param.default, param.group, catalogue)):
                continue
        elif isinstance(value, list):
            found = tuple(item for item in value if isinstance(item, int | float | str))
        elif value is None or isinstance(value, bool | int | float | str):
            found = value
        else:
            continue
        if found != param.default or param.required:
            params[param.name] = found
    name = params.get("name")
    if entry.group != "layers" or (isinstance(name, str) and _by_keras(name, entry.name)):
        params.pop("name", None)
    return params


def _by_keras(name: str, type_name: str) -> bool:
    """Return whether a name is one that Keras gives of itself, such as `dense_1`."""
    stem = re.sub(r"_\d+$", "", name).replace("_", "")
    return stem == type_name.lower()


def _default_name(default: Value, group: str, catalogue: Catalogue) -> str:
    entry = catalogue.find(group, default) if isinstance(default, str) else None
    return entry.name if entry else ""
