"""The classes of the installed Keras, by group and by every name that Keras takes for them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import keras
from keras.src import initializers, losses, metrics, optimizers

_ELSEWHERE: Mapping[str, ModuleType] = {
    "schedules": keras.optimizers.schedules,
    "cells": keras.layers,
}
_CELLS = ("GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells")
"""The layers that are of use inside an RNN only."""
_TABLES: Mapping[str, Mapping[str, Any]] = {
    "optimizers": optimizers.ALL_OBJECTS_DICT,
    "losses": losses.ALL_OBJECTS_DICT,
    "metrics": metrics.ALL_OBJECTS_DICT,
    "initializers": initializers.ALL_OBJECTS_DICT,
    "regularizers": keras.src.regularizers.ALL_OBJECTS_DICT,
    "constraints": keras.src.constraints.ALL_OBJECTS_DICT,
}
"""Keras' own tables of the names that `get` takes."""

_ADAPT = "is for adapt(), which no run calls"

LEFT_OUT: Mapping[str, str] = {
    **dict.fromkeys(("Lambda", "LambdaCallback", "LearningRateScheduler"), "takes Python code"),
    **dict.fromkeys(("MeanMetricWrapper",), "takes Python code"),
    **dict.fromkeys(("TFSMLayer", "JaxLayer", "FlaxLayer"), "runs the code of a foreign model"),
    **dict.fromkeys(("TorchModuleWrapper",), "runs the code of a foreign model"),
    **dict.fromkeys(("Add", "Average", "Concatenate", "Dot", "Maximum"), "takes several inputs"),
    **dict.fromkeys(("Minimum", "Multiply", "Subtract"), "takes several inputs"),
    **dict.fromkeys(("Attention", "AdditiveAttention"), "takes several inputs"),
    **dict.fromkeys(("MultiHeadAttention", "GroupedQueryAttention"), "takes several inputs"),
    **dict.fromkeys(("HashedCrossing",), "takes several inputs"),
    **dict.fromkeys(("MixUp", "CutMix"), "mixes labels too, which a layer of a stack never sees"),
    **dict.fromkeys(("MaxNumBoundingBoxes",), "takes boxes, which no data set here has"),
    **dict.fromkeys(("Equalization",), "closes a cycle in every model, a fault of this Keras"),
    **dict.fromkeys(("Layer", "Wrapper", "Optimizer", "Loss", "Metric"), "is a base class"),
    **dict.fromkeys(("Initializer", "Regularizer", "Constraint"), "is a base class"),
    **dict.fromkeys(("LearningRateSchedule", "Callback"), "is a base class"),
    **dict.fromkeys(("Mean", "Sum"), "compares nothing with the labels"),
    **dict.fromkeys(("InputLayer", "InputSpec"), "is made of the data"),
    **dict.fromkeys(("CallbackList", "History", "ProgbarLogger"), "is Keras' own in every run"),
    **dict.fromkeys(("OrbaxCheckpoint",), "needs a package that is not installed"),
    **dict.fromkeys(("MultiOptimizer", "OptimizerMap"), "takes a dictionary of optimizers"),
}
"""The classes that Keras has and a form has not, with the reason."""
PARAMS_LEFT_OUT: Mapping[str, str] = {
    **dict.fromkeys(("Bidirectional.weights", "Embedding.weights"), "takes arrays"),
    **dict.fromkeys(("BatchNormalization.renorm_clipping",), "takes a dictionary"),
    **dict.fromkeys(("RemoteMonitor.headers",), "takes a dictionary"),
    **dict.fromkeys(("Dense.quantization_config",), "takes an object that quantizes"),
    **dict.fromkeys(("EinsumDense.quantization_config",), "takes an object that quantizes"),
    **dict.fromkeys(("Embedding.quantization_config",), "takes an object that quantizes"),
    **dict.fromkeys(("EinsumDense.gptq_unpacked_column_size",), "is set by what quantizes"),
    **dict.fromkeys(("IntegerLookup.dtype", "StringLookup.dtype"), "is passed over by Keras"),
    **dict.fromkeys(("IntegerLookup.trainable", "StringLookup.trainable"), "learns nothing"),
    **dict.fromkeys(("Discretization.num_bins", "Discretization.epsilon"), _ADAPT),
    "layers.activity_regularizer": "is lost on saving; ActivityRegularization is a layer for it",
    "layers.autocast": "is for layers that are written in Python",
}
"""The parameters that Keras has and a form has not, as `Class.name`, with the reason.

`layers.name` stands for all layers that do not themselves say that they take it.
"""
ACTIVATIONS_LEFT_OUT: Mapping[str, str] = {
    "glu": "halves its input, which no layer expects",
    "threshold": "needs numbers of its own",
}
"""The activation functions that Keras has and a form has not, with the reason."""


@cache
def classes(group: str) -> Mapping[str, type[Any]]:
    """Return the classes of a group by their own names, in the order of the alphabet."""
    found = {cls.__name__: cls for cls in _exported(group).values() if cls.__name__ not in LEFT_OUT}
    return dict(sorted(found.items()))


@cache
def names(group: str) -> Mapping[str, type[Any]]:
    """Return the classes of a group by every name that Keras takes for them."""
    own = classes(group)
    known = set(own.values())
    aliases = {name: cls for name, cls in _exported(group).items() if cls in known}
    return {**dict(_tabled(group, own)), **aliases, **own}


def takes_name(name: str, group: str) -> bool:
    """Return whether Keras itself makes an object of a group, inside another, out of its bare name.

    It then draws the object's seed when the layer's turn comes, as in a script. An optimizer inside
    another has to be one.
    """
    return group != "optimizers" and name in _TABLES.get(group, {})


def aliases_of(group: str, cls: type[Any]) -> tuple[str, ...]:
    """Return the other names that Keras takes for a class, the shortest first."""
    found = (name for name, value in names(group).items() if value is cls and name != cls.__name__)
    return tuple(sorted(found, key=lambda name: (len(name), name)))


def activation_names() -> tuple[str, ...]:
    """Return the names of Keras' activation functions."""
    table = keras.src.activations.ALL_OBJECTS_DICT
    return tuple(sorted(name for name in table if name not in ACTIVATIONS_LEFT_OUT))


def _exported(group: str) -> Mapping[str, type[Any]]:
    """Return the classes in Keras' module of a group, by every name that they have there."""
    module = _ELSEWHERE.get(group) or getattr(keras, group)
    found = dict(inspect.getmembers(module, inspect.isclass))
    if module is keras.layers:
        return {name: cls for name, cls in found.items() if (name in _CELLS) == (group == "cells")}
    return found


def _tabled(group: str, own: Mapping[str, type[Any]]) -> Iterator[tuple[str, type[Any]]]:
    """Yield the names of Keras' table; a function stands for the class that has its name."""
    by_function = {_plain(name): cls for name, cls in own.items()}
    for name, value in _TABLES.get(group, {}).items():
        cls = value if inspect.isclass(value) else by_function.get(_plain(value.__name__))
        if cls is not None and cls in own.values() and (group, name) != _CHOSEN:
            yield name, cls


_CHOSEN = ("metrics", "accuracy")
"""The name for which Keras picks the class that fits the labels: not `Accuracy`."""


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
