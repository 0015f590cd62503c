"""`train`: JSON for programs, plain lines in a pipe, progress on a terminal, and being stopped."""

import errno
import json
import os
import pty
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.forked import Forked
from tui_trainer.cli import jobs, main
from tui_trainer.cli.signals import Wishes, outliving
from tui_trainer.core import toml
from tui_trainer.core.events import Event
from tui_trainer.core.rundir import RunDir
from tui_trainer.engine.redirect import lossy

Command = Callable[..., Any]
Start = Callable[..., Forked]

LONG = ("train", "digits", "--set", "fit.epochs=100000")


def test_json_tells_every_epoch_and_ends_with_finished(trained: Any) -> None:
    done = trained.done
    assert (done.status, done.err) == (0, "")
    epochs = [record for record in done.records if record["event"] == "epoch"]
    assert [record["epoch"] for record in epochs] == [1, 2]
    assert all(record["seconds"] > 0 for record in epochs)
    finished = done.records[-1]
    assert finished["event"] == "finished"
    assert finished["run"] == str(trained.runs / "digits-1")
    assert finished["epochs"] == 2
    assert finished["metrics"] == epochs[-1]["metrics"]
    assert set(finished["metrics"]) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert set(finished["best"]) == {"epoch", "monitor", "value"}
    assert set(finished["test"]) == {"loss", "accuracy"}
    assert finished["seconds"] > 0
    assert finished["stopped"] is False


def test_a_run_starts_from_the_weights_of_another(
    trained: Any, command: Command, tmp_path: Path
) -> None:
    shutil.copyfile(trained.runs / "digits-1" / "model.keras", tmp_path / "first.keras")
    start = ("--set", "fit.epochs=1", "--set", "fit.initial_weights=first.keras")
    done = command("train", "digits", *start, "--json")
    assert (done.status, done.err) == (0, "")
    (epoch,) = (record for record in done.records if record["event"] == "epoch")
    before = [record for record in trained.done.records if record["event"] == "epoch"]
    assert epoch["metrics"]["loss"] < before[-1]["metrics"]["loss"]
    kept = toml.read(tmp_path / "runs" / "digits-1" / "experiment.toml")
    assert kept.fit.initial_weights == str(tmp_path / "first.keras")
    wider = command("train", "digits", *start, "--set", "layers.0.units=65")
    told = "digits: [fit] initial_weights: layer 1 · kernel: expected 64 × 65; received 64 × 64"
    assert (wider.status, wider.err) == (2, f"tui-trainer: {told}\n")
    (tmp_path / "first.keras").unlink()
    further = command("resume", "digits-1", "--epochs", "2", "--json")
    assert (further.status, further.records[-1]["epochs"]) == (0, 2), further.err


def test_run_folder_holds_what_was_printed(trained: Any) -> None:
    folder = trained.runs / "digits-1"
    lines = (folder / "events.jsonl").read_text("utf-8").splitlines()
    history = [{**json.loads(line), "run": str(folder)} for line in lines]
    assert history == trained.done.records
    assert "epochs = 2" in (folder / "experiment.toml").read_text("utf-8")
    assert (folder / "model.keras").is_file()


def test_status_holds_what_the_run_took_of_its_machine(trained: Any) -> None:
    usage = RunDir(trained.runs / "digits-1").status().usage
    assert usage.memory and usage.machine_total and usage.cpu is not None
    assert usage.memory < usage.machine_total


def test_show_and_runs_agree_with_the_run(trained: Any, command: Command) -> None:
    finished = trained.done.records[-1]
    show = command("show", "digits-1", "--json", "--runs", str(trained.runs)).records[0]
    for key in ("epochs", "metrics", "best", "test", "seconds", "phases", "device"):
        assert show[key] == finished[key]
    assert show["state"] == "finished"
    assert show["model"] == str(trained.runs / "digits-1" / "model.keras")
    del show["curves"]
    assert command("runs", "--json", "--runs", str(trained.runs)).records == [show]


def test_plain_lines_and_several_experiments(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shortly = ["--set", "fit.epochs=2", "--set", "layers.0.name=first", "--name", "both"]
    presets = ["digits", "regression"]
    assert main(["train", *presets, *shortly, "--device", "cpu", "--runs", str(tmp_path)]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0].startswith("both-1: Digits")
    assert lines[1:4] == ["loading the data", "building the model", "compiling"]
    assert lines[4] == (
        "336 kB of samples stay on CPU; steps not compiled by XLA: Dropout would draw other numbers"
    )
    assert re.fullmatch(r"epoch 1/2  loss \d.*  accuracy \d.*  val_loss \d.* s", lines[5])
    assert lines[7:9] == ["testing", "saving"]
    assert re.fullmatch(r"finished after 2 epochs, \d+\.\d s on CPU", lines[9])
    assert re.fullmatch(r"best  val_loss \d\.\d+ at epoch 2", lines[10])
    assert [line[:9] for line in lines if line.startswith("epoch")] == [
        "epoch 1/2",
        "epoch 2/2",
    ] * 2
    assert any(line.startswith("test  loss") for line in lines)
    assert lines[-1] == f"run   {tmp_path / 'both-2'}"
    assert 'name = "first"' in (tmp_path / "both-2" / "experiment.toml").read_text("utf-8")


def test_nothing_is_trained_if_one_experiment_is_wrong(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.toml").write_text('[[layers]]\ntype = "Dence"\n', encoding="utf-8")
    runs = tmp_path / "runs"
    assert main(["train", "digits", str(tmp_path / "bad.toml"), "--runs", str(runs)]) == 2
    assert "bad.toml: layer 1" in capfd.readouterr().err
    assert not runs.exists()


def test_check_prints_the_layers(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "digits"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    rows = [line.split() for line in out.splitlines()]
    assert rows[1] == ["input", "float32", "64"]
    assert rows[2] == ["1", "dense", "Dense", "64", "4", "160"]
    assert rows[-2][:5] == ["total", "4", "810", "94.6", "kB"]
    assert out.splitlines()[-1].startswith("memory: weights 19.2 kB, gradients 19.2 kB, Adam 38.5")


def test_check_gives_advice_and_is_content_all_the_same(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A layer that is off counts all the same; a frozen one is not trained."""
    (tmp_path / "mine.toml").write_text(
        """
data = { source = "iris" }
fit.batch_size = 1000
[[layers]]
type = "Dense"
units = 5
disabled = true
[[layers]]
type = "Dense"
units = 7
activation = "relu"
trainable = false
[[layers]]
type = "Dense"
units = 3
[compile]
loss = "sparse_categorical_crossentropy"
metrics = ["accuracy"]
""",
        encoding="utf-8",
    )
    assert main(["check", str(tmp_path / "mine.toml")]) == 0
    out, err = capfd.readouterr()
    rows = [line.split() for line in out.splitlines()]
    assert err == ""
    assert rows[2] == ["1", "Dense", "4", "off"]
    assert rows[5][:6] == ["total", "59,", "24", "of", "them", "trained"]
    assert "at batch 120" in out
    advice = [line for line in out.splitlines() if line.startswith("advice: ")]
    assert len(advice) == 2
    assert advice[0].startswith("advice: layer 3 · activation: ")
    assert advice[0].endswith("add softmax to the last layer")
    assert advice[1].startswith("advice: [fit] batch_size: it holds all 120 training samples")


def test_json_says_which_run_each_object_is_of(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["train", "regression", "regression", "--set", "fit.epochs=1", "--json"]
    assert main([*words, "--runs", str(tmp_path)]) == 0
    records = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    runs = [str(tmp_path / f"regression-{number}") for number in (1, 2)]
    assert sorted({record["run"] for record in records}) == runs
    assert [record["run"] for record in records if record["event"] == "finished"] == runs


def test_json_ends_with_the_outcome_even_if_no_history_can_be_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(run: RunDir, event: Event) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(RunDir, "add_event", full)
    assert main(["train", "regression", "--json", "--runs", str(tmp_path)]) == 1
    out, err = capfd.readouterr()
    last = json.loads(out.splitlines()[-1])
    assert last["event"] == "failed"
    assert "No space left on device" in last["message"]
    assert last["run"] == str(tmp_path / "regression-1")
    assert "No space left on device" in err


def wait_for_epoch(process: Forked) -> None:
    while '"event": "epoch"' not in (line := process.stdout.readline()):
        assert line, "the run ended early"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_and_saves(start: Start, tmp_path: Path, number: int) -> None:
    with start(*LONG, "--json") as process:
        wait_for_epoch(process)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    finished = json.loads(out.splitlines()[-1])
    assert (finished["event"], finished["stopped"]) == ("finished", True)
    assert "saving" in err
    assert err.splitlines()[-1] == "`tui-trainer resume digits-1` goes on with it"
    assert (tmp_path / "runs" / "digits-1" / "model.keras").is_file()
    status = json.loads((tmp_path / "runs" / "digits-1" / "status.json").read_text("utf-8"))
    assert status["state"] == "stopped"


def test_a_hang_up_ends_nothing_but_what_is_printed(start: Start, tmp_path: Path) -> None:
    """The program at the other end of the pipe goes with the terminal; that ends nothing either."""
    with start(*LONG, "--json") as process:
        wait_for_epoch(process)
        process.send_signal(signal.SIGHUP)
        process.stdout.close()
        run = RunDir(tmp_path / "runs" / "digits-1")
        epoch = run.status().epoch
        until = time.monotonic() + 60
        while run.status().epoch < epoch + 20:
            assert time.monotonic() < until
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    assert process.returncode == 130
    assert run.status().state == "stopped"
    assert run.model.is_file()


def test_a_hang_up_before_the_run_is_there_ends_nothing_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[bool] = []
    monkeypatch.setattr(jobs, "_check", lambda _: os.kill(os.getpid(), signal.SIGHUP))
    monkeypatch.setattr(jobs, "_train_all", lambda *args: heard.append(args[-1].hung_up) or 0)
    assert jobs.carry_out([], json=False) == 0
    assert heard == [True]


def test_what_is_printed_into_a_full_log_is_lost_and_no_more() -> None:
    with Path("/dev/full").open("wb") as full:
        print("the last words", file=lossy(full.fileno()), flush=True)


def test_nohup_keeps_what_is_printed() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        wishes = Wishes()
        with outliving(wishes, lambda: None):
            os.kill(os.getpid(), signal.SIGHUP)
            assert not wishes.hung_up
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_reader_that_leaves_is_no_traceback(start: Start) -> None:
    with start("train", "digits", "--json") as process:
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.wait(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in err


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[int]:
    """Start a long training in a terminal of its own, and return the other end of it."""
    pid, descriptor = pty.fork()
    if pid == 0:
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
        os.chdir(tmp_path)
        os.execve(sys.executable, [sys.executable, "-m", "tui_trainer", *LONG], environment)
    yield descriptor
    os.close(descriptor)
    os.waitpid(pid, 0)


def read_until(descriptor: int, text: str) -> str:
    seen, until = "", time.monotonic() + 60
    while text not in seen:
        assert time.monotonic() < until, f"no {text!r} in {seen[-2000:]!r}"
        try:
            seen += os.read(descriptor, 1 << 16).decode(errors="replace")
        except OSError as error:
            raise AssertionError(f"no {text!r} in {seen[-2000:]!r}") from error
    return seen


def test_terminal_names_what_it_waits_for_and_obeys_ctrl_c(terminal: int, tmp_path: Path) -> None:
    read_until(terminal, "importing Keras ")
    read_until(terminal, "     1/100000  loss")
    read_until(terminal, "to go")
    os.write(terminal, b"\x03")
    seen = read_until(terminal, "stopping after this epoch and saving; Ctrl-C again")
    seen += read_until(terminal, "`tui-trainer resume digits-1` goes on with it")
    assert "run   runs/digits-1" in seen
    assert "stopped after" in seen
    assert "test  loss" in seen
    assert (tmp_path / "runs" / "digits-1" / "model.keras").is_file()
