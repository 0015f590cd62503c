"""What the standing engine answers: the catalogue, checks, and looks at the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from tui_trainer.core import toml
from tui_trainer.core.check import check, check_labels
from tui_trainer.core.datasets import describe
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.problem import Problem
from tui_trainer.engine.build import inspect, inspect_compile
from tui_trainer.engine.data.preview import preview
from tui_trainer.engine.devices import device_scope
from tui_trainer.engine.introspect import catalogue

Request: TypeAlias = Mapping[str, Any]


def answer_catalogue(request: Request) -> dict[str, Any]:
    """Return the catalogue as JSON text."""
    return {"catalogue": catalogue().to_json()}


def answer_check(request: Request) -> dict[str, Any]:
    """Return an experiment's shapes, parameter counts and problems, its device among them."""
    experiment = _experiment(request)
    answer = check_experiment(experiment)
    try:
        device_scope(experiment.fit.device)
    except TrainerError as error:
        answer["problems"].append(Problem(("fit", "device"), error.message).to_json())
    return answer


def answer_preview(request: Request) -> dict[str, Any]:
    """Return figures and samples of an experiment's training data, if they are on this machine."""
    return preview(_experiment(request).data)


ANSWERS: dict[str, Callable[[Request], dict[str, Any]]] = {
    "catalogue": answer_catalogue,
    "check": answer_check,
    "preview": answer_preview,
}
"""The requests, but for `train`, which is the end of standing by."""


def check_experiment(experiment: Experiment) -> dict[str, Any]:
    """Return an experiment's shapes, parameter counts and problems, each place with one problem."""
    problems = list(check(experiment, catalogue()))
    try:
        facts = describe(experiment.data)
    except TrainerError:
        return _answer(None, [], problems)  # What is wrong is among the problems already.
    stack = inspect(experiment, facts.shape, facts.dtype)
    problems += [*stack.problems, *inspect_compile(experiment)]
    whole = bool(stack.layers) and not stack.problems
    labels = check_labels(experiment, facts, stack.layers[-1].shape) if whole else None
    answer = _answer(
        {"shape": list(facts.shape), "dtype": facts.dtype},
        [
            {"name": at.name, "type": at.type, "shape": list(at.shape), "params": at.params}
            for at in stack.layers
        ],
        [*problems, *([labels] if labels else [])],
    )
    return answer


def _answer(
    given: dict[str, Any] | None, layers: list[dict[str, Any]], problems: list[Problem]
) -> dict[str, Any]:
    seen: dict[tuple[str | int, ...], Problem] = {}
    for problem in problems:
        if not any(problem.where == at[: len(problem.where)] for at in seen):
            seen[problem.where] = problem
    return {
        "input": given,
        "layers": layers,
        "params": sum(layer["params"] for layer in layers),
        "problems": [problem.to_json() for problem in seen.values()],
    }


def _experiment(request: Request) -> Experiment:
    text = request.get("experiment")
    if not isinstance(text, str):
        raise TrainerError(f"expected an experiment as TOML; received {text!r}", "experiment")
    return toml.loads(text)
