"""The layer stack of a .keras file, read as data: nothing in the file is run."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tui_trainer.core.brief import brief
from tui_trainer.core.catalogue import Catalogue, Entry, Kind, Param
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Compile, Experiment, Part, Value, value_from_plain
from tui_trainer.core.local import FILE_OR_WORDS
from tui_trainer.core.modelfile import read_config
from tui_trainer.core.words import count

_MOST_LAYERS, _DEEPEST = 1_000, 64
"""How many layers, and how many brackets one inside another, a configuration may have."""
_DERIVED = ("dtype", "build_config", "batch_input_shape", "batch_shape")
"""What a file stores of a layer and an experiment does not: it follows from the rest."""


def read_keras_file(path: Path, catalogue: Catalogue) -> Experiment:
    """Return an experiment with the layers, optimizer, loss and metrics of a saved Sequential.

    Raises TrainerError for anything else: a foreign or damaged file, another kind of model, a
    class that the catalogue does not know.
    """
    where, config = str(path), _config(path)
    if config.get("class_name") != "Sequential":
        received = f"a {brief(config.get('class_name'))} model"
        raise TrainerError(f"expected a Sequential model; received {received}", where)
    layers = config["config"].get("layers")
    if not isinstance(layers, list):
        raise TrainerError(f"expected a list of layers; received {brief(layers)}", where)
    if len(layers) > _MOST_LAYERS:
        received = count(len(layers), "layer")
        raise TrainerError(f"expected at most {_MOST_LAYERS} layers; received {received}", where)
    stack = [
        layer
        for layer in layers
        if not (isinstance(layer, Mapping) and layer.get("class_name") == "InputLayer")
    ]
    parts = [
        _part(layer, "layers", catalogue, f"{where}: layer {number}")
        for number, layer in enumerate(stack, start=1)
    ]
    return Experiment(
        title=f"loaded from {path.name}",
        layers=tuple(parts),
        compile=_compile(config.get("compile_config"), catalogue, where),
    )


def _config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(read_config(path))
        shallow = _is_shallow(config)
    except ValueError as error:
        raise TrainerError("expected a whole .keras file; this is none", str(path)) from error
    except RecursionError:
        shallow = False
    if not shallow:
        raise TrainerError("expected a model; received brackets nested too deep", str(path))
    if not isinstance(config, dict) or not isinstance(config.get("config"), dict):
        raise TrainerError("expected a model in config.json; received something else", str(path))
    return config


def _is_shallow(plain: Any) -> bool:
    """Return whether lists and tables lie inside one another no deeper than a model has them."""
    inside = [plain]
    for _ in range(_DEEPEST):
        tables = [one for one in inside if isinstance(one, list | dict)]
        inside = [
            item for one in tables for item in (one.values() if isinstance(one, dict) else one)
        ]
    return not inside


def _compile(config: Any, catalogue: Catalogue, where: str) -> Compile:
    if not isinstance(config, Mapping):
        return Compile()  # The model was saved before it was compiled.
    optimizer = config.get("optimizer") or "rmsprop"
    losses = [*_flat(config.get("loss"))]
    if len(losses) > 1:
        raise TrainerError(f"expected one loss; received {len(losses)}", f"{where}: loss")
    return Compile(
        optimizer=_part(optimizer, "optimizers", catalogue, f"{where}: optimizer"),
        loss=_part(losses[0], "losses", catalogue, f"{where}: loss") if losses else None,
        metrics=tuple(
            _part(metric, "metrics", catalogue, f"{where}: metric {number}")
            for number, metric in enumerate(_flat(config.get("metrics")), start=1)
        ),
    )


def _flat(config: Any) -> Iterator[Any]:
    """Yield what a list, or a table by output, holds: a model of one output may have either."""
    if isinstance(config, list):
        for item in config:
            yield from _flat(item)
    elif isinstance(config, Mapping) and "class_name" not in config:
        yield from _flat([*config.values()])
    elif config is not None:
        yield config


def _part(config: Any, group: str, catalogue: Catalogue, where: str) -> Part:
    name = config if isinstance(config, str) else None
    if isinstance(config, Mapping):
        name = config.get("class_name")
        if name == "function":
            name = config.get("config")
    entry = catalogue.find(group, name) if isinstance(name, str) else None
    if entry is None or not isinstance(name, str) or not _of_keras(config):
        wanted = f"one of Keras' {group}" if group else "a plain value"
        received = brief(config if name is None else name)
        own = ", a class of its author's" if not _of_keras(config) else ""
        raise TrainerError(f"expected {wanted}; received {received}{own}", where)
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
        value, place = config[param.name], f"{where} · {param.name}"
        if param.name == FILE_OR_WORDS and isinstance(value, str):
            received = f"{brief(value)}, which would be the name of a file"
            raise TrainerError(f"expected words; received {received}", place)
        if isinstance(value, Mapping):
            if "class_name" not in value:
                continue
            found: Value = _part(value, param.group, catalogue, place)
        elif param.kind is Kind.PARTS and isinstance(value, list):
            found = tuple(_part(item, param.group, catalogue, place) for item in value)
        elif param.kind is Kind.CHOICE and param.optional and value == "none":
            found = None
        else:
            found = _plain(value, place)
        if param.required or not _is_default(found, param):
            params[param.name] = found
    name = params.get("name")
    if entry.group != "layers" or (isinstance(name, str) and _by_keras(name, entry.name)):
        params.pop("name", None)
    return params


def _by_keras(name: str, type_name: str) -> bool:
    """Return whether a name is one that Keras gives of itself, such as `dense_1`."""
    stem = re.sub(r"_\d+$", "", name).replace("_", "")
    return stem == type_name.lower()


def _of_keras(config: Any) -> bool:
    """Return whether a class or function is Keras' own, not a user's of the same name."""
    module = config.get("module") if isinstance(config, Mapping) else None
    own = not isinstance(module, str) or module.split(".")[0] in ("keras", "builtins")
    return own and not (isinstance(config, Mapping) and ">" in str(config.get("registered_name")))


def _plain(value: Any, where: str) -> Value:
    try:
        return value_from_plain(_short(value) if isinstance(value, float) else value)
    except ValueError as error:
        raise TrainerError(f"expected {error}", where) from error


def _short(value: float) -> float:
    """Return the number that was written, of one that float32 has rounded: 0.01, not 0.00999…98."""
    try:
        (stored,) = struct.unpack("f", struct.pack("f", value))
    except OverflowError:
        return value
    return float(f"{value:.7g}") if stored == value else value


def _is_default(found: Value, param: Param) -> bool:
    default = param.default
    if param.name == "activation" and default is None and found == "linear":
        return True
    if isinstance(found, tuple) and found and all(item == default for item in found):
        return True
    return found == default
