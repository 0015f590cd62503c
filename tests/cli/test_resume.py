"""`resume`: a run goes on where it ended, in its own folder, and is told as `train` tells it."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.forked import Forked
from tests.cli.test_train import LONG, wait_for_epoch
from tui_trainer.cli import main
from tui_trainer.core.curves import Curves
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.summary import Summary

Start = Callable[..., Forked]
Out = pytest.CaptureFixture[str]


@pytest.fixture
def run(trained: Any, tmp_path: Path) -> RunDir:
    """Return a copy of a finished run of two epochs."""
    return RunDir(shutil.copytree(trained.runs / "digits-1", tmp_path / "runs" / "digits-1"))


def test_more_epochs_are_trained_and_only_what_is_new_is_told(run: RunDir, capfd: Out) -> None:
    before, logged = run.events.read_bytes(), run.log.read_bytes()
    assert main(["resume", str(run.path), "--epochs", "4", "--json"]) == 0
    records = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert records[0]["event"] == "resumed"
    assert [r["epoch"] for r in records if r["event"] in ("resumed", "epoch")] == [2, 3, 4]
    assert (records[-1]["event"], records[-1]["epochs"]) == ("finished", 4)
    assert {record["run"] for record in records} == {str(run.path)}
    told = [{**json.loads(line), "run": str(run.path)} for line in run.events.open()]
    assert told[len(before.splitlines()) :] == records
    assert run.events.read_bytes().startswith(before)
    assert run.log.read_bytes().startswith(logged)
    assert [epoch.epoch for epoch in Curves.of(run.read_events()).epochs] == [1, 2, 3, 4]
    found = Summary.read(run)
    assert (found.state, found.epochs, found.planned) == ("finished", 4, 4)
    assert main(["resume", str(run.path)]) == 2
    told_how = "all its 4 epochs are trained; `--epochs 8` trains on to twice as many"
    assert told_how in capfd.readouterr().err


def test_killed_run_goes_on_and_comes_to_what_it_would_have_come_to(
    start: Start, tmp_path: Path, capfd: Out
) -> None:
    """Nothing was saved but its checkpoints."""
    with start("train", "digits", "--set", "fit.epochs=30", "--name", "cut", "--json") as process:
        for _ in range(3):
            wait_for_epoch(process)
        process.send_signal(signal.SIGKILL)
    run = RunDir(tmp_path / "runs" / "cut-1")
    assert Summary.read(run).state == "lost"
    assert main(["resume", str(run.path)]) == 0
    out, err = capfd.readouterr()
    lines = out.splitlines()
    assert err == ""
    assert lines[0].startswith("cut-1: Digits")
    assert lines[1].startswith("resumed ")
    assert "epoch 30/30  loss" in out
    words = ["--set", "fit.epochs=30", "--name", "whole", "--runs", str(run.path.parent)]
    assert main(["train", "digits", *words]) == 0
    cut, whole = (Summary.read(RunDir(run.path.with_name(name))) for name in ("cut-1", "whole-1"))
    assert (cut.metrics, cut.test, cut.best) == (whole.metrics, whole.test, whole.best)


def test_run_ended_by_ctrl_c_goes_on_and_is_refused_to_a_second_process(
    start: Start, tmp_path: Path, capfd: Out
) -> None:
    run = RunDir(tmp_path / "runs" / "digits-1")
    with start(*LONG, "--json") as process:
        wait_for_epoch(process)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    with start("resume", "digits-1", "--json") as process:
        first = json.loads(process.stdout.readline())
        assert first["event"] == "resumed"
        wait_for_epoch(process)
        assert main(["resume", str(run.path)]) == 2
        assert "expected a run that has ended; it is running" in capfd.readouterr().err
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(out.splitlines()[-1])["epochs"] > first["epoch"] > 0
    assert err.splitlines()[-1] == "`tui-trainer resume digits-1` goes on with it"
