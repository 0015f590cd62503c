"""Experiments that work but learn badly, one or more for each rule of advice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part, Value


def layer(kind: str, **params: Value) -> Part:
    return Part(kind, params)


def dense(units: int, activation: str | None = None, **params: Value) -> Part:
    return Part(
        "Dense", {"units": units, **({"activation": activation} if activation else {}), **params}
    )


HIDDEN = dense(16, "relu")
CLASSES = Experiment(
    title="classes",
    data=Data("iris", validation=0.2),
    layers=(HIDDEN, dense(3, "softmax", name="out")),
    compile=Compile(Part("Adam"), Part("sparse_categorical_crossentropy"), (Part("accuracy"),)),
    fit=Fit(epochs=20, seed=7),
)
YES_NO = replace(
    CLASSES,
    data=Data("make_moons", validation=0.2),
    layers=(HIDDEN, dense(1, "sigmoid")),
    compile=Compile(Part("Adam"), Part("binary_crossentropy"), (Part("accuracy"),)),
)
NUMBERS = replace(
    CLASSES,
    data=Data("make_regression", {"n_features": 4}, validation=0.2),
    layers=(HIDDEN, dense(1)),
    compile=Compile(Part("Adam"), Part("mse"), (Part("mae"),)),
)
ROWS = replace(
    CLASSES,
    data=Data("iris", validation=0.2, one_hot=True),
    compile=Compile(Part("Adam"), Part("categorical_crossentropy"), (Part("accuracy"),)),
)
PICTURES = replace(
    CLASSES,
    data=Data("digits", validation=0.2, scale="unit"),
    layers=(layer("Flatten"), HIDDEN, dense(10, "softmax")),
)
GOOD = {
    "classes": CLASSES,
    "yes or no": YES_NO,
    "numbers": NUMBERS,
    "one-hot": ROWS,
    "pictures": PICTURES,
}


def stack(base: Experiment, *layers: Part) -> Experiment:
    return replace(base, layers=layers)


def compiled(base: Experiment, **changes: Any) -> Experiment:
    return replace(base, compile=replace(base.compile, **changes))


def watching(base: Experiment, *callbacks: Part, **fit: Any) -> Experiment:
    return replace(base, callbacks=callbacks, fit=replace(base.fit, **fit))


def of_logits(loss: str) -> Part:
    return Part(loss, {"from_logits": True})


@dataclass(frozen=True)
class Bad:
    """An experiment on which one rule has something to say."""

    rule: str
    experiment: Experiment
    where: tuple[str | int, ...]
    message: str
    """A part of what is said."""
    fix_words: str = ""
    """All of it; nothing where there is no fix."""
    changed: Sequence[str] = ()
    """Which tables of the experiment the fix may change."""


LAYERS, COMPILE, FIT, DATA, CALLBACKS = (
    ("layers",),
    ("compile",),
    ("fit",),
    ("data",),
    ("callbacks",),
)
STOP = Part("EarlyStopping", {"patience": 3})
DECAY = Part(
    "ExponentialDecay", {"initial_learning_rate": 3.0, "decay_steps": 10, "decay_rate": 0.5}
)
SAVE = Part("ModelCheckpoint", {"save_best_only": True, "monitor": "val_loss"})

BAD = [
    Bad(
        "nothing_to_train",
        stack(CLASSES, dense(3, "softmax", trainable=False)),
        ("layers",),
        "no weight may change",
        "switch trainable on in every layer",
        LAYERS,
    ),
    Bad(
        "nothing_to_train",
        stack(
            ROWS,
            layer("RepeatVector", n=3),
            layer("GlobalMaxPooling1D"),
            layer("Softmax"),
            layer("Flatten"),
            layer("Reshape", target_shape=(4, 1)),
            layer("Cropping1D", cropping=(0, 1)),
            layer("Flatten"),
        ),
        ("layers",),
        "no layer has weights",
    ),
    Bad(
        "softmax_on_one_unit",
        stack(YES_NO, HIDDEN, dense(1, "softmax")),
        ("layers", 1, "activation"),
        "always 1",
        "use sigmoid in the last layer",
        LAYERS,
    ),
    Bad(
        "softmax_on_one_unit",
        stack(NUMBERS, HIDDEN, dense(1), layer("Softmax")),
        ("layers", 2),
        "always 1",
        "take softmax off the last layer",
        LAYERS,
    ),
    Bad(
        "words_as_amounts",
        replace(YES_NO, data=Data("imdb", {"maxlen": 8, "num_words": 50}, validation=0.2)),
        ("layers", 0),
        "Embedding learns what they mean",
        "put Embedding and GlobalAveragePooling1D before it",
        LAYERS,
    ),
    Bad(
        "words_as_amounts",
        stack(
            replace(YES_NO, data=Data("imdb", {"maxlen": 8}, validation=0.2)),
            dense(8, "relu"),
            layer("Reshape", target_shape=(2, 4)),
            layer("Flatten"),
            dense(1, "sigmoid"),
        ),
        ("layers", 0),
        "takes the numbers of the words for amounts",
    ),
    Bad(
        "activation_beside_loss",
        stack(CLASSES, HIDDEN, dense(3)),
        ("layers", 1, "activation"),
        "wants probabilities, and without activation",
        "add softmax to the last layer",
        LAYERS,
    ),
    Bad(
        "activation_beside_loss",
        stack(ROWS, HIDDEN, dense(3, "relu")),
        ("layers", 1, "activation"),
        "wants probabilities, which relu does not make",
        "use softmax in the last layer",
        LAYERS,
    ),
    Bad(
        "activation_beside_loss",
        stack(CLASSES, HIDDEN, dense(3, "sigmoid")),
        ("layers", 1, "activation"),
        "sigmoid makes each on its own",
        "use softmax in the last layer",
        LAYERS,
    ),
    Bad(
        "activation_beside_loss",
        stack(YES_NO, HIDDEN, dense(1), layer("ReLU", name="end")),
        ("layers", 2),
        "which relu does not make",
        "use sigmoid in the last layer",
        LAYERS,
    ),
    Bad(
        "activation_beside_loss",
        stack(YES_NO, HIDDEN, dense(1), layer("Activation", activation="tanh")),
        ("layers", 2, "activation"),
        "which tanh does not make",
        "use sigmoid in the last layer",
        LAYERS,
    ),
    Bad(
        "activation_beside_loss",
        stack(NUMBERS, HIDDEN, dense(1, "relu")),
        ("layers", 1, "activation"),
        "relu gives none below 0",
        "take relu off the last layer",
        LAYERS,
    ),
    Bad(
        "activation_beside_loss",
        stack(NUMBERS, HIDDEN, dense(1, "sigmoid"), layer("Reshape", target_shape=(1,))),
        ("layers", 1, "activation"),
        "sigmoid gives only 0 to 1",
        "take sigmoid off the last layer",
        LAYERS,
    ),
    Bad(
        "activation_beside_loss",
        stack(
            compiled(CLASSES, loss=of_logits("SparseCategoricalCrossentropy")),
            HIDDEN,
            dense(3, "relu"),
        ),
        ("layers", 1, "activation"),
        "from logits wants any number",
        "take relu off the last layer",
        LAYERS,
    ),
    Bad(
        "activation_beside_loss",
        compiled(YES_NO, loss=Part("hinge")),
        ("layers", 1, "activation"),
        "wants outputs from -1 to 1, and sigmoid gives only 0 to 1",
        "use tanh in the last layer",
        LAYERS,
    ),
    Bad(
        "loss_of_rows_for_one_number",
        compiled(NUMBERS, loss=Part("cosine_similarity")),
        ("loss",),
        "compares rows of numbers",
        "use mse",
        COMPILE,
    ),
    Bad(
        "loss_of_numbers_for_classes",
        compiled(ROWS, loss=Part("mse")),
        ("loss",),
        "faster with categorical_crossentropy",
        "use categorical_crossentropy",
        COMPILE,
    ),
    Bad(
        "loss_of_numbers_for_classes",
        compiled(YES_NO, loss=Part("MeanSquaredError")),
        ("loss",),
        "faster with binary_crossentropy",
        "use binary_crossentropy",
        COMPILE,
    ),
    Bad(
        "loss_of_numbers_for_classes",
        stack(
            compiled(CLASSES, loss=Part("mse"), metrics=(Part("mae"), Part("mse"))),
            HIDDEN,
            dense(1, name="out"),
        ),
        ("loss",),
        "takes the numbers of the classes for amounts",
        "use 3 units, softmax and sparse_categorical_crossentropy",
        ("layers", "compile"),
    ),
    Bad(
        "softmax_twice",
        stack(CLASSES, HIDDEN, dense(3, "softmax"), layer("Softmax")),
        ("layers", 2),
        "nearly equal",
        "take the second one away",
        LAYERS,
    ),
    Bad(
        "dropout_after_output",
        stack(CLASSES, HIDDEN, dense(3, "softmax"), layer("Dropout", rate=0.2)),
        ("layers", 2),
        "sets answers to 0",
        "move it before Dense",
        LAYERS,
    ),
    Bad(
        "dropout_after_output",
        stack(CLASSES, dense(3), layer("Dropout", rate=0.2), layer("Softmax")),
        ("layers", 1),
        "sets answers to 0",
        "take it away",
        LAYERS,
    ),
    Bad(
        "inputs_far_from_one",
        replace(PICTURES, data=Data("mnist", validation=0.2)),
        ("data", "scale"),
        "from 0 to 255",
        "set scale to unit",
        DATA,
    ),
    Bad(
        "inputs_far_from_one",
        replace(PICTURES, data=Data("digits", validation=0.2)),
        ("data", "scale"),
        "from 0 to 16",
        "set scale to unit",
        DATA,
    ),
    Bad(
        "inputs_far_from_one",
        replace(NUMBERS, data=Data("diabetes", validation=0.2)),
        ("data", "scale"),
        "from -0.138 to 0.199",
        "set scale to standard",
        DATA,
    ),
    Bad(
        "features_of_different_scale",
        replace(CLASSES, data=Data("wine", validation=0.2)),
        ("data", "scale"),
        "varies by 0.12 and another by 314",
        "set scale to standard",
        DATA,
    ),
    Bad(
        "learning_rate_far_out",
        compiled(CLASSES, optimizer=Part("adam", {"learning_rate": 0.5})),
        ("optimizer", "learning_rate"),
        "0.5 is large for Adam",
        "use 0.001",
        COMPILE,
    ),
    Bad(
        "learning_rate_far_out",
        compiled(CLASSES, optimizer=Part("SGD", {"learning_rate": 1e-6, "momentum": 0.9})),
        ("optimizer", "learning_rate"),
        "1e-06 is small for SGD",
        "use 0.01",
        COMPILE,
    ),
    Bad(
        "learning_rate_far_out",
        compiled(CLASSES, optimizer=Part("Adadelta")),
        ("optimizer", "learning_rate"),
        "0.001 is small for Adadelta",
        "use 1",
        COMPILE,
    ),
    Bad(
        "learning_rate_far_out",
        compiled(CLASSES, optimizer=Part("RMSprop", {"learning_rate": DECAY})),
        ("optimizer", "learning_rate", "initial_learning_rate"),
        "3 is large for RMSprop",
        "use 0.001",
        COMPILE,
    ),
    Bad(
        "no_activation_between",
        stack(CLASSES, dense(8), layer("Dropout", rate=0.1), dense(3, "softmax")),
        ("layers", 0, "activation"),
        "this layer and Dense after it",
        "give it relu",
        LAYERS,
    ),
    Bad(
        "no_activation_between",
        stack(
            PICTURES,
            layer("Reshape", target_shape=(8, 8, 1)),
            layer("Conv2D", filters=2, kernel_size=3),
            layer("BatchNormalization"),
            layer("Conv2D", filters=2, kernel_size=3, activation="relu"),
            layer("Flatten"),
            dense(10, "softmax"),
        ),
        ("layers", 1, "activation"),
        "this layer and Conv2D after it",
        "put ReLU behind BatchNormalization",
        LAYERS,
    ),
    Bad(
        "no_activation_between",
        stack(CLASSES, dense(8), layer("Activation", activation="linear"), dense(3, "softmax")),
        ("layers", 0, "activation"),
        "do no more than one alone",
        "give it relu",
        LAYERS,
    ),
    Bad(
        "softmax_inside",
        stack(CLASSES, dense(8, "softmax"), dense(3, "softmax")),
        ("layers", 0, "activation"),
        "softmax is for the last layer",
        "use relu here",
        LAYERS,
    ),
    Bad(
        "softmax_inside",
        stack(CLASSES, dense(8), layer("Softmax"), dense(3, "softmax")),
        ("layers", 1),
        "softmax is for the last layer",
        "use relu here",
        LAYERS,
    ),
    Bad(
        "batch_of_one_normalised",
        stack(
            watching(CLASSES, batch_size=1),
            dense(8),
            layer("BatchNormalization"),
            layer("ReLU"),
            dense(3, "softmax"),
        ),
        ("fit", "batch_size"),
        "here there is only one",
        "set batch_size to 32",
        FIT,
    ),
    Bad(
        "batch_of_everything",
        watching(CLASSES, batch_size=97),
        ("fit", "batch_size"),
        "holds all 96 training samples",
        "set batch_size to 32",
        FIT,
    ),
    Bad(
        "dropout_of_nearly_all",
        stack(CLASSES, HIDDEN, layer("Dropout", rate=0.9), dense(3, "softmax")),
        ("layers", 1, "rate"),
        "leaves 0.1 of the values",
        "set rate to 0.5",
        LAYERS,
    ),
    Bad(
        "no_validation_to_watch",
        watching(replace(CLASSES, data=Data("iris")), STOP),
        ("callbacks", 0, "monitor"),
        "it watches val_loss, and no data",
        "hold out 20% of the training data",
        DATA,
    ),
    Bad(
        "no_validation_to_watch",
        watching(replace(CLASSES, data=Data("iris")), SAVE),
        ("callbacks", 0, "monitor"),
        "no data are held out",
        "hold out 20% of the training data",
        DATA,
    ),
    Bad(
        "no_such_metric",
        watching(CLASSES, STOP.having("monitor", "val_acc")),
        ("callbacks", 0, "monitor"),
        "no metric is called acc; there are loss, accuracy",
        "watch val_accuracy",
        CALLBACKS,
    ),
    Bad(
        "no_such_metric",
        watching(compiled(CLASSES, metrics=(Part("acc"),)), STOP.having("monitor", "accuracy")),
        ("callbacks", 0, "monitor"),
        "there are loss, acc",
        "watch acc",
        CALLBACKS,
    ),
    Bad(
        "no_such_metric",
        watching(YES_NO, STOP, SAVE.having("monitor", "val_auc").having("mode", "max")),
        ("callbacks", 1, "monitor"),
        "no metric is called auc",
        "watch val_loss",
        CALLBACKS,
    ),
    Bad(
        "patience_of_all_epochs",
        watching(CLASSES, STOP.having("patience", 20)),
        ("callbacks", 0, "patience"),
        "it waits for 20 epochs, and the run has 20",
        "set patience to 5",
        CALLBACKS,
    ),
    Bad(
        "patience_of_all_epochs",
        watching(CLASSES, Part("ReduceLROnPlateau"), epochs=8),
        ("callbacks", 0, "patience"),
        "it waits for 10 epochs",
        "set patience to 2",
        CALLBACKS,
    ),
    Bad(
        "patience_of_all_epochs",
        watching(CLASSES, STOP, epochs=1),
        ("callbacks", 0, "patience"),
        "the run has 1",
    ),
    Bad(
        "metric_without_meaning",
        compiled(NUMBERS, metrics=(Part("accuracy"),)),
        ("metrics", 0),
        "accuracy is for classes, and these are numbers",
        "use mae",
        COMPILE,
    ),
    Bad(
        "metric_without_meaning",
        compiled(YES_NO, metrics=(Part("accuracy"), Part("mae"))),
        ("metrics", 1),
        "mae is for numbers, and these are labels of 0 and 1",
        "take it away",
        COMPILE,
    ),
    Bad(
        "metric_without_meaning",
        compiled(CLASSES, metrics=(Part("CategoricalAccuracy"),)),
        ("metrics", 0),
        "is for one-hot labels, and these are integer labels",
        "use accuracy",
        COMPILE,
    ),
    Bad(
        "metric_without_meaning",
        compiled(ROWS, metrics=(Part("binary_accuracy"),)),
        ("metrics", 0),
        "and these are one-hot labels",
        "use accuracy",
        COMPILE,
    ),
    Bad(
        "metric_without_meaning",
        compiled(YES_NO, metrics=(Part("Accuracy"),)),
        ("metrics", 0),
        "Accuracy is for outputs that are labels themselves",
        "use accuracy",
        COMPILE,
    ),
    Bad(
        "accuracy_of_logits",
        stack(compiled(YES_NO, loss=of_logits("BinaryCrossentropy")), HIDDEN, dense(1)),
        ("metrics", 0),
        "counts outputs above 0.5",
        "use BinaryAccuracy with a threshold of 0",
        COMPILE,
    ),
    Bad(
        "no_metric_of_classes",
        compiled(CLASSES, metrics=(Part("accuracy", disabled=True),)),
        ("metrics",),
        "how often the model is right",
        "add accuracy",
        COMPILE,
    ),
    Bad(
        "more_units_than_classes",
        stack(CLASSES, HIDDEN, dense(10, "softmax")),
        ("layers", 1, "units"),
        "10 units for 3 classes; 7 of them",
        "set units to 3",
        LAYERS,
    ),
    Bad(
        "normalised_after_activation",
        stack(CLASSES, dense(8, "relu"), layer("BatchNormalization"), dense(3, "softmax")),
        ("layers", 1),
        "relu has cut",
        "put relu behind it",
        LAYERS,
    ),
    Bad(
        "normalised_after_activation",
        stack(
            CLASSES,
            dense(8, "tanh"),
            layer("BatchNormalization"),
            layer("ReLU"),
            dense(3, "softmax"),
        ),
        ("layers", 1),
        "tanh has cut",
        "take tanh off",
        LAYERS,
    ),
    Bad(
        "normalised_after_activation",
        stack(
            CLASSES, dense(8), layer("LeakyReLU"), layer("BatchNormalization"), dense(3, "softmax")
        ),
        ("layers", 2),
        "leaky_relu has cut",
        "put leaky_relu behind it",
        LAYERS,
    ),
    Bad(
        "logits_of_probabilities",
        compiled(CLASSES, loss=of_logits("SparseCategoricalCrossentropy")),
        ("loss", "from_logits"),
        "for an output without softmax",
        "switch from_logits off",
        COMPILE,
    ),
    Bad(
        "half_precision_on_a_cpu",
        watching(CLASSES, device="cpu", dtype_policy="mixed_float16"),
        ("fit", "dtype_policy"),
        "a CPU is slower",
        "use float32",
        FIT,
    ),
]

NORMAL = layer("BatchNormalization")
PLAIN = replace(CLASSES, data=Data("iris"))
"""Without validation."""
FINE = {
    "pictures that a layer scales": stack(
        replace(PICTURES, data=Data("digits", validation=0.2)),
        layer("Flatten"),
        layer("Rescaling", scale=1 / 16),
        *PICTURES.layers[1:],
    ),
    "pictures that are normalised first": stack(
        replace(PICTURES, data=Data("digits", validation=0.2)), NORMAL, *PICTURES.layers
    ),
    "features that are scaled": replace(CLASSES, data=Data("wine", validation=0.2, scale="unit")),
    "words that are embedded": stack(
        replace(YES_NO, data=Data("imdb", {"maxlen": 8, "num_words": 50}, validation=0.2)),
        layer("Embedding", input_dim=50, output_dim=4),
        layer("GlobalAveragePooling1D"),
        *YES_NO.layers,
    ),
    "normalised before the activation": stack(
        CLASSES, dense(8), NORMAL, layer("LeakyReLU"), dense(3, "softmax")
    ),
    "an activation of its own": stack(
        CLASSES, dense(8), layer("Activation", activation="tanh"), dense(3), layer("Softmax")
    ),
    "a maximum between convolutions": stack(
        PICTURES,
        layer("Reshape", target_shape=(8, 8, 1)),
        layer("Conv2D", filters=2, kernel_size=3),
        layer("MaxPooling2D"),
        layer("Conv2D", filters=2, kernel_size=1, activation="relu"),
        layer("GlobalAveragePooling2D"),
        dense(10, "softmax"),
    ),
    "both halves of a separable convolution": stack(
        PICTURES,
        layer("Reshape", target_shape=(8, 8, 1)),
        layer("DepthwiseConv2D", kernel_size=3),
        layer("Conv2D", filters=2, kernel_size=1, activation="relu"),
        layer("Flatten"),
        dense(10, "softmax"),
    ),
    "half of the values dropped": stack(
        CLASSES, HIDDEN, layer("Dropout", rate=0.5), dense(3, "softmax")
    ),
    "one layer that does not learn": stack(
        CLASSES, dense(8, "relu", trainable=False), dense(3, "softmax")
    ),
    "two units for two classes": replace(
        stack(YES_NO, HIDDEN, dense(2, "softmax")), compile=CLASSES.compile
    ),
    "each class on its own": compiled(
        stack(ROWS, HIDDEN, dense(3, "sigmoid")), loss=Part("binary_crossentropy")
    ),
    "logits": stack(
        compiled(CLASSES, loss=of_logits("SparseCategoricalCrossentropy")), HIDDEN, dense(3)
    ),
    "hinge": compiled(stack(YES_NO, HIDDEN, dense(1, "tanh")), loss=Part("hinge")),
    "counts": compiled(stack(NUMBERS, HIDDEN, dense(1, "exponential")), loss=Part("poisson")),
    "many metrics of classes": compiled(
        ROWS, metrics=tuple(map(Part, ("accuracy", "Precision", "F1Score", "AUC")))
    ),
    "many metrics of numbers": compiled(
        NUMBERS, metrics=tuple(map(Part, ("mae", "mse", "R2Score", "RootMeanSquaredError")))
    ),
    "a large rate for SGD": compiled(
        CLASSES, optimizer=Part("SGD", {"learning_rate": 0.5, "momentum": 0.9})
    ),
    "a rate that warms up": compiled(
        CLASSES,
        optimizer=Part(
            "Adam",
            {
                "learning_rate": Part(
                    "CosineDecay",
                    {
                        "initial_learning_rate": 0.0,
                        "decay_steps": 100,
                        "warmup_target": 0.001,
                        "warmup_steps": 10,
                    },
                )
            },
        ),
    ),
    "callbacks that watch the training": watching(
        PLAIN,
        STOP.having("monitor", "loss"),
        Part("ReduceLROnPlateau", {"patience": 2, "monitor": "accuracy"}),
        Part("ModelCheckpoint"),
        Part("TerminateOnNaN"),
    ),
    "callbacks that watch validation": watching(
        CLASSES, STOP.having("monitor", "val_accuracy").having("patience", 19), SAVE
    ),
    "a batch of all samples": watching(CLASSES, batch_size=96),
    "a batch of one": watching(CLASSES, batch_size=1),
    "a batch of one picture, normalised": stack(
        watching(PICTURES, batch_size=1),
        layer("Reshape", target_shape=(8, 8, 1)),
        layer("Conv2D", filters=2, kernel_size=3),
        NORMAL,
        layer("ReLU"),
        layer("Flatten"),
        dense(10, "softmax"),
    ),
    "16 bits where a GPU may be": watching(CLASSES, dtype_policy="mixed_float16"),
    "bfloat16 on a CPU": watching(CLASSES, device="cpu", dtype_policy="mixed_bfloat16"),
}
"""Experiments close to what rules speak of, on which none has anything to say."""
