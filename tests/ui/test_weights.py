"""Weights and models of others, in the Load and Save dialogs: checked first, undone at will."""

import json
import zipfile
from pathlib import Path

from textual.widgets import Input

from tests.ui.driving import ready, settled, until, words
from tui_trainer.core import toml
from tui_trainer.core.rundir import RunDir
from tui_trainer.ui.screens.choice import Choice
from tui_trainer.ui.screens.path import AskPath

HDF5 = b"\x89HDF\r\n\x1a\n and so on"


def archive(path, weights=HDF5):
    """Write a .keras file of one layer."""
    dense = {"class_name": "Dense", "config": {"name": "dense_3", "units": 7}}
    config = {"class_name": "Sequential", "config": {"layers": [dense]}}
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("config.json", json.dumps(config))
        if weights:
            file.writestr("model.weights.h5", weights)


async def ask(app, pilot, key, text):
    """Open a dialog and answer it with a path."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, AskPath))
    app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await settled(pilot)


def first_weights(app):
    return app.document.experiment.fit.initial_weights


async def test_weights_are_loaded_after_a_check_and_undone(make_app, tmp_path):
    Path("mine.weights.h5").write_bytes(HDF5)
    Path("wrong.weights.h5").write_bytes(HDF5)
    app = make_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await ready(pilot)
        await ask(app, pilot, "ctrl+o", "wrong.weights.h5")
        said = "✗ layer 1 · kernel: expected 64 × 64; received 3 × 64"
        await until(pilot, lambda: said in words(pilot))
        assert first_weights(app) is None and not app.document.changed
        app.screen.query_one(Input).value = "mine.weights.h5"
        await pilot.press("enter")
        await until(pilot, lambda: first_weights(app) == str(tmp_path / "mine.weights.h5"))
        told = "Training starts from the weights"
        await until(pilot, lambda: told in words(pilot))
        assert app.document.name == "digits"
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.watched and app.training.watched.outcome)
        run = RunDir(app.runs / "digits-1")
        assert toml.read(run.experiment) == app.document.experiment
        await pilot.press("2", "ctrl+z")
        await until(pilot, lambda: first_weights(app) is None)
        assert not app.document.changed


async def test_a_model_is_loaded_with_or_without_its_weights(make_app, tmp_path):
    archive("theirs.keras")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        before = app.document.experiment
        for keys, weights in (("right", None), ("", str(tmp_path / "theirs.keras"))):
            await ask(app, pilot, "ctrl+o", "theirs.keras")
            await until(pilot, lambda: isinstance(app.screen, Choice))
            assert app.document.experiment == before
            await pilot.press(*filter(None, [keys]), "enter")
            await until(pilot, lambda: len(app.document.experiment.layers) == 1)
            assert first_weights(app) == weights
            await pilot.press("ctrl+z")
            await until(pilot, lambda: app.document.experiment == before)
        await ask(app, pilot, "ctrl+o", "theirs.keras")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        assert app.document.experiment == before and not app.document.changed


async def test_what_is_no_weights_file_is_one_line_in_the_dialog(make_app):
    archive("none.keras", weights=None)
    Path("folder.weights.h5").mkdir()
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        for text, told in (
            ("gone.weights.h5", "expected a file that exists; there is none"),
            ("folder.weights.h5", "file; received a folder"),
            ("model.pt", "received a model of PyTorch"),
            ("gs://them/model.keras", "of this machine; received an address"),
        ):
            await ask(app, pilot, "ctrl+o", text)
            await until(pilot, lambda told=told: told in words(pilot))
            await pilot.press("escape")
            await until(pilot, lambda: len(app.screen_stack) == 1)
        await ask(app, pilot, "ctrl+o", "none.keras")
        await until(pilot, lambda: len(app.document.experiment.layers) == 1)
        assert first_weights(app) is None


async def test_weights_of_a_run_are_saved_alone(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await ask(app, pilot, "ctrl+s", "early.weights.h5")
        told = "expected a run that has a model; there is none"
        await until(pilot, lambda: told in words(pilot))
        await pilot.press("escape", "ctrl+r")
        await until(pilot, lambda: app.training.watched and app.training.watched.outcome)
        archive(app.training.watched.run.model)
        await ask(app, pilot, "ctrl+s", "mine.weights.h5")
        await until(pilot, lambda: not isinstance(app.screen, AskPath))
        assert Path("mine.weights.h5").read_bytes() == HDF5
        await ask(app, pilot, "ctrl+s", "mine.weights.h5")
        told = "mine.weights.h5 exists: enter again overwrites"
        await until(pilot, lambda: told in words(pilot))
        await pilot.press("escape")
        await ask(app, pilot, "ctrl+s", "mine.h5")
        told = "expected NAME.keras, or NAME.weights.h5; received .h5"
        await until(pilot, lambda: told in words(pilot))
        app.training.watched.run.model.write_bytes(b"a model")
        app.screen.query_one(Input).value = "other.weights.h5"
        await pilot.press("enter")
        await until(pilot, lambda: "expected a whole .keras file" in words(pilot))
        assert not Path("other.weights.h5").exists()


async def test_weights_of_a_live_run_are_asked_for(make_app):
    app = make_app(epochs=1000)
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.live and not app.training.starting)
        await ask(app, pilot, "ctrl+s", "now.weights.h5")
        await until(pilot, lambda: Path("now.weights.h5").exists())
