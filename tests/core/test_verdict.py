"""The engine's answer on an experiment, there and back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tui_trainer.core.problem import Problem
from tui_trainer.core.verdict import LayerSize, Memory, Verdict

VERDICT = Verdict(
    (28, 28),
    "float32",
    (
        LayerSize("flatten", "Flatten", (784,), 0),
        LayerSize("", "Dropout", (784,), 0, disabled=True),
        LayerSize("frozen", "Dense", (784,), 1570, 10),
        LayerSize("out", "Dense", (None, 10), 7850, 7850),
    ),
    (Problem(("layers", 2, "units"), "expected a positive integer; received 0"),),
    optimizer=15720,
)


def test_verdict_survives_json() -> None:
    record = json.loads(json.dumps(VERDICT.to_json()))
    assert record["input"] == {"shape": [28, 28], "dtype": "float32"}
    assert record["params"] == VERDICT.params == 9420
    assert record["trainable"] == VERDICT.trainable == 7860
    assert Verdict.from_json(record) == VERDICT


def test_verdict_on_wrong_data_has_no_sizes() -> None:
    record = Verdict(problems=VERDICT.problems).to_json()
    assert (record["input"], record["layers"], record["params"]) == (None, [], 0)
    assert Verdict.from_json(record).input_shape == ()


def test_verdict_of_an_engine_that_tells_less_is_read() -> None:
    plain = {"name": "out", "type": "Dense", "shape": [10], "params": 7850}
    old = {"input": None, "layers": [plain], "problems": []}
    assert Verdict.from_json(old).layers == (LayerSize("out", "Dense", (10,), 7850, 7850),)


def test_memory_of_a_step() -> None:
    """Outputs: 784 and 784 numbers; the layer that is off adds none; 10 of the open size."""
    needed = VERDICT.memory(32)
    assert needed == Memory(4 * 9420, 4 * 7860, 4 * 15720, 4 * 32 * (784 + 784 + 10))
    assert needed.total == 4 * (9420 + 7860 + 15720 + 32 * 1578)
    assert VERDICT.memory(64).activations == 2 * needed.activations


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_halves_activations_but_for_the_last(policy: str) -> None:
    full, mixed = VERDICT.memory(1), VERDICT.memory(1, policy)
    assert mixed.activations == 2 * (784 + 784) + 4 * 10
    assert (mixed.weights, mixed.gradients) == (full.weights, full.gradients)


def test_layers_that_are_all_off_take_nothing() -> None:
    off = Verdict((8,), "float32", (LayerSize("", "Dense", (8,), 0, disabled=True),))
    assert off.memory(32).total == Verdict().memory(32).total == 0


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
