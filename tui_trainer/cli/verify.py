"""An experiment against the installed Keras, before anything is trained."""

from __future__ import annotations

from tui_trainer.core.catalogue import Catalogue
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.verdict import Verdict


def verify(experiment: Experiment) -> Verdict:
    """Return what the engine says of an experiment.

    TrainerError says why Keras and TensorFlow cannot be imported, if they cannot.
    """
    try:
        from tui_trainer.engine.answers import judge
    except (ImportError, AttributeError, OSError, RuntimeError, ValueError) as error:
        raise TrainerError(
            f"expected Keras and TensorFlow, as installed with tui-trainer; received {error}"
        ) from error
    return judge(experiment)


def offered() -> Catalogue:
    """Return what the installed Keras offers, which has been imported to verify with."""
    from tui_trainer.engine.introspect import catalogue

    return catalogue()


def gpu_lines() -> list[str]:
    """Return a line for each GPU of this machine, and what others hold of their memory."""
    from tui_trainer.engine.gauges import gpus, held

    lines = [f"{gpu.title}: {gpu.words}" for gpu in gpus().read()]
    return [*lines, *filter(None, [held()])]
