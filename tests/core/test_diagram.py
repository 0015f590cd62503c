"""The stack as a picture: what is where, how wide, and that it never breaks its frame."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tui_trainer.core.datasets import describe
from tui_trainer.core.diagram import Diagram, diagram
from tui_trainer.core.experiment import Data, Experiment, Part
from tui_trainer.core.presets import open_experiment
from tui_trainer.core.problem import Problem
from tui_trainer.core.verdict import LayerSize, Verdict
from tui_trainer.core.words import columns_of

DIGITS = open_experiment("digits")[0]
WIDTHS = range(30, 130, 7)
FRAME = set("─│╭╮╰╯┬┴╌╎")


def judged(experiment: Experiment, *sizes: tuple[tuple[int | None, ...], int]) -> Verdict:
    """Return a verdict with these shapes and parameters."""
    layers = tuple(
        LayerSize(part.name, part.type, shape, params)
        for part, (shape, params) in zip(experiment.layers, sizes, strict=False)
    )
    return Verdict(describe(experiment.data).shape, "float32", layers)


VERDICT = judged(DIGITS, ((64,), 4160), ((64,), 0), ((10,), 650))


def part_of(found: Diagram, *where: str | int) -> list[str]:
    """Return the rows of a place."""
    return [found.rows[number] for number in found.at(where)]


def width_of(found: Diagram, index: int) -> int:
    """Return how wide a layer's box is."""
    return len(part_of(found, "layers", index)[0].strip())


def texts(found: Diagram) -> str:
    """Return all that is written, without the frames."""
    kept = "\n".join(found.rows).translate({ord(c): " " for c in FRAME})
    return " ".join(kept.split())


def test_digits_is_told_from_top_to_bottom() -> None:
    told = "digits 64 Dense 64 · relu 4 160 64 Dropout 0.2 64 Dense 10 · softmax 650 10"
    assert texts(diagram(DIGITS, VERDICT, 60)) == told


@pytest.mark.parametrize("width", WIDTHS)
def test_it_keeps_to_its_columns_and_every_line_meets_the_next(width: int) -> None:
    found = diagram(DIGITS, VERDICT, width)
    assert max(map(len, found.rows)) <= width
    joints = {row.index(c) for row in found.rows for c in "┬┴" if c in row}
    assert len(joints) == 1


def test_boxes_narrow_as_the_output_does() -> None:
    stack = Experiment(layers=tuple(Part("Dense", {"units": 4**n}) for n in range(7, 0, -1)))
    shapes = [((4**n,), 1) for n in range(7, 0, -1)]
    found = diagram(stack, judged(stack, *shapes), 61)
    widths = [width_of(found, index) for index in range(5)]
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == 5
    steps = {a - b for a, b in zip(widths, widths[1:], strict=False)}
    assert max(steps) - min(steps) <= 2  # By logarithm: each factor of 4 takes the same.
    assert widths[0] == 61


def test_each_place_has_its_rows_and_they_follow_one_another() -> None:
    found = diagram(DIGITS, VERDICT, 60)
    keys = [("data",), *(("layers", index) for index in range(3))]
    ranges = [found.at(key) for key in keys]
    assert [number for rows in ranges for number in rows] == list(range(len(found.rows)))
    assert any("Dropout" in row for row in part_of(found, "layers", 1, "rate"))
    assert found.at(("optimizer",)) == range(0)


def test_without_a_verdict_boxes_are_alike_and_tell_no_shapes() -> None:
    found = diagram(DIGITS, None, 60)
    assert texts(found) == "digits Dense 64 · relu Dropout 0.2 Dense 10 · softmax"
    assert len({width_of(found, index) for index in range(3)}) == 1
    assert set(found.rows[-1].strip()) == set("╰─╯")


def test_what_is_off_is_dashed_and_passed_through() -> None:
    first, dropout, last = DIGITS.layers
    off = replace(DIGITS, layers=(first, replace(dropout, disabled=True), last))
    rows = part_of(diagram(off, VERDICT, 60), "layers", 1)
    assert "╌" in rows[0] and "╎ Dropout 0.2" in rows[1] and "off ╎" in rows[1]
    assert rows[-1].strip() == "64"


def test_the_layer_that_does_not_fit_is_marked_and_the_rest_only_named() -> None:
    layers = (Part("Flatten"), Part("Conv2D", {"filters": 3}), Part("Dropout", {"rate": 0.5}))
    experiment = replace(DIGITS, layers=(*layers, Part("Dense", {"units": 10})))
    problem = Problem(("layers", 1, "filters"), "expected 4 dimensions")
    verdict = replace(judged(experiment, ((64,), 0)), problems=(problem,))
    found = diagram(experiment, verdict, 40)
    assert texts(found) == "digits 64 Flatten 64 ✗ Conv2D 3 Dropout Dense"
    assert "┬" not in part_of(found, "layers", 1)[-1]
    assert [row.strip() for row in part_of(found, "layers", 3)] == ["Dense"]


def test_a_layer_that_fits_but_is_wrong_is_marked_and_the_picture_goes_on() -> None:
    problem = Problem(("layers", 0, "units"), "expected fewer")
    found = diagram(DIGITS, replace(VERDICT, problems=(problem,)), 60)
    assert "✗ Dense 64" in texts(found)
    assert texts(found).endswith("650 10")


def test_problems_elsewhere_mark_no_layer() -> None:
    problems = (Problem(("layers",), "expected one"), Problem(("loss",), "expected a loss"))
    assert "✗" not in texts(diagram(DIGITS, replace(VERDICT, problems=problems), 60))


def test_a_wrapped_layer_is_seen_inside() -> None:
    inner = Part("LSTM", {"units": 8, "activation": "tanh"})
    wrapper = Part("Bidirectional", {"layer": inner, "backward_layer": Part("GRU", {"units": 8})})
    experiment = Experiment(layers=(Part("TimeDistributed", {"layer": wrapper}),))
    rows = part_of(diagram(experiment, None, 40), "layers", 0)
    assert sum("╭" in row for row in rows) == 4
    assert any("│ │ │ LSTM 8 · tanh" in row for row in rows)
    assert any("backward_layer GRU 8" in row for row in rows)


def test_several_wrapped_layers_are_all_seen_inside() -> None:
    cells = (Part("LSTMCell", {"units": 8}), Part("GRUCell", {"units": 4}))
    stacked = Part("StackedRNNCells", {"cells": cells})
    experiment = Experiment(layers=(Part("RNN", {"cell": stacked}),))
    found = texts(diagram(experiment, None, 40))
    assert found.endswith("RNN StackedRNNCells LSTMCell 8 GRUCell 4")


def test_a_verdict_on_fewer_or_more_layers_is_no_mistake() -> None:
    short = replace(VERDICT, layers=VERDICT.layers[:1])
    assert texts(diagram(DIGITS, short, 60)).endswith("64 Dropout 0.2 Dense 10 · softmax")
    fewer = replace(DIGITS, layers=DIGITS.layers[:1])
    assert texts(diagram(fewer, VERDICT, 60)) == "digits 64 Dense 64 · relu 4 160 64"
    assert texts(diagram(Experiment(data=Data("iris")), None, 30)) == "iris"


@pytest.mark.parametrize(
    "name", ["x" * 200, "a\nb\x1b[31mred", "two words " * 9, "", " ", "│", "\u2028"]
)
@pytest.mark.parametrize("width", [30, 31, 80])
def test_names_never_break_the_frame(name: str, width: int) -> None:
    nested = Part("Bidirectional", {"layer": Part(name, {"units": 3, "name": name})})
    for _ in range(9):
        nested = Part("TimeDistributed", {"layer": nested})
    layers = (Part("Dense", {"units": 3, "name": name}), Part(name), nested)
    experiment = Experiment(data=Data(name or "x"), layers=layers)
    for verdict in (None, Verdict((8, 8), "float32", problems=(Problem(("layers", 1), ""),))):
        for row in diagram(experiment, verdict, width).rows:
            assert len(row) <= width
            assert row.isprintable()


def test_open_sizes_and_huge_ones_are_drawn_too() -> None:
    experiment = Experiment(layers=(Part("LSTM", {"units": 3}), Part("Reshape"), Part("Flatten")))
    verdict = judged(experiment, ((None, 3), 10**12), ((10**9, 10**9), 0), ((), 0))
    found = texts(diagram(experiment, verdict, 30))
    assert "? × 3" in found
    assert "1 000 000 000 000" in found
    assert found.endswith("Flatten 1")
    assert math.isfinite(width_of(diagram(experiment, verdict, 30), 1))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "name", ["層" * 4, "全結合 層 " * 9, "한국어" * 20, "ｗｉｄｅ", "e\u0301" * 30]
)
def test_wide_characters_do_not_break_the_frame(name: str, width: int) -> None:
    layers = tuple(part.having("name", f"{name}{at}") for at, part in enumerate(DIGITS.layers))
    named = replace(DIGITS, layers=layers)
    for found in (diagram(named, VERDICT, width), diagram(named, None, width)):
        assert max(map(columns_of, found.rows)) <= width
        for index in range(len(layers)):
            rows = [row for row in part_of(found, "layers", index) if row.strip()[0] in "╭│╰"]
            box = [row for row in rows if row.strip() != "│"]
            assert len({columns_of(row) for row in box}) == 1
            text = "".join(row.strip(" │") for row in box[1:-1])
            assert "".join(name.split()) in "".join(text.split())
