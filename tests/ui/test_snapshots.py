"""Each tab as it was last found good: pictures of a run and an engine that never change.

`RENEW=1 python -m pytest tests/ui/test_snapshots.py` takes them anew; look at what git then shows.
Another Textual than that of the pictures may colour otherwise: then the text alone is compared.
"""

import difflib
import html
import os
import re
import time
from collections import defaultdict
from pathlib import Path

import pytest
import textual

from tests.ui.driving import ready, rows, settled, until
from tests.ui.test_display import Recorder
from tui_trainer.core.events import Best, EpochEnded, Finished, PhaseBegan
from tui_trainer.core.presets import open_experiment
from tui_trainer.core.rundir import create_run
from tui_trainer.core.status import Status
from tui_trainer.core.toml import dumps
from tui_trainer.ui.settings import Settings

FOLDER = Path(__file__).with_name("snapshots")
HOW = "If it is meant to look so: RENEW=1 python -m pytest tests/ui/test_snapshots.py"
VERSION = f"<!-- Textual {textual.__version__} -->\n"
NOON = 1_800_014_400.0
EPOCHS = 20


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Return a folder with one run, which ended long ago, far from here."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    time.tzset()
    experiment, name, _ = open_experiment("digits")
    run = create_run(tmp_path / "runs", name, dumps(experiment))
    run.add_event(PhaseBegan("train", NOON))
    best = Best(1, "val_loss", 9.0)
    for epoch in range(1, EPOCHS + 1):
        loss = 2.2 * 0.8**epoch + 0.05
        validation = loss + 0.3 + 0.04 * max(0, epoch - 11)
        best = Best(epoch, "val_loss", validation) if validation < best.value else best
        metrics = {"loss": loss, "accuracy": 1 - loss / 3}
        metrics |= {"val_loss": validation, "val_accuracy": 1 - validation / 3}
        run.add_event(EpochEnded(epoch, metrics, 0.25, NOON + epoch))
    test = {"loss": 0.1402, "accuracy": 0.9611}
    end = NOON + EPOCHS + 1
    run.add_event(Finished("", EPOCHS, metrics, best, test, 6.5, device="CPU", at=end))
    run.write_status(
        Status("finished", epoch=EPOCHS, epochs=EPOCHS, best=best, seconds=6.5, device="CPU")
    )
    os.utime(run.experiment, (NOON, NOON))
    yield Path("runs")
    monkeypatch.undo()
    time.tzset()


async def show_the_run(pilot):
    """Go to the Train tab, with the run of the folder on it."""
    await pilot.press("5")
    await settled(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: pilot.app.tab == "train" and pilot.app.training.watched)
    await until(pilot, lambda: rows(pilot.app) == EPOCHS)


def compare(name, drawn):
    """Fail if something is drawn otherwise than the file of a name has it, and say where."""
    path = FOLDER / name
    if os.environ.get("RENEW"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(drawn, encoding="utf-8")
    known = path.read_text("utf-8") if path.exists() else ""
    before, after = map(lines_of, (known, drawn))
    if before != after or (drawn != known and known.endswith(VERSION)):
        told = [*difflib.unified_diff(before, after, "it was", "it is", "", "", 0, "")]
        pytest.fail("\n".join([name, *(told or ["other colours, the same text"]), HOW]))


def picture(app):
    """Return what the app shows as an SVG that names no fonts to be fetched."""
    drawn = app.export_screenshot(title="", simplify=True)
    return re.sub(r"\s+@font-face {.*?}", "", drawn, flags=re.DOTALL) + VERSION


def lines_of(drawn):
    """Return the text of a picture, line by line."""
    pieces = re.findall(r'line-(\d+)\)">(.*?)</text>', drawn)
    lines = defaultdict(str)
    for line, text in pieces:
        lines[int(line)] += html.unescape(text).replace("\xa0", " ")
    return [*lines.values()] if pieces else drawn.split("\n")


async def test_every_tab(make_app, runs):
    app = make_app(runs=runs)
    async with app.run_test(size=(120, 40)) as pilot:
        app.animation_level = "none"
        await ready(pilot)
        await until(pilot, lambda: (app.bench.workspace.preview or {}).get("cached"))
        for number, tab in enumerate(("data", "model", "compile", "train", "runs"), start=1):
            if tab == "train":
                await show_the_run(pilot)
            else:
                await pilot.press(str(number))
            await settled(pilot)
            compare(f"{tab}.svg", picture(app))


async def test_the_smallest_that_is_whole(make_app, runs):
    app = make_app(runs=runs)
    async with app.run_test(size=(80, 24)) as pilot:
        app.animation_level = "none"
        await ready(pilot)
        await show_the_run(pilot)
        await settled(pilot)
        compare("train-small.svg", picture(app))


async def test_ascii(make_app, runs):
    app = make_app(runs=runs, chosen=Settings(ascii=True))
    app.driver_class = Recorder
    async with app.run_test(headless=False, size=(100, 30)) as pilot:
        await ready(pilot)
        await show_the_run(pilot)
        await settled(pilot)
        compare("train.txt", "\n".join("".join(row.glyphs).rstrip() for row in app._wanted))
