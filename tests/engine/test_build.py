"""Experiment → shapes, faults and models."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import keras
import numpy as np
import pytest

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Compile, Data, Experiment, Part, Value
from tui_trainer.engine.answers import judge
from tui_trainer.engine.build import build, compile_model
from tui_trainer.engine.messages import plain_message
from tui_trainer.engine.scratch import inspect, inspect_compile


def stack(*layers: Part) -> Experiment:
    return Experiment(layers=layers)


def test_shapes_and_counts(digits: Experiment) -> None:
    found = inspect(digits, (64,), "float32")
    assert [(layer.name, layer.shape, layer.params) for layer in found.layers] == [
        ("dense", (32,), 2080),
        ("dropout", (32,), 0),
        ("dense_1", (10,), 330),
    ]
    assert not found.problems


def test_a_layer_that_is_off_is_passed_through(digits: Experiment) -> None:
    first, dropout, last = digits.layers
    off = replace(digits, layers=(replace(first, disabled=True), dropout, last))
    found = inspect(off, (64,), "float32")
    assert [(layer.shape, layer.params) for layer in found.layers] == [
        ((64,), 0),
        ((64,), 0),
        ((10,), 650),
    ]
    model = build(off, (64,), "float32")
    assert [layer.name for layer in model.layers] == ["dropout", "dense"]
    wrong = replace(off, layers=(*off.layers, Part("Conv2D", {"filters": 1, "kernel_size": 3})))
    assert inspect(wrong, (64,), "float32").problems[0].where == ("layers", 3)


def test_a_huge_model_costs_nothing_to_look_at() -> None:
    found = inspect(stack(Part("Dense", {"units": 10_000_000})), (10_000,), "float32")
    assert found.layers[0].params == 10_001 * 10_000_000
    (problem,) = found.problems
    assert problem.where == ("layers", 0) and "400 GB for weights" in problem.message


def test_names_are_keras_own_and_never_twice() -> None:
    dense = {"units": 1}
    found = inspect(
        stack(
            Part("Dense", dense),
            Part("Dense", {**dense, "name": "dense_1"}),
            Part("Dense", dense),
            Part("Dense", {**dense, "name": "dense"}),
        ),
        (2,),
        "float32",
    )
    assert [layer.name for layer in found.layers] == ["dense_2", "dense_1", "dense_3", "dense"]


CONV = Part("Conv2D", {"filters": 2, "kernel_size": 3})


@pytest.mark.parametrize(
    ("part", "shape", "where", "message"),
    [
        (
            CONV,
            (784,),
            (),
            "wants 4 dimensions (batch, height, width, channels), received 2 (",
        ),
        (CONV, (2, 2, 1), ("kernel_size",), "larger than its input"),
        (Part("LSTM", {"units": 2}), (7,), (), "LSTM wants 3 dimensions (batch, steps, features)"),
        (Part("Reshape", {"target_shape": (5, 5)}), (7,), ("target_shape",), "received 5 × 5"),
        (Part("Dense", {"units": -1}), (7,), ("units",), "expected a positive integer"),
        (Part("Dense"), (7,), ("units",), "missing"),
        (Part("Dense", {"units": 1, "unit": 2}), (7,), ("unit",), "expected a parameter of Dense"),
        (Part("Dropout", {"rate": 1.5}), (7,), ("rate",), "between 0 and 1"),
        (Part("Dens", {"units": 1}), (7,), (), "did you mean Dense?"),
        (Part("Lambda", {"function": "x"}), (7,), (), "takes Python code"),
        (
            Part("Dense", {"units": 1, "kernel_regularizer": Part("L2", {"l2": -1.0})}),
            *((7,), ("kernel_regularizer", "l2"), "non-negative"),
        ),
    ],
)
def test_the_layer_that_does_not_fit_is_named(
    part: Part, shape: tuple[int, ...], where: tuple[str, ...], message: str
) -> None:
    first = Part("Activation", {"activation": "relu"})
    found = inspect(stack(first, part, first), shape, "float32")
    assert len(found.layers) == 1 and found.layers[0].shape == shape
    (problem,) = found.problems
    assert problem.where == ("layers", 1, *where)
    assert message in problem.message and "\n" not in problem.message
    with pytest.raises(TrainerError, match="layer 2"):
        build(stack(first, part), shape, "float32")


def test_an_embedding_needs_a_row_for_each_word() -> None:
    data = Data("imdb", {"num_words": 500})
    few = Experiment(data=data, layers=(Part("Embedding", {"input_dim": 100, "output_dim": 4}),))
    (problem,) = inspect(few, (256,), "int32").problems
    assert problem.where == ("layers", 0, "input_dim") and "at least 500" in problem.message


def test_parts_inside_parts_become_keras_objects() -> None:
    layers = (
        Part(
            "Dense",
            {
                "units": 2,
                "kernel_initializer": "HeNormal",
                "kernel_regularizer": Part("L1L2", {"l1": 0.1, "l2": 0.2}),
            },
        ),
        Part("Reshape", {"target_shape": (1, 2)}),
        Part("Bidirectional", {"layer": Part("LSTM", {"units": 3})}),
    )
    experiment = replace(
        stack(*layers),
        compile=Compile(
            Part(
                "Adam",
                {
                    "learning_rate": Part(
                        "ExponentialDecay",
                        {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5},
                    )
                },
            ),
            Part("mse"),
            (Part("mae"), Part("MeanSquaredError"), Part("RootMeanSquaredError", {"name": "r"})),
        ),
    )
    model = build(experiment, (4,), "float32")
    assert isinstance(model.layers[0].kernel_initializer, keras.initializers.HeNormal)
    assert float(model.layers[0].kernel_regularizer.l2) == pytest.approx(0.2)
    assert model.output_shape == (None, 6)
    compile_model(model, experiment.compile)
    assert not model.jit_compile
    logs = model.evaluate(np.zeros((2, 4)), np.zeros((2, 6)), return_dict=True, verbose=0)
    assert set(logs) == {"loss", "mae", "mean_squared_error", "r"}


@pytest.mark.parametrize(
    ("compiled", "where"),
    [
        (Compile(Part("Adam", {"learning_rat": 1}), Part("mse")), ("optimizer", "learning_rat")),
        (Compile(Part("Adm"), Part("mse")), ("optimizer",)),
        (Compile(Part("sgd"), Part("Huber", {"delta": "x", "foo": 1})), ("loss", "foo")),
        (Compile(Part("sgd"), Part("mse"), (Part("accuracy"), Part("acuracy"))), ("metrics", 1)),
    ],
)
def test_what_compile_does_not_take(compiled: Compile, where: tuple[Value, ...]) -> None:
    experiment = Experiment(compile=compiled)
    (problem,) = (*inspect(experiment, (8,), "float32").problems, *inspect_compile(experiment))
    assert problem.where == where


def test_callbacks_that_keras_does_not_take() -> None:
    good = (Part("ModelCheckpoint"), Part("ModelCheckpoint", {"save_weights_only": True}))
    bad = Part("ModelCheckpoint", {"filepath": "model.txt"})
    (problem,) = inspect_compile(Experiment(callbacks=(*good, bad)))
    assert problem.where == ("callbacks", 2, "filepath") and ".keras" in problem.message


def test_errors_of_a_graph_are_told_by_their_cause() -> None:
    error = ValueError(
        "Graph execution error:\n\nDetected at node gather defined at (most recent call last):\n"
        "<stack traces unavailable>\nindices[0,3] = 99 is not in [0, 10)\n\t [[{{node gather}}]]"
    )
    assert plain_message(error) == "indices[0,3] = 99 is not in [0, 10)"


LOOK = """
from tui_trainer.engine.redirect import settle_environment
settle_environment()
from tensorflow.python.eager import context
from tui_trainer.core import toml
from tui_trainer.core.presets import all_presets
from tui_trainer.engine.answers import answer_check
from tui_trainer.engine.devices import list_devices
list_devices()
for preset in all_presets():
    for device in ("auto", "cpu"):
        text = preset.path.read_text("utf-8")
        text = text.replace("[fit]", f"[fit]\\ndevice = {device!r}").replace("Adam", "RMSprop")
        answer = answer_check({"experiment": text})
        assert answer["layers"] and not answer["problems"], answer
print(context.context()._initialized)
"""


def test_looking_at_experiments_takes_no_memory_of_a_gpu() -> None:
    """TensorFlow takes some on every GPU once anything is computed, even on the CPU."""
    process = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True)
    assert process.stdout.strip() == "False", process.stderr


@pytest.mark.parametrize("name", ["_hidden", "-x", ">x", ".x", "a.b-c"])
def test_a_layer_may_have_every_name_that_keras_trains(digits: Experiment, name: str) -> None:
    first, *rest = digits.layers
    optimizer = Part("Adam", {"use_ema": True})
    named = replace(
        digits,
        layers=(first.having("name", name), *rest),
        compile=replace(digits.compile, optimizer=optimizer),
    )
    assert judge(named).problems == ()
    model = build(named, (64,), "float32")
    compile_model(model, named.compile)
    model.fit(np.zeros((4, 64)), np.zeros(4), verbose=0)
    assert model.layers[0].name == name


@pytest.mark.parametrize("name", ["a b", "é", "a:b", "a/b", "a\\b"])
def test_a_name_that_keras_refuses_is_told_at_the_name(digits: Experiment, name: str) -> None:
    first, *rest = digits.layers
    (problem,) = judge(replace(digits, layers=(first.having("name", name), *rest))).problems
    assert problem.where == ("layers", 0, "name") and "scope" not in problem.message
    layer = keras.layers.Dense(1, name="after")
    layer.build((None, 1))
    assert layer.kernel.path == "after/kernel", "the refused name is not in front of later ones"
