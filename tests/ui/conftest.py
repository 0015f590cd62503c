"""The app over a fake engine, in a folder of its own."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tui_trainer.core.document import Document
from tui_trainer.core.presets import open_document
from tui_trainer.core.rundir import RunDir, find_runs
from tui_trainer.ui.app import TrainerApp
from tui_trainer.ui.settings import Settings

FAKE = (sys.executable, str(Path(__file__).with_name("fake_engine.py")))


@pytest.fixture
def make_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., TrainerApp]]:
    """Make the app on a preset, in the test's folder; runs that still go on there are stopped."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(TrainerApp, "NOTIFICATION_TIMEOUT", 60)  # Longer than a test looks.

    def make(
        preset: str | None = "digits",
        *more: str,
        runs: Path | None = None,
        shown: RunDir | None = None,
        epochs: int | None = None,
        chosen: Settings | None = None,
    ) -> TrainerApp:
        document = open_document(preset) if preset else None
        if document and epochs:
            fit = replace(document.experiment.fit, epochs=epochs)
            document = Document.opened(replace(document.experiment, fit=fit), document.name)
        folder = runs or tmp_path / "runs"
        return TrainerApp(document, folder, (*FAKE, *more), shown, chosen=chosen)

    yield make
    for run in find_runs(tmp_path / "runs"):
        if run.status().live:
            run.send("stop_now")


@pytest.fixture
def long_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let the engine's start take until this file is there."""
    imported = tmp_path / "imported"
    monkeypatch.setenv("FAKE_IMPORT_ENDS", str(imported))
    yield imported
    imported.touch()
