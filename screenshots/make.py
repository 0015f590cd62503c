"""Make the pictures of the README from the real app: train for real, then take what it draws.

`python screenshots/make.py` writes them beside itself. The runs go into a temporary folder.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import resvg_py
from textual.pilot import Pilot

from tui_trainer.core.document import Document
from tui_trainer.core.experiment import Part
from tui_trainer.core.presets import open_experiment
from tui_trainer.ui.app import TrainerApp

PICTURES = Path(__file__).parent.absolute()
LARGE, SMALL = (120, 36), (80, 24)
PIXELS = {LARGE: 1100, SMALL: 800}
"""How wide a picture is, by the size of the window."""
FONTS = ("DejaVu Sans Mono", "Menlo", "Consolas", "monospace")
"""Tried from left to right, in place of the one that Textual would fetch from the network."""
SECONDS = 120.0
"""How long anything may take."""


async def main() -> None:
    """Train `digits` in three ways, and take a picture of every tab."""
    experiment, name, _ = open_experiment("digits")
    app = TrainerApp(Document.opened(experiment, name), Path("runs"))
    async with app.run_test(size=LARGE, notifications=False) as pilot:
        await until(lambda: bool(app.bench.workspace.preview))
        await pilot.pause(0.5)
        take(app, "data", LARGE)
        await pilot.press("2", "enter")
        await pilot.pause(0.5)
        take(app, "model", LARGE)
        await pilot.press("escape", "c")
        await pilot.pause(0.5)
        take(app, "code", LARGE)
        await pilot.press("c", "3", "enter")
        await pilot.pause(0.5)
        take(app, "compile", LARGE)
        await pilot.press("escape")
        for edited in variants(Document.opened(experiment, name)):
            await train(app, pilot, edited)
        await until(lambda: "ready" in app.standby.words)
        await pilot.press("5")
        await pilot.pause(1.0)
        take(app, "runs", LARGE)
        await pilot.press("4")
        await pilot.pause(1.0)
        take(app, "train", LARGE)
        await pilot.resize_terminal(*SMALL)
        await pilot.pause(1.0)
        take(app, "train-80x24", SMALL)


async def train(app: TrainerApp, pilot: Pilot[None], document: Document) -> None:
    """Train an experiment to its end."""
    app.bench.set_document(document)
    await until(lambda: app.bench.workspace.fresh)
    await pilot.press("ctrl+r")
    await until(lambda: app.training.live is not None)
    await until(lambda: app.training.live is None)


def variants(document: Document) -> Iterator[Document]:
    """Give the preset with other settings, and at last as it is."""
    softmax = document.experiment.layers[-1]
    no_hidden = document.remove("layers", 0).remove("layers", 0)
    assert no_hidden.experiment.layers == (softmax,)
    yield no_hidden
    yield document.put(("optimizer",), Part("SGD", {"learning_rate": 0.01}))
    yield document


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(SECONDS):
        while not holds():
            await asyncio.sleep(0.1)


def take(app: TrainerApp, name: str, size: tuple[int, int]) -> None:
    """Write what the app shows as a picture."""
    path = PICTURES / f"{name}.png"
    path.write_bytes(png(neat(app.export_screenshot()), PIXELS[size]))
    print(f"{path.relative_to(PICTURES.parent)}: {path.stat().st_size // 1000} kB")


def neat(svg: str) -> str:
    """Write `~` for the temporary folder; the text that holds it becomes shorter by as much."""

    def shorter(found: re.Match[str]) -> str:
        start, length, content = found.groups()
        if folder not in content:
            return found[0]
        cells = len(html.unescape(content))
        told = content.replace(folder, "~")
        width = float(length) * len(html.unescape(told)) / cells
        return f'{start}textLength="{width:.1f}"{told}'

    folder = os.getcwd()
    return re.sub(r'(<text [^>]*?)textLength="([\d.]+)"([^<]*)', shorter, svg)


def png(svg: str, width: int) -> bytes:
    """Return a screen as a PNG, drawn with a font of this machine."""
    fonts = ", ".join(f"'{font}'" if " " in font else font for font in FONTS)
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg)
    svg = re.sub(r"font-family:\s*(Fira Code|arial)[^;]*;", f"font-family: {fonts};", svg)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width))


@contextmanager
def empty_folder() -> Iterator[None]:
    """Work in a temporary folder, so that no path of this machine is seen."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


if __name__ == "__main__":
    with empty_folder():
        sys.exit(asyncio.run(main()))
