"""A run in a few figures, seen by a watch and read from its folder alike."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tui_trainer.core.events import (
    Best,
    CheckpointSaved,
    EpochEnded,
    Event,
    Failed,
    Finished,
    Noted,
    PhaseBegan,
    Resumed,
)
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import Status
from tui_trainer.core.summary import Summary
from tui_trainer.core.watch import Watch

BEST = Best(1, "val_loss", 0.4)
HISTORY: list[Event] = [
    PhaseBegan("load", 1.0),
    Noted("the data were loaded"),
    EpochEnded(1, {"loss": 0.5, "val_loss": 0.4}, 1.0),
    CheckpointSaved(1, "best.keras"),
    EpochEnded(2, {"loss": 0.3, "val_loss": 0.6}, 1.0),
]
ENDED = Finished(
    "runs/digits-1", 2, {"loss": 0.3}, BEST, {"loss": 0.4}, 3.5, True, {"load": 0.5}, "GPU:0"
)


def both(run: RunDir) -> Summary:
    """Return the summary, which must be the same in both ways."""
    read = Summary.read(run)
    assert read == Summary.of(Watch.open(run))
    return read


def tell(run: RunDir, *events: Event) -> None:
    for event in events:
        run.add_event(event)


def test_run_that_has_just_begun(run: RunDir) -> None:
    found = both(run)
    assert (found.name, found.path, found.state) == ("digits-1", str(run.path), "starting")
    assert (found.epochs, found.planned) == (0, 1)
    assert (found.metrics, found.best, found.test, found.model) == ({}, None, {}, None)
    assert found.began.startswith("20")


def test_run_that_goes_on_tells_its_last_epoch_and_its_best_so_far(run: RunDir) -> None:
    tell(run, *HISTORY)
    run.write_status(replace(run.status(), state="running", best=BEST, device="CPU", seconds=2.5))
    found = both(run)
    assert (found.state, found.epochs, found.best) == ("running", 2, BEST)
    assert found.metrics == {"loss": 0.3, "val_loss": 0.6}
    assert (found.device, found.seconds, found.phases) == ("CPU", 2.5, {})
    assert found.notes == ("the data were loaded",)


def test_ended_run_tells_what_it_told_at_its_end(run: RunDir) -> None:
    tell(run, *HISTORY, ENDED)
    run.write_status(Status(state="stopped"))
    run.model.touch()
    found = both(run)
    assert (found.state, found.epochs, found.best, found.test) == (
        "stopped",
        2,
        BEST,
        {"loss": 0.4},
    )
    assert (found.seconds, found.phases, found.device) == (3.5, {"load": 0.5}, "GPU:0")
    assert found.model == str(run.model)
    assert found.error is None


def test_failed_run_says_why(run: RunDir) -> None:
    tell(run, *HISTORY, Failed("expected 10 units", "layer 2"))
    run.write_status(Status(state="failed"))
    found = both(run)
    assert (found.state, found.epochs) == ("failed", 2)
    assert found.error == "layer 2: expected 10 units"


def test_run_that_goes_on_after_its_end_has_not_ended(run: RunDir) -> None:
    tell(run, *HISTORY, Failed("killed"), EpochEnded(3, {"loss": 0.2}, 1.0))
    found = both(run)
    assert (found.epochs, found.error) == (3, None)


def test_marks_of_a_run_that_went_on_and_its_last_checkpoint(run: RunDir) -> None:
    last = str(run.last)
    told = [CheckpointSaved(1, last), CheckpointSaved(2, last), CheckpointSaved(3, str(run.best))]
    tell(run, *HISTORY, *told, Failed("killed"), Resumed(1), Resumed(1, 7))
    found = both(run)
    assert (found.checkpoint, found.resumed) == (2, (Resumed(1), Resumed(1, 7)))
    assert (found.epochs, found.metrics["loss"], found.error) == (1, 0.5, None)
    tell(run, EpochEnded(2, {"loss": 0.25}, 1.0))
    assert (both(run).epochs, both(run).metrics) == (2, {"loss": 0.25})
    tell(run, Resumed(0))
    assert (both(run).epochs, both(run).metrics) == (0, {})


def test_lost_run_keeps_its_figures(run: RunDir) -> None:
    tell(run, *HISTORY)
    run.write_status(Status(state="running", best=BEST, pid=0, heartbeat=1.0))
    assert (both(run).state, both(run).epochs, both(run).best) == ("lost", 2, BEST)


def test_epoch_that_is_being_written_does_not_count(run: RunDir) -> None:
    tell(run, *HISTORY)
    with run.events.open("ab") as file:
        file.write(b'{"event": "epoch", "epoch": 3, "met')
    assert both(run).epochs == 2


def test_torn_and_foreign_lines_are_passed_over(run: RunDir) -> None:
    tell(run, *HISTORY)
    with run.events.open("ab") as file:
        file.write(b'[1]\n{"event": "note"}\n\xff\n{"epoch": 3, "event": "epoch", "metrics": {}, ')
        file.write(b'"seconds": 1}\n{"event": "epoch", "epoch": 4, "met')
    assert both(run).epochs == 3


@pytest.mark.parametrize("name", ["experiment.toml", "status.json", "events.jsonl"])
def test_folder_with_an_unreadable_file_still_has_a_line(run: RunDir, name: str) -> None:
    tell(run, *HISTORY)
    (run.path / name).write_bytes(b"\xff\x00")
    assert Summary.read(run).name == "digits-1"
    (run.path / name).unlink()
    found = Summary.read(run)
    assert found.title == ""
    assert json.loads(json.dumps(found.to_json()))["name"] == "digits-1"
