"""`attach`, `stop` and `pause`: a run seen and steered by its folder alone, from anywhere."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.forked import Forked
from tui_trainer.cli import main
from tui_trainer.core.claim import Claim
from tui_trainer.core.events import (
    CheckpointSaved,
    EpochEnded,
    Failed,
    Finished,
    Noted,
    Resumed,
)
from tui_trainer.core.lines import Tail
from tui_trainer.core.rundir import RunDir, create_run
from tui_trainer.core.status import Status

Out = pytest.CaptureFixture[str]
Start = Callable[..., Forked]

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
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunDir:
    """Make a run of which two epochs are trained, in the folder of runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TUI_TRAINER_RUNS", raising=False)
    made = create_run(Path("runs"), "digits", 'title = "Digits"\nfit.epochs = 4\n')
    for epoch in (1, 2):
        made.add_event(EpochEnded(epoch, {"loss": 1 / epoch}, 0.1))
        made.add_event(CheckpointSaved(epoch, str(made.last)))
    write_status(made, "running")
    return made


def write_status(run: RunDir, state: str, **fields: Any) -> None:
    here = {"pid": os.getpid(), "host": socket.gethostname(), "heartbeat": time.time()}
    run.write_status(Status(state, epoch=3, epochs=4, **{**here, **fields}))


def ended(run: RunDir, stopped: bool = False) -> Finished:
    return Finished(str(run.path), 4, {"loss": 0.25}, None, {}, 0.4, stopped, device="CPU")


def end(run: RunDir, outcome: Finished | Failed) -> None:
    """End a run as its process does."""
    run.add_event(outcome)
    stopped = isinstance(outcome, Finished) and outcome.stopped
    state = "failed" if isinstance(outcome, Failed) else "stopped" if stopped else "finished"
    run.write_status(replace(run.status(), state=state))


@pytest.fixture
def trainer(run: RunDir) -> Iterator[list[str]]:
    """Train the run, which does what it is asked; give the commands that it got."""
    got: list[str] = []
    taken, over = threading.Event(), threading.Event()

    def work() -> None:
        tail = Tail(run.commands)
        with Claim(run):
            taken.set()
            while not over.wait(0.02):
                for record in tail.records():
                    got.append(record["command"])
                    if got[-1] == "pause":
                        write_status(run, "paused")
                    elif got[-1] == "resume":
                        write_status(run, "running")
                    else:
                        end(run, ended(run, stopped=True))
                        return

    thread = threading.Thread(target=work)
    thread.start()
    assert taken.wait(30)
    yield got
    over.set()
    thread.join()


def test_attach_tells_an_ended_run_from_its_beginning(run: RunDir, capsys: Out) -> None:
    run.add_event(Failed("killed, as asked"))
    run.add_event(Resumed(2))
    run.add_event(EpochEnded(3, {"loss": 1 / 3}, 0.1))
    end(run, ended(run))
    assert main(["attach", "digits-1"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "digits-1: Digits",
        "epoch 1/4  loss 1.0000  0.1 s",
        "epoch 2/4  loss 0.5000  0.1 s",
        "resumed after epoch 2",
        "epoch 3/4  loss 0.3333  0.1 s",
        "finished after 4 epochs, 0.4 s on CPU",
        "run   runs/digits-1",
    ]
    assert err == "tui-trainer: digits-1: killed, as asked\n"


def test_attach_as_json_is_what_train_prints(trained: Any, capsys: Out) -> None:
    assert main(["attach", "digits-1", "--json", "--runs", str(trained.runs)]) == 0
    assert capsys.readouterr().out == trained.done.out


@pytest.mark.parametrize(
    ("failed", "epoch", "status"),
    [(Failed("out of memory", "[fit]"), 3, 1), (Failed("no such file", "[data]"), 0, 2)],
)
def test_attach_ends_as_the_run_did(
    run: RunDir, capsys: Out, failed: Failed, epoch: int, status: int
) -> None:
    run.write_status(replace(run.status(), epoch=epoch))
    end(run, failed)
    assert main(["attach", "digits-1"]) == status
    where = f"{failed.where}: {failed.message}"
    assert capsys.readouterr().err == f"tui-trainer: digits-1: {where}\n"


def test_attach_to_a_lost_run_says_how_to_go_on(run: RunDir, capsys: Out) -> None:
    write_status(run, "running", pid=0)
    assert main(["attach", str(run.path.absolute())]) == 1
    out, err = capsys.readouterr()
    assert "epoch 2/4" in out
    lost = "lost: its engine died at epoch 3; the checkpoint of epoch 2 is kept"
    assert err == f"tui-trainer: digits-1: {lost}; `tui-trainer resume digits-1` goes on with it\n"


def test_several_look_on_while_it_goes_on(run: RunDir, start: Start, trainer: list[str]) -> None:
    """One of them leaves, the others see the end; nobody asked the run for anything."""
    viewers = [start("attach", "digits-1", *kind) for kind in (["--json"], ["--plain"], ["--json"])]
    for viewer in viewers:
        assert viewer.stdout is not None
        while "2" not in viewer.stdout.readline():
            pass
    viewers[0].send_signal(signal.SIGINT)
    _, err = viewers[0].communicate(timeout=60)
    assert (viewers[0].returncode, err) == (130, "no longer watching; digits-1 goes on\n")
    assert trainer == []
    run.add_event(Noted("hello"))
    end(run, ended(run))
    plain, _ = viewers[1].communicate(timeout=60)
    records, _ = viewers[2].communicate(timeout=60)
    assert "hello\nfinished after 4 epochs" in plain
    assert json.loads(records.splitlines()[-1])["event"] == "finished"
    assert [viewer.returncode for viewer in viewers[1:]] == [0, 0]


@pytest.mark.parametrize(
    ("words", "asked", "kept"),
    [
        ([], "stop", "ends after epoch 3: validated, tested and saved"),
        (["--now"], "stop_now", "ends within epoch 3: the weights are saved as they are"),
    ],
)
def test_stop_says_what_it_keeps_and_waits(
    trainer: list[str], capsys: Out, words: list[str], asked: str, kept: str
) -> None:
    assert main(["stop", "digits-1", *words]) == 0
    out, err = capsys.readouterr()
    first, second, third = out.splitlines()
    assert first.startswith(f"digits-1: {kept}")
    assert second == "digits-1: stopped after 4 epochs, 0.4 s on CPU"
    assert third == "`tui-trainer resume digits-1` goes on with it"
    assert (trainer, err) == ([asked], "")


def test_stop_that_ctrl_c_no_longer_waits_for(run: RunDir, start: Start) -> None:
    with Claim(run):
        stop = start("stop", "digits-1")
        assert stop.stdout is not None
        assert "ends after epoch 3" in stop.stdout.readline()
        stop.send_signal(signal.SIGINT)
        _, err = stop.communicate(timeout=60)
    assert (stop.returncode, err) == (130, "no longer waiting; it ends all the same\n")
    assert [record["command"] for record in Tail(run.commands).records()] == ["stop"]


def test_stop_of_a_run_that_dies_meanwhile(run: RunDir, start: Start) -> None:
    with Claim(run):
        stop = start("stop", "digits-1")
        assert stop.stdout is not None
        stop.stdout.readline()
    out, _ = stop.communicate(timeout=60)
    assert stop.returncode == 1
    assert "lost: its engine died at epoch 3" in out
    assert "tui-trainer resume digits-1" in out


def test_kill_ends_a_process_that_no_longer_listens(run: RunDir, capsys: Out) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(run.path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.send_signal(signal.SIGSTOP)
    write_status(run, "running", pid=holder.pid)
    assert main(["stop", "digits-1", "--kill"]) == 0
    assert holder.wait(60) == -signal.SIGKILL
    assert capsys.readouterr().out.splitlines() == [
        "digits-1: ends the process at once: the checkpoint of epoch 2 is kept",
        "digits-1: failed: killed, as asked",
        "`tui-trainer resume digits-1` goes on with it",
    ]


def test_pause_and_go_on(run: RunDir, trainer: list[str], capsys: Out) -> None:
    assert main(["pause", "digits-1"]) == 0
    assert "`tui-trainer pause digits-1 --off` has it go on" in capsys.readouterr().out
    until = time.monotonic() + 30
    while run.status().state != "paused" and time.monotonic() < until:
        time.sleep(0.02)
    assert main(["pause", "digits-1"]) == 2
    assert "expected a run that is training; it is paused" in capsys.readouterr().err
    assert main(["pause", "digits-1", "--off"]) == 0
    assert capsys.readouterr().out == "digits-1: goes on\n"
    while len(trainer) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    assert trainer == ["pause", "resume"]


@pytest.mark.parametrize("words", [["stop"], ["stop", "--now"], ["stop", "--kill"], ["pause"]])
@pytest.mark.parametrize("state", ["finished", "failed", "lost"])
def test_what_has_ended_is_not_steered(
    run: RunDir, capsys: Out, words: list[str], state: str
) -> None:
    lost = {"pid": 0} if state == "lost" else {}
    write_status(run, "running" if lost else state, **lost)
    assert main([words[0], "digits-1", *words[1:]]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"tui-trainer: digits-1: expected a run that is training; it is {state}\n"
    assert not run.commands.exists()


def test_run_of_another_machine_is_stopped_but_not_killed(run: RunDir, capsys: Out) -> None:
    write_status(run, "running", host="another-host")
    assert main(["stop", "digits-1", "--kill"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "expected a run of this machine; it is trained on another-host" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["stop", "none"], "expected one of digits-1; received 'none'"),
        (["attach", "none", "--json"], "expected one of digits-1; received 'none'"),
        (["resume", "none"], "expected one of digits-1; received 'none'"),
        (["stop", "digits-1", "--now", "--kill"], "--kill: not allowed with argument --now"),
        (["resume", "digits-1", "--epochs", "0"], "expected a whole number from 1; received '0'"),
        (["resume", "digits-1", "--epochs", "3.5"], "expected a whole number from 1"),
    ],
)
def test_words_that_are_refused(run: RunDir, capsys: Out, words: list[str], said: str) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err


def test_resume_of_a_live_run_is_refused(run: RunDir, capsys: Out) -> None:
    with Claim(run):
        assert main(["resume", "digits-1"]) == 2
    assert "expected a run that has ended; it is running" in capsys.readouterr().err


def test_resume_of_a_whole_run_says_how_to_train_on(run: RunDir, capsys: Out) -> None:
    end(run, ended(run))
    assert main(["resume", "digits-1"]) == 2
    told = "digits-1: all its 4 epochs are trained; `--epochs 8` trains on to twice as many"
    assert capsys.readouterr().err == f"tui-trainer: {told}\n"
    assert main(["resume", "digits-1", "--epochs", "3"]) == 2
    assert "received 3" in capsys.readouterr().err
