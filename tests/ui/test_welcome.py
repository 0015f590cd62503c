"""The first minutes: what each tab says to somebody who is new."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.driving import ready, screen_text, until
from tui_trainer.core.presets import open_document
from tui_trainer.ui.commands import TABS
from tui_trainer.ui.keymap import with_keys
from tui_trainer.ui.welcome import HINTS, Welcome


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without a cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


async def test_every_tab_says_what_to_do_until_it_was_done(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: with_keys(HINTS["data"]) in screen_text(pilot))
        await ready(pilot)
        for number, tab in enumerate(TABS, start=1):
            await pilot.press(str(number))
            await until(pilot, lambda tab=tab: with_keys(HINTS[tab]) in screen_text(pilot))
        await pilot.press("1", "enter")
        await until(pilot, lambda: with_keys(HINTS["data"]) not in screen_text(pilot))
        await pilot.press("2")
        await until(pilot, lambda: with_keys(HINTS["model"]) in screen_text(pilot))
        await pilot.press("d")
        await until(pilot, lambda: with_keys(HINTS["model"]) not in screen_text(pilot))


async def test_after_the_first_run_nobody_is_new(make_app, tmp_path):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training.watched and app.training.watched.outcome)
        await pilot.press("2")
        await until(pilot, lambda: "✓ ready to train   ctrl+r trains" in screen_text(pilot))
    again = make_app(runs=tmp_path / "other")
    assert [again.welcome.hint(tab, again.document, False) for tab in TABS] == [""] * len(TABS)


def test_whoever_has_runs_is_not_new(tmp_path: Path) -> None:
    document = open_document("digits")
    assert Welcome(tmp_path / "none", document).hint("data", document, False)
    (tmp_path / "runs" / "digits-1").mkdir(parents=True)
    assert Welcome(tmp_path / "runs", document).hint("data", document, False) == ""


def test_cache_that_cannot_be_written_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    document = open_document("digits")
    new = Welcome(tmp_path / "runs", document)
    assert new.hint("data", document, True) == new.hint("data", document, False) == ""
