"""Loading a .keras file: its layers come back, and nothing else in it can do harm."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tui_trainer.core import toml
from tui_trainer.core.catalogue import Catalogue
from tui_trainer.core.check import check
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Compile, Data, Part, Value
from tui_trainer.core.kerasfile import read_keras_file

POLICY = {
    "module": "keras",
    "class_name": "DTypePolicy",
    "config": {"name": "float32"},
    "registered_name": None,
    "shared_object_id": 139780395306064,
}


def of(name: str, group: str = "layers", /, **config: Any) -> dict[str, Any]:
    """Return an object as Keras 3 writes it."""
    return {
        "module": f"keras.{group}",
        "class_name": name,
        "config": config,
        "registered_name": None,
    }


def layer(name: str, /, **config: Any) -> dict[str, Any]:
    """Return a layer as Keras 3 writes it."""
    base = {"name": name.lower(), "trainable": True, "dtype": POLICY}
    return {
        **of(name, "layers", **{**base, **config}),
        "build_config": {"input_shape": [None, 28, 28, 1]},
    }


def dense(**config: Any) -> dict[str, Any]:
    """Return a Dense layer with all that Keras 3 writes of one."""
    weights = {
        "units": 10,
        "activation": "linear",
        "use_bias": True,
        "kernel_initializer": of("GlorotUniform", "initializers", seed=None, input_axes=None),
        "bias_initializer": of("Zeros", "initializers"),
        "kernel_regularizer": None,
        "bias_regularizer": None,
        "kernel_constraint": None,
        "bias_constraint": None,
        "quantization_config": None,
    }
    return layer("Dense", **{**weights, **config})


def conv(**config: Any) -> dict[str, Any]:
    """Return a Conv2D layer."""
    sizes = {
        "filters": 4,
        "kernel_size": [3, 3],
        "strides": [1, 1],
        "padding": "valid",
        "data_format": None,
        "activation": "relu",
    }
    return layer("Conv2D", **{**sizes, **config})


INPUT = of("InputLayer", batch_shape=[None, 28, 28, 1], dtype="float32", name="input_layer")
ADAM = of("Adam", "optimizers", name="adam", learning_rate=0.009999999776482582, beta_1=0.9)
LOSS = of(
    "SparseCategoricalCrossentropy",
    "losses",
    name="sparse_categorical_crossentropy",
    reduction="sum_over_batch_size",
    from_logits=False,
)


def model(layers: Any, compiled: Any = None, name: str = "Sequential") -> dict[str, Any]:
    """Return a whole model."""
    stack = {"name": "sequential", "trainable": True, "dtype": POLICY, "layers": layers}
    record = {"module": "keras", "class_name": name, "config": stack, "registered_name": None}
    return record if compiled is None else {**record, "compile_config": compiled}


def saved(path: Path, config: Any) -> Path:
    """Write a .keras file whose config is an object, or these bytes."""
    content = config if isinstance(config, bytes) else json.dumps(config).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr("config.json", content)
        archive.writestr("model.weights.h5", b"\x89HDF\r\n\x1a\n")
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "my model.keras"


def test_cells_inside_a_layer_come_back(path: Path, catalogue: Catalogue) -> None:
    cell = of("LSTMCell", "layers", name="lstm_cell", units=8)
    stacked = of("StackedRNNCells", "layers", name="stacked_rnn_cells", cells=[cell, cell])
    found = read_keras_file(saved(path, model([layer("RNN", cell=stacked)])), catalogue)
    inner = Part("LSTMCell", {"units": 8})
    stack = Part("StackedRNNCells", {"cells": (inner, inner)})
    assert found.layers == (Part("RNN", {"cell": stack}),)


def test_loss_that_is_not_reduced_comes_back(path: Path, catalogue: Catalogue) -> None:
    for reduction in ("none", None):
        loss = of("MeanSquaredError", "losses", name="mean_squared_error", reduction=reduction)
        compiled = {"optimizer": ADAM, "loss": loss, "metrics": None}
        found = read_keras_file(saved(path, model([dense()], compiled)), catalogue)
        assert found.compile.loss == Part("MeanSquaredError", {"reduction": None})
        assert toml.loads(toml.dumps(found)) == found


def refused(path: Path, catalogue: Catalogue) -> str:
    with pytest.raises(TrainerError) as caught:
        read_keras_file(path, catalogue)
    told = str(caught.value)
    assert told.startswith(f"{path}: ")
    assert "\n" not in told
    assert len(told) < len(str(path)) + 250
    return told.removeprefix(f"{path}: ")


def test_stack_comes_back_with_only_what_differs_from_the_defaults(
    path: Path, catalogue: Catalogue
) -> None:
    l2 = of("L2", "regularizers", l2=1e-4)
    he = of("HeNormal", "initializers", seed=None, input_axes=None)
    layers = [
        *(INPUT, conv(kernel_regularizer=l2, strides=[2, 2]), conv(name="conv2d_1")),
        *(layer("Flatten", data_format=None), layer("Dropout", rate=0.5, seed=None)),
        dense(kernel_initializer=he, name="out", activation="softmax"),
    ]
    top = of("TopKCategoricalAccuracy", "metrics", name="top", dtype="float32", k=3)
    compiled = {"optimizer": ADAM, "loss": LOSS, "metrics": ["accuracy", top]}
    found = read_keras_file(saved(path, model(layers, compiled)), catalogue)
    small: dict[str, Value] = {"filters": 4, "kernel_size": (3, 3)}
    assert found.layers == (
        Part(
            "Conv2D",
            {
                **small,
                "strides": (2, 2),
                "activation": "relu",
                "kernel_regularizer": Part("L2", {"l2": 1e-4}),
            },
        ),
        Part("Conv2D", {**small, "activation": "relu"}),
        Part("Flatten"),
        Part("Dropout", {"rate": 0.5}),
        Part(
            "Dense",
            {
                "units": 10,
                "activation": "softmax",
                "kernel_initializer": Part("HeNormal"),
                "name": "out",
            },
        ),
    )
    assert found.compile == Compile(
        Part("Adam", {"learning_rate": 0.01}),
        Part("SparseCategoricalCrossentropy"),
        (Part("accuracy"), Part("TopKCategoricalAccuracy", {"k": 3})),
    )
    assert found.title == "loaded from my model.keras"
    assert found.data == Data()
    assert check(found, catalogue) == ()
    assert toml.loads(toml.dumps(found)) == found


def test_dense_without_activation_has_none(path: Path, catalogue: Catalogue) -> None:
    found = read_keras_file(saved(path, model([dense()])), catalogue)
    assert found.layers == (Part("Dense", {"units": 10}),)
    assert found.compile == Compile()


def test_optimizer_at_its_defaults_has_no_arguments(path: Path, catalogue: Catalogue) -> None:
    adam = of("Adam", "optimizers", name="adam_3", learning_rate=0.0010000000474974513, beta_1=0.9)
    found = read_keras_file(saved(path, model([dense()], {"optimizer": adam})), catalogue)
    assert found.compile.optimizer == Part("Adam")


def test_schedule_comes_back_inside_its_optimizer(path: Path, catalogue: Catalogue) -> None:
    arguments = {"initial_learning_rate": 0.1, "decay_steps": 100, "decay_rate": 0.9}
    decay = of("ExponentialDecay", "schedules", **arguments, name="ExponentialDecay")
    sgd = of("SGD", "optimizers", name="sgd", learning_rate=decay, momentum=0.0)
    found = read_keras_file(saved(path, model([dense()], {"optimizer": sgd})), catalogue)
    rate = Part("ExponentialDecay", dict(arguments))
    assert found.compile.optimizer == Part("SGD", {"learning_rate": rate})


def test_values_inside_values_are_kept_whole(path: Path, catalogue: Catalogue) -> None:
    layers = [
        layer("ZeroPadding2D", padding=[[1, 2], [0, 3]]),
        layer("Dropout", rate=0.5, noise_shape=[None, 1, 1, 4]),
    ]
    found = read_keras_file(saved(path, model(layers)), catalogue)
    assert found.layers[0].params == {"padding": ((1, 2), (0, 3))}
    assert found.layers[1].params == {"rate": 0.5, "noise_shape": (None, 1, 1, 4)}


@pytest.mark.parametrize("loss", ["mse", ["mse"], {"out": "mse"}])
@pytest.mark.parametrize("metrics", ["mae", ["mae"], [["mae"]], {"out": "mae"}, {"out": ["mae"]}])
def test_loss_and_metrics_by_output_are_those_of_the_one_output(
    path: Path, catalogue: Catalogue, loss: Any, metrics: Any
) -> None:
    compiled = {"optimizer": "sgd", "loss": loss, "metrics": metrics}
    found = read_keras_file(saved(path, model([dense()], compiled)), catalogue)
    assert found.compile == Compile(Part("sgd"), Part("mse"), (Part("mae"),))


def test_function_of_keras_is_known_by_its_name(path: Path, catalogue: Catalogue) -> None:
    loss = {
        "module": "builtins",
        "class_name": "function",
        "config": "mean_squared_error",
        "registered_name": "function",
    }
    found = read_keras_file(saved(path, model([dense()], {"loss": loss})), catalogue)
    assert found.compile.loss == Part("mean_squared_error")


def own(name: str) -> dict[str, Any]:
    return {**dense(), "module": "my_package", "class_name": name, "registered_name": f"My>{name}"}


def nested(levels: int) -> Any:
    """Return a list in a list in a list."""
    return [nested(levels - 1)] if levels else "mse"


def wrapped(levels: int) -> dict[str, Any]:
    """Return a cell of cells of cells, in a layer."""
    cell = of("LSTMCell", units=8)
    for _ in range(levels):
        cell = of("StackedRNNCells", cells=[cell])
    return layer("RNN", cell=cell)


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (
            model([], name="Functional"),
            "expected a Sequential model; received a 'Functional' model",
        ),
        (model([], name="x\n" * 999), "expected a Sequential model; received a 'x"),
        (
            model([INPUT, dense(), layer("Lambda", function={"code": "4wEAAAAAAAAA"})]),
            "layer 2: expected one of Keras' layers; received 'Lambda'",
        ),
        (model([dense(), own("Attentive")]), "layer 2: expected one of Keras' layers; received"),
        (
            model([own("Dense")]),
            "layer 1: expected one of Keras' layers; received 'Dense', a class",
        ),
        (
            model([model([dense()])]),
            "layer 1: expected one of Keras' layers; received 'Sequential'",
        ),
        (model(["Dense", 3]), "layer 2: expected one of Keras' layers; received 3"),
        (model([None]), "layer 1: expected one of Keras' layers; received None"),
        (model([["x"] * 9_999]), "layer 1: expected one of Keras' layers; received ['x'"),
        (model(None), "expected a list of layers; received None"),
        (model({"a": dense()}), "expected a list of layers; received {"),
        (
            model([dense(kernel_regularizer=own("Own"))]),
            "layer 1 · kernel_regularizer: expected one of Keras' regularizers; received 'Own'",
        ),
        (
            model([dense(activation=own("Swish"))]),
            "layer 1 · activation: expected a plain value; received 'Swish'",
        ),
        (
            model([conv(kernel_size=[{"a": 1}])]),
            "layer 1 · kernel_size: expected a table with `type`; received {'a': 1}",
        ),
        (model([dense(units=10**400)]), "layer 1 · units: expected an integer of 64 bits"),
        (model([dense()], {"optimizer": own("Adam")}), "optimizer: expected one of Keras' optimiz"),
        (model([dense()], {"loss": "my_loss"}), "loss: expected one of Keras' losses; received"),
        (model([dense()], {"loss": ["mse", "mse"]}), "loss: expected one loss; received 2"),
        (model([dense()], {"metrics": ["mae", 3]}), "metric 2: expected one of Keras' metrics"),
        ([], "expected a model in config.json; received something else"),
        ({"class_name": "Sequential", "config": []}, "expected a model in config.json; received"),
        ({}, "expected a model in config.json; received something else"),
        (b"", "expected a whole .keras file; this is none"),
        (b"{", "expected a whole .keras file; this is none"),
        (b"\xff\xfe\x00", "expected a whole .keras file; this is none"),
        (b"[" * 200_000, "expected a model; received brackets nested too deep"),
        (model([dense()], {"loss": nested(900)}), "expected a model; received brackets nested too"),
        (model([wrapped(300)]), "expected a model; received brackets nested too deep"),
        (model([dense()] * 1_001), "expected at most 1000 layers; received 1 001 layers"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "expected a whole .keras file; this is none"),
        (b" " * 4_000_001, "expected a config.json of at most 4 MB; received 4 MB"),
        (
            model(
                [of("Lambda", function={"class_name": "__lambda__", "config": {"code": "4wEA"}})]
            ),
            "layer 1: expected one of Keras' layers; received 'Lambda'",
        ),
        (
            model([{**dense(), "class_name": "function", "config": "keras.utils.get_file"}]),
            "layer 1: expected one of Keras' layers; received 'keras.utils.get_file'",
        ),
        (
            model([{"module": "os", "class_name": "system", "config": {"command": "touch x"}}]),
            "layer 1: expected one of Keras' layers; received 'system', a class of its author's",
        ),
        (
            model([dense(kernel_initializer={"class_name": "function", "config": "exec"})]),
            "layer 1 · kernel_initializer: expected one of Keras' initializers; received 'exec'",
        ),
        (
            model([dense(activation={"module": "keras.utils", "class_name": "get_file"})]),
            "layer 1 · activation: expected a plain value; received 'get_file'",
        ),
        (
            model([of("StringLookup", vocabulary="/etc/passwd")]),
            "layer 1 · vocabulary: expected words; received '/etc/passwd', which would be the name",
        ),
    ],
    ids=range(37),
)
def test_what_cannot_be_loaded_is_told_with_its_place(
    path: Path, catalogue: Catalogue, config: Any, told: str
) -> None:
    assert refused(saved(path, config), catalogue).startswith(told)


def test_a_layer_whose_name_is_a_path_is_told_by_the_check(
    path: Path, catalogue: Catalogue
) -> None:
    found = read_keras_file(saved(path, model([dense(name="../../x")])), catalogue)
    told = {problem.where: problem.message for problem in check(found, catalogue)}
    assert told["layers", 0, "name"].endswith("- > in a name; received '../../x'")


@pytest.mark.parametrize("compiled", [None, {}, [], 3, "adam"])
def test_model_that_was_not_compiled_has_the_default_compile(
    path: Path, catalogue: Catalogue, compiled: Any
) -> None:
    config = {**model([dense()]), "compile_config": compiled}
    assert read_keras_file(saved(path, config), catalogue).compile == Compile()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", b"x" * 9_999])
def test_foreign_file_is_refused(path: Path, catalogue: Catalogue, content: bytes) -> None:
    path.write_bytes(content)
    assert refused(path, catalogue) == "expected a whole .keras file; this is none"


def test_zip_without_a_config_is_refused(path: Path, catalogue: Catalogue) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refused(path, catalogue) == "expected a whole .keras file; this is none"


def test_file_that_is_cut_short_anywhere_is_refused(path: Path, catalogue: Catalogue) -> None:
    content = saved(path, model([dense()])).read_bytes()
    for length in range(0, len(content), 13):
        path.write_bytes(content[:length])
        assert refused(path, catalogue) == "expected a whole .keras file; this is none"


def test_file_with_a_wrong_byte_anywhere_is_refused_or_read(
    path: Path, catalogue: Catalogue
) -> None:
    content = saved(path, model([dense()])).read_bytes()
    for at in range(0, len(content), 3):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        try:
            read_keras_file(path, catalogue)
        except TrainerError as error:
            assert str(error).startswith(f"{path}: ")


def test_config_that_unpacks_to_gigabytes_is_not_unpacked(path: Path, catalogue: Catalogue) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("config.json", "w") as file,
    ):
        for _ in range(64):
            file.write(b" " * 1_000_000)
    assert path.stat().st_size < 100_000
    told = "expected a config.json of at most 4 MB; received 64 MB"
    assert refused(path, catalogue) == told


def test_file_that_is_not_there_and_a_folder_are_told(path: Path, catalogue: Catalogue) -> None:
    assert refused(path, catalogue) == "cannot be read: No such file or directory"
    path.mkdir()
    assert refused(path, catalogue) == "cannot be read: Is a directory"
