"""The catalogue of the installed Keras."""

from __future__ import annotations

import inspect
import re
from functools import cache

import keras
import pytest

from tui_trainer.core.catalogue import GROUPS, Catalogue, Entry, Kind, Param
from tui_trainer.core.check import check_part
from tui_trainer.core.experiment import Part
from tui_trainer.core.hints import HINTS, hint_for
from tui_trainer.core.hints.summaries import SUMMARIES
from tui_trainer.core.starting import HABITS
from tui_trainer.core.values import fault
from tui_trainer.engine.classes import LEFT_OUT, PARAMS_LEFT_OUT, names
from tui_trainer.engine.introspect import catalogue


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


def exported(group: str) -> set[str]:
    """Return the classes that Keras exports for a group; cells are among its layers."""
    module = keras.optimizers.schedules if group == "schedules" else getattr(keras, group)
    return {cls.__name__ for _, cls in inspect.getmembers(module, inspect.isclass)}


@pytest.mark.parametrize("group", [group for group in GROUPS if group != "cells"])
def test_every_class_is_in_the_catalogue_or_left_out_for_a_reason(group: str) -> None:
    groups = ("layers", "cells") if group == "layers" else (group,)
    listed = {entry.name for one in groups for entry in found().group(one)} - {"accuracy"}
    assert listed | set(LEFT_OUT) >= exported(group) and listed <= exported(group)
    assert not listed & set(LEFT_OUT)


def test_what_is_left_out_exists() -> None:
    assert set(LEFT_OUT) <= set.union(*(exported(group) for group in GROUPS if group != "cells"))
    for place in PARAMS_LEFT_OUT:
        owner, _, name = place.partition(".")
        cls = keras.layers.Layer if owner == "layers" else names(group_with(owner))[owner]
        assert name in inspect.signature(cls.__init__).parameters or name in ("dtype", "trainable")
    assert found().left_out == {**LEFT_OUT, **PARAMS_LEFT_OUT}


def group_with(name: str) -> str:
    return next(entry.group for entry in found().entries if entry.name == name)


@pytest.mark.parametrize("name", sorted(LEFT_OUT))
def test_what_is_left_out_is_refused_with_its_reason(name: str) -> None:
    for group in ("layers", "metrics", "optimizers"):
        (problem,) = check_part(Part(name), group, found(), ())
        assert problem.message.endswith(f"; received '{name}', which {LEFT_OUT[name]}")


def test_equalization_is_left_out_for_a_fault_that_keras_still_has() -> None:
    with pytest.raises(ValueError, match="part of a cycle"):
        keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Equalization()])


def test_parameter_that_is_left_out_is_refused_with_its_reason() -> None:
    for name, value in (("weights", 3), ("autocast", False), ("quantization_config", "int8")):
        part = Part("Embedding", {"input_dim": 9, "output_dim": 2, name: value})
        (problem,) = check_part(part, "layers", found(), ())
        assert problem.where == (name,)
        reason = found().left_out.get(f"Embedding.{name}") or found().left_out[f"layers.{name}"]
        assert problem.message.endswith(f"received '{name}', which {reason}")


def test_every_default_is_a_value_of_its_parameter() -> None:
    wrong = [
        (entry.name, param.name, param.default, fault(param, param.default))
        for entry in found().entries
        for param in entry.params
        if not param.required and fault(param, param.default)
    ]
    assert wrong == []


def test_every_parameter_of_a_signature_is_there_or_left_out_for_a_reason() -> None:
    for item in found().entries:
        if item.name == "accuracy":
            continue
        signature = inspect.signature(names(item.group)[item.name]).parameters
        for key, parameter in signature.items():
            if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                left_out = f"{item.name}.{key}" in PARAMS_LEFT_OUT
                assert (item.param(key) is None) is left_out, (item.name, key)


def test_every_class_and_every_parameter_is_described_in_whole_sentences() -> None:
    told = [(item.name, item.summary) for item in found().entries]
    told += [(f"{e.name}.{p.name}", p.help) for e in found().entries for p in e.params]
    sentence = re.compile(r"[A-Z0-9`][^\n*\[\]]{2,160}[^\s:;,.]\.")
    wrong = [(who, text) for who, text in told if not sentence.fullmatch(text)]
    assert wrong == []
    assert [text for _, text in told if text.count("`") % 2] == []


def test_a_form_begins_with_what_is_needed_and_ends_with_what_is_rare() -> None:
    for item in found().entries:
        ranks = [(not p.required, not p.main, p.main and p.name == "name") for p in item.params]
        assert ranks == sorted(ranks), item.name
    lstm = [param.name for param in entry("layers", "LSTM").params]
    assert lstm[:4] == ["units", "return_sequences", "dropout", "activation"]
    dense = entry("layers", "Dense").params
    assert [param.name for param in dense if param.main][-1] == "name"
    assert [param.name for param in dense][-2:] == ["trainable", "dtype"]


def test_layers_are_filed_as_keras_documents_them() -> None:
    families = {item.family for item in found().group("layers")}
    assert families == {
        *("core", "convolutional", "pooling", "rnn", "preprocessing", "normalization"),
        *("regularization", "reshaping", "activations"),
    }
    assert entry("losses", "Poisson").family == "probabilistic"
    assert entry("losses", "Huber").family == "regression"


@pytest.mark.parametrize(
    ("group", "alias", "name"),
    [
        ("optimizers", "adam", "Adam"),
        ("losses", "mse", "MeanSquaredError"),
        ("losses", "binary_crossentropy", "BinaryCrossentropy"),
        ("losses", "sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"),
        ("metrics", "mae", "MeanAbsoluteError"),
        ("metrics", "acc", "accuracy"),
        ("metrics", "accuracy", "accuracy"),
        ("metrics", "Accuracy", "Accuracy"),
        ("cells", "LSTMCell", "LSTMCell"),
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
    assert alias in (*entry(group, name).aliases, name)


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
    assert kernel.default == Part("GlorotUniform")
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


def test_kinds_that_words_alone_do_not_tell() -> None:
    assert param("layers", "Cropping2D", "cropping").kind is Kind.PAIRS
    assert param("layers", "Dropout", "noise_shape").kind is Kind.SHAPE
    value_range = param("layers", "RandomBrightness", "value_range")
    assert value_range.kind is Kind.NUMBERS and value_range.default == (0, 255)
    save_freq = param("callbacks", "ModelCheckpoint", "save_freq")
    assert save_freq.kind is Kind.INTEGER and save_freq.choices == ("epoch",)
    cudnn = param("layers", "LSTM", "use_cudnn")
    assert cudnn.kind is Kind.BOOLEAN and cudnn.choices == ("auto",) and cudnn.default == "auto"
    assert param("layers", "RNN", "cell").group == "cells"
    assert param("cells", "StackedRNNCells", "cells").kind is Kind.PARTS
    reduction = param("losses", "Huber", "reduction")
    assert reduction.optional and "none" not in reduction.choices


def test_hints_are_of_parameters_that_exist() -> None:
    known = {
        key
        for entry in found().entries
        for param in entry.params
        for key in (param.name, f"{entry.name}.{param.name}", f"{entry.group}.{param.name}")
    }
    assert sorted(set(HINTS) - known) == []
    classes = {
        key for entry in found().entries for key in (entry.name, f"{entry.group}.{entry.name}")
    }
    assert sorted(set(SUMMARIES) - classes) == []
    assert sorted(set(HABITS) - classes) == []


def test_every_hint_agrees_with_what_keras_takes_by_default() -> None:
    for item in found().entries:
        for param in item.params:
            hint = hint_for(item.group, item.name, param.name)
            assert hint is None or hint.kind in (None, param.kind), (item.name, param.name)
