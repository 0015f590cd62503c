"""Advice on the callbacks: what they watch, and how long they wait."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from tui_trainer.core.advice.case import Advice, Case
from tui_trainer.core.advice.fix import put, set_data
from tui_trainer.core.experiment import Part
from tui_trainer.core.labels import plain_name

_WATCHING = ("EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint")
_PATIENCE = {"EarlyStopping": 0, "ReduceLROnPlateau": 10}
"""The callbacks that wait, and how long if they are not told."""
_SHARE = 0.2
"""How much of the training data is held out where nothing else is known."""


def no_validation_to_watch(case: Case) -> Iterator[Advice]:
    """Advise where there is no val_loss: the callback then does nothing."""
    facts = case.facts
    if facts is None or facts.validation:
        return
    for index, _, monitor in _watching(case):
        if monitor.startswith("val_"):
            yield Advice(
                ("callbacks", index, "monitor"),
                f"it watches {monitor}, and no data are held out for validation",
                set_data("validation", _SHARE) if facts.train > 1 else None,
                f"hold out {_SHARE:.0%} of the training data" if facts.train > 1 else "",
            )


def no_such_metric(case: Case) -> Iterator[Advice]:
    """Advise where what a callback watches does not exist: it then does nothing."""
    known = ["loss", *metric_names(case)]
    for index, callback, monitor in _watching(case):
        name = monitor.removeprefix("val_")
        if name in known or monitor == "learning_rate":
            continue
        prefix = "val_" if monitor.startswith("val_") else ""
        right = _meant(case, name, known)
        fixed = callback.having("monitor", prefix + (right or "loss"))
        yield Advice(
            ("callbacks", index, "monitor"),
            f"no metric is called {name}; there are {', '.join(known)}",
            put(("callbacks", index), fixed if right else fixed.lacking("mode")),
            f"watch {prefix}{right or 'loss'}",
        )


def _watching(case: Case) -> Iterator[tuple[int, Part, str]]:
    """Yield the callbacks that go by a value, with their index and the name of the value."""
    for index, callback in case.callbacks:
        monitor = callback.params.get("monitor", "val_loss")
        every = callback.type == "ModelCheckpoint" and not callback.params.get("save_best_only")
        if callback.type in _WATCHING and isinstance(monitor, str) and not every:
            yield index, callback, monitor


def _meant(case: Case, name: str, known: list[str]) -> str:
    """Return the name that comes close, or that Keras knows as another name of the same metric."""
    typed = plain_name(Part(name))
    for (_, metric), called in zip(case.metrics, metric_names(case), strict=True):
        if plain_name(metric) == typed:
            return called
    close = get_close_matches(name.lower(), known, 1)
    return close[0] if close else ""


def metric_names(case: Case) -> list[str]:
    """Return what the metrics are called in the history of a run.

    A bare name that is not the class's own is kept; else it is the `name` of the metric, or that
    which Keras makes of the class: `f1_score`, and `auc_1` for a second one.
    """
    found: list[str] = []
    for _, metric in case.metrics:
        name = metric.name or _default_name(case, metric)
        numbered = (f"{name}_{number}" if number else name for number in range(len(found) + 1))
        found.append(next(one for one in numbered if one not in found))
    return found


def _default_name(case: Case, metric: Part) -> str:
    name = case.class_name("metrics", metric)
    if not metric.params and (name != metric.type or name == "accuracy"):
        return metric.type
    default = case.argument("metrics", metric, "name")
    return default if isinstance(default, str) else _snake_case(name)


def _snake_case(name: str) -> str:
    """Return a class's name as Keras writes it: `TruePositives` is `true_positives`."""
    return re.sub(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", "_", name).lower()


def patience_of_all_epochs(case: Case) -> Iterator[Advice]:
    """Advise where a callback waits for longer than the run lasts: it then never acts."""
    epochs = case.experiment.fit.epochs
    for index, callback in case.callbacks:
        if callback.type not in _PATIENCE:
            continue
        patience = callback.params.get("patience", _PATIENCE[callback.type])
        if not isinstance(patience, int) or patience < max(1, epochs):
            continue
        less = max(1, epochs // 4)
        fix = put(("callbacks", index), callback.having("patience", less)) if epochs > 1 else None
        yield Advice(
            ("callbacks", index, "patience"),
            f"it waits for {patience} epochs, and the run has {epochs}",
            fix,
            f"set patience to {less}" if fix else "",
        )
