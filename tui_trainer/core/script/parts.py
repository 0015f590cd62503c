"""A part of an experiment as Python source: `layers.Dense(64, activation="relu")`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui_trainer.core.experiment import Part, Value
from tui_trainer.core.hints import hint_for
from tui_trainer.core.hints.hint import ACTIVATIONS, FLOATS, Hint
from tui_trainer.core.problem import Where
from tui_trainer.core.script.source import (
    Code,
    Item,
    call,
    grouped,
    is_name,
    named,
    number,
    quoted,
)

MODULES: Mapping[str, str] = {
    **dict.fromkeys(("layers", "cells"), "layers"),
    "schedules": "keras.optimizers.schedules",
    **{
        group: f"keras.{group}"
        for group in (
            *("optimizers", "losses", "metrics", "callbacks"),
            *("initializers", "regularizers", "constraints"),
        )
    },
}
"""Where a script finds the classes of each group."""

_FIRST: Mapping[str, tuple[str, ...]] = {
    name: tuple(params.split())
    for params, names in {
        "units": "Dense SimpleRNN GRU LSTM SimpleRNNCell GRUCell LSTMCell",
        "filters kernel_size": "Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose "
        "Conv3DTranspose SeparableConv1D SeparableConv2D ConvLSTM1D ConvLSTM2D ConvLSTM3D",
        "kernel_size": "DepthwiseConv1D DepthwiseConv2D",
        "pool_size": "MaxPooling1D MaxPooling2D MaxPooling3D "
        "AveragePooling1D AveragePooling2D AveragePooling3D",
        "rate": "Dropout AlphaDropout GaussianDropout "
        "SpatialDropout1D SpatialDropout2D SpatialDropout3D",
        "stddev": "GaussianNoise",
        "input_dim output_dim": "Embedding",
        "layer": "Bidirectional TimeDistributed SpectralNormalization",
        **{"cell": "RNN", "cells": "StackedRNNCells", "layers": "Pipeline"},
        "inner_optimizer": "LossScaleOptimizer",
        "activation": "Activation",
        "target_shape": "Reshape",
        "dims": "Permute",
        "n": "RepeatVector",
        "size": "UpSampling1D UpSampling2D UpSampling3D",
        "padding": "ZeroPadding1D ZeroPadding2D ZeroPadding3D",
        "cropping": "Cropping1D Cropping2D Cropping3D",
        "scale": "Rescaling",
        "height width": "Resizing CenterCrop RandomCrop",
        "mode": "RandomFlip",
        "factor": "RandomBrightness RandomContrast RandomRotation",
        "height_factor width_factor": "RandomTranslation RandomZoom",
        "filepath": "ModelCheckpoint",
        "filename": "CSVLogger",
        "backup_dir": "BackupAndRestore",
    }.items()
    for name in names.split()
}
"""The first parameters of a class that everybody gives by their place alone."""

_SHORT: Mapping[str, str] = {
    **dict.fromkeys(("bce", "BCE"), "BinaryCrossentropy"),
    **dict.fromkeys(("kld", "KLD"), "KLDivergence"),
    **dict.fromkeys(("mae", "MAE"), "MeanAbsoluteError"),
    **dict.fromkeys(("mape", "MAPE"), "MeanAbsolutePercentageError"),
    **dict.fromkeys(("mse", "MSE"), "MeanSquaredError"),
    **dict.fromkeys(("msle", "MSLE"), "MeanSquaredLogarithmicError"),
    **{"auc": "AUC", "ctc": "CTC", "kl_divergence": "KLDivergence"},
    **{"sgd": "SGD", "rmsprop": "RMSprop", "adamw": "AdamW"},
    **{"schedulefreeadamw": "ScheduleFreeAdamW", "lossscaleoptimizer": "LossScaleOptimizer"},
    **{"one": "Ones", "zero": "Zeros", "normal": "RandomNormal", "uniform": "RandomUniform"},
    **{"l1l2": "L1L2", "stft": "STFT"},
}
"""Names that Keras takes for a class, where the class is not called so in capitals."""


def object_code(part: Part, group: str, key: Where = ()) -> Code:
    """Return what stands for a part: its name as text if that is all there is, else a call."""
    if not part.params and class_name(part.type) != part.type:
        return quoted(part.type)
    return call_code(part, group, key)


def call_code(part: Part, group: str, key: Where = ()) -> Code:
    """Return the call that makes a part; `key` is its place in the experiment."""
    name = class_name(part.type)
    arguments = {
        param: Item(_value(name, param, value), key=(*key, param) if key else ())
        for param, value in part.params.items()
    }
    first = tuple(leading(name, part.params))
    rest = {param: item for param, item in arguments.items() if param not in first}
    return call(
        _attribute(MODULES.get(group, "keras.layers"), name),
        *(arguments[param] for param in first),
        *named(rest),
    )


def value_code(value: Value, group: str = "") -> Code:
    """Return the expression for a value; `group` is that of a part that it may be."""
    match value:
        case Part():
            return call_code(value, group)
        case str() if group == "optimizers":  # Keras takes no name of one inside another.
            return call_code(Part(value), group)
        case tuple():
            return grouped(value_code(item, group) for item in value)
        case str():
            return quoted(value)
        case float():
            return number(value)
        case _:
            return repr(value)


def class_name(name: str) -> str:
    """Return the class that one of Keras' names stands for: `HeNormal` for `he_normal`."""
    if name in _SHORT or not name[:1].islower():
        return _SHORT.get(name, name)
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def leading(name: str, params: Mapping[str, Value]) -> Iterator[str]:
    """Yield the arguments that one gives by place: the first parameters, up to one not set."""
    for param in _FIRST.get(name, ()):
        if param not in params:
            return
        yield param


def _value(owner: str, name: str, value: Value) -> Code:
    hint = hint_for("", owner, name) or Hint()
    if isinstance(value, Part) and not value.params and hint.group == ACTIVATIONS:
        return quoted(value.type)
    if isinstance(value, int) and not isinstance(value, bool) and hint.kind in FLOATS:
        value = float(value)
    code = value_code(value, hint.group)
    alone = hint.many and value is not None and not isinstance(value, tuple)
    return grouped([code]) if alone else code


def _attribute(module: str, name: str) -> str:
    """Return a class of a module; of a name that can be none, what at least is no other code."""
    return f"{module}.{name}" if is_name(name) else f"getattr({module}, {quoted(name)})"
