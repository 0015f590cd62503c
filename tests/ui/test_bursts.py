"""Keys that come faster than the screen is drawn do what they would have done one by one."""

import random
from dataclasses import replace

import pytest
from textual.widgets import Input

from tests.ui.driving import burst, ready, until
from tui_trainer.core import toml
from tui_trainer.core.experiment import Part
from tui_trainer.core.rundir import find_runs
from tui_trainer.ui.widgets.field import Field

DENSE, DROPOUT = "Dense", "Dropout"


def types(app):
    """Return the types of the open layers."""
    return [layer.type for layer in app.document.experiment.layers]


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        (("d", "d", "d"), [DENSE, DENSE, DENSE, DENSE, DROPOUT, DENSE]),
        (("delete", "delete"), [DENSE]),
        (("J", "J", "K"), [DROPOUT, DENSE, DENSE]),
        (("down", "d"), [DENSE, DROPOUT, DROPOUT, DENSE]),
        (("d", "u"), [DENSE, DROPOUT, DENSE]),
        (("down", "down", "K", "space", "delete", "u"), [DENSE, DENSE, DROPOUT]),
    ],
)
async def test_edits_of_the_stack(make_app, keys, left):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2")
        await burst(pilot, *keys)
        assert types(app) == left


@pytest.mark.parametrize("gap", [0.0, 0.005, 0.02])
async def test_a_number_that_is_typed_fast(make_app, gap):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("3", "end", "enter", "ctrl+u")
        await burst(pilot, *"123456", gap=gap)
        assert app.focused.value == "123456"
        assert app.document.experiment.fit.epochs == 123456


async def test_what_is_typed_last_is_what_is_trained(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "enter")
        await burst(pilot, "9", "ctrl+r")
        await until(pilot, lambda: find_runs(app.runs))
        (run,) = find_runs(app.runs)
        assert toml.read(run.experiment).layers[0].params["units"] == 9


async def test_the_form_follows_a_cursor_that_runs(make_app):
    app = make_app()
    kinds = {DENSE: "units", DROPOUT: "rate", "Flatten": "name"}
    parts = [Part(DENSE, {"units": 3}), Part(DROPOUT, {"rate": 0.1}), Part("Flatten")]
    draw = random.Random(1)

    def form_is_of_the_row():
        part = app.document.part(app.pane.place()) if app.pane.row else None
        names = [field.param.name for field in app.pane.query(Field)]
        return names[:1] == ([kinds[part.type]] if part else [])

    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        layers = tuple(draw.choices(parts, k=12))
        app.bench.set_document(app.document.become(replace(app.document.experiment, layers=layers)))
        await pilot.press("2")
        for _ in range(10):
            keys = draw.choices(("down", "up", "space"), k=12)
            await burst(pilot, *keys, gap=draw.choice((0.0, 0.005, 0.015)))
            await until(pilot, form_is_of_the_row)


async def test_a_field_shows_what_an_undo_brings_back(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "enter")
        await burst(pilot, *"777")
        await pilot.press("escape", "u")
        units = next(f for f in app.pane.query(Field) if f.param.name == "units")
        await until(pilot, lambda: units.query_one(Input).value == "64")
