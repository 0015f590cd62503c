"""When the engine is asked to prepare the run that is looked at, and when it is left in peace."""

import json

import pytest

from tests.ui.driving import ready, until
from tui_trainer.core import toml
from tui_trainer.ui import bench, training


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """Return what engines were asked so far."""
    log = tmp_path / "requests"
    monkeypatch.setenv("FAKE_REQUESTS", str(log))
    monkeypatch.setattr(bench, "GLANCE", 0.3)

    def read(*names):
        lines = log.read_text().splitlines() if log.exists() else []
        return [record for record in map(json.loads, lines) if record["do"] in names]

    return read


async def test_what_is_looked_at_is_prepared_once(make_app, asked):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: asked("prepare"))
        await pilot.pause(1.0)
        [request] = asked("prepare")
        assert toml.loads(request["experiment"]) == app.document.experiment
        assert [one["do"] for one in asked("check", "preview", "prepare")][-1] == "prepare"


async def test_while_it_is_edited_nothing_is_prepared(make_app, asked, monkeypatch):
    monkeypatch.setattr(bench, "GLANCE", 60.0)
    app = make_app()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("2")
        for _ in range(5):
            await pilot.press("d")
            await ready(pilot)
        assert not asked("prepare")
        monkeypatch.setattr(bench, "GLANCE", 0.3)
        await pilot.press("d")
        await until(pilot, lambda: asked("prepare"))
        [request] = asked("prepare")
        assert toml.loads(request["experiment"]) == app.document.experiment


async def test_what_is_wrong_is_not_prepared(make_app, asked):
    app = make_app()
    async with app.run_test() as pilot:
        await ready(pilot)
        await until(pilot, lambda: asked("prepare"))
        app.bench.set_document(app.document.reject("fit", "epochs", "many"))
        await until(pilot, lambda: app.bench.workspace.fresh and len(asked("check")) == 2)
        await pilot.pause(1.0)
        assert app.bench.workspace.problems and len(asked("prepare")) == 1


async def test_a_run_goes_on_alone_and_at_its_end_the_next_one_is_prepared(
    make_app, asked, monkeypatch
):
    monkeypatch.setenv("FAKE_EPOCH_SECONDS", "0.1")
    app = make_app()
    async with app.run_test() as pilot:
        await ready(pilot)
        await until(pilot, lambda: asked("prepare"))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.live)
        while app.training.live:
            assert app.standby.engine is None
            assert len(asked("check")) == len(asked("prepare")) == 1
            await pilot.pause(0.05)
        await until(pilot, lambda: len(asked("prepare")) == 2)
        [run], [mine, next_one] = asked("train"), asked("prepare")
        assert mine["pid"] == run["pid"] != next_one["pid"]


async def test_an_edit_during_a_run_has_an_engine_judge_it_but_prepare_nothing(make_app, asked):
    app = make_app(epochs=1000)
    async with app.run_test() as pilot:
        await ready(pilot)
        await until(pilot, lambda: asked("prepare"))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.live)
        await pilot.press("2", "d")
        await until(pilot, lambda: len(asked("check")) == 2)
        await pilot.pause(1.0)
        assert app.training.live and len(asked("prepare")) == 1
        app.training.watched.run.send("stop")
        await until(pilot, lambda: len(asked("prepare")) == 2)
        assert not app.training.live
        assert toml.loads(asked("prepare")[1]["experiment"]) == app.document.experiment


async def test_a_long_run_does_not_keep_the_next_engine_waiting(make_app, asked, monkeypatch):
    monkeypatch.setattr(training, "_LONG", 1.0)
    app = make_app(epochs=1000)
    async with app.run_test() as pilot:
        await ready(pilot)
        await until(pilot, lambda: asked("prepare"))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.live and len(asked("check")) == 2)
        await pilot.pause(0.7)
        assert app.training.live and len(asked("prepare")) == 1
        app.training.watched.run.send("stop")
        await until(pilot, lambda: len(asked("prepare")) == 2)


async def test_the_screen_looks_often_until_a_run_moves_and_then_as_seldom_as_it_is_dear(
    make_app, long_import, monkeypatch
):
    monkeypatch.setattr(training, "_FIRST_MOMENTS", 1000.0)
    app = make_app(epochs=1000)
    async with app.run_test() as pilot:
        at_rest = app.training.pause(0.0)
        assert at_rest == app.training.pause(1.0)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.watched)
        assert app.training.pause(1.0) < at_rest
        long_import.touch()
        await until(pilot, lambda: app.training.watched.moved)
        assert app.training.pause(100.0) == at_rest, "the first look at a tab is dear"
        monkeypatch.setattr(training, "_FIRST_MOMENTS", 0.0)
        assert at_rest == app.training.pause(0.0) < app.training.pause(0.03)
        assert app.training.pause(1.0) == app.training.pause(100.0) <= 2.0
        app.training.watched.run.send("stop")
        await until(pilot, lambda: app.training.watched.outcome)
        assert app.training.pause(1.0) == at_rest
