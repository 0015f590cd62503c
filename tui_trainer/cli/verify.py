"""An experiment against the installed Keras, before anything is trained."""

from __future__ import annotations

from typing import Any

from tui_trainer.core import toml
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.problem import Problem


def verify(experiment: Experiment) -> tuple[dict[str, Any], list[str]]:
    """Return an experiment's layers, as the engine answers `check`, and what is wrong with it.

    TrainerError says why Keras and TensorFlow cannot be imported, if they cannot.
    """
    try:
        from tui_trainer.engine.answers import answer_check
    except (ImportError, AttributeError, OSError, RuntimeError, ValueError) as error:
        raise TrainerError(
            f"expected Keras and TensorFlow, as installed with tui-trainer; received {error}"
        ) from error
    answer = answer_check({"experiment": toml.dumps(experiment)})
    return answer, [str(Problem.from_json(record)) for record in answer["problems"]]
