"""`evaluate`: a run's model is tested anew, and comes to the figures of the run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tui_trainer.cli import main
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.words import figure

Out = pytest.CaptureFixture[str]


@pytest.fixture
def run(trained: Any, tmp_path: Path) -> RunDir:
    """Return a copy of a finished run of two epochs on digits."""
    return RunDir(shutil.copytree(trained.runs / "digits-1", tmp_path / "runs" / "digits-1"))


def evaluated(out: str) -> dict[str, dict[str, Any]]:
    """Return what `--json` told of each split."""
    return {record["split"]: record for record in map(json.loads, out.splitlines())}


def test_it_comes_to_the_figures_of_the_run(run: RunDir, trained: Any, capfd: Out) -> None:
    finished = trained.done.records[-1]
    assert main(["evaluate", str(run.path), "--json"]) == 0
    told = evaluated(capfd.readouterr().out)
    assert told["test"]["metrics"] == pytest.approx(finished["test"], rel=1e-5)
    assert told["validation"]["metrics"]["loss"] == pytest.approx(
        finished["metrics"]["val_loss"], rel=1e-5
    )
    assert {split: one["samples"] for split, one in told.items()} == {
        "train": 1293,
        "validation": 144,
        "test": 360,
    }
    assert {one["model"] for one in told.values()} == {str(run.model)}
    assert main(["evaluate", str(run.path)]) == 0
    name, head, *rows = capfd.readouterr().out.splitlines()
    assert name == "digits-1 · model.keras"
    assert head.split() == ["SPLIT", "SAMPLES", "loss", "accuracy"]
    loss, accuracy = (figure(finished["test"][metric]) for metric in ("loss", "accuracy"))
    assert rows[-1].split() == ["test", "360", loss, accuracy]


def test_the_best_epoch_and_a_run_without_a_result(run: RunDir, capfd: Out) -> None:
    run.model.unlink()
    for words, file in (([], run.last), (["--best"], run.best)):
        assert main(["evaluate", str(run.path), "--json", *words]) == 0
        assert evaluated(capfd.readouterr().out)["test"]["model"] == str(file)
    shutil.rmtree(run.checkpoints)
    for words, what in (([], "a model"), (["--best"], "a checkpoint of its best epoch")):
        assert main(["evaluate", str(run.path), *words]) == 2
        told = f"tui-trainer: digits-1: expected {what}; the run has saved none\n"
        assert capfd.readouterr() == ("", told)


def test_weights_that_the_experiment_started_from_are_not_asked_for(
    run: RunDir, capfd: Out
) -> None:
    text = run.experiment.read_text().replace("[fit]", '[fit]\ninitial_weights = "gone.keras"')
    run.experiment.write_text(text)
    assert main(["evaluate", str(run.path)]) == 0
    assert "test" in capfd.readouterr().out


def test_a_model_that_is_damaged_or_of_other_layers(run: RunDir, capfd: Out) -> None:
    whole = run.model.read_bytes()
    run.model.write_bytes(whole[:3000])
    assert main(["evaluate", str(run.path)]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "model.keras: expected a whole .keras file" in err
    run.model.write_bytes(whole)
    run.experiment.write_text(run.experiment.read_text().replace("units = 64", "units = 32"))
    assert main(["evaluate", str(run.path)]) == 2
    told = "tui-trainer: digits-1: layer 1 · kernel: expected 64 × 32; received 64 × 64\n"
    assert capfd.readouterr() == ("", told)
