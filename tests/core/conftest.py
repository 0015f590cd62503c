"""A small catalogue as the engine makes it of Keras, and an experiment out of its classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_trainer.core import toml
from tui_trainer.core.catalogue import Catalogue, Entry, Kind, Param
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part
from tui_trainer.core.rundir import RunDir, create_run


def _part(name: str, group: str, default: str = "") -> Param:
    part = Part(default) if default else None
    return Param(name, Kind.PART, part, optional=not default, group=group, main=False)


_NAME = Param("name", Kind.TEXT, optional=True)
_FORMAT = Param(
    "data_format", Kind.CHOICE, optional=True, choices=("channels_last", "channels_first")
)
_BASE = (
    _NAME,
    Param("trainable", Kind.BOOLEAN, True, main=False),
    Param("dtype", Kind.TEXT, optional=True, main=False),
    _part("activity_regularizer", "regularizers"),
)
_WEIGHTS = (
    Param(
        "activation", Kind.CHOICE, optional=True, choices=("linear", "relu", "softmax", "sigmoid")
    ),
    Param("use_bias", Kind.BOOLEAN, True, main=False),
    _part("kernel_initializer", "initializers", "GlorotUniform"),
    _part("bias_initializer", "initializers", "Zeros"),
    _part("kernel_regularizer", "regularizers"),
)
_REDUCTION = Param(
    "reduction",
    Kind.CHOICE,
    "sum_over_batch_size",
    optional=True,
    choices=("sum_over_batch_size", "sum"),
)
_SEED = Param("seed", Kind.INTEGER, optional=True, least=0)
_LAYERS = (
    Entry(
        "Dense",
        "layers",
        "core",
        "Just your regular densely-connected layer.",
        params=(Param("units", Kind.INTEGER, required=True, least=1), *_WEIGHTS, *_BASE),
    ),
    Entry(
        "Conv2D",
        "layers",
        "convolutional",
        aliases=("Convolution2D",),
        params=(
            Param("filters", Kind.INTEGER, required=True, least=1),
            Param("kernel_size", Kind.INTEGERS, required=True),
            Param("strides", Kind.INTEGERS, (1, 1)),
            Param("padding", Kind.CHOICE, "valid", choices=("valid", "same")),
            _FORMAT,
            *_WEIGHTS,
            *_BASE,
        ),
    ),
    Entry("Flatten", "layers", "reshaping", params=(_FORMAT, *_BASE)),
    Entry(
        "ZeroPadding2D",
        "layers",
        "reshaping",
        params=(Param("padding", Kind.PAIRS, (1, 1), least=0), _FORMAT, *_BASE),
    ),
    Entry(
        "Dropout",
        "layers",
        "regularization",
        params=(
            Param("rate", Kind.FLOAT, required=True, least=0, most=1),
            Param("noise_shape", Kind.INTEGERS, optional=True),
            _SEED,
            *_BASE,
        ),
    ),
    Entry(
        "RNN",
        "layers",
        "rnn",
        params=(Param("cell", Kind.PART, required=True, group="cells"), *_BASE),
    ),
    Entry(
        "StringLookup",
        "layers",
        "preprocessing",
        params=(Param("vocabulary", Kind.TEXTS, optional=True), *_BASE),
    ),
    Entry(
        "LSTM",
        "layers",
        "rnn",
        params=(
            Param("units", Kind.INTEGER, required=True, least=1),
            Param("activation", Kind.CHOICE, "tanh", optional=True, choices=("tanh", "relu")),
            *_BASE,
        ),
    ),
)
_RATE = Param("learning_rate", Kind.NUMBER_OR_PART, 0.001, group="schedules", least=0)
_OTHERS = (
    Entry(
        "Adam",
        "optimizers",
        aliases=("adam",),
        params=(_RATE, Param("beta_1", Kind.FLOAT, 0.9, least=0, most=1), _NAME),
    ),
    Entry(
        "SGD",
        "optimizers",
        aliases=("sgd",),
        params=(
            Param("learning_rate", Kind.NUMBER_OR_PART, 0.01, group="schedules", least=0),
            Param("momentum", Kind.FLOAT, 0.0, least=0, most=1),
            _NAME,
        ),
    ),
    Entry("RMSprop", "optimizers", aliases=("rmsprop",), params=(_RATE, _NAME)),
    Entry(
        "ExponentialDecay",
        "schedules",
        params=(
            Param("initial_learning_rate", Kind.FLOAT, required=True, least=0),
            Param("decay_steps", Kind.INTEGER, required=True, least=1),
            Param("decay_rate", Kind.FLOAT, required=True, least=0),
        ),
    ),
    Entry(
        "SparseCategoricalCrossentropy",
        "losses",
        aliases=("sparse_categorical_crossentropy",),
        params=(Param("from_logits", Kind.BOOLEAN, False), _REDUCTION, _NAME),
    ),
    Entry(
        "MeanSquaredError",
        "losses",
        aliases=("mse", "MSE", "mean_squared_error"),
        params=(_REDUCTION, _NAME),
    ),
    Entry("accuracy", "metrics", aliases=("acc",)),
    Entry("MeanAbsoluteError", "metrics", aliases=("mae",), params=(_NAME,)),
    Entry(
        "TopKCategoricalAccuracy",
        "metrics",
        params=(Param("k", Kind.INTEGER, 5, least=1), _NAME),
    ),
    Entry(
        "LSTMCell", "cells", params=(Param("units", Kind.INTEGER, required=True, least=1), _NAME)
    ),
    Entry(
        "StackedRNNCells",
        "cells",
        params=(Param("cells", Kind.PARTS, required=True, group="cells"), _NAME),
    ),
    Entry("GlorotUniform", "initializers", aliases=("glorot_uniform",), params=(_SEED,)),
    Entry("HeNormal", "initializers", aliases=("he_normal",), params=(_SEED,)),
    Entry("Zeros", "initializers", aliases=("zeros",)),
    Entry(
        "L2",
        "regularizers",
        aliases=("l2",),
        params=(Param("l2", Kind.FLOAT, 0.01, least=0),),
    ),
    Entry(
        "EarlyStopping",
        "callbacks",
        params=(
            Param("monitor", Kind.TEXT, "val_loss"),
            Param("patience", Kind.INTEGER, 0, least=0),
            Param("restore_best_weights", Kind.BOOLEAN, False),
        ),
    ),
    Entry(
        "ModelCheckpoint",
        "callbacks",
        params=(
            Param("filepath", Kind.TEXT, "best.keras"),
            Param("save_freq", Kind.INTEGER, "epoch", choices=("epoch",), least=1),
        ),
    ),
)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Return a few of Keras' classes, described as the engine describes them."""
    return Catalogue("3.15.1", (*_LAYERS, *_OTHERS))


@pytest.fixture
def experiment() -> Experiment:
    """Return an experiment on digits in which every table says something."""
    return Experiment(
        title="digits, my way",
        data=Data("digits", validation=0.2, scale="unit", flatten=True),
        layers=(
            Part(
                "Dense", {"units": 32, "activation": "relu", "kernel_regularizer": Part("L2", {})}
            ),
            Part("Dropout", {"rate": 0.5}),
            Part("Dense", {"units": 10, "activation": "softmax", "name": "out"}),
        ),
        compile=Compile(
            Part("Adam", {"learning_rate": 0.01}),
            Part("sparse_categorical_crossentropy"),
            (Part("accuracy"),),
        ),
        fit=Fit(epochs=5, batch_size=64),
        callbacks=(Part("EarlyStopping", {"patience": 2, "restore_best_weights": True}),),
    )


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    """Return a run that has just begun."""
    return create_run(tmp_path / "runs", "digits", toml.dumps(Experiment()))
