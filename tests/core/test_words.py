"""Figures and names as a user reads them."""

from __future__ import annotations

import math

import pytest

from tui_trainer.core.verdict import Memory
from tui_trainer.core.words import (
    bytes_,
    count,
    did_you_mean,
    duration,
    figure,
    memory_words,
    spaced,
    times,
)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00"), (9.4, "0:09"), (59.6, "1:00"), (600, "10:00"), (3723, "1:02:03")],
)
def test_duration(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_numbers_and_counts() -> None:
    assert (spaced(0), spaced(999), spaced(78500)) == ("0", "999", "78 500")
    assert spaced(-1234567) == "-1 234 567"
    assert [count(n, "epoch") for n in (0, 1, 3)] == ["0 epochs", "1 epoch", "3 epochs"]
    assert (count(10, "class"), count(2, "batch"), count(1, "batch")) == (
        "10 classes",
        "2 batches",
        "1 batch",
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (79_510, "79.5 kB"),
        (999_499, "999 kB"),
        (999_501, "1 MB"),
        (1_234_567, "1.23 MB"),
        (4e14, "400 TB"),
    ],
)
def test_size_in_memory(number: float, words: str) -> None:
    assert bytes_(number) == words


def test_memory_is_told_by_what_takes_it() -> None:
    needed = Memory(19_240, 19_240, 38_488, 17_664)
    assert memory_words(needed, "Adam", 32) == (
        "weights 19.2 kB, gradients 19.2 kB, Adam 38.5 kB, activations 17.7 kB at batch 32"
    )


@pytest.mark.parametrize(
    ("shape", "words"), [((28, 28), "28 × 28"), ((None, 16), "? × 16"), ((64,), "64"), ((), "1")]
)
def test_shape(shape: tuple[int | None, ...], words: str) -> None:
    assert times(shape) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0.0000"),
        (0.00003, "3.000e-05"),
        (0.000999, "9.990e-04"),
        (0.001, "0.001000"),
        (0.09871, "0.09871"),
        (0.099999, "0.1000"),
        (0.29094, "0.2909"),
        (1.0, "1.0000"),
        (2.302585, "2.3026"),
        (9.99999, "10.000"),
        (21.94, "21.940"),
        (219.4, "219.40"),
        (2194.04, "2194.0"),
        (21940.4, "21940"),
        (1e6, "1.000e+06"),
        (-0.5, "-0.5000"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
    ],
)
def test_figure(value: float, words: str) -> None:
    assert figure(value) == words


def test_figure_of_a_common_size_is_six_wide() -> None:
    assert {len(figure(value / 997)) for value in range(100, 100_000, 7)} == {6}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Dence", "; did you mean Dense?"),
        ("dense", "; did you mean Dense?"),
        ("conv2d", "; did you mean Conv2D?"),
        ("Conv", "; did you mean Conv2D or Conv2DTranspose?"),
        ("zzz", ""),
        ("", ""),
        ("D" * 100_000, ""),
    ],
)
def test_name_that_comes_close(name: str, hint: str) -> None:
    assert did_you_mean(name, ["Dense", "Conv2D", "Conv2DTranspose", "Dropout"]) == hint
