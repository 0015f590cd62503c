"""A run as a viewer sees it, whatever state its folder is in."""

from __future__ import annotations

import json
import math
import shutil
import time
from dataclasses import replace

import pytest

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import (
    Best,
    CheckpointSaved,
    EpochEnded,
    Failed,
    Finished,
    Noted,
    Resumed,
)
from tui_trainer.core.rundir import RunDir, create_run
from tui_trainer.core.status import LOST_SECONDS, Status
from tui_trainer.core.watch import Watch


def test_watch_sees_what_is_new_and_only_that(run: RunDir) -> None:
    watch = Watch.open(run)
    assert (watch.live, watch.outcome, watch.saved_model) == (True, None, None)
    assert not watch.poll()
    run.add_event(EpochEnded(1, {"loss": 1.0}, 1.0))
    run.add_event(Noted("hello"))
    assert watch.poll()
    assert [epoch.epoch for epoch in watch.curves.epochs] == [1]
    assert watch.log == [Noted("hello")]
    run.add_event(Failed("out of memory"))
    run.write_status(replace(run.status(), state="failed"))
    assert watch.poll()
    assert (watch.live, watch.state, watch.outcome) == (False, "failed", Failed("out of memory"))
    assert not watch.poll()


def test_run_that_goes_on_after_its_end_has_no_outcome_any_more(run: RunDir) -> None:
    for epoch in (1, 2, 3):
        run.add_event(EpochEnded(epoch, {"loss": float(epoch)}, 1.0))
    run.add_event(Failed("killed"))
    watch = Watch.open(run)
    assert watch.outcome == Failed("killed")
    run.add_event(EpochEnded(3, {"loss": 9.0}, 1.0))
    assert watch.poll()
    assert watch.outcome is None
    assert watch.curves.points("loss") == [(1, 1.0), (2, 2.0), (3, 9.0)]


def test_what_is_wrong_is_known_until_a_checkpoint_is_saved(run: RunDir) -> None:
    run.add_event(Noted("harmless"))
    run.add_event(Noted("checkpoint not saved: No space left on device", warning=True))
    run.add_event(Resumed(2))
    watch = Watch.open(run)
    assert watch.warnings == ["checkpoint not saved: No space left on device"]
    run.add_event(CheckpointSaved(3, str(run.best)))
    watch.poll()
    assert watch.warnings
    run.add_event(CheckpointSaved(3, str(run.last)))
    watch.poll()
    assert watch.warnings == []


def test_folder_that_was_made_again_is_another_run(run: RunDir) -> None:
    run.add_event(EpochEnded(1, {"loss": 1.0}, 1.0))
    run.add_event(Noted("old"))
    run.add_event(Failed("old"))
    watch = Watch.open(run)
    old = watch.experiment
    shutil.rmtree(run.path)
    watch.poll()
    assert watch.log == [Noted("old"), Failed("old")]
    again = create_run(run.path.parent, run.name.rpartition("-")[0], "title = 'another'")
    assert again == run
    assert watch.poll()
    assert (watch.log, watch.curves.epochs, watch.outcome) == ([], [], None)
    assert watch.experiment.title == "another" != old.title
    run.add_event(Noted("new"))
    assert watch.poll()
    assert watch.log == [Noted("new")]
    assert not watch.poll()


def test_history_that_was_begun_again_is_not_added_to_the_old_one(run: RunDir) -> None:
    run.add_event(Noted("old, and longer"))
    watch = Watch.open(run)
    run.events.write_bytes(b"")
    run.add_event(Noted("new"))
    assert watch.poll()
    assert watch.log == [Noted("new")]


@pytest.mark.parametrize("ahead", [-1e6, 1e6])
def test_clock_of_another_machine_does_not_decide_whether_a_run_is_lost(
    run: RunDir, ahead: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1e5
    monkeypatch.setattr("time.monotonic", lambda: now)
    beat = time.time() + ahead
    status = Status("running", host="another-host", pid=1)
    run.write_status(replace(status, heartbeat=beat))
    watch = Watch.open(run)
    assert watch.state == ("lost" if ahead < 0 else "running")
    run.write_status(replace(status, heartbeat=beat + 1))
    watch.poll()
    assert watch.state == "running"
    now += LOST_SECONDS - 1
    watch.poll()
    assert watch.state == "running"
    now += 2
    assert watch.poll()
    assert watch.state == "lost"
    run.write_status(replace(status, heartbeat=beat + 2))
    assert watch.poll()
    assert watch.state == "running"


def test_watch_prefers_the_result_to_a_checkpoint(run: RunDir) -> None:
    watch = Watch.open(run)
    for path in (run.checkpoints / "best.keras", run.checkpoints / "last.keras", run.model):
        path.touch()
        assert watch.saved_model == path


@pytest.mark.parametrize("name", ["status.json", "events.jsonl", "commands.jsonl"])
def test_folder_with_a_missing_file_can_still_be_watched(run: RunDir, name: str) -> None:
    run.add_event(Noted("hello"))
    run.send("stop")
    (run.path / name).unlink()
    watch = Watch.open(run)
    assert watch.state == ("lost" if name == "status.json" else "starting")


@pytest.mark.parametrize("name", ["status.json", "events.jsonl"])
def test_file_that_cannot_be_read_does_not_stop_a_watch(run: RunDir, name: str) -> None:
    (run.path / name).unlink(missing_ok=True)
    (run.path / name).mkdir()
    watch = Watch.open(run)
    assert watch.log == []


def test_folder_that_disappears_is_lost_and_not_an_error(run: RunDir) -> None:
    watch = Watch.open(run)
    run.path.rename(run.path.with_name("gone"))
    assert watch.poll()
    assert watch.state == "lost"


@pytest.mark.parametrize("content", [None, b"\xff\x00", b"[fit]\nepochs = 'x'"])
def test_run_without_a_readable_experiment_is_no_run(run: RunDir, content: bytes | None) -> None:
    run.experiment.unlink()
    if content is not None:
        run.experiment.write_bytes(content)
    with pytest.raises(TrainerError, match="experiment.toml"):
        Watch.open(run)


def test_long_history_is_read_whole(run: RunDir) -> None:
    lines = [
        json.dumps(
            {
                "event": "epoch",
                "epoch": epoch,
                "metrics": {"loss": 1 / epoch, "accuracy": 0.5, "val_loss": None},
                "seconds": 0.1,
                "at": time.time(),
                "not_finite": {"val_loss": "nan"},
            }
        )
        for epoch in range(1, 10_001)
    ]
    run.events.write_text("\n".join(lines) + "\n")
    watch = Watch.open(run)
    assert len(watch.curves.epochs) == 10_000
    assert watch.curves.points("loss")[-1] == (10_000, 1e-4)


def test_finished_run_tells_its_outcome(run: RunDir) -> None:
    ended = Finished(
        str(run.path), 2, {"loss": math.nan}, Best(1, "loss", math.inf), {"loss": math.inf}, 3.0
    )
    run.add_event(ended)
    outcome = Watch.open(run).outcome
    assert isinstance(outcome, Finished)
    assert math.isnan(outcome.metrics["loss"])
    assert outcome.test["loss"] == math.inf
    assert outcome.best == Best(1, "loss", math.inf)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Finished("", 2, {}, None, {}, 1.0), "finished"),
        (Finished("", 2, {}, None, {}, 1.0, stopped=True), "stopped"),
        (Failed("out of memory"), "failed"),
    ],
)
def test_run_that_told_of_its_end_has_ended_before_its_last_status_is_there(
    run: RunDir, outcome: Finished | Failed, state: str
) -> None:
    watch = Watch.open(run)
    run.add_event(replace(outcome, at=time.time()))
    assert watch.poll()
    assert (watch.live, watch.state) == (False, state)
    assert not watch.poll()
    run.write_status(replace(run.status(), heartbeat=time.time() + 1))
    assert watch.poll()
    assert watch.live, "it is gone on with"
