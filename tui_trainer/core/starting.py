"""The part that "add" inserts: what is required is filled in, and what most people would change."""

from __future__ import annotations

from collections.abc import Mapping

from tui_trainer.core.catalogue import Entry
from tui_trainer.core.experiment import Part, Value


def starting(entry: Entry) -> Part:
    """Return a part of a class to begin with, which lacks nothing that is required."""
    needed = [param.name for param in entry.params if param.required]
    usual = {name: _USUAL[name] for name in needed if name in _USUAL}
    return Part(entry.name, {**usual, **HABITS.get(entry.name, {})})


_USUAL: Mapping[str, Value] = {
    "units": 64,
    "filters": 32,
    "kernel_size": 3,
    "pool_size": 2,
    "output_size": 2,
    "rate": 0.2,
    "stddev": 0.1,
    "factor": 0.1,
    "height": 32,
    "width": 32,
    "height_factor": 0.1,
    "width_factor": 0.1,
    "input_dim": 10000,
    "output_dim": 16,
    "n": 2,
    "dims": (2, 1),
    "target_shape": (-1,),
    "activation": "relu",
    "num_classes": 2,
    "target_class_ids": (0, 1),
    "precision": 0.5,
    "recall": 0.5,
    "sensitivity": 0.5,
    "specificity": 0.5,
    "initial_learning_rate": 0.001,
    "decay_steps": 1000,
    "first_decay_steps": 1000,
    "decay_rate": 0.9,
}
"""What a required parameter is set to, by its name."""

_RELU: Mapping[str, Value] = {"activation": "relu"}
_LSTM = Part("LSTM", {"units": 32})
HABITS: Mapping[str, Mapping[str, Value]] = {
    **dict.fromkeys(("Dense", "Conv1D", "Conv2D", "Conv3D"), _RELU),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), _RELU),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), _RELU),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), _RELU),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), {"units": 32}),
    **dict.fromkeys(("LSTMCell", "GRUCell", "SimpleRNNCell"), {"units": 32}),
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), {"filters": 16}),
    "EinsumDense": {"equation": "ab,bc->ac", "output_shape": 64, "activation": "relu"},
    "RNN": {"cell": Part("LSTMCell", {"units": 32})},
    "StackedRNNCells": {
        "cells": (Part("LSTMCell", {"units": 32}), Part("LSTMCell", {"units": 16}))
    },
    "Bidirectional": {"layer": _LSTM},
    "TimeDistributed": {"layer": Part("Dense", {"units": 16, "activation": "relu"})},
    "SpectralNormalization": {"layer": Part("Dense", {"units": 64, "activation": "relu"})},
    "Pipeline": {
        "layers": (
            Part("RandomFlip", {"mode": "horizontal"}),
            Part("RandomRotation", {"factor": 0.1}),
        )
    },
    **dict.fromkeys(("CenterCrop", "RandomCrop"), {"height": 24, "width": 24}),
    "RepeatVector": {"n": 10},
    "Rescaling": {"scale": 1 / 255},
    "Cropping2D": {"cropping": ((1, 1), (1, 1))},
    "ActivityRegularization": {"l2": 0.01},
    "L1L2": {"l1": 0.01, "l2": 0.01},
    # Layers that learn from data before training, unless they are told what they would learn.
    "Normalization": {"mean": 0.0, "variance": 1.0},
    "Discretization": {"bin_boundaries": (0.25, 0.5, 0.75)},
    "IntegerLookup": {"vocabulary": (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)},
    "StringLookup": {"vocabulary": ("no", "yes")},
    "TextVectorization": {"vocabulary": ("the", "a", "good", "bad")},
    "CategoryEncoding": {"num_tokens": 10},
    "Hashing": {"num_bins": 100},
    "RandomFlip": {"mode": "horizontal"},
    "RandomPosterization": {"factor": 4},
    "RandomShear": {"x_factor": 0.1, "y_factor": 0.1},
    "RandomColorJitter": {
        "brightness_factor": 0.1,
        "contrast_factor": 0.1,
        "saturation_factor": 0.4,
        "hue_factor": 0.1,
    },
    "Solarization": {"addition_factor": 0.1, "threshold_factor": 0.5},
    "PiecewiseConstantDecay": {"boundaries": (1000, 2000), "values": (0.001, 0.0005, 0.0001)},
    "LossScaleOptimizer": {"inner_optimizer": Part("Adam")},
    "EarlyStopping": {"patience": 3, "restore_best_weights": True},
    "ModelCheckpoint": {"save_best_only": True},
    "ReduceLROnPlateau": {"factor": 0.5, "patience": 3},
}
"""What else one would set at once, by class; it wins over the usual."""
