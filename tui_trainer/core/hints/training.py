"""What is known beforehand of the parameters of optimizers, schedules and callbacks."""

from __future__ import annotations

from tui_trainer.core.catalogue import Kind
from tui_trainer.core.hints.hint import (
    Hint,
    Hints,
    choice,
    flag,
    integer,
    integers,
    number,
    numbers,
    part,
    rare,
    share,
    words,
)

_OPTIMIZERS: Hints = {
    "learning_rate": Hint(
        Kind.NUMBER_OR_PART,
        "How large a step each update takes; or a schedule.",
        group="schedules",
        least=0,
    ),
    "SGD.momentum": share("How much of the last step is added to each."),
    "RMSprop.momentum": share("How much of the last step is added to each."),
    "Muon.momentum": share("How much of the last step is added to each."),
    "nesterov": flag("Whether momentum looks one step ahead."),
    "rho": share("How long the mean of the squared gradients remembers."),
    "AdamW.weight_decay": number("How much each step shrinks the weights."),
    "beta_1": share("How long the mean of the gradients remembers."),
    "beta_2": share("How long the mean of their squares remembers."),
    "Lion.beta_1": share("How much of each step is momentum, and not the newest gradient."),
    "Lion.beta_2": share("How long the momentum remembers."),
    "Adamax.beta_2": share("How long the largest gradient is remembered."),
    "ScheduleFreeAdamW.beta_1": share("How near to the averaged weights gradients are taken."),
    "beta_2_decay": number("How fast that memory grows; -0.8 is usual.", None, 0),
    "relative_step": flag("Whether the learning rate falls by itself as training goes on."),
    "inner_optimizer": part("optimizers", "The optimizer whose loss is scaled."),
    "initial_scale": number("What the loss is multiplied by at first."),
    "dynamic_growth_steps": integer("Steps without overflow until the scale is doubled."),
    **rare(
        {
            "ScheduleFreeAdamW.warmup_steps": integer("Steps until the rate is reached.", 0),
            "amsgrad": flag("Whether the largest mean of squares so far is used."),
            "centered": flag("Whether the gradients' mean is taken away first."),
            "clip_threshold": number("How large a step may be beside the usual one."),
            "epsilon_1": number("A very small number that avoids division by 0."),
            "epsilon_2": number("Keeps steps from getting too small."),
            "initial_accumulator_value": number("Where the sums of squares begin."),
            "learning_rate_power": number("How fast steps get smaller; 0 keeps them.", None, 0),
            "l1_regularization_strength": number("Weight of the sum of absolute weights."),
            "l2_regularization_strength": number("Weight of the sum of squared weights."),
            "l2_shrinkage_regularization_strength": number(
                "The same as a penalty on weights in use only."
            ),
            "Ftrl.beta": number("A number that makes the first steps smaller."),
            "adam_beta_1": share("`beta_1` where Adam is used in its place."),
            "adam_beta_2": share("`beta_2` where Adam is used in its place."),
            "adam_lr_ratio": number("Adam's learning rate beside the main one."),
            "adam_weight_decay": number("`weight_decay` where Adam is used in its place."),
            "exclude_layers": Hint(
                Kind.TEXTS, "Words in the names of layers that take Adam instead.", many=True
            ),
            "exclude_embeddings": flag("Whether embeddings take Adam instead."),
            **{
                f"muon_{letter}": number(f"Coefficient {letter} of the iteration.", None)
                for letter in "abc"
            },
            "ns_steps": integer("How many iterations make a step orthogonal."),
            "rms_rate": Hint(
                Kind.FLOAT, "Scales steps to the size of Adam's.", least=0, optional=True
            ),
            "weight_decay": number("How much each step shrinks the weights."),
            "clipnorm": number("The largest length of each weight's gradient."),
            "clipvalue": number("The largest value in a gradient."),
            "global_clipnorm": number("The largest length of all gradients together."),
            "use_ema": flag("Whether an average of the weights is kept, and used at the end."),
            "ema_momentum": share("How long that average remembers."),
            "ema_overwrite_frequency": integer("Steps until the average takes over."),
            "loss_scale_factor": number("What the loss is multiplied by."),
            "gradient_accumulation_steps": integer("Batches that make one step.", 2),
        }
    ),
}

_SCHEDULES: Hints = {
    "initial_learning_rate": number("The learning rate at the start."),
    "decay_steps": integer("Batches until the rate has fallen."),
    "first_decay_steps": integer("Batches until the first restart."),
    "decay_rate": number("What the rate is multiplied by."),
    "InverseTimeDecay.decay_rate": number("How fast the rate falls."),
    "end_learning_rate": number("The learning rate at the end."),
    "power": number("1 falls in a line, 2 in a parabola."),
    "cycle": flag("Whether the rate rises again after its end."),
    "staircase": flag("Whether the rate falls in steps."),
    "boundaries": integers("Batches after which the next value holds.", 0, many=True),
    "values": numbers("The learning rates: one more than the boundaries.", 0, many=True),
    **{
        f"{name}.alpha": share("Where the rate ends, as a share of where it starts.")
        for name in ("CosineDecay", "CosineDecayRestarts")
    },
    "CosineDecay.warmup_steps": integer("Batches of warm-up.", 0),
    "warmup_target": number("The rate that the warm-up climbs to; none does without one."),
    **rare(
        {
            "t_mul": number("How much longer each round is than the last."),
            "m_mul": number("How much of the rate each restart keeps."),
        }
    ),
}

_FILE = "A relative path lies inside the run's folder."
_CALLBACKS: Hints = {
    "monitor": words("The metric that is watched, such as val_loss or val_accuracy."),
    "patience": integer("Epochs without improvement that are waited for.", 0),
    "restore_best_weights": flag("Whether to go back to the weights of the best epoch."),
    "ReduceLROnPlateau.factor": share("What the learning rate is multiplied by."),
    "min_lr": number("The learning rate it does not go below."),
    "filepath": words(f"Where the model is saved. {_FILE}"),
    "filename": words(f"Where the table is written. {_FILE}"),
    "log_dir": words(f"Where TensorBoard's files are written. {_FILE}"),
    "backup_dir": words(f"Where the backup lies. {_FILE}"),
    "root": words("The address of the server that listens."),
    "save_best_only": flag("Whether only an improvement is saved."),
    "save_weights_only": flag("Whether only the weights are saved."),
    "histogram_freq": integer("Epochs between two histograms of the weights; 0 writes none.", 0),
    "update_freq": Hint(
        Kind.INTEGER,
        "How often figures are written: each epoch, each batch, or so many batches.",
        choices=("epoch", "batch"),
        least=1,
    ),
    "raise_error": flag("Whether the run fails at once, rather than stops."),
    "swap_on_epoch": flag("Whether they are swapped at each epoch, for other callbacks too."),
    **rare(
        {
            "min_delta": number("The least change that counts as an improvement."),
            "mode": choice("Whether less or more is better.", "auto", "min", "max"),
            "baseline": number("The value to improve on from the start.", None),
            "start_from_epoch": integer("Epochs to wait before watching.", 0),
            "cooldown": integer("Epochs to wait after a change.", 0),
            "save_freq": Hint(
                Kind.INTEGER,
                "How often it saves: each epoch, or after so many batches.",
                choices=("epoch",),
                least=1,
            ),
            "initial_value_threshold": number("The value to improve on.", None),
            "verbose": integer("Whether it writes to the log: 0 or 1.", 0, 1),
            "separator": words("What stands between two columns."),
            "append": flag("Whether an existing file is continued."),
            "double_checkpoint": flag("Whether the backup before the last is kept as well."),
            "delete_checkpoint": flag("Whether the backup is deleted when training ends."),
            "path": words("The path on that server."),
            "field": words("The name under which the figures are sent."),
            "send_as_json": flag("Whether the figures are sent as JSON."),
            "write_graph": flag("Whether the model's structure is written."),
            "write_images": flag("Whether the weights are written as images."),
            "write_steps_per_second": flag("Whether the speed is written."),
            "profile_batch": integers(
                "The batch, or the first and last, to profile; 0 is none.", 0
            ),
            "embeddings_freq": integer("Epochs between two pictures of embeddings; 0 is none.", 0),
            "embeddings_metadata": words("A file with one line for each vector."),
        }
    ),
}

HINTS: Hints = {**_OPTIMIZERS, **_SCHEDULES, **_CALLBACKS}
"""By parameter name."""
