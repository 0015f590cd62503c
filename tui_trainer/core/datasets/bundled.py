"""The data sets that need no download: those that come with scikit-learn."""

from __future__ import annotations

from tui_trainer.core.catalogue import Kind, Param
from tui_trainer.core.datasets.dataset import BINARY, CLASSIFICATION, REGRESSION, Dataset, Inputs


def _count(name: str, default: int, help: str, least: int = 1) -> Param:  # noqa: A002
    return Param(name, Kind.INTEGER, default, least=least, help=help)


def _number(name: str, default: float, help: str) -> Param:  # noqa: A002
    return Param(name, Kind.FLOAT, default, least=0, help=help)


_SEED = _count("random_state", 0, "Seed of the generator.", least=0)

BUNDLED = (
    Dataset(
        "digits",
        "Handwritten digits, 8×8 pixels",
        CLASSIFICATION,
        (8, 8),
        train=1797,
        inputs=Inputs(0, 16),
        classes=tuple("0123456789"),
        licence="CC BY 4.0",
        source="scikit-learn (UCI, Alpaydin and Kaynak 1998)",
    ),
    Dataset(
        "iris",
        "Iris flowers: species from four lengths",
        CLASSIFICATION,
        (4,),
        train=150,
        inputs=Inputs(0.1, 7.9, (0.434, 1.76)),
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
        inputs=Inputs(0.13, 1680, (0.124, 314)),
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
        inputs=Inputs(0, 4254, (0.00264, 569)),
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
        inputs=Inputs(-0.138, 0.199, (0.0476, 0.0476)),
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
)
"""The data sets, the usual first one first."""
