"""What happened in a run, as JSON that any program reads and that loses nothing."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tui_trainer.core.events import (
    Best,
    CheckpointSaved,
    EpochEnded,
    Event,
    Failed,
    Finished,
    Noted,
    PhaseBegan,
    dumps,
    finite,
    from_json,
    to_json,
)

BEST = Best(2, "val_loss", 0.25)
FINISHED = Finished(
    "runs/digits-1",
    3,
    {"loss": 0.5, "val_loss": 0.25},
    BEST,
    {"loss": 0.75, "accuracy": 1.0},
    12.5,
    True,
    {"load": 0.5, "train": 12.0},
    "CPU",
    1e9,
)


def strict(text: str) -> Any:
    """Read JSON as a program would that knows no NaN."""
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def again(event: Event) -> Event:
    return from_json(strict(dumps(to_json(event))))


@pytest.mark.parametrize(
    "event",
    [
        PhaseBegan("train", 1e9),
        EpochEnded(1, {"loss": 0.5, "val_loss": 1.0}, 2.5, 1e9),
        EpochEnded(2, {}, 0.0),
        CheckpointSaved(3, "/tmp/ä b.keras", 1e9),
        Noted('two\nlines, "quotes" and 数字'),
        Failed("expected 3; received 2", "layer 1 · units"),
        FINISHED,
        Finished("", 0, {}, None, {}, 0.0),
    ],
)
def test_event_survives_json(event: Event) -> None:
    assert again(event) == event
    assert "\n" not in dumps(to_json(event))


def test_epoch_is_told_as_the_documentation_says() -> None:
    record = to_json(EpochEnded(3, {"loss": 0.5}, 1.5, 7.0))
    assert record == {
        "event": "epoch",
        "epoch": 3,
        "metrics": {"loss": 0.5},
        "seconds": 1.5,
        "at": 7.0,
    }


def test_value_that_json_has_not_is_null_and_named() -> None:
    told = EpochEnded(1, {"loss": math.nan, "mae": math.inf, "mse": -math.inf, "a": 1.0}, 1.0)
    record = to_json(told)
    assert record["metrics"] == {"loss": None, "mae": None, "mse": None, "a": 1.0}
    assert record["not_finite"] == {"loss": "nan", "mae": "inf", "mse": "-inf"}
    found = again(told)
    assert isinstance(found, EpochEnded)
    assert math.isnan(found.metrics["loss"])
    assert [*found.metrics.values()][1:] == [math.inf, -math.inf, 1.0]


def test_run_that_diverged_still_finishes() -> None:
    told = Finished(
        "", 1, {"loss": math.nan}, Best(1, "loss", math.inf), {"loss": -math.inf, "a": 1.0}, 1.0
    )
    found = again(told)
    assert isinstance(found, Finished)
    assert math.isnan(found.metrics["loss"])
    assert found.best == told.best
    assert found.test == told.test


def test_null_without_a_name_is_nan() -> None:
    found = from_json({"event": "epoch", "epoch": 1, "metrics": {"loss": None}, "seconds": None})
    assert isinstance(found, EpochEnded)
    assert math.isnan(found.metrics["loss"])
    assert math.isnan(found.seconds)


def test_fields_of_a_newer_version_are_passed_over() -> None:
    assert from_json({"event": "note", "text": "hi", "colour": "blue"}) == Noted("hi")


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"event": "party"},
        {"event": None},
        {"event": "note"},
        {"event": "note", "text": None},
        {"event": "phase", "phase": "train", "at": "noon"},
        {"event": "epoch", "epoch": True, "metrics": {}, "seconds": 1},
        {"event": "epoch", "epoch": 1.5, "metrics": {}, "seconds": 1},
        {"event": "epoch", "epoch": 1, "metrics": [1], "seconds": 1},
        {"event": "epoch", "epoch": 1, "metrics": {"loss": True}, "seconds": 1},
        {"event": "epoch", "epoch": 1, "metrics": {"loss": 10**400}, "seconds": 1},
        {**to_json(FINISHED), "best": []},
        {**to_json(FINISHED), "best": {"epoch": 1, "monitor": "loss"}},
        {**to_json(FINISHED), "stopped": 1},
        {**to_json(FINISHED), "phases": 3},
    ],
    ids=str,
)
def test_record_that_is_no_event_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        from_json(record)


def test_finite_reaches_into_everything() -> None:
    found = finite({"a": [1.0, math.nan, (math.inf,)], "b": {"c": -math.inf}, "d": "nan", "e": 1})
    assert found == {"a": [1.0, None, [None]], "b": {"c": None}, "d": "nan", "e": 1}


def test_text_of_a_record_cannot_steer_a_terminal() -> None:
    record = to_json(EpochEnded(1, {"lo\x1b[2Jss": 0.5}, 1.0))
    assert from_json(record) == EpochEnded(1, {r"lo\x1b[2Jss": 0.5}, 1.0)
    noted = from_json({"event": "note", "text": "a\x1b]0;b\x07\x9b1m\r\n"})
    assert noted == Noted("a\\x1b]0;b\\x07\\x9b1m\\r\n")


@pytest.mark.parametrize("epoch", [10**400, -(10**400), 2**63])
def test_counts_that_no_run_comes_to_are_no_events(epoch: int) -> None:
    with pytest.raises(ValueError, match="expected epoch as a count"):
        from_json({"event": "epoch", "epoch": epoch, "metrics": {}, "seconds": 1.0})
