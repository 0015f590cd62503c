"""Steering runs from the screen: paused, stopped, killed, lost, gone on with, come back to."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from textual.widgets import Button, Input

from tests.ui.driving import ready, rows, screen_text, settled, until
from tui_trainer.core.claim import Claim
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import CheckpointSaved, Failed, Noted, Resumed
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.toml import read
from tui_trainer.ui.screens.ask import AskNumber
from tui_trainer.ui.screens.choice import Choice
from tui_trainer.ui.screens.train import TrainPane
from tui_trainer.ui.widgets.chart import Chart


@pytest.fixture
def slow(monkeypatch):
    """Let epochs take so long that a key comes before their end."""
    monkeypatch.setenv("FAKE_EPOCH_SECONDS", "0.3")


async def training(app, pilot, epochs=2):
    """Train the open experiment and wait for some epochs of it."""
    await ready(pilot)
    await pilot.press("ctrl+r")
    await until(pilot, lambda: rows(app) >= epochs)
    return app.training.watched


async def trained(app, pilot):
    """Train the open experiment to its end, and return the run."""
    watch = await training(app, pilot)
    await until(pilot, lambda: watch.state == "finished")
    return watch


async def asking(pilot, kind):
    """Wait until a dialog has the cursor."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.focused)


def asked(run):
    """Return what a run was asked, in order."""
    lines = run.commands.read_text("utf-8").splitlines()
    return [json.loads(line)["command"] for line in lines]


def words(pilot):
    """Return the screen as one line: a toast breaks its lines where it likes."""
    return " ".join(screen_text(pilot).split())


def lose(watch):
    """Kill the engine of a run."""
    os.kill(watch.status.pid, signal.SIGKILL)


async def test_a_run_pauses_and_goes_on_and_says_so_everywhere(make_app, slow):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        watch = await training(app, pilot)
        assert str(app.query_one("#go-on", Button).label) == "Pause"
        await pilot.press("p")
        await until(pilot, lambda: watch.state == "paused")
        await until(pilot, lambda: "paused: p goes on" in screen_text(pilot))
        assert "run digits-1 · paused" in screen_text(pilot)
        assert str(app.query_one("#go-on", Button).label) == "Go on"
        await pilot.press("5")
        await until(pilot, lambda: "digits-1  paused" in screen_text(pilot))
        await pilot.press("r")
        await until(pilot, lambda: watch.state == "running")
        assert asked(watch.run) == ["pause", "resume"]
        watch.run.send("stop")
        await until(pilot, lambda: not watch.live)


async def test_each_button_says_what_it_keeps_and_all_fit_into_eighty_columns(make_app, slow):
    app = make_app(epochs=1000)
    async with app.run_test(size=(80, 24)) as pilot:
        watch = await training(app, pilot)
        for label in ("Train", "Early stop", "Stop now", "Kill", "Pause", "Save", "Load"):
            assert label in screen_text(pilot)
        for button, told in (
            ("early-stop", "ends after epoch"),
            ("stop-now", "the weights are saved as they are"),
            ("kill", "ends the process at once: the checkpoint of epoch"),
            ("go-on", "holds still within epoch"),
            ("save-button", "Save the experiment"),
        ):
            await pilot.hover(f"#{button}")
            await settled(pilot)
            assert told in screen_text(pilot)
        await pilot.hover(Chart)
        await pilot.press("tab", "tab")
        await until(pilot, lambda: isinstance(app.focused, Button))
        focused = app.focused.id
        assert {"early-stop": "ends after", "train-button": "Start a run"}[focused] in words(pilot)
        await pilot.press("question_mark")
        await settled(pilot)
        assert "digits-1 ends after epoch" in screen_text(pilot)
        await pilot.press("escape")
        watch.run.send("stop")
        await until(pilot, lambda: not watch.live)


async def test_kill_asks_and_says_what_is_lost(make_app, slow):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        watch = await training(app, pilot)
        await pilot.press("k")
        await asking(pilot, Choice)
        assert "is kept, what it learned in epoch" in words(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert watch.live and not watch.run.commands.exists()
        await pilot.press("k")
        await asking(pilot, Choice)
        await pilot.press("enter")
        await until(pilot, lambda: watch.state == "failed")
        await until(pilot, lambda: "✗ failed: killed, as asked; the checkpoint" in words(pilot))


async def test_a_run_lost_while_it_is_watched_says_so_and_goes_on_as_one_curve(make_app, slow):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        watch = await training(app, pilot, epochs=3)
        lose(watch)
        await until(pilot, lambda: "lost: its engine died at epoch" in screen_text(pilot), 3)
        assert f"the checkpoint of epoch {watch.checkpoint} is kept; r resumes" in words(pilot)
        assert str(app.query_one("#go-on", Button).label) == "Resume"
        went_on, before = watch.checkpoint, rows(app)
        await pilot.press("r")
        await asking(pilot, AskNumber)
        assert app.screen.query_one(Input).value == "1000"
        await pilot.press("enter")
        await until(pilot, lambda: watch.live and rows(app) > before)
        assert [epoch.epoch for epoch in watch.curves.epochs] == [*range(1, rows(app) + 1)]
        assert watch.curves.resumed == [went_on]
        assert "┊ resumed" in screen_text(pilot)
        watch.run.send("stop")
        await until(pilot, lambda: watch.state == "stopped")
    (resumed,) = [event for event in watch.run.read_events() if isinstance(event, Resumed)]
    assert resumed.epoch == went_on


async def test_a_finished_run_trains_on_for_more_epochs(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        watch = await trained(app, pilot)
        await pilot.press("5")
        await until(pilot, lambda: "digits-1  finished" in screen_text(pilot))
        await pilot.press("r")
        await asking(pilot, AskNumber)
        field = app.screen.query_one(Input)
        assert field.value == "30"
        for text, told in (
            ("20", "expected more than its 20 epochs"),
            ("many", "received 'many'"),
            ("", "expected a number; received nothing"),
        ):
            field.value = text
            await pilot.press("enter")
            await settled(pilot)
            assert told in words(pilot)
        field.value = "23"
        await pilot.press("enter")
        await until(pilot, lambda: app.tab == "train" and rows(app) == 23)
        await until(pilot, lambda: watch.state == "finished")
        assert read(watch.run.experiment).fit.epochs == 23


async def test_the_list_of_runs_notices_an_ended_run_that_lives_again(make_app, slow):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        watch = await training(app, pilot)
        watch.run.send("stop")
        await until(pilot, lambda: watch.state == "stopped")
        await pilot.press("5")
        await until(pilot, lambda: "digits-1  stopped" in screen_text(pilot))
        assert "r resumes it" in screen_text(pilot)
        await pilot.press("r")
        await asking(pilot, AskNumber)
        await pilot.press("enter")
        await until(pilot, lambda: watch.state == "running")
        await pilot.press("5")
        await until(pilot, lambda: "digits-1  running" in screen_text(pilot))
        await pilot.press("x")
        await until(pilot, lambda: watch.state == "stopped")
        assert asked(watch.run) == ["stop_now"]


async def test_a_run_that_another_process_trains_is_not_taken_from_it(make_app, slow):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        watch = await training(app, pilot)
        watch.run.send("stop")
        await until(pilot, lambda: watch.state == "stopped")
        history = watch.run.events.read_bytes()
        await pilot.press("r")
        await asking(pilot, AskNumber)
        holding = (
            "import sys, pathlib, tui_trainer.core.claim as c, tui_trainer.core.rundir as r\n"
            "claim = c.Claim(r.RunDir(pathlib.Path(sys.argv[1])))\n"
            "print('held', flush=True)\nsys.stdin.read()"
        )
        command = (sys.executable, "-c", holding, str(watch.run.path))
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, **pipes) as other:
            other.stdout.readline()
            await pilot.press("enter")
            await until(pilot, lambda: "is being trained already, by process" in words(pilot))
            assert watch.run.events.read_bytes() == history
            other.stdin.close()


async def test_a_run_left_going_on_is_shown_and_a_lost_one_is_told(make_app, slow):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        lost = await training(app, pilot)
        lose(lost)
        await until(pilot, lambda: lost.state == "lost")
        left = (await training(app, pilot, epochs=1)).run
        await until(pilot, lambda: app.training.watched.run.name == "digits-2")
    again = make_app(None)
    async with again.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: again.tab == "train" and again.training.watched)
        assert again.training.watched.run == left
        await until(pilot, lambda: "digits-2 goes on" in words(pilot))
        assert "lost: its engine died at epoch" in words(pilot)
    named = make_app("regression")
    async with named.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: "digits-2 goes on" in words(pilot))
        await until(pilot, lambda: "run digits-2" in screen_text(pilot))
        assert named.tab == "data"
        left.send("stop")
        await until(pilot, lambda: not named.training.all_live)


async def test_a_run_that_is_to_be_shown_is_and_its_experiment_is_open(make_app):
    app = make_app("digits")
    async with app.run_test(size=(120, 40)) as pilot:
        watch = await trained(app, pilot)
    again = make_app(None, shown=watch.run)
    async with again.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "finished after 20 epochs" in screen_text(pilot))
        assert again.tab == "train" and again.document.experiment == watch.experiment


async def test_several_runs_are_counted_and_all_are_asked_for_at_the_end(make_app, slow):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        first = await training(app, pilot)
        await pilot.press("ctrl+r")
        await asking(pilot, Choice)
        await pilot.press("enter")
        await until(pilot, lambda: len(app.training.all_live) == 2 and not app.training.starting)
        second = app.training.watched
        await until(pilot, lambda: "2 runs go on" in screen_text(pilot))
        await pilot.press("ctrl+q")
        await asking(pilot, Choice)
        assert "digits-1 and digits-2 are still training" in words(pilot)
        await pilot.press("right", "enter")
        await until(pilot, lambda: app.steering.last_words)
    assert [asked(watch.run) for watch in (first, second)] == [["stop_now"], ["stop_now"]]
    assert len(app.steering.last_words) == 2
    assert "tui-trainer resume" in app.steering.last_words[0]


async def test_the_end_of_a_run_is_told_where_it_is_not_seen(make_app, slow):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        watch = await training(app, pilot)
        await pilot.press("2")
        watch.run.send("stop")
        await until(pilot, lambda: "stopped after" in words(pilot))
        again = await training(app, pilot)
        await pilot.press("2")
        lose(again)
        await until(pilot, lambda: "lost: its engine died at" in words(pilot))


async def test_an_engine_that_is_killed_at_its_start_is_told_in_a_line(make_app, long_import):
    app = make_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.watched and app.training.starting)
        lose(app.training.watched)
        await until(pilot, lambda: "✗ failed: engine: was killed from outside" in words(pilot))


async def test_a_run_that_is_still_starting_can_be_stopped_as_the_app_is_left(
    make_app, long_import
):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.starting and app.query("#kill"))
        assert app.query_one("#kill", Button).disabled
        await pilot.press("ctrl+q")
        await asking(pilot, Choice)
        await pilot.press("right", "enter")
        await until(pilot, lambda: app.steering.last_words)
    run = RunDir(app.runs / "digits-1")
    assert asked(run) == ["stop_now"]
    long_import.touch()
    async with make_app(epochs=1000).run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: run.status().state == "stopped")


async def test_why_a_run_failed_stands_where_its_progress_stood(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        watch = await trained(app, pilot)
        told = "out of memory on GPU:0: try a smaller batch, or smaller layers"
        watch.run.add_event(Failed(told, "[fit] batch_size"))
        await until(pilot, lambda: f"✗ failed: [fit] batch_size: {told}" in words(pilot))


async def test_what_is_wrong_stands_by_the_progress_until_a_checkpoint_is_saved(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        run = (await trained(app, pilot)).run
        run.add_event(Noted("val_loss was lowest at epoch 3"))
        told = "the weights are no longer numbers: the checkpoint of epoch 6 stays; " * 2
        run.add_event(Noted(told, warning=True))
        await until(pilot, lambda: f"! {told.strip()}" in words(pilot))
        assert "test loss 0.2000" in words(pilot)
        run.add_event(CheckpointSaved(7, str(run.last)))
        await until(pilot, lambda: "no longer numbers" not in screen_text(pilot))


async def test_pictures_are_made_when_an_epoch_has_ended_and_not_before(make_app, monkeypatch):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        watch = await trained(app, pilot)
        await settled(pilot)
        made = []
        monkeypatch.setattr(Chart, "show", lambda chart, picture: made.append(picture))
        with Claim(watch.run):
            for batch in range(3):
                watch.run.write_status(replace(watch.run.status(), batch=batch + 5))
                await until(pilot, lambda at=batch + 5: watch.status.batch == at)
        assert not made
        app.query_one(TrainPane).action_toggle_smooth()
        await settled(pilot)
        assert len(made) == 2


async def test_a_run_that_cannot_be_opened_is_one_line(make_app, tmp_path):
    app = make_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await ready(pilot)
        broken = RunDir(tmp_path / "runs" / "broken-1")
        broken.path.mkdir(parents=True)
        broken.experiment.write_text("x =")
        await pilot.press("5")
        await until(pilot, lambda: "broken-1" in screen_text(pilot))
        for key in ("enter", "o", "r", "e"):
            await pilot.press(key)
            await until(pilot, lambda: "expected" in words(pilot))
            app.clear_notifications()
            await until(pilot, lambda: "expected" not in words(pilot))
    with pytest.raises(TrainerError):
        make_app(None, shown=broken)
