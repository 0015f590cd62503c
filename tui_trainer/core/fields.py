"""The title and the parameters of our own tables, described as Keras' are."""

from __future__ import annotations

from tui_trainer.core.catalogue import Kind, Param
from tui_trainer.core.datasets import DATASETS
from tui_trainer.core.experiment import AUTO, DTYPE_POLICIES, SCALES, Data, Fit

_DATA, _FIT = Data(), Fit()

TITLE = Param(
    "title",
    Kind.TEXT,
    optional=True,
    help="What the experiment is about, in a few words; lists show it.",
)
"""The title of an experiment."""

DATA = (
    Param(
        "source",
        Kind.CHOICE,
        _DATA.source,
        choices=tuple(DATASETS),
        help="Which data set to learn from.",
    ),
    Param(
        "validation",
        Kind.SHARE,
        _DATA.validation,
        help="How many training samples are held out to watch for overfitting: "
        "a fraction takes the last (0.2), as Keras' validation_split; a count the first (10000).",
    ),
    Param(
        "scale",
        Kind.CHOICE,
        _DATA.scale,
        choices=tuple(SCALES),
        help="; ".join(f"{name}: {what}" for name, what in SCALES.items())
        + ". The same figures are used for training, validation and test.",
    ),
    Param(
        "flatten",
        Kind.BOOLEAN,
        _DATA.flatten,
        help="Make one row of numbers of each sample, as a Dense layer wants it.",
    ),
    Param(
        "one_hot",
        Kind.BOOLEAN,
        _DATA.one_hot,
        help="Make each class label a row with a single 1, for categorical_crossentropy.",
    ),
    Param(
        "test",
        Kind.FLOAT,
        _DATA.test,
        least=0,
        most=0.9,
        main=False,
        help="The fraction drawn at random for the test, where a data set brings no test set.",
    ),
    Param("seed", Kind.INTEGER, _DATA.seed, least=0, main=False, help="Seed of that draw."),
)
"""The fields of `Data`, but for `options`, which are the data set's own."""

FIT = (
    Param(
        "epochs",
        Kind.INTEGER,
        _FIT.epochs,
        least=1,
        most=1_000_000,
        help="How many times the training data are gone through.",
    ),
    Param(
        "batch_size",
        Kind.INTEGER,
        _FIT.batch_size,
        least=1,
        most=10_000_000,
        help="How many samples are looked at before each step of the optimizer.",
    ),
    Param(
        "shuffle",
        Kind.BOOLEAN,
        _FIT.shuffle,
        help="Put the training samples in a new order before each epoch.",
    ),
    Param(
        "seed",
        Kind.INTEGER,
        _FIT.seed,
        least=0,
        most=2**32 - 1,
        help="Same seed, same machine: the same run. Another seed shows how much is luck.",
    ),
    Param(
        "initial_weights",
        Kind.TEXT,
        optional=True,
        help="Start from the weights in a .weights.h5 or .keras file of the same layers, and not "
        "from random ones. A relative path begins where the program was started.",
    ),
    Param(
        "device",
        Kind.TEXT,
        _FIT.device,
        help="Where to train: auto takes the first GPU if there is one; cpu; gpu:0, gpu:1, …",
    ),
    Param(
        "dtype_policy",
        Kind.CHOICE,
        _FIT.dtype_policy,
        choices=DTYPE_POLICIES,
        help="The precision that layers compute in; mixed_float16 is faster on most GPUs.",
    ),
    Param(
        "jit_compile",
        Kind.BOOLEAN,
        _FIT.jit_compile,
        choices=(AUTO,),
        main=False,
        help="Have XLA compile the steps: small batches become several times as fast, after a "
        "second of compiling. auto: where that pays and the numbers stay the same.",
    ),
    Param(
        "steps_per_execution",
        Kind.INTEGER,
        _FIT.steps_per_execution,
        choices=(AUTO,),
        least=1,
        most=1_000_000,
        main=False,
        help="How many batches are done in one call; progress and stop wait for its end. "
        "auto: as many as last about a twelfth of a second.",
    ),
    Param(
        "resident",
        Kind.BOOLEAN,
        _FIT.resident,
        choices=(AUTO,),
        main=False,
        help="Keep all samples on the device, and do not send them piece by piece. "
        "auto: where they fit into a quarter of the memory (2 GB of a GPU's).",
    ),
)
"""The fields of `Fit`."""
