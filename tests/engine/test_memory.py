"""Figures of memory beside those of a model that was really built."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part
from tui_trainer.core.starting import starting
from tui_trainer.core.verdict import Verdict
from tui_trainer.engine.answers import judge
from tui_trainer.engine.build import build, compile_model
from tui_trainer.engine.introspect import catalogue
from tui_trainer.engine.scratch import inspect

SHAPE = (8, 8, 3)
LAYERS = (
    Part("Conv2D", {"filters": 4, "kernel_size": 3, "activation": "relu"}),
    Part("BatchNormalization"),
    Part("Flatten"),
    Part("Dropout", {"rate": 0.2}),
    Part("Dense", {"units": 7, "trainable": False}),
    Part("Dense", {"units": 10, "activation": "softmax"}),
)
DECAY = Part(
    "ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}
)
OPTIMIZERS = [
    *(starting(entry) for entry in catalogue().group("optimizers")),
    Part("SGD", {"momentum": 0.9, "nesterov": True}),
    Part("SGD", {"gradient_accumulation_steps": 2}),
    Part("RMSprop", {"centered": True, "momentum": 0.1}),
    Part("Adam", {"amsgrad": True}),
    Part("Adam", {"use_ema": True, "weight_decay": 0.1}),
    Part("Adam", {"learning_rate": DECAY}),
    Part("LossScaleOptimizer", {"inner_optimizer": "adam"}),
]


def experiment(optimizer: Part | None = None, policy: str = "float32") -> Experiment:
    compiled = Compile(optimizer or Part("SGD"), Part("mse"))
    return Experiment(layers=LAYERS, compile=compiled, fit=Fit(dtype_policy=policy))


def numbers(variables: list[Any]) -> int:
    return sum(math.prod(variable.shape) for variable in variables)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda part: f"{part.type}{[*part.params]}")
def test_optimizer_keeps_as_many_numbers_as_told(optimizer: Part, policy: str) -> None:
    wanted = experiment(optimizer, policy)
    model = build(wanted, SHAPE, "float32")
    compile_model(model, wanted.compile)
    model.optimizer.build(model.trainable_variables)
    stack = inspect(wanted, SHAPE, "float32")
    assert not stack.problems
    assert stack.optimizer == numbers(model.optimizer.variables)


def test_weights_and_those_that_training_changes() -> None:
    verdict = Verdict(layers=inspect(experiment(), SHAPE, "float32").layers)
    model = build(experiment(), SHAPE, "float32")
    assert verdict.params == model.count_params()
    assert verdict.trainable == numbers(model.trainable_variables) < verdict.params
    frozen = verdict.layers[4]
    assert (frozen.type, frozen.trainable) == ("Dense", 0) and frozen.params > 0


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_activations_are_the_outputs_of_all_layers(policy: str) -> None:
    verdict = Verdict(layers=inspect(experiment(policy=policy), SHAPE, "float32").layers)
    model = build(experiment(policy=policy), SHAPE, "float32")
    look = keras.Model(model.inputs, [layer.output for layer in model.layers])
    outputs = look([np.zeros((5, *SHAPE), np.float32)])
    held = sum(math.prod(output.shape) * output.dtype.size for output in outputs)
    assert verdict.memory(5, policy).activations == held


def test_layers_that_are_off_take_nothing() -> None:
    off = tuple(
        replace(layer, disabled=True) if layer.type in ("Conv2D", "Dropout") else layer
        for layer in LAYERS
    )
    with_off, without = (replace(experiment(), layers=layers) for layers in (off, off[1:]))
    stack, alone = (inspect(one, SHAPE, "float32") for one in (with_off, without))
    assert [size.disabled for size in stack.layers] == [True, False, False, True, False, False]
    needed, same = (Verdict(layers=one.layers, optimizer=1) for one in (stack, alone))
    assert needed.memory(32) == same.memory(32)


def test_what_the_optimizer_does_not_take_is_told_beside_other_problems() -> None:
    wrong = experiment(Part("Adam", {"learning_rat": 1}))
    found = inspect(replace(wrong, layers=(Part("Dens"),)), SHAPE, "float32")
    assert [one.where for one in found.problems] == [("layers", 0), ("optimizer", "learning_rat")]


def test_a_look_at_a_huge_model_leaves_nothing_behind() -> None:
    """Else Keras would make the weights of the huge model when it traces the next function."""
    huge = Experiment(layers=(Part("Dense", {"units": 10_000_000}),))
    (problem,) = inspect(huge, (10_000,), "float32").problems
    assert problem.where == ("layers", 0)
    assert "400 GB for weights, 400 GB for gradients" in problem.message
    doubled = keras.Sequential([keras.Input((8,)), keras.layers.Lambda(lambda x: x * 2)])
    assert doubled.output_shape == (None, 8)


def test_a_batch_that_does_not_fit_is_told_at_the_batch() -> None:
    wide = Experiment(
        data=Data("mnist"),
        layers=(Part("Flatten"), Part("RepeatVector", {"n": 100_000}), Part("Flatten")),
        compile=Compile(Part("SGD"), Part("mse")),
        fit=Fit(batch_size=50_000),
    )
    problem = next(one for one in judge(wide).problems if one.where[0] == "fit")
    assert problem.where == ("fit", "batch_size") and "use a smaller batch" in problem.message
    few = replace(wide, fit=Fit(batch_size=1))
    assert not [one for one in judge(few).problems if one.where[0] == "fit"]


def test_a_batch_is_never_larger_than_the_data(digits: Experiment) -> None:
    assert not judge(replace(digits, fit=Fit(batch_size=10_000_000))).problems


def test_what_was_found_once_is_told_again_and_an_edit_is_seen() -> None:
    first = inspect(experiment(), SHAPE, "float32")
    assert inspect(experiment(), SHAPE, "float32") == first
    frozen = replace(experiment(), layers=(LAYERS[0].having("trainable", False), *LAYERS[1:]))
    named = replace(experiment(), layers=(LAYERS[0].having("name", "eyes"), *LAYERS[1:]))
    assert inspect(frozen, SHAPE, "float32").layers[0].trainable == 0
    assert inspect(frozen, SHAPE, "float32").layers[1:] == first.layers[1:]
    assert inspect(named, SHAPE, "float32").layers[0].name == "eyes"
    assert inspect(experiment(), (10, 8, 3), "float32").layers[2].shape == (8 * 6 * 4,)
    assert inspect(experiment(Part("SGD", {"momentum": 0.9})), SHAPE, "float32").optimizer > 2
    wrong = replace(experiment(), layers=(LAYERS[0].having("strides", "x"), *LAYERS[1:]))
    assert inspect(wrong, SHAPE, "float32") == inspect(wrong, SHAPE, "float32")
    assert inspect(wrong, SHAPE, "float32").problems
