"""Data sets → arrays: read, divided and prepared."""

from tui_trainer.core.experiment import Data
from tui_trainer.engine.data.arrays import Arrays, Split
from tui_trainer.engine.data.prepare import prepare
from tui_trainer.engine.data.sources import read
from tui_trainer.engine.data.watch import Cancelled, Watch

__all__ = ["Arrays", "Cancelled", "Split", "Watch", "load"]


def load(data: Data, watch: Watch | None = None) -> Arrays:
    """Return the data of an experiment, divided and prepared; TrainerError says what is wrong."""
    return prepare(data, read(data, watch or Watch()))
