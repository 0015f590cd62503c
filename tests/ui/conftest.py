"""The app over a fake engine, in a folder of its own."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tui_trainer.core.document import Document
from tui_trainer.core.presets import open_document
from tui_trainer.core.rundir import RunDir
from tui_trainer.ui.app import TrainerApp
from tui_trainer.ui.settings import Settings

FAKE = (sys.executable, str(Path(__file__).with_name("fake_engine.py")))


@pytest.fixture
def make_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., TrainerApp]:
    """Make the app on a preset; its runs and its cache are in the test's folder."""
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

    return make
