"""What the standing engine answers: the catalogue, checks, and looks at the data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from tui_trainer.core import toml
from tui_trainer.core.check import check
from tui_trainer.core.datasets import describe
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.labels import check_labels, check_metrics
from tui_trainer.core.problem import Problem, Where
from tui_trainer.core.verdict import Verdict
from tui_trainer.engine.data.preview import preview
from tui_trainer.engine.devices import device_scope
from tui_trainer.engine.gauges import held
from tui_trainer.engine.initial import misfit
from tui_trainer.engine.introspect import catalogue
from tui_trainer.engine.scratch import inspect, inspect_compile

Request: TypeAlias = Mapping[str, Any]


def answer_catalogue(request: Request) -> dict[str, Any]:
    """Return the catalogue as JSON text."""
    return {"catalogue": catalogue().to_json()}


def answer_check(request: Request) -> dict[str, Any]:
    """Return a verdict on an experiment, and what others hold of the GPUs."""
    return {**judge(experiment_of(request)).to_json(), "held": held()}


def answer_preview(request: Request) -> dict[str, Any]:
    """Return figures and samples of an experiment's training data, if they are on this machine."""
    return preview(experiment_of(request).data)


ANSWERS: dict[str, Callable[[Request], dict[str, Any]]] = {
    "catalogue": answer_catalogue,
    "check": answer_check,
    "preview": answer_preview,
}
"""The requests that are answered at once."""


def judge(experiment: Experiment) -> Verdict:
    """Return an experiment's shapes, parameter counts and problems, each place with one problem."""
    problems = [*check(experiment, catalogue()), *_device(experiment)]
    try:
        facts = describe(experiment.data)
    except TrainerError:
        return Verdict(problems=_first_of_each(problems))  # What is wrong is among them already.
    stack = inspect(experiment, facts.shape, facts.dtype)
    problems += [*stack.problems, *inspect_compile(experiment)]
    problems += filter(None, [misfit(experiment, stack)])
    if experiment.enabled.layers and len(stack.layers) == len(experiment.layers):
        shape = stack.layers[-1].shape
        labels = check_labels(experiment, facts, shape)
        problems += [labels] if labels else check_metrics(experiment, facts, shape)
    told = _first_of_each(problems)
    return Verdict(facts.shape, facts.dtype, stack.layers, told, stack.optimizer)


def _device(experiment: Experiment) -> Iterator[Problem]:
    try:
        device_scope(experiment.fit.device)
    except TrainerError as error:
        yield Problem(("fit", "device"), error.message)


def _first_of_each(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems but for those at a place, or round a place, that has one already."""
    seen: dict[Where, Problem] = {}
    for problem in problems:
        if not any(problem.where == at[: len(problem.where)] for at in seen):
            seen[problem.where] = problem
    return tuple(seen.values())


def experiment_of(request: Request) -> Experiment:
    """Return the experiment that a request brings, or raise TrainerError."""
    text = request.get("experiment")
    if not isinstance(text, str):
        raise TrainerError(f"expected an experiment as TOML; received {text!r}", "experiment")
    return toml.loads(text)
