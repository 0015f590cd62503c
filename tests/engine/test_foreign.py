"""Models that others saved, against all that the installed Keras offers: only plain layers pass."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import keras
import pytest

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Part
from tui_trainer.core.kerasfile import read_keras_file
from tui_trainer.engine.introspect import catalogue
from tui_trainer.engine.parts import PartError, make


def saved(path: Path, *layers: dict[str, Any]) -> Path:
    """Write a Sequential as Keras does, with layers of one's own behind its Dense."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    whole = path.with_name("whole.keras")
    model.save(whole)
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(path, "w") as changed:
        config = json.loads(archive.read("config.json"))
        config["config"]["layers"] += layers
        changed.writestr("config.json", json.dumps(config))
        changed.writestr("model.weights.h5", archive.read("model.weights.h5"))
    return path


def said(path: Path) -> str:
    with pytest.raises(TrainerError) as caught:
        read_keras_file(path, catalogue())
    told = str(caught.value)
    assert "\n" not in told and told.startswith(f"{path}: ")
    return told.removeprefix(f"{path}: ")


def layer(name: str, **config: Any) -> dict[str, Any]:
    return {"module": "keras.layers", "class_name": name, "config": config, "registered_name": None}


@pytest.mark.parametrize(
    "config",
    [
        layer("Lambda", function={"class_name": "__lambda__", "config": {"code": "4wEAAAA="}}),
        layer("TFSMLayer", filepath="/tmp/model", call_endpoint="serve"),
        layer("TorchModuleWrapper", module="gASVJQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOU"),
        layer("JaxLayer", call_fn={"class_name": "function", "config": "exec"}),
        layer("FlaxLayer", module={}),
        layer("Sequential", layers=[layer("Lambda")]),
        layer("Functional", layers=[], input_layers=[], output_layers=[]),
        {**layer("get_file", origin="http://127.0.0.1:9/x"), "module": "keras.utils"},
        {**layer("Operation"), "module": "keras"},
        {**layer("function"), "config": "enable_unsafe_deserialization"},
        {**layer("system", command="true"), "module": "os"},
        {**layer("Dense", units=3), "module": "builtins", "registered_name": "theirs>Dense"},
    ],
    ids=lambda config: config["class_name"],
)
def test_what_runs_code_or_reads_files_is_no_layer(config: dict[str, Any], tmp_path: Path) -> None:
    path = saved(tmp_path / "theirs.keras", config)
    assert said(path).startswith("layer 2: expected one of Keras' layers; received ")


@pytest.mark.parametrize("name", ["StringLookup", "IntegerLookup", "TextVectorization"])
@pytest.mark.parametrize("file", ["/etc/passwd", "http://127.0.0.1:9/x", "gs://bucket/words.txt"])
def test_words_that_are_a_file_are_refused(name: str, file: str, tmp_path: Path) -> None:
    path = saved(tmp_path / "theirs.keras", layer(name, vocabulary=file))
    assert said(path).startswith(f"layer 2 · vocabulary: expected words; received '{file}'")


def test_words_of_ones_own_come_from_a_file_of_this_machine(tmp_path: Path) -> None:
    words, large, pipe = (tmp_path / name for name in ("words.txt", "large.txt", "pipe"))
    words.write_text("yes\nno\n")
    os.mkfifo(pipe)
    with large.open("wb") as file:
        file.truncate(100_000_001)
    for given, told in (
        ("http://127.0.0.1:9/x", "of this machine; received an address"),
        ("gs://bucket/words.txt", "of this machine; received an address"),
        (f"{words}.none", "expected a file that exists; there is none"),
        (str(tmp_path), "expected a file of words; received a folder"),
        (str(pipe), "expected a file of words; received a pipe or a device"),
        (str(large), "expected at most 100 MB; received 100 MB"),
    ):
        with pytest.raises(PartError) as caught:
            make(Part("StringLookup", {"vocabulary": given}), "layers")
        assert caught.value.path == ("vocabulary",)
        assert caught.value.message.startswith(f"{given}: ") and told in caught.value.message
    lookup = make(Part("StringLookup", {"vocabulary": str(words)}), "layers")
    assert lookup.get_vocabulary() == ["[UNK]", "yes", "no"]


@pytest.mark.parametrize(
    "inside",
    [
        {"kernel_initializer": layer("Lambda")},
        {"kernel_regularizer": {**layer("OrthogonalRegularizer"), "module": "theirs"}},
        {"activation": {"module": "keras.utils", "class_name": "function", "config": "get_file"}},
        {"activation": {"class_name": "function", "config": "set_dtype_policy"}},
        {"bias_constraint": {"class_name": "function", "config": "keras.utils.plot_model"}},
    ],
    ids=lambda inside: next(iter(inside)),
)
def test_what_lies_inside_a_layer_is_looked_at_too(inside: dict[str, Any], tmp_path: Path) -> None:
    path = saved(tmp_path / "theirs.keras", layer("Dense", units=3, **inside))
    assert said(path).startswith(f"layer 2 · {next(iter(inside))}: expected ")


def test_a_graph_with_dead_nodes_is_no_stack(tmp_path: Path) -> None:
    given = keras.Input((4,))
    path = tmp_path / "graph.keras"
    keras.Model(given, keras.layers.Dense(3)(given)).save(path)
    assert said(path) == "expected a Sequential model; received a 'Functional' model"
