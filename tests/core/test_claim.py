"""One process at a time trains a run, and whoever looks knows whether it lives."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tui_trainer.core.claim import Claim, kill, state_of
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import CheckpointSaved, EpochEnded, Failed, Finished, Resumed
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part
from tui_trainer.core.resume import ready_to_resume
from tui_trainer.core.rundir import RunDir, began, create_run
from tui_trainer.core.status import Status
from tui_trainer.core.summary import Summary
from tui_trainer.core.toml import dumps, read
from tui_trainer.core.watch import Watch

HOLDING = """
import sys, time
from pathlib import Path
from tui_trainer.core.claim import Claim
from tui_trainer.core.rundir import RunDir
claim = Claim(RunDir(Path(sys.argv[1])))
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    experiment = Experiment(
        data=Data("digits"),
        layers=(Part("Dense", {"units": 10}),),
        compile=Compile(Part("adam"), Part("sparse_categorical_crossentropy")),
        fit=Fit(epochs=4),
    )
    return create_run(tmp_path, "digits", dumps(experiment))


def holder(run: RunDir) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(run.path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    run.write_status(Status("running", pid=process.pid, host=socket.gethostname()))
    return process


def test_a_run_is_trained_by_one_process_at_a_time(run: RunDir) -> None:
    run.write_status(Status("running", pid=4321, host="node7"))
    with Claim(run), pytest.raises(TrainerError, match="already, by process 4321 on node7"):
        Claim(run)
    with Claim(run):
        pass


def test_a_held_run_lives_whatever_the_clock_and_the_process_number_say(run: RunDir) -> None:
    status = Status("running", pid=2**22 + 1, host=socket.gethostname(), heartbeat=1.0)
    with Claim(run):
        assert state_of(run, status) == "running"
    of_another = Status("running", pid=os.getpid(), host=status.host, heartbeat=time.time())
    assert state_of(run, of_another) == "lost"


def test_a_killed_run_says_so_and_can_be_taken_again(run: RunDir) -> None:
    process = holder(run)
    kill(run)
    assert process.wait(5) == -9
    watch = Watch.open(run)
    assert watch.state == "failed"
    assert isinstance(watch.outcome, Failed)
    assert "killed" in watch.outcome.message
    with Claim(run):
        pass


def test_a_killed_process_leaves_its_run_lost(run: RunDir) -> None:
    process = holder(run)
    assert state_of(run, run.status()) == "running"
    process.kill()
    process.wait()
    assert Summary.read(run).state == "lost"


def test_only_a_run_that_trains_here_is_killed(run: RunDir) -> None:
    with pytest.raises(TrainerError, match="expected a run that is training; it is starting"):
        kill(run)
    run.write_status(Status("running", pid=1, host="node7", heartbeat=time.time()))
    with pytest.raises(TrainerError, match="it is trained on node7"):
        kill(run)


@pytest.mark.parametrize(
    ("state", "done", "epochs", "expected"),
    [
        ("stopped", 2, None, ""),
        ("lost", 4, None, ""),
        ("failed", 0, 1, ""),
        ("finished", 4, 6, ""),
        ("finished", 4, None, "expected more than its 4 epochs"),
        ("finished", 4, 4, "expected more than its 4 epochs"),
        ("stopped", 2, 1, "expected at least the 2 epochs"),
        ("stopped", 0, -3, "expected at least the 1 epochs"),
    ],
)
def test_what_can_be_resumed(
    run: RunDir, state: str, done: int, epochs: int | None, expected: str
) -> None:
    before = began(run)
    for epoch in range(1, done + 1):
        run.add_event(EpochEnded(epoch, {"loss": 1.0}, 0.1))
    if state == "finished":
        run.add_event(Finished(str(run.path), done, {}, None, {}, 1.0))
    run.write_status(Status(state))
    if expected:
        with pytest.raises(TrainerError, match=expected):
            ready_to_resume(run, epochs)
    else:
        ready_to_resume(run, epochs)
        assert read(run.experiment).fit.epochs == (epochs or 4)
        assert began(run) == before


def test_a_live_run_cannot_be_resumed(run: RunDir) -> None:
    process = holder(run)
    with pytest.raises(TrainerError, match="it is running"):
        ready_to_resume(run)
    process.kill()
    process.wait()


def test_a_resumed_run_is_one_curve(run: RunDir) -> None:
    for epoch in (1, 2, 3):
        run.add_event(EpochEnded(epoch, {"loss": 1.0 / epoch}, 0.1))
    run.add_event(CheckpointSaved(2, str(run.last)))
    run.add_event(Failed("killed, as asked"))
    watch = Watch.open(run)
    assert watch.checkpoint == 2
    run.add_event(Resumed(2))
    watch.poll()
    assert [epoch.epoch for epoch in watch.curves.epochs] == [1, 2]
    assert watch.outcome is None
    run.add_event(EpochEnded(3, {"loss": 1 / 3}, 0.1))
    watch.poll()
    assert watch.curves.points("loss") == [(1, 1.0), (2, 0.5), (3, 1 / 3)]
    assert Summary.read(run).epochs == 3
    assert Summary.read(run).error is None
