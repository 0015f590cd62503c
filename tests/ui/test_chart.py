"""Charts: what curves are drawn with, and how much of the room they take."""

import math
import re

import pytest

from tui_trainer.core.curves import with_room
from tui_trainer.ui.colors import BLUE, ORANGE
from tui_trainer.ui.looks import LooksApp
from tui_trainer.ui.settings import Settings
from tui_trainer.ui.widgets.chart import Chart, Picture, Series, axis, mark_step

KINDS = {"braille": "[\u2801-\u28ff]", "hd": "[▖▗▘▙▚▛▜▝▞▟▀▄▌▐]", "dot": "•"}


class OneChart(LooksApp):
    def __init__(self, picture, chosen):
        super().__init__()
        self.settings, self.ascii_only = chosen, chosen.ascii is True
        self.picture = picture

    def compose(self):
        yield Chart()

    def on_mount(self):
        self.query_one(Chart).show(self.picture)


async def drawn(picture, chosen=Settings()):  # noqa: B008
    """Return the lines of a chart that fills a terminal."""
    async with OneChart(picture, chosen).run_test(size=(80, 20)) as pilot:
        return pilot.app.query_one(Chart).render().plain.split("\n")


def falling(epochs):
    """Return two curves."""
    values = [(float(x), 0.1 + 2 * math.exp(-5 * x / epochs)) for x in range(1, epochs + 1)]
    higher = [(x, y + 0.2) for x, y in values]
    series = (Series("train", values, BLUE, "●"), Series("validation", higher, ORANGE, "▲"))
    return Picture("loss", series, last_x=epochs)


@pytest.mark.parametrize(
    ("chosen", "kind"),
    [
        (Settings(), "braille"),
        (Settings(marker="braille"), "braille"),
        (Settings(marker="hd"), "hd"),
        (Settings(marker="dot"), "dot"),
        (Settings(marker="hd", ascii=True), "dot"),
    ],
)
async def test_curves_are_drawn_with_what_was_chosen(chosen, kind):
    text = "\n".join(await drawn(falling(30), chosen))
    assert {name for name, pattern in KINDS.items() if re.search(pattern, text)} == {kind}


@pytest.mark.parametrize("epochs", [3, 20, 60, 200, 5000])
async def test_marks_tell_curves_apart_however_many_epochs_there_are(epochs):
    text = "\n".join((await drawn(falling(epochs)))[1:])
    for mark in "●▲":
        assert min(epochs, 4) <= text.count(mark) < 40


async def test_curves_fill_the_chart():
    lines = (await drawn(falling(20)))[1:-1]
    rows = [at for at, line in enumerate(lines) if re.search("[●▲]", line)]
    assert max(rows) - min(rows) + 1 >= 0.75 * len(lines)


@pytest.mark.parametrize("most", [2, 3, 5, 9])
@pytest.mark.parametrize(
    ("low", "high"),
    [(0.1, 2.1), (0, 1), (0.93, 0.97), (-3.7, 12), (1e-9, 3e-9), (0.299, 0.301), (40, 1e6)],
)
def test_an_axis_is_near_its_curves_and_has_round_numbers(low, high, most):
    bottom, top, ticks = axis(low, high, most)
    assert bottom <= low + 1e-12 and high <= top + 1e-12
    assert high - low >= 0.75 * (top - bottom)
    assert 2 <= len(ticks) <= most + 2
    assert all(bottom - 1e-12 <= tick <= top + 1e-12 for tick in ticks)


@pytest.mark.parametrize("value", [0.0, 0.5, -3.0, 1e-20, 1e20])
def test_an_axis_of_one_value_has_it_in_the_middle(value):
    bottom, top, ticks = axis(value, value, 3)
    assert bottom < value < top
    assert len(ticks) >= 2


def test_the_axis_of_a_run_that_goes_on_is_full_and_moves_seldom():
    values = [0.1 + 2 * math.exp(-x / 40) + 0.01 * math.sin(7 * x) for x in range(300)]
    before, shares, axes = None, [], []
    for count in range(2, len(values) + 1):
        low, high = min(values[:count]), max(values[:count])
        before = with_room(low, high, before)
        axes.append(axis(*before, 3))
        shares.append((high - low) / (axes[-1][1] - axes[-1][0]))
    assert sum(one != other for one, other in zip(axes, axes[1:], strict=False)) < 15
    assert sorted(shares)[len(shares) // 10] >= 0.75


def test_marks_stand_apart():
    assert mark_step(20, 80) == 1
    for epochs, columns in ((60, 80), (1000, 80), (100_000, 40)):
        assert columns / (epochs / mark_step(epochs, columns)) >= 8
