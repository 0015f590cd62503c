"""An experiment against the installed Keras, before anything is trained."""

from __future__ import annotations

from typing import Any

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.problem import Problem
from tui_trainer.engine.answers import check_experiment
from tui_trainer.engine.devices import device_scope


def verify(experiment: Experiment, where: str) -> dict[str, Any]:
    """Return the checked experiment's layers, as the engine answers `check`.

    TrainerError says what is wrong first, of the file or preset that `where` names.
    """
    answer = check_experiment(experiment)
    for problem in map(Problem.from_json, answer["problems"]):
        raise TrainerError(str(problem), where)
    try:
        device_scope(experiment.fit.device)
    except TrainerError as error:
        raise TrainerError(str(error), where) from error
    return answer
