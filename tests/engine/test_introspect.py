"""The catalogue of the installed Keras."""

from __future__ import annotations

import inspect
from functools import cache

import keras
import pytest

from tui_trainer.core.catalogue import GROUPS, Catalogue, Entry, Kind, Param
from tui_trainer.core.experiment import Part
from tui_trainer.core.hints import HINTS
from tui_trainer.core.values import fault
from tui_trainer.engine.classes import LEFT_OUT, names
from tui_trainer.engine.introspect import catalogue
from tui_trainer.engine.parts import make


@cache
def found() -> Catalogue:
    return catalogue()


def entry(group: str, name: str) -> Entry:
    result = found().find(group, name)
    assert result is not None, name
    return result


def param(group: str, name: str, key: str) -> Param:
    result = entry(group, name).param(key)
    assert result is not None, key
    return result


def test_it_survives_json() -> None:
    assert Catalogue.from_json(found().to_json()) == found()
    assert found().keras == keras.__version__


@pytest.mark.parametrize("group", GROUPS)
def test_every_class_is_in_the_catalogue_or_left_out_for_a_reason(group: str) -> None:
    module = keras.optimizers.schedules if group == "schedules" else getattr(keras, group)
    classes = {cls.__name__ for _, cls in inspect.getmembers(module, inspect.isclass)}
    listed = {entry.name for entry in found().group(group)} - {"accuracy"}
    assert listed | set(LEFT_OUT) >= classes and listed <= classes
    assert not listed & set(LEFT_OUT)


def test_what_is_left_out_exists() -> None:
    modules = [keras.optimizers.schedules, *(getattr(keras, g) for g in GROUPS if g != "schedules")]
    exported = {cls.__name__ for m in modules for _, cls in inspect.getmembers(m, inspect.isclass)}
    assert set(LEFT_OUT) <= exported


def test_every_default_is_a_value_of_its_parameter() -> None:
    wrong = [
        (entry.name, param.name, param.default, fault(param, param.default))
        for entry in found().entries
        for param in entry.params
        if not param.required and fault(param, param.default)
    ]
    assert wrong == []


def test_every_parameter_has_a_kind_that_agrees_with_the_signature() -> None:
    for item in found().entries:
        if item.name == "accuracy":
            continue
        signature = inspect.signature(names(item.group)[item.name]).parameters
        for key, parameter in signature.items():
            if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                assert item.param(key) is not None, (item.name, key)


@pytest.mark.parametrize(
    ("group", "alias", "name"),
    [
        ("optimizers", "adam", "Adam"),
        ("losses", "mse", "MeanSquaredError"),
        ("losses", "binary_crossentropy", "BinaryCrossentropy"),
        ("losses", "sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"),
        ("metrics", "mae", "MeanAbsoluteError"),
        ("metrics", "acc", "accuracy"),
        ("initializers", "he_normal", "HeNormal"),
        ("initializers", "glorot_uniform", "GlorotUniform"),
        ("regularizers", "l2", "L2"),
        ("constraints", "max_norm", "MaxNorm"),
        ("layers", "AvgPool2D", "AveragePooling2D"),
        ("layers", "MaxPool1D", "MaxPooling1D"),
    ],
)
def test_aliases(group: str, alias: str, name: str) -> None:
    assert entry(group, alias).name == name
    assert alias in entry(group, name).aliases


def test_dense_has_what_a_form_needs() -> None:
    dense = entry("layers", "Dense")
    assert dense.family == "core"
    units = param("layers", "Dense", "units")
    assert units.kind is Kind.INTEGER and units.required and units.least == 1 and units.main
    activation = param("layers", "Dense", "activation")
    assert activation.kind is Kind.CHOICE and activation.optional
    assert {"relu", "softmax"} <= set(activation.choices)
    kernel = param("layers", "Dense", "kernel_initializer")
    assert kernel.kind is Kind.PART and kernel.group == "initializers"
    assert kernel.default == "glorot_uniform"
    for name in ("name", "trainable", "dtype", "activity_regularizer"):
        assert dense.param(name) is not None
    assert param("layers", "Dense", "name").main
    assert not param("layers", "Dense", "kernel_constraint").main
    assert all(param.help for param in dense.params)


def test_other_kinds() -> None:
    rate = param("optimizers", "Adam", "learning_rate")
    assert rate.kind is Kind.NUMBER_OR_PART and rate.group == "schedules" and rate.default == 0.001
    dropout = param("layers", "Dropout", "rate")
    assert (dropout.least, dropout.most) == (0, 1)
    assert param("layers", "Conv2D", "kernel_size").kind is Kind.INTEGERS
    assert param("layers", "Conv1D", "padding").choices == ("valid", "same", "causal")
    assert param("layers", "BatchNormalization", "scale").kind is Kind.BOOLEAN
    assert param("layers", "Bidirectional", "layer").group == "layers"
    path = param("callbacks", "ModelCheckpoint", "filepath")
    assert not path.required and path.default == "checkpoints/model-checkpoint.keras"
    assert entry("metrics", "AUC").family and entry("layers", "RandomFlip").family


def test_hints_are_of_parameters_that_exist() -> None:
    known = {param.name for entry in found().entries for param in entry.params}
    known |= {f"{entry.name}.{param.name}" for entry in found().entries for param in entry.params}
    assert sorted(set(HINTS) - known) == []


@pytest.mark.parametrize("group", ["optimizers", "losses", "metrics", "regularizers", "callbacks"])
def test_everything_without_required_parameters_can_be_made(group: str) -> None:
    for item in found().group(group):
        if item.name != "accuracy" and not any(param.required for param in item.params):
            defaults = {p.name: p.default for p in item.params if p.kind is Kind.TEXT and p.default}
            make(Part(item.name, defaults), group)
