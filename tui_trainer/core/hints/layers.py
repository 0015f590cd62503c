"""What is known beforehand of the parameters of layers that learn, pool, reshape or regularize."""

from __future__ import annotations

from tui_trainer.core.catalogue import Kind
from tui_trainer.core.hints.hint import (
    ACTIVATIONS,
    POLICIES,
    Hint,
    Hints,
    choice,
    flag,
    integer,
    integers,
    number,
    part,
    rare,
    share,
    words,
)

_SUFFIXED: Hints = {
    f"{weights}_{suffix}": part(group, text.format(what), optional)
    for weights, what in {
        "kernel": "the weights",
        "bias": "the biases",
        "recurrent": "the weights on the state",
        "depthwise": "the weights of each channel's own filters",
        "pointwise": "the weights that mix the channels",
        "embeddings": "the vectors",
        "alpha": "the slopes",
        "beta": "the numbers that are added",
        "gamma": "the numbers that are multiplied by",
        "moving_mean": "the running means",
        "moving_variance": "the running variances",
    }.items()
    for suffix, group, text, optional in (
        ("initializer", "initializers", "How {} start.", False),
        ("regularizer", "regularizers", "A penalty that keeps {} small.", True),
        ("constraint", "constraints", "A limit on {}, applied after each step.", True),
    )
    if not (weights.startswith("moving") and suffix != "initializer")
}
_MAIN_WEIGHTS = ("kernel_initializer", "kernel_regularizer", "embeddings_initializer")

_COMMON: Hints = {
    "units": integer("How many numbers the layer puts out for each sample."),
    "return_sequences": flag("Whether every step puts out a value, or only the last."),
    "dropout": share("The share of inputs set to 0 at random while training."),
    "activation": Hint(
        Kind.CHOICE, "The function applied to the output.", group=ACTIVATIONS, optional=True
    ),
    "filters": integer("How many patterns the layer learns to see: its output channels."),
    "kernel_size": integers("How large a patch each filter looks at."),
    "pool_size": integers("How large a patch becomes one value."),
    "strides": integers("How far the patch moves at each step."),
    **{
        f"{kind}Pooling{n}D.strides": integers(
            "How far the patch moves at each step; none is its own size."
        )
        for kind in ("Average", "Max")
        for n in (1, 2, 3)
    },
    "padding": choice("`same` keeps the size; `valid` uses whole patches only.", "valid", "same"),
    "Conv1D.padding": choice(
        "`same` keeps the size, `causal` looks only back, `valid` uses whole patches only.",
        *("valid", "same", "causal"),
    ),
    "depth_multiplier": integer("How many outputs each input channel gets."),
    "output_size": integers("How many values are left along each dimension."),
    "input_dim": integer("How many different numbers come in: one more than the largest."),
    "output_dim": integer("How many numbers stand for each."),
    "mask_zero": flag("Whether 0 means padding, which later layers then pass over."),
    "mask_value": number("A step that holds only this value is passed over.", None),
    "EinsumDense.equation": words("Which dimensions are multiplied and summed: `ab,bc->ac`."),
    "EinsumDense.output_shape": Hint(
        Kind.SHAPE,
        "The shape of the output without the batch; none where it is the input's.",
        least=1,
    ),
    "cell": part("cells", "What is computed at each step of the sequence."),
    "cells": Hint(Kind.PARTS, "The cells, each on top of the last.", group="cells", many=True),
    "layer": part("layers", "The layer that is wrapped."),
    "Pipeline.layers": Hint(
        Kind.PARTS, "The layers that are applied one after another.", group="layers", many=True
    ),
    "merge_mode": choice(
        "How the two directions are joined.", "concat", "sum", "mul", "ave", optional=True
    ),
    "momentum": share("How much of the old average each step keeps."),
    "GroupNormalization.groups": integer("Into how many groups the channels are divided.", -1),
    "power_iterations": integer("How often the estimate is refined at each step."),
    "rate": share("The share of values set to 0 at random while training."),
    "GaussianDropout.rate": share("How strong the noise is, as the share that Dropout would drop."),
    "GaussianNoise.stddev": share("Standard deviation of the noise."),
    "l1": number("Weight of the sum of absolute values."),
    "l2": number("Weight of the sum of squares."),
    "target_shape": integers("The new shape of a sample; -1 stands for the rest.", -1, many=True),
    "dims": integers("The new order of the dimensions, counted from 1.", many=True),
    "n": integer("How often the input is repeated."),
    "cropping": Hint(Kind.PAIRS, "How many rows are cut off at each side.", least=0),
    **{
        f"ZeroPadding{n}D.padding": Hint(
            Kind.PAIRS, "How many rows of zeros are put round it.", least=0
        )
        for n in (1, 2, 3)
    },
    "size": integers("How often each value is repeated along each dimension."),
    "UpSampling2D.interpolation": choice(
        "How values between pixels are found.",
        *("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"),
    ),
    "negative_slope": number("How much of a negative input comes through."),
    "ReLU.max_value": number("Where the output stops growing."),
    "ELU.alpha": number("How far a negative input reaches down."),
    "layers.name": words("A name of its own, for the summary and for messages."),
}

_RARE: Hints = {
    "recurrent_activation": Hint(
        Kind.CHOICE, "The function inside the gates.", group=ACTIVATIONS, optional=True
    ),
    "use_bias": flag("Whether a learned number is added to each output."),
    "activity_regularizer": part("regularizers", "A penalty on the output.", True),
    "dilation_rate": integers("How far apart the inputs of a filter lie."),
    "groups": integer("Into how many groups the channels are divided."),
    "output_padding": integers("How much larger the output is made at one side.", 0),
    "data_format": choice(
        "Where the channels stand in the shape.", "channels_last", "channels_first"
    ),
    "keepdims": flag("Whether the pooled dimensions stay, with size 1."),
    "lora_rank": integer("Rank of small weights that are trained in place of the large ones."),
    "lora_alpha": number("How strongly those small weights count."),
    "EinsumDense.bias_axes": words("The letters of the output that get a bias of their own."),
    "tie_weights": flag("Whether the way back to words uses the same weights."),
    "reverse_dtype": choice("The precision of the way back to words.", *POLICIES[:4]),
    "logit_soft_cap": number("Bends the outputs of the way back so that they stay below this."),
    "recurrent_dropout": share("The share of the state set to 0 at random while training."),
    "return_state": flag("Whether the state is put out too, which a stack cannot use."),
    "go_backwards": flag("Whether the sequence is read from its end."),
    "stateful": flag("Whether the state is kept from batch to batch."),
    "unroll": flag("Whether the loop over the steps is written out: faster, but larger."),
    "use_cudnn": Hint(
        Kind.BOOLEAN, "Whether a GPU's own kernel is used; auto uses it if it can.", ("auto",)
    ),
    "unit_forget_bias": flag("Whether the forget gate starts open."),
    "reset_after": flag("Whether the reset gate comes after the multiplication, as cuDNN has it."),
    "zero_output_for_mask": flag("Whether a step that is masked puts out zeros."),
    "backward_layer": part("layers", "The layer that reads backwards; none takes a copy.", True),
    "axis": integers("The dimension it works along; -1 is the last.", None),
    **{
        f"{name}.axis": integer("The dimension that holds the channels; -1 is the last.", None)
        for name in ("BatchNormalization", "GroupNormalization")
    },
    "epsilon": number("A small number that avoids division by 0."),
    "center": flag("Whether a learned number is added."),
    **{
        f"{name}.scale": flag("Whether the output is multiplied by a learned number.")
        for name in ("BatchNormalization", "GroupNormalization", "LayerNormalization")
    },
    "renorm": flag("Whether batch renormalization corrects the figures of small batches."),
    "renorm_momentum": share("How much of the old correction each step keeps."),
    "synchronized": flag("Whether the devices share their figures at each step."),
    "noise_shape": Hint(
        Kind.SHAPE,
        "The shape of the mask that drops values; none is the input's size.",
        least=1,
        many=True,
    ),
    "seed": integer("Seed of its own randomness; none takes the run's.", 0),
    "shared_axes": integers("The dimensions that share one slope, counted from 1.", many=True),
    "ReLU.threshold": number("Up to which input the slope holds."),
    "trainable": flag("Whether training changes the weights."),
    "name": words("A name of its own."),
    "dtype": choice("The precision that it computes in; none is the run's.", *POLICIES),
}

HINTS: Hints = {
    **_COMMON,
    **{name: _SUFFIXED[name] for name in _MAIN_WEIGHTS},
    **rare({name: hint for name, hint in _SUFFIXED.items() if name not in _MAIN_WEIGHTS}),
    **rare(_RARE),
}
"""By parameter name."""
