"""What Keras' signatures do not say of a parameter: its kind, its range, and a line of help.

One table, by parameter name, or by `Class.name` where a class means something else by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui_trainer.core.catalogue import Kind


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of a parameter beforehand."""

    kind: Kind | None = None
    help: str = ""
    choices: tuple[str, ...] = ()
    group: str = ""
    least: float | None = None
    most: float | None = None
    main: bool = True
    optional: bool = False
    """Whether `none` is a value of it even where it is not the default."""


ACTIVATIONS = "activations"
"""Stands in `Hint.group` for the names of Keras' activation functions."""


def hint_for(owner: str, name: str) -> Hint | None:
    """Return what is known of a class's parameter."""
    found = HINTS.get(f"{owner}.{name}") or HINTS.get(name)
    if found is None:
        suffix = name.rpartition("_")[2]
        return _BY_SUFFIX.get(suffix) if suffix != name else None
    return found


def group_of(owner: str, name: str) -> str:
    """Return the group that a part in this parameter belongs to, or nothing."""
    hint = hint_for(owner, name)
    return hint.group if hint else ""


def _integer(help: str, least: int | None = 1, main: bool = True) -> Hint:  # noqa: A002
    return Hint(Kind.INTEGER, help, least=least, main=main)


def _number(help: str, least: float | None = 0, main: bool = True) -> Hint:  # noqa: A002
    return Hint(Kind.FLOAT, help, least=least, main=main)


def _share(help: str, main: bool = True) -> Hint:  # noqa: A002
    return Hint(Kind.FLOAT, help, least=0, most=1, main=main)


def _flag(help: str, main: bool = False) -> Hint:  # noqa: A002
    return Hint(Kind.BOOLEAN, help, main=main)


def _choice(help: str, *choices: str, main: bool = True) -> Hint:  # noqa: A002
    return Hint(Kind.CHOICE, help, choices=choices, main=main)


def _sizes(help: str, main: bool = True) -> Hint:  # noqa: A002
    return Hint(Kind.INTEGERS, help, least=1, main=main)


def _part(group: str, help: str, main: bool = True, optional: bool = False) -> Hint:  # noqa: A002
    return Hint(Kind.PART, help, group=group, main=main, optional=optional)


_FILE = "A relative path lies inside the run's folder."
_BY_SUFFIX = {
    "initializer": _part("initializers", "How these weights start.", main=False),
    "regularizer": _part("regularizers", "A penalty on these weights.", False, True),
    "constraint": _part("constraints", "A limit on these weights.", False, True),
}

HINTS: dict[str, Hint] = {
    # Layers
    "units": _integer("How many numbers the layer puts out for each sample."),
    "filters": _integer("How many patterns the layer learns to see: its output channels."),
    "kernel_size": _sizes("How large a patch each filter looks at."),
    "pool_size": _sizes("How large a patch becomes one value."),
    "strides": _sizes("How far the patch moves at each step."),
    "dilation_rate": _sizes("How far apart the inputs of a filter lie.", main=False),
    "output_size": _sizes("How many values are left along each dimension."),
    "size": _sizes("How often each value is repeated along each dimension."),
    "depth_multiplier": _integer("How many outputs each input channel gets."),
    "groups": _integer("Into how many groups the channels are divided.", main=False),
    "padding": _choice("`same` keeps the size; `valid` uses whole patches only.", "valid", "same"),
    "Conv1D.padding": _choice(
        "`same` keeps the size, `causal` looks only back, `valid` uses whole patches only.",
        *("valid", "same", "causal"),
    ),
    **{
        f"ZeroPadding{n}D.padding": Hint(Kind.ANY, "How many rows of zeros are put round it.")
        for n in (1, 2, 3)
    },
    "cropping": Hint(Kind.ANY, "How many rows are cut off at each side."),
    "data_format": _choice(
        "Where the channels stand in the shape.", "channels_last", "channels_first", main=False
    ),
    "activation": Hint(
        Kind.CHOICE, "The function applied to the output.", group=ACTIVATIONS, optional=True
    ),
    "recurrent_activation": Hint(
        Kind.CHOICE, "The function inside the gates.", group=ACTIVATIONS, main=False, optional=True
    ),
    "ReLU.threshold": _number("Up to which input the slope holds.", None, main=False),
    "ReLU.max_value": _number("Where the output stops growing."),
    "ELU.alpha": _number("How far a negative input reaches down."),
    "STFTSpectrogram.mode": Hint(Kind.TEXT, "What is put out.", main=False),
    "contrast_factor": Hint(Kind.ANY, "How strong it is at most.", main=False),
    "height_factor": Hint(Kind.ANY, "How far at most, as a share of the height."),
    "width_factor": Hint(Kind.ANY, "How far at most, as a share of the width."),
    "use_bias": _flag("Whether a learned number is added to each output."),
    "kernel_initializer": _part("initializers", "How the weights start."),
    "bias_initializer": _part("initializers", "How the biases start.", main=False),
    "kernel_regularizer": _part("regularizers", "A penalty that keeps weights small.", True, True),
    "activity_regularizer": _part("regularizers", "A penalty on the output.", False, True),
    "rate": _share("The share of values set to 0 at random while training."),
    "dropout": _share("The share of inputs set to 0 at random while training."),
    "recurrent_dropout": _share("The share of state set to 0 while training.", main=False),
    "seed": _integer("Seed of the layer's own randomness; none takes the run's.", 0, False),
    "stddev": _number("Standard deviation of the noise."),
    "noise_shape": Hint(Kind.INTEGERS, "The shape of the mask that drops values.", main=False),
    "input_dim": _integer("How many different numbers come in: one more than the largest."),
    "output_dim": _integer("How many numbers stand for each."),
    "mask_zero": _flag("Whether 0 means padding, which later layers then pass over."),
    "weights": Hint(Kind.ANY, "Weights to start with.", main=False),
    "target_shape": Hint(Kind.INTEGERS, "The new shape of a sample; -1 stands for the rest."),
    "dims": _sizes("The new order of the dimensions, from 1."),
    "n": _integer("How often the input is repeated."),
    "axis": Hint(None, "The dimension it works along; -1 is the last.", main=False),
    "momentum": _share("How much of the old average each step keeps."),
    "epsilon": _number("A small number that avoids division by 0.", main=False),
    "center": _flag("Whether a learned number is added."),
    "BatchNormalization.scale": _flag("Whether the output is multiplied by a learned number."),
    "GroupNormalization.scale": _flag("Whether the output is multiplied by a learned number."),
    "LayerNormalization.scale": _flag("Whether the output is multiplied by a learned number."),
    "GroupNormalization.groups": _integer("Into how many groups the channels are divided.", -1),
    "negative_slope": _number("How much of a negative input comes through."),
    "Rescaling.scale": _number("What every input is multiplied by.", None),
    "offset": _number("What is added after that.", None),
    "return_sequences": _flag("Whether every step puts out a value, or only the last.", True),
    "return_state": Hint(Kind.BOOLEAN, "Whether the state is put out too.", main=False),
    "go_backwards": _flag("Whether the sequence is read from its end."),
    "stateful": _flag("Whether the state is kept from batch to batch."),
    "unroll": _flag("Whether the loop over the steps is written out."),
    "use_cudnn": Hint(Kind.ANY, "Whether a GPU's own kernel is used.", main=False),
    "layer": _part("layers", "The layer that is wrapped."),
    "backward_layer": _part("layers", "The layer that reads backwards.", False, True),
    "merge_mode": _choice(
        "How the two directions are joined.", "concat", "sum", "mul", "ave", main=True
    ),
    "mask_value": _number("A step that holds only this value is passed over.", None),
    "keepdims": _flag("Whether the pooled dimensions stay, with size 1."),
    "interpolation": _choice("How values between pixels are found.", "nearest", "bilinear"),
    "height": _integer("Rows of the output."),
    "width": _integer("Columns of the output."),
    "fill_mode": _choice(
        "What stands beyond the edge.", "reflect", "constant", "wrap", "nearest", main=False
    ),
    "fill_value": _number("The value beyond the edge.", None, main=False),
    "factor": Hint(Kind.ANY, "How strong it is at most: a number, or the lowest and highest."),
    "value_range": Hint(Kind.ANY, "The lowest and highest value of the images.", main=False),
    "RandomFlip.mode": _choice(
        "Which way images are flipped.", "horizontal", "vertical", "horizontal_and_vertical"
    ),
    "name": Hint(Kind.TEXT, "A name of its own.", main=False),
    "trainable": _flag("Whether training changes the weights."),
    "dtype": Hint(Kind.TEXT, "The precision that it computes in.", main=False),
    "lora_rank": _integer("Rank of the added low-rank weights.", main=False),
    "lora_alpha": _number("Weight of the added low-rank weights.", main=False),
    "quantization_config": Hint(Kind.ANY, "How the weights are quantized.", main=False),
    # Optimizers
    "learning_rate": Hint(
        Kind.NUMBER_OR_PART,
        "How large a step each update takes; or a schedule.",
        group="schedules",
        least=0,
    ),
    "nesterov": _flag("Whether momentum looks one step ahead.", True),
    "beta_1": _share("How long the mean of the gradients remembers."),
    "beta_2": _share("How long the mean of their squares remembers."),
    "rho": _share("How long the mean of the squared gradients remembers."),
    "amsgrad": _flag("Whether the largest mean of squares so far is used."),
    "centered": _flag("Whether the gradients' mean is taken away first."),
    "weight_decay": _number("How much each step shrinks the weights.", main=False),
    "clipnorm": _number("The largest length of each weight's gradient.", main=False),
    "clipvalue": _number("The largest value in a gradient.", main=False),
    "global_clipnorm": _number("The largest length of all gradients together.", main=False),
    "use_ema": _flag("Whether an average of the weights is kept, and used at the end."),
    "ema_momentum": _share("How long that average remembers.", main=False),
    "ema_overwrite_frequency": _integer("Steps until the average takes over.", main=False),
    "loss_scale_factor": _number("What the loss is multiplied by.", main=False),
    "gradient_accumulation_steps": _integer("Batches that make one step.", 2, main=False),
    # Schedules
    "initial_learning_rate": _number("The learning rate at the start."),
    "decay_steps": _integer("Batches until the rate has fallen."),
    "first_decay_steps": _integer("Batches until the first restart."),
    "decay_rate": _number("What the rate is multiplied by."),
    "end_learning_rate": _number("The learning rate at the end."),
    "staircase": _flag("Whether the rate falls in steps.", True),
    "boundaries": Hint(Kind.INTEGERS, "Batches after which the next value holds."),
    "values": Hint(Kind.ANY, "The learning rates: one more than the boundaries."),
    "warmup_target": _number("The rate that the warm-up climbs to.", main=False),
    "warmup_steps": _integer("Batches of warm-up.", 0, main=False),
    # Losses and metrics
    "from_logits": _flag("Whether the outputs are raw, without softmax or sigmoid.", True),
    "label_smoothing": _share("How far labels are moved towards uncertainty."),
    "reduction": Hint(
        Kind.CHOICE,
        "How the losses of a batch become one number.",
        choices=("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"),
        main=False,
    ),
    "delta": _number("Where the loss turns from a parabola into a line."),
    "alpha": _number("The weight of the rarer class, or the strength of the effect."),
    "gamma": _number("How strongly easy samples are passed over."),
    "threshold": Hint(Kind.FLOAT, "From which output on the answer is yes."),
    "thresholds": Hint(Kind.ANY, "From which output on the answer is yes.", main=False),
    "num_classes": _integer("How many classes there are."),
    "num_thresholds": _integer("How many thresholds the area is computed from.", 2, False),
    **dict.fromkeys(
        ("recall", "precision", "sensitivity", "specificity"),
        _share("The value that the other one is measured at."),
    ),
    "k": _integer("How many of the highest outputs count."),
    "top_k": _integer("How many of the highest outputs count.", main=False),
    "class_id": _integer("The one class that counts.", 0, main=False),
    "ignore_class": _integer("A label that does not count.", None, main=False),
    "average": _choice("How the classes' scores are joined.", "micro", "macro", "weighted"),
    "beta": _number("How much more recall counts than precision."),
    "curve": _choice("Which curve the area lies under.", "ROC", "PR"),
    # Initializers, regularizers, constraints
    "l1": _number("Weight of the sum of absolute weights."),
    "l2": _number("Weight of the sum of squared weights."),
    "mean": _number("The mean.", None),
    "minval": _number("The lowest value.", None),
    "maxval": _number("The highest value.", None),
    "value": _number("The value.", None),
    "gain": _number("What the values are multiplied by.", None),
    "VarianceScaling.mode": _choice("Which connections count.", "fan_in", "fan_out", "fan_avg"),
    "distribution": _choice(
        "How values are drawn.", "truncated_normal", "untruncated_normal", "uniform"
    ),
    "VarianceScaling.scale": _number("What the variance is multiplied by."),
    "OrthogonalRegularizer.factor": _number("How strong the penalty is."),
    "OrthogonalRegularizer.mode": _choice("What is to be orthogonal.", "rows", "columns"),
    "MinMaxNorm.rate": _share("How much of the way is gone at each step.", main=False),
    "max_value": _number("The largest length, or value.", None),
    "min_value": _number("The smallest length, or value.", None),
    # Callbacks
    "monitor": Hint(Kind.TEXT, "The metric that is watched, such as val_loss or val_accuracy."),
    "patience": _integer("Epochs without improvement that are waited for.", 0),
    "min_delta": _number("The least change that counts as an improvement.", main=False),
    "mode": _choice("Whether less or more is better.", "auto", "min", "max", main=False),
    "baseline": _number("The value to improve on from the start.", None, main=False),
    "restore_best_weights": _flag("Whether to go back to the weights of the best epoch.", True),
    "start_from_epoch": _integer("Epochs to wait before watching.", 0, main=False),
    "min_lr": _number("The learning rate it does not go below."),
    "ReduceLROnPlateau.factor": _share("What the learning rate is multiplied by."),
    "cooldown": _integer("Epochs to wait after a change.", 0, main=False),
    "save_best_only": _flag("Whether only an improvement is saved.", True),
    "save_weights_only": _flag("Whether only the weights are saved.", True),
    "save_freq": Hint(Kind.ANY, "`epoch`, or after how many batches.", main=False),
    "initial_value_threshold": _number("The value to improve on.", None, main=False),
    "verbose": _integer("Whether it writes to the log: 0 or 1.", 0, main=False),
    "filepath": Hint(Kind.TEXT, f"Where the model is saved. {_FILE}"),
    "filename": Hint(Kind.TEXT, f"Where the table is written. {_FILE}"),
    "log_dir": Hint(Kind.TEXT, f"Where TensorBoard's files are written. {_FILE}"),
    "backup_dir": Hint(Kind.TEXT, f"Where the backup lies. {_FILE}"),
    "separator": Hint(Kind.TEXT, "What stands between two columns."),
    "append": _flag("Whether an existing file is continued."),
}
"""What is known beforehand, by parameter name."""
