"""The table of data sets: what each holds, before any of it is loaded."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tui_trainer.core.catalogue import Kind, Param
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data, Value

CLASSIFICATION, BINARY, REGRESSION = "classification", "binary", "regression"
_BUCKET = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_CIFAR = "https://www.cs.toronto.edu/~kriz/"
_MNIST_LICENCE = "CC BY-SA 3.0"


@dataclass(frozen=True, slots=True)
class File:
    """A file that a data set is fetched as, below the `datasets` folder of Keras' cache."""

    name: str
    url: str
    sha256: str
    megabytes: float
    """Size in 10^6 bytes, for the progress of a download."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a data set holds."""

    name: str
    title: str
    task: str
    """CLASSIFICATION, BINARY or REGRESSION."""
    shape: tuple[int, ...]
    """Of one sample as it is stored; -1 where the options decide."""
    train: int
    test: int = 0
    """Samples of its own test set; 0 if it has none."""
    dtype: str = "float32"
    """Of the inputs as they are stored."""
    classes: tuple[str, ...] = ()
    """The names of the classes, in the order of their labels."""
    options: tuple[Param, ...] = ()
    files: tuple[File, ...] = ()
    """What is downloaded; nothing for a set that comes with scikit-learn."""
    licence: str = ""
    source: str = ""

    def option(self, data: Data, name: str) -> Value:
        """Return an option as the experiment sets it, or its default."""
        param = next(param for param in self.options if param.name == name)
        return data.options.get(name, param.default)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a model gets to see: the data after its options and its preparation."""

    dataset: Dataset
    shape: tuple[int, ...]
    """Of one input, without the batch dimension."""
    dtype: str
    """`float32`, or `int32` for indices of words."""
    one_hot: bool
    train: int
    validation: int
    test: int

    @property
    def label_shape(self) -> tuple[int, ...]:
        """Of one label; empty for a single number."""
        return (len(self.dataset.classes),) if self.one_hot else ()


def _count(name: str, default: int, help: str, least: int = 1) -> Param:  # noqa: A002
    return Param(name, Kind.INTEGER, default, least=least, help=help)


def _number(name: str, default: float, help: str) -> Param:  # noqa: A002
    return Param(name, Kind.FLOAT, default, least=0, help=help)


_SEED = _count("random_state", 0, "Seed of the generator.", least=0)
_DIGITS = tuple("0123456789")
_FASHION = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
_CIFAR10 = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
_WORDS = (
    _count("num_words", 10000, "Keep this many of the most frequent words.", least=4),
    _count("maxlen", 256, "Pad or cut every text to this many words."),
)


def _fashion_file(name: str, sha256: str, megabytes: float) -> File:
    return File(f"fashion-mnist/{name}", _BUCKET + name, sha256, megabytes)


DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "digits",
            "Handwritten digits, 8×8 pixels",
            CLASSIFICATION,
            (8, 8),
            train=1797,
            classes=_DIGITS,
            licence="CC BY 4.0",
            source="scikit-learn (UCI, Alpaydin and Kaynak 1998)",
        ),
        Dataset(
            "iris",
            "Iris flowers: species from four lengths",
            CLASSIFICATION,
            (4,),
            train=150,
            classes=("setosa", "versicolor", "virginica"),
            licence="CC BY 4.0",
            source="scikit-learn (Fisher 1936)",
        ),
        Dataset(
            "wine",
            "Wine: cultivar from 13 measurements",
            CLASSIFICATION,
            (13,),
            train=178,
            classes=("class_0", "class_1", "class_2"),
            licence="CC BY 4.0",
            source="scikit-learn (UCI, Forina 1991)",
        ),
        Dataset(
            "breast_cancer",
            "Breast cancer: malignant or benign",
            BINARY,
            (30,),
            train=569,
            classes=("malignant", "benign"),
            licence="CC BY 4.0",
            source="scikit-learn (UCI, Wolberg 1995)",
        ),
        Dataset(
            "diabetes",
            "Diabetes: progression after a year",
            REGRESSION,
            (10,),
            train=442,
            source="scikit-learn (Efron et al. 2004)",
        ),
        Dataset(
            "make_regression",
            "A noisy straight line",
            REGRESSION,
            (-1,),
            train=-1,
            options=(
                _count("n_samples", 200, "How many samples to make.", least=2),
                _count("n_features", 1, "How many inputs each sample has."),
                Param("bias", Kind.FLOAT, 0.0, help="The value where every input is 0."),
                _number("noise", 0.0, "Standard deviation of the noise on the target."),
                _SEED,
            ),
            source="scikit-learn, generated",
        ),
        Dataset(
            "make_moons",
            "Two half moons that interlock",
            BINARY,
            (2,),
            train=-1,
            classes=("upper", "lower"),
            options=(
                _count("n_samples", 500, "How many samples to make.", least=2),
                _number("noise", 0.2, "Standard deviation of the noise on the points."),
                _SEED,
            ),
            source="scikit-learn, generated",
        ),
        Dataset(
            "mnist",
            "Handwritten digits, 28×28 pixels",
            CLASSIFICATION,
            (28, 28),
            train=60000,
            test=10000,
            dtype="uint8",
            classes=_DIGITS,
            files=(
                File(
                    "mnist.npz",
                    _BUCKET + "mnist.npz",
                    "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
                    11.5,
                ),
            ),
            licence=_MNIST_LICENCE,
            source="Yann LeCun and Corinna Cortes",
        ),
        Dataset(
            "fashion_mnist",
            "Clothes, 28×28 pixels",
            CLASSIFICATION,
            (28, 28),
            train=60000,
            test=10000,
            dtype="uint8",
            classes=_FASHION,
            files=(
                _fashion_file(
                    "train-images-idx3-ubyte.gz",
                    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                    26.4,
                ),
                _fashion_file(
                    "train-labels-idx1-ubyte.gz",
                    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                    0.03,
                ),
                _fashion_file(
                    "t10k-images-idx3-ubyte.gz",
                    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                    4.4,
                ),
                _fashion_file(
                    "t10k-labels-idx1-ubyte.gz",
                    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                    0.005,
                ),
            ),
            licence="MIT",
            source="Zalando Research",
        ),
        Dataset(
            "imdb",
            "Film reviews: is one positive?",
            BINARY,
            (-1,),
            train=25000,
            test=25000,
            dtype="int32",
            classes=("negative", "positive"),
            options=_WORDS,
            files=(
                File(
                    "imdb.npz",
                    _BUCKET + "imdb.npz",
                    "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
                    17.5,
                ),
            ),
            licence="none stated; cite Maas et al., ACL 2011",
            source="Large Movie Review Dataset",
        ),
    )
}
"""Every data set by its name, those first that need no download."""


def find_dataset(name: str) -> Dataset:
    """Return a data set by name, or raise TrainerError."""
    if name not in DATASETS:
        names = ", ".join(DATASETS)
        raise TrainerError(f"expected one of {names}; received {name!r}", "[data] source")
    return DATASETS[name]


def describe(data: Data) -> Facts:
    """Return what the model gets to see, or raise TrainerError where the data allow none."""
    dataset = find_dataset(data.source)
    for name in data.options:
        if all(param.name != name for param in dataset.options):
            known = ", ".join(param.name for param in dataset.options) or "none"
            raise TrainerError(
                f"expected an option of {dataset.name} ({known}); received {name!r}",
                "[data] options",
            )
    size = {"imdb": "maxlen", "make_regression": "n_features"}.get(dataset.name)
    shape = (_int(dataset.option(data, size)),) if size else dataset.shape
    if data.flatten:
        shape = (math.prod(shape),)
    if data.one_hot and dataset.task == REGRESSION:
        raise TrainerError(
            "expected labels that are classes; this is a regression", "[data] one_hot"
        )
    if data.scale != "none" and dataset.dtype == "int32":
        raise TrainerError(
            f"expected 'none': these inputs are words by number; received {data.scale!r}",
            "[data] scale",
        )
    train = dataset.train if dataset.train > 0 else _int(dataset.option(data, "n_samples"))
    test = dataset.test or math.ceil(train * data.test)
    train -= 0 if dataset.test else test
    validation = count_of(data.validation, train)
    if validation >= train:
        raise TrainerError(
            f"expected fewer than the {train} training samples; received {data.validation}",
            "[data] validation",
        )
    return Facts(
        dataset,
        shape,
        "int32" if dataset.dtype == "int32" else "float32",
        data.one_hot,
        train - validation,
        validation,
        test,
    )


def count_of(share: int | float, of: int) -> int:
    """Return a share as a count: an integer is one already, a float is a fraction."""
    return share if isinstance(share, int) else round(share * of)


def _int(value: Value) -> int:
    if isinstance(value, int):
        return value
    raise TrainerError(f"expected an integer; received {value!r}", "[data] options")
