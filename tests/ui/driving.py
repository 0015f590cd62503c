"""Driving the app in a test: keys, waiting, reading the screen."""

import asyncio
from collections.abc import Callable

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tui_trainer.ui.app import TrainerApp
from tui_trainer.ui.widgets.epochs import EpochTable


async def until(pilot: Pilot, condition: Callable[[], object], seconds: float = 20) -> None:
    """Let the app go on until a condition holds, and what led to it is drawn."""
    for _ in range(int(seconds / 0.05)):
        await pilot.pause(0.05)
        if condition():
            await settled(pilot)
            return
    raise AssertionError(f"it did not come true; on the screen:\n{screen_text(pilot)}")


async def settled(pilot: Pilot) -> None:
    """Let the app do and draw what is left to do: keys, messages, what a dialog was answered.

    What comes by itself later is not waited for: verdicts, epochs, timers.
    """
    app = pilot.app
    assert isinstance(app, TrainerApp)

    def waits() -> bool:
        answering = any(not work.is_finished and work.node is app.screen for work in app.workers)
        return answering or bool(app.screen._dirty_widgets) or not app.is_settled

    async with asyncio.timeout(20):
        while app.is_running and waits():
            await asyncio.sleep(0.01)


async def type_text(pilot: Pilot, text: str) -> None:
    """Press the keys of a text."""
    names = {".": "full_stop", "/": "slash", "-": "minus", "_": "underscore", " ": "space"}
    await pilot.press(*(names.get(letter, letter) for letter in text))


async def ready(pilot: Pilot) -> None:
    """Wait until the engine has judged the experiment."""
    app = pilot.app
    assert isinstance(app, TrainerApp)
    await until(pilot, lambda: app.bench.workspace.fresh and app.bench.workspace.catalogue)


def rows(app: TrainerApp) -> int:
    """Return how many epochs the Train tab lists, if there is one yet."""
    return app.query_one(EpochTable).row_count if app.query(EpochTable) else 0


def screen_text(pilot: Pilot) -> str:
    """Return what is on the screen."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def words(pilot: Pilot) -> str:
    """Return what is on the screen as one line, whatever was wrapped and framed."""
    return " ".join(screen_text(pilot).replace("│", " ").split())


async def burst(pilot: Pilot, *keys: str, gap: float = 0.0) -> None:
    """Send keys as a fast hand or a slow line does: none waits for what the one before did."""
    for key in keys:
        letter = key if len(key) == 1 else None
        name = _character_to_key(key) if letter else key
        pilot.app.post_message(events.Key(name, letter))
        await asyncio.sleep(gap)
    await pilot.pause(0.5)
    await settled(pilot)
