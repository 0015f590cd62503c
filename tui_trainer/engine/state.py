"""What it takes to go on with a run and a model file does not hold: a value, and its bytes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import numpy as np

from tui_trainer.core.events import Best, Metrics, best_from_json, metrics_from_json
from tui_trainer.core.record import number, read_fields

_KINDS = "biuf"
"""The kinds of numbers that an array may hold: no objects, so nothing that runs."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a run was when its model was written."""

    epoch: int = 0
    """How many epochs were complete."""
    batch: int = 0
    """How many batches of the next one were done."""
    ended: bool = False
    """Whether a callback had ended the training there."""
    finite: bool = True
    """Whether the loss was a number all the time."""
    spent: float = 0.0
    """Seconds that the epoch in work had taken."""
    seconds: float = 0.0
    """Seconds that the run had taken."""
    phases: Metrics = field(default_factory=dict)
    """Those by phase."""
    metrics: Metrics = field(default_factory=dict)
    """Of the last complete epoch."""
    best: Best | None = None
    losses: tuple[float, ...] = ()
    """The validation losses, epoch by epoch."""
    experiment: str = ""
    """What was trained, as TOML, without what may be another from now on."""
    callbacks: tuple[Mapping[str, Any], ...] = ()
    """What of each callback has changed since the training began."""
    digest: int = 0
    """Of the weights and of what the optimizer keeps: the model file holds those."""
    variables: tuple[Any, ...] = ()
    """Arrays: the values of all other variables, such as seeds of layers, and metrics so far."""

    def past_its_end(self) -> State:
        """Return this state for a run that goes on although a callback had ended it."""
        callbacks = tuple(
            {name: value for name, value in one.items() if name != "stopped_epoch"}
            for one in self.callbacks
        )
        return replace(self, ended=False, callbacks=callbacks)


def dumps(state: State) -> bytes:
    """Return a state as a line of JSON, and after it the numbers of its arrays."""
    numbers = bytearray()
    record = {f.name: _plain(getattr(state, f.name), numbers) for f in fields(State)}
    return json.dumps(record).encode() + b"\n" + numbers


def loads(data: bytes) -> State:
    """Return the state that bytes hold, or raise ValueError."""
    line, _, numbers = data.partition(b"\n")
    try:
        record = read_fields(State, _made(json.loads(line), numbers))
    except (RecursionError, OverflowError, TypeError) as error:
        raise ValueError(f"expected a state: {error}") from error
    for name in ("phases", "metrics"):
        record[name] = metrics_from_json(record.get(name), where=name)
    record["best"] = best_from_json(record.get("best"))
    record["losses"] = tuple(map(number, _list(record, "losses")))
    for name in ("callbacks", "variables"):
        record[name] = tuple(_list(record, name))
    state = State(**record)
    if state.epoch < 0 or state.batch < 0 or not all(map(_is_table, state.callbacks)):
        raise ValueError("expected a state; received an impossible one")
    return state


def is_plain(value: Any) -> bool:
    """Return whether a value can be kept: numbers, text, arrays of numbers, and lists of them."""
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in _KINDS
    if isinstance(value, list):
        return all(map(is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)


def _plain(value: Any, numbers: bytearray) -> Any:
    """Return what JSON holds of a value; the numbers of arrays are appended to the others."""
    if isinstance(value, np.ndarray | np.generic):
        begin = len(numbers)
        numbers += value.tobytes()
        return {"array": [value.dtype.str, list(value.shape), begin]}
    if isinstance(value, Best):
        return asdict(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item, numbers) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, numbers) for item in value]
    return value


def _made(value: Any, numbers: bytes) -> Any:
    """Return the value again, its arrays made of the numbers; or raise ValueError."""
    if isinstance(value, list):
        return [_made(item, numbers) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() != {"array"}:
        return {key: _made(item, numbers) for key, item in value.items()}
    kind, shape, begin = value["array"]
    known = re.fullmatch(rf"[<>|][{_KINDS}]\d\d?", kind)
    if not known or not all(type(size) is int and size >= 0 for size in shape):
        raise ValueError(f"expected an array of numbers; received {value!r:.80}")
    dtype, count = np.dtype(kind), math.prod(shape)
    if begin < 0 or begin + count * dtype.itemsize > len(numbers):
        raise ValueError("expected the numbers of an array; they are missing")
    made = np.frombuffer(numbers, dtype, count, begin) if count else np.zeros(0, dtype)
    return made.reshape(shape).copy()[()]


def _list(record: Mapping[str, Any], name: str) -> list[Any]:
    value = record.get(name)
    if not isinstance(value, list):
        raise ValueError(f"expected {name} as a list; received {type(value).__name__}")
    return value


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)
