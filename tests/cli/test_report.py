"""`presets`, `runs`, `show`, help and version: what there is, without Keras."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tui_trainer import __version__
from tui_trainer.cli.commands import COMMANDS
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
from tui_trainer.core.status import Status
from tui_trainer.core.usage import Gpu, Usage

Command = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    """Make the folder of a run that ended well."""
    made = create_run(tmp_path / "runs", "digits", 'title = "Digits"\nfit.epochs = 2\n')
    made.write_status(Status(state="finished", epochs=2, seconds=3.5, device="CPU"))
    made.add_event(Noted("the data were loaded"))
    made.add_event(EpochEnded(1, {"loss": 0.5, "val_loss": 0.4}, 1.0))
    made.add_event(EpochEnded(2, {"loss": 0.3, "val_loss": float("nan")}, 1.0))
    made.add_event(
        Finished(
            run=str(made.path),
            epochs=2,
            metrics={"loss": 0.3, "val_loss": float("nan")},
            best=Best(1, "val_loss", 0.4),
            test={"loss": 0.42, "accuracy": 0.9611},
            seconds=3.5,
            phases={"load": 0.5, "train": 2.0},
            device="CPU",
        )
    )
    return made


def test_version(command: Command) -> None:
    assert command("--version").out == f"tui-trainer {__version__}\n"


def test_help_teaches_every_command(command: Command) -> None:
    done = command("--help")
    assert done.status == 0
    assert done.out.index("tui-trainer digits") < done.out.index("\ntrain:")
    assert max(map(len, done.out.splitlines())) <= 80
    for name in COMMANDS:
        assert f"\n  {name} " in done.out
        of_its_own = command(name, "--help")
        assert of_its_own.status == 0
        assert f"usage: tui-trainer {name}" in of_its_own.out


def test_help_of_a_command_may_be_asked_for_in_words(command: Command) -> None:
    assert command("help").out == command("--help").out
    assert command("help", "show").out == command("show", "--help").out


def test_command_that_is_misspelt_is_told_the_right_one(command: Command) -> None:
    for words in (("trian",), ("trian", "digits")):
        done = command(*words)
        assert (done.status, done.out) == (2, "")
        assert done.err.endswith("received 'trian'; did you mean train?\n")


def test_presets_begin_with_digits(command: Command) -> None:
    lines = command("presets").out.splitlines()
    assert lines[0].split()[0] == "digits"
    assert len(lines) == 16


def test_presets_of_ones_own_come_last_and_are_trained_by_name(
    command: Command, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.toml").write_text("title = 'Mine'\n", "utf-8")
    (own / "broken.toml").write_text("[fit]\nepoch = 3\n", "utf-8")
    lines = command("presets", TUI_TRAINER_PRESETS=str(own)).out.splitlines()
    assert len(lines) == 18
    assert lines[16].split()[:3] == ["broken", "yours", "✗"]
    assert lines[17].split() == ["mine", "yours", "Mine"]
    done = command("check", "broken", TUI_TRAINER_PRESETS=str(own))
    assert done.status == 2
    assert "broken.toml: [fit]: expected a key of [fit]" in done.err
    assert "did you mean mine?" in command("train", "min", TUI_TRAINER_PRESETS=str(own)).err


def test_runs_says_how_to_make_one(command: Command) -> None:
    done = command("runs")
    assert (done.status, done.err) == (0, "")
    assert "No runs in runs yet" in done.out


def test_runs_lists_the_newest_first(command: Command, run: RunDir) -> None:
    time.sleep(0.02)
    failed = create_run(run.path.parent, "mine", "")
    failed.write_status(Status(state="failed"))
    failed.add_event(Failed("expected more memory", "train"))
    head, first, second = command("runs").out.splitlines()
    assert head.split() == ["RUN", "STATE", "EPOCHS", "BEST", "TEST", "BEGAN"]
    assert first.split()[:3] == ["mine-1", "failed", "0"]
    assert second.startswith("digits-1  finished  2 of 2  val_loss 0.4000 at epoch 1  loss 0.4200")
    names = [record["name"] for record in command("runs", "--json").records]
    assert names == ["mine-1", "digits-1"]
    assert "train: expected more memory" in command("show", "mine-1").out


def test_a_name_of_anything_reaches_the_terminal_as_plain_text(
    command: Command, tmp_path: Path
) -> None:
    create_run(tmp_path / "runs", "digits", "").path.rename(tmp_path / "runs" / "a\x1b[2J\n\x9bb")
    name = r"a\x1b[2J\n\x9bb"
    assert command("runs").out.splitlines()[1].startswith(f"{name}  ")
    shown = command("show", "a\x1b[2J\n\x9bb").out
    assert shown.startswith(f"{name}\n") and shown.replace("\n", "").isprintable()
    assert name in command("resume", "none").err


def test_runs_reads_the_folder_that_the_environment_names(command: Command, run: RunDir) -> None:
    done = command("runs", "--json", TUI_TRAINER_RUNS=str(run.path.parent))
    assert len(done.records) == 1


def test_show_tells_the_figures(command: Command, run: RunDir) -> None:
    done = command("show", "digits-1")
    assert done.status == 0
    for text in ("Digits", "finished", "CPU", "2 of 2", "accuracy 0.9611", "load 0.5, train 2.0"):
        assert text in done.out
    assert "the data were loaded" in done.out


def test_show_tells_the_curves_to_those_who_cannot_see_them(command: Command, run: RunDir) -> None:
    for epoch, loss in enumerate((0.41, 0.42, 0.43), start=3):
        run.add_event(EpochEnded(epoch, {"loss": 0.3, "val_loss": loss}, 1.0))
    done = command("show", "digits-1")
    table = [line.split("  ") for line in done.out.partition("METRIC")[2].splitlines()[1:]]
    assert [[cell.strip() for cell in row if cell] for row in table] == [
        ["loss", "0.5000", "0.3000", "0.3000 at epoch 2", "flat since epoch 2"],
        ["val_loss", "0.4000", "0.4300", "0.4000 at epoch 1", "rising: overfits since epoch 1"],
    ]
    (record,) = command("show", "digits-1", "--json").records
    assert [(curve["metric"], curve["words"]) for curve in record["curves"]] == [
        ("loss", "flat since epoch 2"),
        ("val_loss", "rising: overfits since epoch 1"),
    ]


def test_others_stand_for_characters_that_cannot_be_written(command: Command) -> None:
    done = command("presets", PYTHONIOENCODING="ascii")
    assert (done.status, done.err) == (0, "")
    assert "8x8 pixels" in done.out


def test_show_as_json_is_one_strict_object(command: Command, run: RunDir) -> None:
    done = command("show", str(run.path), "--json")
    (record,) = done.records
    assert "NaN" not in done.out
    assert record["metrics"] == {"loss": 0.3, "val_loss": None}
    assert record["best"] == {"epoch": 1, "monitor": "val_loss", "value": 0.4}
    assert record["test"] == {"loss": 0.42, "accuracy": 0.9611}
    assert (record["state"], record["epochs"], record["model"]) == ("finished", 2, None)


def test_show_of_a_run_that_goes_on_tells_what_it_takes(command: Command, tmp_path: Path) -> None:
    run = create_run(tmp_path / "runs", "digits", "")
    gpu = Gpu(0, "NVIDIA H200", 93.0, 10.2e9, 80e9, 9e9, 61.0, 240.0)
    here = {"pid": os.getpid(), "host": socket.gethostname(), "heartbeat": time.time()}
    going = Status(
        "starting", device=gpu.title, usage=Usage(187.0, 412e6, 24.0, gpus=(gpu,)), **here
    )
    run.write_status(going)
    done = command("show", "digits-1")
    assert "  takes    GPU 93 % · 10.2 of 80 GB · 61 °C · 240 W · CPU 187 % · 412 MB" in done.out
    assert "  machine  CPU 24 %\n  gpu      GPU:0 NVIDIA H200: 93 % · " in done.out
    (record,) = command("show", "digits-1", "--json").records
    assert record["usage"]["gpus"][0]["celsius"] == 61.0
    run.write_status(replace(going, state="finished"))
    assert "takes" not in command("show", "digits-1").out


def test_show_of_a_run_whose_process_is_gone_says_lost(command: Command, run: RunDir) -> None:
    run.write_status(Status(state="running", pid=0, heartbeat=1.0))
    assert json.loads(command("show", "digits-1", "--json").out)["state"] == "lost"


def test_show_of_a_run_that_went_on_says_from_where_and_what_is_left(
    command: Command, run: RunDir
) -> None:
    run.add_event(Resumed(1))
    run.add_event(CheckpointSaved(2, str(run.last)))
    run.add_event(Resumed(2, 17))
    run.add_event(CheckpointSaved(3, str(run.best)))
    run.write_status(Status(state="running", pid=0, heartbeat=1.0))
    out = command("show", "digits-1").out
    assert "state       lost: `tui-trainer resume digits-1` goes on with it\n" in out
    assert "checkpoint  of epoch 2\n" in out
    assert "resumed     after epoch 1\n" in out
    assert "resumed     within epoch 3, after 17 batches\n" in out
    (record,) = command("show", "digits-1", "--json").records
    assert record["checkpoint"] == 2
    assert [(mark["epoch"], mark["batch"]) for mark in record["resumed"]] == [(1, 0), (2, 17)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_one_line() -> None:
    line = f"{sys.executable} -m tui_trainer presets > /dev/full"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("tui-trainer: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [("show", "digits-1"), ("runs",), ("attach", "digits-1")])
def test_an_encoding_without_our_characters_gets_others(
    command: Command, run: RunDir, words: tuple[str, ...]
) -> None:
    title = 'title = "Größe 28 × 28 → café …"\n'
    run.experiment.write_text(title + "fit.epochs = 2\n", encoding="utf-8")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    done = command(*words, **plain)
    assert (done.status, done.err) == (0, "")
    assert done.out.isascii() and "\x1b" not in done.out
    assert words == ("runs",) or "Grose 28 x 28 -> cafe ..." in done.out
    told = command(*words, "--json", **plain)
    assert told.status == 0 and told.out.isascii()
    assert words != ("show", "digits-1") or "Größe 28 × 28 → café …" in str(told.records)
