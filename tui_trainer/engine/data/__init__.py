"""Data sets → arrays: read, divided and prepared."""

from tui_trainer.core.datasets import describe
from tui_trainer.core.experiment import Data
from tui_trainer.engine.data.arrays import Arrays, Split
from tui_trainer.engine.data.bounds import check_numbers
from tui_trainer.engine.data.prepare import prepare
from tui_trainer.engine.data.sources import read
from tui_trainer.engine.wait import Cancelled, Wait

__all__ = ["Arrays", "Cancelled", "Split", "Wait", "check_numbers", "load"]


def load(data: Data, wait: Wait | None = None) -> Arrays:
    """Return the data of an experiment, divided and prepared; TrainerError says what is wrong."""
    describe(data)  # Before anything is fetched for it.
    return prepare(data, read(data, wait or Wait()))
