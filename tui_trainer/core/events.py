"""What happens in a run, told in the past tense: one JSON object a line."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, TypeAlias, get_args

from tui_trainer.core.brief import harmless
from tui_trainer.core.record import number, read_fields

Metrics: TypeAlias = Mapping[str, float]
"""Values by metric name, as Keras names them; a validation metric begins with `val_`."""

PHASES = ("load", "build", "compile", "train", "validate", "evaluate", "save")
"""What a run does, in order; train and validate alternate."""


@dataclass(frozen=True, slots=True)
class PhaseBegan:
    """The run turned to a new phase; told once for each phase, of train and validate the first."""

    KIND: ClassVar[str] = "phase"
    phase: str
    at: float = 0.0
    """Seconds since the epoch, of the clock on the wall."""


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """An epoch is over, validation included."""

    KIND: ClassVar[str] = "epoch"
    epoch: int
    """Counts from 1."""
    metrics: Metrics
    seconds: float
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Resumed:
    """A run goes on from a checkpoint: what was told of later epochs is told again."""

    KIND: ClassVar[str] = "resumed"
    epoch: int
    """How many epochs were complete."""
    batch: int = 0
    """How many batches of the next one were done too."""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckpointSaved:
    """A model file is complete on disk."""

    KIND: ClassVar[str] = "checkpoint"
    epoch: int
    path: str
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Noted:
    """Something worth a line in the log."""

    KIND: ClassVar[str] = "note"
    text: str
    at: float = 0.0
    warning: bool = False
    """Whether something is wrong while the run goes on; a checkpoint that is saved ends it."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best value so far of what the run monitors."""

    epoch: int
    monitor: str
    value: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The run ended by itself, or was stopped and saved."""

    KIND: ClassVar[str] = "finished"
    run: str
    epochs: int
    """How many were completed."""
    metrics: Metrics
    """Those of the last epoch."""
    best: Best | None
    test: Metrics
    seconds: float
    stopped: bool = False
    """Whether the user ended it."""
    phases: Metrics = field(default_factory=dict)
    """Seconds spent, by phase."""
    device: str = ""
    at: float = 0.0

    @property
    def state(self) -> str:
        """What the run's status is to say."""
        return "stopped" if self.stopped else "finished"


@dataclass(frozen=True, slots=True)
class Failed:
    """The run ended with an error."""

    KIND: ClassVar[str] = "failed"
    message: str
    where: str = ""
    at: float = 0.0

    @property
    def state(self) -> str:
        """What the run's status is to say."""
        return "failed"


Event: TypeAlias = PhaseBegan | EpochEnded | Resumed | CheckpointSaved | Noted | Finished | Failed
_KINDS: dict[str, type[Any]] = {kind.KIND: kind for kind in get_args(Event)}
_METRIC_FIELDS = {"metrics", "test", "phases"}


def to_json(event: Event) -> dict[str, Any]:
    """Return an event as an object for JSON: its kind under `event`, then its fields.

    JSON has no NaN and no infinity: such a value is null, and `not_finite` names it, as `loss` of
    the metrics, `test.loss` of the test and `best.value`.
    """
    record = {"event": event.KIND, **asdict(event)}
    odd = {
        _flag(field_name, name): str(value)
        for field_name in (*_METRIC_FIELDS, "best")
        for name, value in (record.get(field_name) or {}).items()
        if isinstance(value, float) and not math.isfinite(value)
    }
    return {**finite(record), "not_finite": odd} if odd else record


def finite(value: Any) -> Any:
    """Return the value with None in the place of every NaN and infinity."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def from_json(record: Mapping[str, Any]) -> Event:
    """Return the event that a record holds, or raise ValueError; unknown fields are passed over."""
    kind = _KINDS.get(str(record.get("event")))
    if kind is None:
        raise ValueError(f"expected one of {', '.join(_KINDS)}, received {record.get('event')!r}")
    found = read_fields(kind, record)
    odd = record.get("not_finite")
    for name in _METRIC_FIELDS & found.keys():
        found[name] = metrics_from_json(found[name], odd, name)
    if "best" in found:
        found["best"] = best_from_json(found["best"], odd)
    try:
        event: Event = kind(**found)
    except TypeError as error:
        raise ValueError(f"expected the fields of {kind.__name__}: {error}") from error
    return event


def metrics_from_json(record: Any, not_finite: Any = None, where: str = "metrics") -> Metrics:
    """Return metrics as numbers, or raise ValueError; null is what `not_finite` says, else NaN."""
    if not isinstance(record, Mapping):
        raise ValueError(f"expected {where} by name; received {type(record).__name__}")
    odd = not_finite if isinstance(not_finite, Mapping) else {}
    return {
        harmless(name): number(odd.get(_flag(where, name)) if value is None else value)
        for name, value in record.items()
    }


def best_from_json(record: Any, not_finite: Any = None) -> Best | None:
    """Return the best that an object holds, or raise ValueError; null is none."""
    if record is None:
        return None
    found = read_fields(Best, record)
    if isinstance(not_finite, Mapping) and record.get("value") is None:
        found["value"] = number(not_finite.get(_flag("best", "value")))
    try:
        return Best(**found)
    except TypeError as error:
        raise ValueError(f"expected the fields of Best: {error}") from error


def dumps(record: Mapping[str, Any]) -> str:
    """Return one line of strict JSON, without its line end, that UTF-8 can hold."""
    text = json.dumps(finite(record), allow_nan=False, ensure_ascii=False)
    # A path may hold bytes that are no text; JSON's escape for them is Python's.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _flag(field_name: str, name: str) -> str:
    return name if field_name == "metrics" else f"{field_name}.{name}"
