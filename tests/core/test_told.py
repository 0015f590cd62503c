"""What happens in a run, as a user reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_trainer.core.events import (
    PHASES,
    Best,
    CheckpointSaved,
    EpochEnded,
    Event,
    Failed,
    Finished,
    Noted,
    PhaseBegan,
)
from tui_trainer.core.told import best_value, best_words, ending, event_line, figures, phase_words

ENDED = Finished("runs/a-1", 20, {}, None, {}, 4.31, device="CPU")


def test_metrics_and_the_best() -> None:
    assert figures({"loss": 0.28713, "accuracy": 1.0}) == "loss 0.2871  accuracy 1.0000"
    assert figures({}) == ""
    best = Best(26, "val_loss", 0.29091)
    assert best_words(best) == "best val_loss 0.2909 at epoch 26"
    assert best_value(best) == "val_loss 0.2909 at epoch 26"
    assert best_words(None) == best_value(None) == ""


def test_every_phase_is_told_for_people() -> None:
    assert phase_words("load") == "loading the data"
    assert phase_words("") == "starting"
    assert all(phase_words(phase).split()[0].endswith("ing") for phase in PHASES)
    assert phase_words("dance") == "dance"


def test_ending() -> None:
    assert ending(ENDED) == "finished after 20 epochs, 4.3 s on CPU"
    stopped = Finished("", 1, {}, None, {}, 12.0, stopped=True)
    assert ending(stopped) == "stopped after 1 epoch, 12.0 s"
    assert ending(Failed("out of memory")) == "failed: out of memory"
    assert ending(Failed("expected 10 units", "layer 2")) == "failed: layer 2: expected 10 units"
    assert ending(None) == "lost: the process of this run is gone"
    assert ending(None, "finished") == "finished"


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (PhaseBegan("compile"), "compiling"),
        (CheckpointSaved(3, "runs/a-1/checkpoints/best.keras"), "saved epoch 3: checkpoints/best."),
        (CheckpointSaved(3, "/elsewhere/m.keras"), "saved epoch 3: /elsewhere/m.keras"),
        (Noted("the loss is no longer a number"), "the loss is no longer a number"),
        (Failed("no", "layer 1"), "failed: layer 1: no"),
        (ENDED, "finished after 20 epochs, 4.3 s on CPU"),
        (EpochEnded(1, {"loss": 1.0}, 1.0), ""),
    ],
)
def test_event_is_one_line_of_a_log(event: Event, line: str) -> None:
    for run in (Path("runs/a-1"), Path("runs/a-1").absolute()):
        told = event_line(event, run)
        assert told.startswith(line)
        assert bool(told) == bool(line)


def test_end_tells_where_the_time_went() -> None:
    ended = Finished("", 2, {}, None, {}, 3.0, phases={"load": 0.5, "train": 2.04})
    assert event_line(ended, Path()) == "finished after 2 epochs, 3.0 s: load 0.5 s, train 2.0 s"
