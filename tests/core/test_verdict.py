"""The engine's answer on an experiment, there and back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tui_trainer.core.problem import Problem
from tui_trainer.core.verdict import LayerSize, Verdict

VERDICT = Verdict(
    (28, 28),
    "float32",
    (LayerSize("flatten", "Flatten", (784,), 0), LayerSize("out", "Dense", (None, 10), 7850)),
    (Problem(("layers", 2, "units"), "expected a positive integer; received 0"),),
)


def test_verdict_survives_json() -> None:
    record = json.loads(json.dumps(VERDICT.to_json()))
    assert record["input"] == {"shape": [28, 28], "dtype": "float32"}
    assert record["params"] == VERDICT.params == 7850
    assert Verdict.from_json(record) == VERDICT


def test_verdict_on_wrong_data_has_no_sizes() -> None:
    record = Verdict(problems=VERDICT.problems).to_json()
    assert (record["input"], record["layers"], record["params"]) == (None, [], 0)
    assert Verdict.from_json(record).input_shape == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"layers": None}, "expected a list; received NoneType"),
        ({"layers": ["Dense"]}, "expected an object; received str"),
        ({"layers": [{"name": "a", "type": "Dense", "params": 3}]}, "expected a verdict with 'sh"),
        ({"input": {"shape": ["28"], "dtype": "int8"}}, "expected an integer; received '28'"),
        ({"input": [28]}, "expected an object; received list"),
        ({"problems": [{"where": "layers", "message": ""}]}, "expected a list; received str"),
        ({"problems": [{"where": [1.5], "message": ""}]}, "expected a path of names and numbers"),
    ],
)
def test_odd_answer_is_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Verdict.from_json({**VERDICT.to_json(), **change})


@pytest.mark.parametrize("record", [None, [], "text", {}])
def test_what_is_no_answer_is_refused(record: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        Verdict.from_json(record)
