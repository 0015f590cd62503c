"""The classes of the installed Keras, by group and by every name that Keras takes for them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import keras
from keras.src import initializers, losses, metrics, optimizers

from tui_trainer.core.catalogue import GROUPS

_MODULES: Mapping[str, ModuleType] = {
    group: keras.optimizers.schedules if group == "schedules" else getattr(keras, group)
    for group in GROUPS
}
_TABLES: Mapping[str, Mapping[str, Any]] = {
    "optimizers": optimizers.ALL_OBJECTS_DICT,
    "losses": losses.ALL_OBJECTS_DICT,
    "metrics": metrics.ALL_OBJECTS_DICT,
    "initializers": initializers.ALL_OBJECTS_DICT,
    "regularizers": keras.src.regularizers.ALL_OBJECTS_DICT,
    "constraints": keras.src.constraints.ALL_OBJECTS_DICT,
}
"""Keras' own tables of the names that `get` takes."""

LEFT_OUT: Mapping[str, str] = {
    **dict.fromkeys(("Lambda", "LambdaCallback", "MeanMetricWrapper"), "takes Python code"),
    **dict.fromkeys(("LearningRateScheduler",), "takes Python code"),
    **dict.fromkeys(("TFSMLayer", "JaxLayer", "FlaxLayer"), "wraps a foreign model"),
    **dict.fromkeys(("TorchModuleWrapper",), "wraps a foreign model"),
    **dict.fromkeys(("Add", "Average", "Concatenate", "Dot", "Maximum"), "takes several inputs"),
    **dict.fromkeys(("Minimum", "Multiply", "Subtract"), "takes several inputs"),
    **dict.fromkeys(("Attention", "AdditiveAttention"), "takes several inputs"),
    **dict.fromkeys(("MultiHeadAttention", "GroupedQueryAttention"), "takes several inputs"),
    **dict.fromkeys(("HashedCrossing",), "takes several inputs"),
    **dict.fromkeys(("MixUp", "CutMix", "MaxNumBoundingBoxes"), "takes labels or boxes"),
    **dict.fromkeys(("StringLookup", "TextVectorization"), "takes text, which is no number"),
    **dict.fromkeys(("GRUCell", "LSTMCell", "SimpleRNNCell"), "is a part of RNN"),
    **dict.fromkeys(("StackedRNNCells", "RNN", "Pipeline"), "takes a list of objects"),
    **dict.fromkeys(("Layer", "Wrapper", "Optimizer", "Loss", "Metric"), "is a base class"),
    **dict.fromkeys(("Initializer", "Regularizer", "Constraint"), "is a base class"),
    **dict.fromkeys(("LearningRateSchedule", "Callback"), "is a base class"),
    **dict.fromkeys(("Mean", "Sum"), "compares nothing with the labels"),
    **dict.fromkeys(("Accuracy",), "counts exact equality; accuracy is what fits the labels"),
    **dict.fromkeys(("InputLayer", "InputSpec"), "is made of the data"),
    **dict.fromkeys(("CallbackList", "History", "ProgbarLogger"), "is Keras' own in every run"),
    **dict.fromkeys(("RemoteMonitor", "OrbaxCheckpoint"), "needs another package"),
    **dict.fromkeys(("LossScaleOptimizer",), "is put round the optimizer by mixed_float16"),
    **dict.fromkeys(("MultiOptimizer", "OptimizerMap"), "takes a list of objects"),
}
"""What Keras has and a form has not, with the reason."""


@cache
def classes(group: str) -> Mapping[str, type[Any]]:
    """Return the classes of a group by their own names, in the order of the alphabet."""
    found = {
        value.__name__: value
        for _, value in inspect.getmembers(_MODULES[group], inspect.isclass)
        if value.__name__ not in LEFT_OUT
    }
    return dict(sorted(found.items()))


@cache
def names(group: str) -> Mapping[str, type[Any]]:
    """Return the classes of a group by every name that Keras takes for them."""
    own = classes(group)
    known = set(own.values())
    exported = dict(inspect.getmembers(_MODULES[group], inspect.isclass))
    aliases = {name: cls for name, cls in exported.items() if cls in known}
    return {**dict(_tabled(group, own)), **aliases, **own}


def takes_name(name: str, group: str) -> bool:
    """Return whether Keras itself makes an object of a group out of its bare name.

    It then draws the object's seed when the layer's turn comes, as in a script.
    """
    return name in _TABLES.get(group, {})


def aliases_of(group: str, cls: type[Any]) -> tuple[str, ...]:
    """Return the other names that Keras takes for a class, the shortest first."""
    found = (name for name, value in names(group).items() if value is cls and name != cls.__name__)
    return tuple(sorted(found, key=lambda name: (len(name), name)))


def activation_names() -> tuple[str, ...]:
    """Return the names of Keras' activation functions."""
    table = keras.src.activations.ALL_OBJECTS_DICT
    return tuple(sorted(table))


def _tabled(group: str, own: Mapping[str, type[Any]]) -> Iterator[tuple[str, type[Any]]]:
    """Yield the names of Keras' table; a function stands for the class that has its name."""
    by_function = {_plain(name): cls for name, cls in own.items()}
    for name, value in _TABLES.get(group, {}).items():
        cls = value if inspect.isclass(value) else by_function.get(_plain(value.__name__))
        if cls is not None and cls in own.values():
            yield name, cls


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
