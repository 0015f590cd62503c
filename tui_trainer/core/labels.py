"""Whether loss, metrics and the last layer fit the labels: what could not work at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tui_trainer.core.datasets import BINARY, REGRESSION, Facts
from tui_trainer.core.experiment import Experiment, Part
from tui_trainer.core.problem import Problem
from tui_trainer.core.words import count, times


class Labels(StrEnum):
    """What a loss and a metric compare the output with."""

    INTEGERS = "integer labels"
    ROWS = "one-hot labels"
    YES_NO = "labels of 0 and 1"
    NUMBERS = "numbers"


class Compares(StrEnum):
    """What a loss is made for."""

    INTEGERS = "sparse"
    ROWS = "categorical"
    YES_NO = "binary"
    NUMBERS = ""
    VECTORS = "vectors"
    """Outputs of one class with each other, as many numbers as one likes."""
    SEQUENCES = "sequences"


def plain_name(part: Part) -> str:
    """Return a loss's, metric's or optimizer's class in one spelling: `mse` is `meansquarederror`.

    Keras takes several names for one class, which differ in case and in underscores; but its class
    `Accuracy` counts what is equal, and is not what it takes for `accuracy`.
    """
    name = part.type.replace("_", "").lower()
    return "equality" if part.type == "Accuracy" else _SHORT.get(name, name)


def compares(loss: Part) -> Compares:
    """Return what a loss is made for; one that is not known compares numbers."""
    return _LOSSES.get(plain_name(loss), Compares.NUMBERS)


def labels_of(facts: Facts, units: int | None) -> Labels:
    """Return what the labels are to a model with so many outputs."""
    if facts.dataset.task == REGRESSION:
        return Labels.NUMBERS
    if facts.one_hot:
        return Labels.ROWS
    return Labels.YES_NO if facts.dataset.task == BINARY and units == 1 else Labels.INTEGERS


def usual_loss(facts: Facts, units: int | None) -> str:
    """Return the loss that most would take for the labels."""
    return {
        Labels.NUMBERS: "mse",
        Labels.ROWS: "categorical_crossentropy",
        Labels.YES_NO: "binary_crossentropy",
        Labels.INTEGERS: "sparse_categorical_crossentropy",
    }[labels_of(facts, units)]


def check_labels(
    experiment: Experiment, facts: Facts, output_shape: tuple[int | None, ...]
) -> Problem | None:
    """Return why the loss cannot compare the model's output with the labels, or None.

    `output_shape` is that of the last layer, without the batch dimension.
    """
    loss = experiment.compile.loss
    if loss is None:
        return None
    last = ("layers", max(i for i, part in enumerate(experiment.layers) if not part.disabled))
    if len(output_shape) != 1:
        received = times(output_shape) if output_shape else "a single number"
        return Problem(
            last,
            f"expected one row of numbers for each sample, received {received}: "
            "put Flatten or a GlobalAveragePooling layer before it",
        )
    kind, units = compares(loss), output_shape[0]
    better = _better_loss(kind, facts, units)
    if better:
        return Problem(("loss",), f"expected {better}; received {loss.type}")
    sparse, classes = kind is Compares.INTEGERS, len(facts.dataset.classes)
    wanted = classes if sparse else facts.label_shape[0] if facts.one_hot else 1
    enough = units is None or units == wanted or (sparse and units > wanted)
    if kind is Compares.VECTORS or enough:
        return None
    return Problem(
        last,
        f"expected {count(wanted, 'unit')} for the labels of {facts.dataset.name}"
        f"{', one for each class' if wanted > 1 else ''}; received {units}",
    )


def _better_loss(kind: Compares, facts: Facts, units: int | None) -> str:
    """Return the loss that the labels want in the place of one of this kind, or nothing."""
    dataset = facts.dataset
    if kind is not Compares.NUMBERS and dataset.task == REGRESSION:
        return f"a loss for numbers, such as mse: the labels of {dataset.name} are not classes"
    if kind in (Compares.INTEGERS, Compares.VECTORS) and facts.one_hot:
        return "categorical_crossentropy for one-hot labels, or [data] one_hot off"
    if kind is Compares.ROWS and not facts.one_hot:
        instead = "binary" if dataset.task == BINARY else "sparse_categorical"
        return f"{instead}_crossentropy for labels that are integers, or [data] one_hot on"
    if kind is Compares.SEQUENCES:
        return f"a loss for one label a sample, such as {usual_loss(facts, units)}"
    classes = len(dataset.classes)
    unfit = kind is Compares.YES_NO or (kind is Compares.NUMBERS and units == classes)
    if unfit and not facts.one_hot and classes > 2:
        return f"sparse_categorical_crossentropy for labels of {classes} classes"
    return ""


def check_metrics(
    experiment: Experiment, facts: Facts, output_shape: tuple[int | None, ...]
) -> Iterator[Problem]:
    """Yield the metrics that cannot be computed of the model's output and the labels."""
    for index, metric in enumerate(experiment.compile.metrics):
        scope = scope_of(metric)
        if metric.disabled or scope is None or len(output_shape) != 1:
            continue
        if not scope.works_with(facts, output_shape[0]):
            labels = labels_of(facts, output_shape[0])
            usual = "mae" if labels is Labels.NUMBERS else "accuracy"
            yield Problem(
                ("metrics", index),
                f"expected a metric for {labels}, such as {usual}; received {metric.type}, "
                f"which is for {scope.words}",
            )


@dataclass(frozen=True, slots=True)
class Scope:
    """Which labels a metric can be computed of, and of which it says something."""

    meant: tuple[Labels, ...]
    """What it says something of."""
    also: tuple[Labels, ...] = ()
    """What it can be computed of all the same, though the figure means nothing."""

    def works_with(self, facts: Facts, units: int | None) -> bool:
        """Return whether there is a figure at all."""
        labels = labels_of(facts, units)
        if labels is Labels.INTEGERS and units == 1:
            labels = Labels.NUMBERS  # The number of the class against the only output.
        return units is None or labels in self.meant or labels in self.also

    @property
    def words(self) -> str:
        """What it is for: `one-hot labels or labels of 0 and 1`, or `classes` of any kind."""
        if not self.meant:
            return "outputs that are labels themselves"
        return "classes" if self == _CLASSES else " or ".join(self.meant)


def scope_of(metric: Part) -> Scope | None:
    """Return what a metric is for, or None where it is not known or fits everything."""
    return _METRICS.get(plain_name(metric))


_SHORT = {
    "acc": "accuracy",
    "bce": "binarycrossentropy",
    "kld": "kldivergence",
    "mae": "meanabsoluteerror",
    "mape": "meanabsolutepercentageerror",
    "mse": "meansquarederror",
    "msle": "meansquaredlogarithmicerror",
}
_LOSSES = {
    "sparsecategoricalcrossentropy": Compares.INTEGERS,
    "categoricalgeneralizedcrossentropy": Compares.INTEGERS,
    "categoricalcrossentropy": Compares.ROWS,
    "categoricalfocalcrossentropy": Compares.ROWS,
    "categoricalhinge": Compares.ROWS,
    "binarycrossentropy": Compares.YES_NO,
    "binaryfocalcrossentropy": Compares.YES_NO,
    "hinge": Compares.YES_NO,
    "squaredhinge": Compares.YES_NO,
    "circle": Compares.VECTORS,
    "ctc": Compares.SEQUENCES,
}
_CLASSES = Scope((Labels.INTEGERS, Labels.ROWS, Labels.YES_NO), (Labels.NUMBERS,))
_SPARSE = Scope((Labels.INTEGERS,), (Labels.YES_NO, Labels.NUMBERS))
_ONE_HOT = Scope((Labels.ROWS,), (Labels.INTEGERS, Labels.YES_NO, Labels.NUMBERS))
_ROWS = Scope((Labels.ROWS,), (Labels.YES_NO, Labels.NUMBERS))
_EITHER = Scope((Labels.ROWS, Labels.YES_NO), (Labels.NUMBERS,))
_YES_NO = Scope((Labels.YES_NO,), (Labels.ROWS, Labels.NUMBERS))
_NUMBERS = Scope((Labels.NUMBERS,), (Labels.ROWS, Labels.YES_NO))
_METRICS = {
    "accuracy": _CLASSES,
    "equality": Scope((), (Labels.ROWS, Labels.YES_NO, Labels.NUMBERS)),
    "sparsecategoricalaccuracy": _SPARSE,
    "sparsetopkcategoricalaccuracy": _SPARSE,
    "sparsecategoricalcrossentropy": Scope((Labels.INTEGERS,)),
    **dict.fromkeys(("categoricalaccuracy", "onehotiou", "onehotmeaniou"), _ONE_HOT),
    **dict.fromkeys(("topkcategoricalaccuracy", "f1score", "fbetascore"), Scope((Labels.ROWS,))),
    **dict.fromkeys(("categoricalcrossentropy", "binarycrossentropy"), Scope((Labels.ROWS,))),
    **dict.fromkeys(("categoricalhinge", "kldivergence", "cosinesimilarity"), _ROWS),
    **dict.fromkeys(("pearsoncorrelation", "concordancecorrelation"), _ROWS),
    **dict.fromkeys(("auc", "precision", "recall", "hinge", "squaredhinge"), _EITHER),
    **dict.fromkeys(("precisionatrecall", "recallatprecision"), _EITHER),
    **dict.fromkeys(("sensitivityatspecificity", "specificityatsensitivity"), _EITHER),
    **dict.fromkeys(("truepositives", "truenegatives"), _EITHER),
    **dict.fromkeys(("falsepositives", "falsenegatives"), _EITHER),
    **dict.fromkeys(("binaryaccuracy", "binaryiou", "iou", "meaniou"), _YES_NO),
    **dict.fromkeys(("meanabsoluteerror", "meansquarederror", "logcosherror"), _NUMBERS),
    **dict.fromkeys(("rootmeansquarederror", "r2score", "poisson"), _NUMBERS),
    **dict.fromkeys(("meanabsolutepercentageerror",), _NUMBERS),
    **dict.fromkeys(("meansquaredlogarithmicerror",), _NUMBERS),
}
