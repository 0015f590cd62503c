"""What there is to say of a data set before any of it is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from tui_trainer.core.catalogue import Param
from tui_trainer.core.experiment import Data, Value

CLASSIFICATION, BINARY, REGRESSION = "classification", "binary", "regression"


@dataclass(frozen=True, slots=True)
class File:
    """A file that a data set is fetched as, below the `datasets` folder of Keras' cache."""

    name: str
    url: str
    sha256: str
    megabytes: float
    """Size in 10^6 bytes, for the progress of a download."""
    needed: bool = True
    """Whether there is no training without it."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """How large a data set's inputs are as they are stored, rounded."""

    least: float
    most: float
    deviations: tuple[float, float] = (1.0, 1.0)
    """The standard deviation of the feature that varies least, and of the one that varies most.

    Both are 1 for pictures, whose pixels share one range.
    """


PIXELS = Inputs(0, 255)
"""Of pictures of 8 bits."""


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
    inputs: Inputs | None = None
    """Nothing where the options decide, and for words."""
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
