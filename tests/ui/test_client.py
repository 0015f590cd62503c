"""The engine, as the app speaks with it."""

import asyncio
import os
import signal
import sys

import pytest

from tui_trainer.core.errors import TrainerError
from tui_trainer.ui.client import Engine

MUTE = "import os, time; os.close(1); time.sleep(5)"
"""An engine that is about to end: it answers no more, but what is written to it arrives."""


async def test_an_engine_that_answers_no_more_is_not_waited_for(tmp_path):
    engine = Engine(tmp_path / "engine.log", [sys.executable, "-c", MUTE])
    engine.launch()
    with pytest.raises(TrainerError, match="stopped unexpectedly"):
        await engine.become_ready()
    assert engine.alive
    with pytest.raises(TrainerError, match="stopped unexpectedly"):
        await asyncio.wait_for(engine.ask("train"), 3)
    engine.release()


async def test_nobody_waits_for_an_engine_that_was_let_go(tmp_path):
    engine = Engine(tmp_path / "engine.log", [sys.executable, "-c", "import time; time.sleep(60)"])
    engine.launch()
    asked = engine.ask("train")
    engine.release()
    with pytest.raises(TrainerError, match="stopped unexpectedly"):
        await asyncio.wait_for(asked, 3)
    os.kill(engine.pid, signal.SIGKILL)
