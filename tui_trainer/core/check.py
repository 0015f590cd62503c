"""What is wrong with an experiment, found before Keras sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_trainer.core.brief import brief
from tui_trainer.core.catalogue import Catalogue, Entry, Kind
from tui_trainer.core.datasets import describe, option_problems
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data, Experiment, Part, Value, enabled
from tui_trainer.core.problem import Problem, Where, place
from tui_trainer.core.values import expected, fault, show
from tui_trainer.core.words import did_you_mean


def check(experiment: Experiment, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Return all that can be found without building the model."""
    compiled = experiment.compile
    problems = [*_data(experiment.data)]
    if not enabled(experiment.layers):
        problems.append(Problem(("layers",), "expected at least one layer; received none"))
    problems += _parts(experiment.layers, "layers", catalogue)
    problems += _names(experiment.layers)
    problems += _words(experiment)
    problems += check_part(compiled.optimizer, "optimizers", catalogue, ("optimizer",))
    if compiled.loss is None:
        problems.append(Problem(("loss",), "expected a loss; received none"))
    else:
        problems += check_part(compiled.loss, "losses", catalogue, ("loss",))
    problems += _parts(compiled.metrics, "metrics", catalogue)
    problems += _parts(experiment.callbacks, "callbacks", catalogue)
    problems += _plateaus(experiment)
    return tuple(problems)


def _parts(parts: tuple[Part, ...], group: str, catalogue: Catalogue) -> Iterator[Problem]:
    for index, part in enumerate(parts):
        if not part.disabled:
            yield from check_part(part, group, catalogue, (group, index))


def check_part(part: Part, group: str, catalogue: Catalogue, where: Where) -> Iterator[Problem]:
    """Yield what is wrong with a part and with the parts inside it."""
    entry = catalogue.find(group, part.type)
    if entry is None:
        received = f"{brief(part.type)}{_hint(part.type, group, catalogue)}"
        yield Problem(
            where, f"expected one of Keras {catalogue.keras}'s {group}; received {received}"
        )
        return
    for name, value in part.params.items():
        yield from _param(entry, name, value, catalogue, (*where, name))
    for param in entry.params:
        if param.required and param.name not in part.params:
            message = fault(param, "") or "expected a value; received nothing"
            yield Problem((*where, param.name), message)


def _hint(name: str, group: str, catalogue: Catalogue) -> str:
    """Return what may help with a class that the catalogue has not."""
    if name in catalogue.left_out:
        return f", which {catalogue.left_out[name]}"
    if "(" in name:
        return "; arguments go by name, as in Name(argument=1)"
    return did_you_mean(name, [entry.name for entry in catalogue.group(group)])


def _data(data: Data) -> Iterator[Problem]:
    wrong = tuple(option_problems(data))
    yield from wrong
    try:
        if not wrong:
            describe(data)
    except TrainerError as error:
        table, _, key = error.where.partition(" ")
        yield Problem((table.strip("[]"), key), error.message)


def _param(
    entry: Entry, name: str, value: Value, catalogue: Catalogue, where: Where
) -> Iterator[Problem]:
    param = entry.param(name)
    if param is None:
        names = [param.name for param in entry.params]
        reasons = (catalogue.left_out.get(f"{of}.{name}") for of in (entry.name, entry.group))
        why = next((f", which {reason}" for reason in reasons if reason), "")
        hint = why or did_you_mean(name, names) or _there_are(names)
        yield Problem(where, f"expected a parameter of {entry.name}; received {brief(name)}{hint}")
        return
    message = fault(param, value) or _name_fault(entry.group, name, value)
    if message:
        yield Problem(where, message)
    elif param.kind in (Kind.PART, Kind.NUMBER_OR_PART) and isinstance(value, Part | str):
        part = Part(value) if isinstance(value, str) else value
        if param.kind is Kind.NUMBER_OR_PART and not catalogue.find(param.group, part.type):
            words = f"expected {expected(param)}, or one of Keras' {param.group}"
            yield Problem(where, f"{words}; received {brief(show(part))}")
        else:
            yield from check_part(part, param.group, catalogue, where)
    elif param.kind is Kind.PARTS:
        for number, item in enumerate(value if isinstance(value, tuple) else (value,), start=1):
            part = item if isinstance(item, Part) else Part(str(item))
            for problem in check_part(part, param.group, catalogue, (f"number {number}",)):
                # A form has one field for all of them.
                yield Problem(where, f"{problem.message} ({place(problem.where)})")


def _name_fault(group: str, param: str, value: Value) -> str:
    """Return why TensorFlow takes no such name, or nothing; a metric may be called anything."""
    if param != "name" or group == "metrics" or not isinstance(value, str) or not value:
        return ""
    if not re.fullmatch(r"[A-Za-z0-9_.>-]*", value):
        received = f"received {brief(value)}"
        return f"expected letters from A to Z, digits, and . _ - > in a name; {received}"
    if group == "optimizers" and value[0] in "_>-":
        return f"expected a name that begins with a letter, a digit or .; received {brief(value)}"
    return ""


def _words(experiment: Experiment) -> Iterator[Problem]:
    """Yield the layers that read words, where the data are numbers."""
    try:
        facts = describe(experiment.data)
    except TrainerError:
        return  # What is wrong with the data is told there.
    for index, layer in enumerate(experiment.layers):
        if layer.type in _READ_WORDS and not layer.disabled and facts.dtype != "string":
            yield Problem(
                ("layers", index),
                f"expected a layer that reads numbers, as in {facts.dataset.name}; "
                f"received {layer.type}, which reads words",
            )


_READ_WORDS = ("StringLookup", "TextVectorization")


def _names(layers: tuple[Part, ...]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, layer in enumerate(layers):
        if layer.disabled:
            continue
        if layer.name and layer.name in seen:
            yield Problem(
                ("layers", index, "name"),
                f"expected a name of its own; "
                f"layer {seen[layer.name] + 1} has {brief(layer.name)} too",
            )
        seen.setdefault(layer.name, index)


def _plateaus(experiment: Experiment) -> Iterator[Problem]:
    """Yield the callbacks that would set a learning rate which follows a schedule: it cannot be."""
    optimizer: Value = experiment.compile.optimizer
    rate: Value = None
    while isinstance(optimizer, Part):
        rate, optimizer = optimizer.params.get("learning_rate"), optimizer.params.get(_INNER)
    if not isinstance(rate, Part):
        return
    for index, callback in enumerate(experiment.callbacks):
        if callback.type == "ReduceLROnPlateau" and not callback.disabled:
            yield Problem(
                ("callbacks", index),
                "expected a learning rate that is a number, which this callback can lower; "
                f"received {brief(rate.type)}, a schedule, which sets it by itself",
            )


_INNER = "inner_optimizer"
"""What LossScaleOptimizer calls the optimizer whose learning rate it has."""


def _there_are(names: list[str]) -> str:
    return f"; there are {', '.join(names)}" if 0 < len(names) <= _FEW else ""


_FEW = 6
"""How many names are listed where none comes close."""
