"""Training from the app: run folders, curves, buttons, saving and loading."""

import asyncio
import gc
import json
import time
import zipfile
from dataclasses import replace
from pathlib import Path

from textual.widgets import Button, Input

from tests.ui.driving import burst, ready, rows, screen_text, settled, type_text, until, words
from tui_trainer.core import toml
from tui_trainer.core.document import Document
from tui_trainer.core.events import Failed
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.watch import Watch
from tui_trainer.ui.bench import Bench
from tui_trainer.ui.screens.ask import AskNumber
from tui_trainer.ui.screens.path import AskPath
from tui_trainer.ui.screens.train import TrainPane
from tui_trainer.ui.widgets.chart import Chart


async def trained(app, pilot):
    """Train the open experiment to its end."""
    await ready(pilot)
    await pilot.press("ctrl+r")
    await until(pilot, lambda: app.training.watched and app.training.watched.outcome)
    await settled(pilot)


async def test_a_run_is_trained_and_its_curves_epochs_and_test_figures_are_shown(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await trained(app, pilot)
        assert toml.read(app.runs / "digits-1" / "experiment.toml") == app.document.experiment
        text = screen_text(pilot)
        assert "finished after 20 epochs" in text
        assert "test   loss 0.2000   accuracy 0.9000" in text
        assert "★ best val_loss 0.05500 at epoch 20" in text
        assert "  train falling, validation falling" in text
        assert "  train rising" in text
        assert rows(app) == 20
        chart = app.query_one("#loss-chart", Chart).picture
        assert [len(series.points) for series in chart.series] == [20, 20]
        assert chart.star == (20.0, app.training.watched.curves.epochs[-1].metrics["val_loss"])


async def test_early_stop_ends_the_run_after_its_epoch(make_app):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: rows(app) >= 2)
        assert not app.query_one("#early-stop", Button).disabled
        await pilot.press("e")
        await until(pilot, lambda: app.training.watched.state == "stopped")
        assert app.training.watched.outcome.epochs < 1000
        await until(pilot, lambda: app.query_one("#early-stop", Button).disabled)
        assert "r resumes it: goes on from the checkpoint of epoch" in screen_text(pilot)


async def test_what_a_live_run_takes_of_the_machine_is_in_the_title(make_app, monkeypatch):
    monkeypatch.setenv("FAKE_EPOCH_SECONDS", "60")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "· CPU 187 % · 412 MB" in screen_text(pilot))


async def test_gpu_memory_that_others_hold_is_told_before_training(make_app, monkeypatch):
    monkeypatch.setenv("FAKE_HELD", "GPU:0 70.2 of 80 GB held by others")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await until(pilot, lambda: "! GPU:0 70.2 of 80 GB held by others" in screen_text(pilot))
        fit = replace(app.document.experiment.fit, device="cpu")
        experiment = replace(app.document.experiment, fit=fit)
        app.bench.set_document(app.document.become(experiment))
        await until(pilot, lambda: "held by others" not in screen_text(pilot))


async def test_buttons_that_can_do_nothing_say_why(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("4")
        await settled(pilot)
        assert app.query_one("#stop-now", Button).disabled
        assert str(app.query_one("#stop-now", Button).tooltip) == "no run to stop"
        assert "no run yet: ctrl+r trains" in screen_text(pilot)


async def test_a_second_run_beside_a_live_one_is_asked_for(make_app):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.live and not app.training.starting)
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert "digits-1 is still training" in screen_text(pilot)
        await pilot.press("escape")
        assert not (app.runs / "digits-2").exists()


async def test_quitting_with_a_live_run_asks_and_leaves_it_running(make_app):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.live and not app.training.starting)
        await pilot.press("ctrl+q")
        await settled(pilot)
        assert "Leave it running" in screen_text(pilot)
        await pilot.press("enter")
        await settled(pilot)
    run = RunDir(app.runs / "digits-1")
    assert not [*run.path.glob("commands.jsonl")]


async def test_save_writes_the_experiment_and_the_model_and_asks_before_overwriting(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await trained(app, pilot)
        Path("mine.toml").write_text("older")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert app.screen.query_one(Input).value == "digits"
        app.screen.query_one(Input).value = "mine"
        await pilot.press("enter")
        await settled(pilot)
        assert "mine.toml exists: enter again overwrites" in screen_text(pilot)
        assert Path("mine.toml").read_text() == "older"
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, AskPath))
        assert toml.read(Path("mine.toml")) == app.document.experiment
        assert Path("mine.keras").read_bytes() == b"a model"
        assert app.document.name == "mine" and not app.document.changed


async def test_save_while_training_asks_the_run_for_its_model(make_app):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: rows(app) >= 1)
        await pilot.press("ctrl+s")
        await settled(pilot)
        app.screen.query_one(Input).value = "now"
        await pilot.press("enter")
        await until(pilot, lambda: Path("now.keras").exists() and Path("now.toml").exists())
        await pilot.press("ctrl+s")
        await settled(pilot)
        app.screen.query_one(Input).value = "later.keras"
        await pilot.press("enter")
        await until(pilot, lambda: Path("later.keras").exists())
        assert not Path("later.toml").exists()


async def test_save_into_a_folder_that_is_not_there_is_one_line_and_the_field_stays(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
        app.screen.query_one(Input).value = "nowhere/x"
        await pilot.press("enter")
        await settled(pilot)
        assert "✗ nowhere: expected a folder that exists" in screen_text(pilot)
        assert app.screen.query_one(Input).value == "nowhere/x"


async def test_load_opens_an_experiment_and_refuses_what_is_none(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        Path("other.toml").write_text('[data]\nsource = "iris"\n[[layers]]\ntype = "Dens"\n')
        Path("photo.png").write_bytes(b"\x89PNG")
        Path("broken.toml").write_text("x =")
        Path("broken.keras").write_bytes(b"PK not really")
        await pilot.press("ctrl+o")
        await settled(pilot)
        field = app.screen.query_one(Input)
        for text, told in (
            ("photo.png", "expected a .toml, .keras or .weights.h5 file"),
            ("theirs.h5", "received a whole model of Keras 2"),
            ("hf://them/a.keras", "of this machine; received an address"),
            ("none.toml", "expected a file that exists"),
            ("broken.toml", "broken.toml: expected TOML"),
            ("broken.keras", "expected a whole .keras file"),
            ("nobody", "received 'nobody'"),
        ):
            field.value = text
            await pilot.press("enter")
            await settled(pilot)
            assert told in words(pilot)
            assert app.document.name == "digits"
        field.value = "other.toml"
        await pilot.press("enter")
        await until(pilot, lambda: app.document.name == "other")
        await until(pilot, lambda: "did you mean Dense?" in screen_text(pilot))


async def test_load_of_a_keras_file_brings_its_stack_into_the_editor(make_app):
    app = make_app()
    dense = {"class_name": "Dense", "config": {"name": "dense_3", "units": 7, "activation": "relu"}}
    given = {"class_name": "InputLayer", "config": {"batch_shape": [None, 64]}}
    config = {"class_name": "Sequential", "config": {"layers": [given, dense]}}
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        with zipfile.ZipFile("theirs.keras", "w") as archive:
            archive.writestr("config.json", json.dumps(config))
        await pilot.press("ctrl+o")
        await settled(pilot)
        app.screen.query_one(Input).value = "theirs.keras"
        await pilot.press("enter")
        await until(pilot, lambda: len(app.document.experiment.layers) == 1)
        [layer] = app.document.experiment.layers
        assert (layer.type, dict(layer.params)) == ("Dense", {"units": 7, "activation": "relu"})
        assert app.document.experiment.data.source == "digits"
        assert app.document.experiment.fit.initial_weights is None
        await pilot.press("ctrl+z")
        await until(pilot, lambda: len(app.document.experiment.layers) > 1)
        assert not app.document.changed


async def test_runs_are_listed_and_one_that_is_opened_shows_its_curves_again(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await trained(app, pilot)
    again = make_app("regression")
    async with again.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("5")
        await until(pilot, lambda: "digits-1" in screen_text(pilot))
        assert "20/20" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: again.tab == "train")
        await until(pilot, lambda: rows(again) == 20)
        await pilot.press("5", "o")
        await until(pilot, lambda: again.document.name == "digits")


async def test_a_small_terminal_shows_one_thing_at_a_time_and_a_key_shows_the_next(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await trained(app, pilot)
        pane = app.query_one(TrainPane)
        assert pane.query_one("#loss-chart").display
        assert not pane.query_one("#metric-chart").display
        await pilot.press("m")
        await settled(pilot)
        assert pane.query_one("#metric-chart").display and "accuracy" in screen_text(pilot)
        await pilot.press("t")
        await settled(pilot)
        assert "val_loss" in screen_text(pilot) and not pane.query_one("#charts").display
        for label in ("Train", "Early stop", "Stop now", "Save", "Load"):
            assert label in screen_text(pilot)


async def test_an_engine_that_dies_at_its_start_is_told_in_a_line_and_the_app_stays(make_app):
    app = make_app("digits", "--die")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "stopped unexpectedly" in screen_text(pilot))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: not app.training.starting and app.training.watched)
        await until(pilot, lambda: app.training.watched.state == "failed")
        await pilot.press("2", "delete")
        await until(pilot, lambda: app.document.changed)


async def test_a_runs_folder_that_cannot_be_made_is_told_in_a_line(make_app, tmp_path):
    (tmp_path / "file").write_text("")
    app = make_app(runs=tmp_path / "file" / "runs")
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+r")
        told = "expected a folder that can be written to"
        await until(pilot, lambda: told in " ".join(screen_text(pilot).split()))
        assert app.training.watched is None


async def test_keys_pressed_before_the_engine_is_there_do_no_harm(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("2", "a", "3", "a", "4", "e", "x", "m", "t", "l", "s", "5", "o", "enter")
        await type_text(pilot, "u")
        await pilot.press("question_mark", "escape", "1")
        await ready(pilot)
        assert app.document.name == "digits"


async def test_a_run_whose_app_is_quit_during_the_import_of_keras_is_trained(make_app, long_import):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.all_live and app.training.starting)
        await pilot.press("ctrl+q")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: not app.is_running)
    long_import.touch()
    run = RunDir(app.runs / "digits-1")
    for _ in range(200):
        if run.status().state == "finished":
            break
        await asyncio.sleep(0.1)
    assert run.status().state == "finished"


async def test_while_keras_is_imported_no_epoch_is_said_to_go_on(make_app, long_import):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "\n  no epoch has begun yet" in screen_text(pilot))
        assert "no metric but the loss" not in screen_text(pilot)
        long_import.touch()
        await until(pilot, lambda: "no epoch has begun" not in screen_text(pilot))


async def test_an_app_that_is_left_as_soon_as_a_run_was_asked_for_asks_first(make_app, long_import):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await burst(pilot, "ctrl+r", "ctrl+r", "ctrl+q")
        await until(pilot, lambda: "digits-1 is still training" in screen_text(pilot))
    assert not (app.runs / "digits-2").exists()


async def test_an_app_that_is_left_as_soon_as_a_run_was_resumed_asks_first(make_app, monkeypatch):
    first = make_app()
    async with first.run_test(size=(120, 40)) as pilot:
        await trained(first, pilot)
    opened = Watch.open
    monkeypatch.setattr(Watch, "open", lambda run: time.sleep(0.3) or opened(run))
    monkeypatch.setenv("FAKE_EPOCH_SECONDS", "60")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "digits-1  finished" in screen_text(pilot))
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, AskNumber))
        await burst(pilot, "enter", "ctrl+q")
        await until(pilot, lambda: "digits-1 is still training" in screen_text(pilot))


async def test_an_app_that_is_left_before_what_is_to_be_trained_was_checked_asks_first(
    make_app, monkeypatch
):
    checked = asyncio.Event()
    monkeypatch.setattr(Bench, "settled", lambda bench: checked.wait())
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await burst(pilot, "ctrl+r", "ctrl+r", "2", "ctrl+q")
        await until(pilot, lambda: "digits is to be trained once it is checked" in words(pilot))
        assert app.tab == "model", "a key that does not leave has not waited"
        checked.set()
        await until(pilot, lambda: app.training.live)
        await pilot.press("enter")
        await until(pilot, lambda: "digits-1 is still training" in screen_text(pilot))
    assert not (app.runs / "digits-2").exists()


async def test_an_app_that_is_told_to_end_while_keras_is_imported_takes_nothing_from_its_run(
    make_app, long_import, caplog
):
    gc.collect()
    caplog.clear()  # What other tests have left.
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.starting)
        app.exit()
    gc.collect()
    assert not caplog.records, "what waited for the engine has failed"
    long_import.touch()
    run = RunDir(app.runs / "digits-1")
    for _ in range(200):
        if run.status().epoch >= 2:
            break
        await asyncio.sleep(0.1)
    assert run.status().state == "running"
    assert not [event for event in run.read_events() if isinstance(event, Failed)]


async def test_looking_at_another_run_does_not_forget_the_one_that_trains(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await trained(app, pilot)
        fit = replace(app.document.experiment.fit, epochs=1000)
        longer = replace(app.document.experiment, fit=fit)
        app.bench.set_document(Document.opened(longer, app.document.name))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.watched.run.name == "digits-2")
        await until(pilot, lambda: app.training.watched.curves.epochs)
        await app.steering.show(RunDir(app.runs / "digits-1"))
        await until(pilot, lambda: "digits-1  finished" in screen_text(pilot))
        assert rows(app) == 20
        assert "run digits-2" in screen_text(pilot)
        await pilot.press("ctrl+q")
        await settled(pilot)
        assert "digits-2 is still training" in screen_text(pilot)
        await pilot.press("right", "enter")
        await settled(pilot)
    assert "stop_now" in (app.runs / "digits-2" / "commands.jsonl").read_text()


async def test_paths_that_cannot_be_asked_for_are_one_line(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        for key in ("ctrl+o", "ctrl+s"):
            await pilot.press(key)
            await settled(pilot)
            for text in ("~nobody_of_that_name/x", "x" * 300):
                app.screen.query_one(Input).value = text
                await pilot.press("enter")
                await settled(pilot)
                assert "✗" in screen_text(pilot) and isinstance(app.screen, AskPath)
            await pilot.press("escape")


async def test_a_stop_that_cannot_be_written_is_one_line(make_app, monkeypatch):
    monkeypatch.setenv("FAKE_EPOCH_SECONDS", "60")
    app = make_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: rows(app) >= 1)
        commands = app.training.watched.run.commands
        commands.unlink(missing_ok=True)
        commands.mkdir()
        await pilot.press("e")
        await until(pilot, lambda: "Not asked" in screen_text(pilot))
        commands.rmdir()
