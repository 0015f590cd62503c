"""Runs from their start to their end, in a worker thread of this process."""

from __future__ import annotations

import csv
import json
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import (
    PHASES,
    Best,
    CheckpointSaved,
    EpochEnded,
    Failed,
    Finished,
    Noted,
    PhaseBegan,
)
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import Status
from tui_trainer.engine import checkpoint, keeper, recorder
from tui_trainer.engine.data import load
from tui_trainer.engine.desk import Desk
from tui_trainer.engine.devices import device_scope, name_device
from tui_trainer.engine.journal import Journal
from tui_trainer.engine.recorder import Recorder
from tui_trainer.engine.shortage import _fitting, out_of_memory
from tui_trainer.engine.state import State
from tui_trainer.engine.train import LiveRun

SPARSE = Part("sparse_categorical_crossentropy")
MakeRun = Callable[[Experiment], RunDir]


def finish(live: LiveRun, seconds: float = 60) -> Finished | Failed:
    deadline = time.monotonic() + seconds
    while not live.join(0.02):
        assert time.monotonic() < deadline, f"still going on: {live.status}"
    assert live.outcome is not None
    return live.outcome


def wait_for(live: LiveRun, reached: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert live.outcome is None, live.outcome
        assert time.monotonic() < deadline, f"never reached: {live.status}"
        time.sleep(0.01)


def train(experiment: Experiment, make_run: MakeRun) -> tuple[RunDir, Finished | Failed]:
    run = make_run(experiment)
    live = LiveRun(run, experiment)
    live.start()
    return run, finish(live)


def finished(experiment: Experiment, make_run: MakeRun) -> tuple[RunDir, Finished]:
    run, outcome = train(experiment, make_run)
    assert isinstance(outcome, Finished), outcome
    return run, outcome


def notes(run: RunDir) -> list[str]:
    """Return what was noted, but for the line on how it is fitted."""
    texts = [event.text for event in run.read_events() if isinstance(event, Noted)]
    return [text for text in texts if " of samples " not in text]


def test_a_run_leaves_everything_that_it_promises(digits: Experiment, make_run: MakeRun) -> None:
    run, outcome = finished(digits, make_run)
    events = run.read_events()
    assert [e.phase for e in events if isinstance(e, PhaseBegan)] == list(PHASES)
    epochs = [e for e in events if isinstance(e, EpochEnded)]
    assert [e.epoch for e in epochs] == [1, 2]
    assert list(epochs[0].metrics) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert events[-1] == outcome
    assert outcome.metrics == epochs[-1].metrics
    assert outcome.test["accuracy"] > 0.5 and not outcome.stopped
    assert outcome.best is not None and outcome.best.monitor == "val_loss"
    assert set(outcome.phases) == set(PHASES)
    assert math.isclose(sum(outcome.phases.values()), outcome.seconds, abs_tol=0.3)
    rows = list(csv.DictReader(run.history.open()))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    assert float(rows[1]["val_loss"]) == epochs[1].metrics["val_loss"]
    status = run.status()
    assert status.state == "finished" and status.epoch == 2 and status.eta is None
    assert status.device == outcome.device == "CPU"
    for path in (run.model, run.checkpoints / "best.keras", run.checkpoints / "last.keras"):
        assert keras.saving.load_model(path).count_params() == 32 * 65 + 10 * 33
    assert sorted(p.name for p in run.path.iterdir() if p.name.startswith(".")) == []


def test_the_same_seed_gives_the_same_run(digits: Experiment, make_run: MakeRun) -> None:
    _, first = finished(digits, make_run)
    _, second = finished(digits, make_run)
    other = replace(digits, fit=replace(digits.fit, seed=2))
    _, third = finished(other, make_run)
    assert first.metrics == second.metrics != third.metrics


def test_stop_ends_after_the_epoch_with_everything_saved(
    digits: Experiment, make_run: MakeRun
) -> None:
    digits = replace(digits, fit=replace(digits.fit, epochs=100_000))
    run = make_run(digits)
    live = LiveRun(run, digits)
    live.start()
    wait_for(live, lambda: live.status.epoch >= 2)
    run.send("stop")
    outcome = finish(live)
    assert isinstance(outcome, Finished) and outcome.stopped
    epochs = [e for e in run.read_events() if isinstance(e, EpochEnded)]
    assert outcome.epochs == epochs[-1].epoch and "val_loss" in outcome.metrics
    assert outcome.test and run.model.is_file() and run.status().state == "stopped"
    assert notes(run)[-1] == f"stopped after epoch {outcome.epochs}, as asked"


def test_stop_now_ends_in_the_middle_of_an_epoch(line: Experiment, make_run: MakeRun) -> None:
    slow = replace(
        line,
        data=Data("make_regression", {"n_samples": 400_000}, validation=0.3),
        fit=Fit(epochs=1_000_000, batch_size=2),
    )
    run = make_run(slow)
    live = LiveRun(run, slow)
    live.start()
    wait_for(live, lambda: live.status.phase == "train" and live.status.batch > 3)
    assert live.status.eta is not None and live.status.samples_per_second > 0
    run.send("stop_now")
    outcome = finish(live)
    assert isinstance(outcome, Finished) and outcome.stopped
    assert outcome.epochs == 0 and outcome.test == {} and run.model.is_file()


@pytest.mark.parametrize("command", ["stop", "stop_now"])
def test_a_stop_before_training_is_not_lost(
    command: str, line: Experiment, make_run: MakeRun
) -> None:
    endless = replace(line, fit=replace(line.fit, epochs=1_000_000))
    run = make_run(endless)
    run.send(command)
    live = LiveRun(run, endless)
    live.start()
    outcome = finish(live)
    assert isinstance(outcome, Finished) and outcome.stopped and outcome.epochs == 0


def test_save_writes_the_model_while_training_and_at_the_very_end(
    line: Experiment, make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = RunDir.write_status

    def ask_before(folder: RunDir, status: Status) -> None:
        if not status.live:
            folder.send("save", path=str(late))
            folder.send("save", path=str(later))
        write(folder, status)

    monkeypatch.setattr(RunDir, "write_status", ask_before)
    endless = replace(line, fit=replace(line.fit, epochs=1_000_000))
    run = make_run(endless)
    live = LiveRun(run, endless)
    live.start()
    first, late = tmp_path / "mine" / "first.keras", tmp_path / "late.keras"
    weights, later = tmp_path / "mine" / "first.weights.h5", tmp_path / "late.weights.h5"
    run.send("save", path=str(first))
    run.send("save", path=str(weights))
    run.send("save", path=str(tmp_path / "model.txt"))
    for bad in ("~nobody-of-that-name/m.keras", "a\x00b.keras", "x" * 5_000, "\ud800.keras"):
        run.send("save", path=bad)
    wait_for(live, lambda: sum(note.startswith("not saved to ") for note in notes(run)) == 5)
    live.stop()
    outcome = finish(live)
    assert isinstance(outcome, Finished)
    saved = [Path(e.path) for e in run.read_events() if isinstance(e, CheckpointSaved)]
    assert {first, weights, run.model} <= set(saved)
    assert run.read_events()[-1] == outcome, "nothing follows the outcome"
    assert any("expected a path that ends in .keras" in note for note in notes(run))
    assert not any("\n" in note for note in notes(run))
    for path in (first, late):
        assert keras.saving.load_model(path).count_params() == 2
    ended = keras.saving.load_model(run.model).get_weights()
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    for path in (weights, later):
        model.load_weights(path)
    assert model.get_weights()[0].item() == ended[0].item()


def test_early_stopping_is_told(digits: Experiment, make_run: MakeRun) -> None:
    stopping = Part(
        "EarlyStopping",
        {"monitor": "val_accuracy", "min_delta": 1.0, "restore_best_weights": True},
    )
    patient = replace(digits, callbacks=(stopping,), fit=replace(digits.fit, epochs=9))
    run, outcome = finished(patient, make_run)
    assert outcome.epochs == 2 and not outcome.stopped
    assert outcome.best is not None and outcome.best.monitor == "val_accuracy"
    assert notes(run) == [
        "val_accuracy has not improved since epoch 1: stopped after epoch 2, "
        "weights of epoch 1 restored"
    ]


def test_callbacks_write_inside_the_run(digits: Experiment, make_run: MakeRun) -> None:
    callbacks = (
        Part("ModelCheckpoint", {"save_best_only": True}),
        Part("CSVLogger", {"filename": "log.csv"}),
        Part("ReduceLROnPlateau", {"patience": 1}),
    )
    run, outcome = finished(replace(digits, callbacks=callbacks), make_run)
    assert (run.checkpoints / "model-checkpoint.keras").is_file()
    assert (run.path / "log.csv").read_text().startswith("epoch,")
    assert outcome.metrics["learning_rate"] == pytest.approx(0.01)


def test_a_loss_that_is_no_number_is_noted_once(line: Experiment, make_run: MakeRun) -> None:
    wild = replace(
        line, compile=replace(line.compile, optimizer=Part("SGD", {"learning_rate": 1e30}))
    )
    run, outcome = finished(wild, make_run)
    assert math.isnan(outcome.metrics["loss"]) and outcome.best is None
    loss, weights = notes(run)
    assert "the loss is no longer a number since epoch 1, batch" in loss and "(before it" in loss
    assert weights == "the weights are no longer numbers: no checkpoint yet"
    assert not run.last.exists() and not run.best.exists()
    assert "nan" in run.history.read_text()
    json.loads((run.path / "status.json").read_text())


def test_metrics_with_a_value_for_each_class(digits: Experiment, make_run: MakeRun) -> None:
    many = replace(
        digits,
        data=replace(digits.data, one_hot=True),
        compile=Compile(
            Part("adam"),
            Part("CategoricalCrossentropy", {"label_smoothing": 0.1}),
            (Part("F1Score"), Part("acc")),
        ),
    )
    _, outcome = finished(many, make_run)
    assert {"f1_score", "acc", "val_f1_score"} <= set(outcome.metrics)
    assert isinstance(outcome.metrics["f1_score"], float)


def test_batches_larger_than_the_data_and_a_single_sample(
    line: Experiment, make_run: MakeRun
) -> None:
    one = replace(line, data=Data("make_regression", {"n_samples": 2}), fit=Fit(2, 1000))
    _, outcome = finished(one, make_run)
    assert outcome.epochs == 2 and outcome.test


def test_mixed_precision_keeps_the_last_layer_exact(digits: Experiment, make_run: MakeRun) -> None:
    mixed = replace(digits, fit=replace(digits.fit, dtype_policy="mixed_bfloat16"))
    run, _ = finished(mixed, make_run)
    layers = keras.saving.load_model(run.model).layers
    assert [layer.compute_dtype for layer in layers] == ["bfloat16", "bfloat16", "float32"]
    assert keras.config.dtype_policy().name == "float32"


@pytest.mark.parametrize(
    ("change", "where", "message"),
    [
        ({"layers": (Part("Conv2D", {"filters": 2, "kernel_size": 3}),)}, "layer 1", "wants 4"),
        ({"layers": (Part("Dense", {"units": 3}),)}, "layer 1", "expected 10 units"),
        (
            {
                "layers": (
                    Part("Embedding", {"input_dim": 12, "output_dim": 2}),
                    Part("Flatten"),
                    Part("Dense", {"units": 10}),
                ),
                "data": Data("digits", scale="none", flatten=True),
            },
            "layer 1 · input_dim",
            "expected numbers from 0 to 11 in the data; received 0 to 16",
        ),
        ({"fit": Fit(device="gpu:7")}, "[fit] device", "expected one of auto, cpu; received"),
        ({"data": Data("nothing")}, "[data] source", "expected one of digits"),
        ({"callbacks": (Part("EarlyStopping", {"patienc": 3}),)}, "callback 1", "patienc"),
        ({"callbacks": (Part("EarlyStopping", {"monitor": "acuracy"}),)}, "callback 1", "acuracy"),
        (
            {"compile": Compile(Part("adm"), Part("sparse_categorical_crossentropy"))},
            "[compile] optimizer",
            "did you mean",
        ),
    ],
)
def test_a_mistake_ends_the_run_with_one_line(
    change: dict[str, object],
    where: str,
    message: str,
    digits: Experiment,
    make_run: MakeRun,
) -> None:
    run, outcome = train(replace(digits, **change), make_run)  # type: ignore[arg-type]
    assert isinstance(outcome, Failed), outcome
    assert outcome.where.startswith(where) and message in outcome.message
    assert "\n" not in outcome.message
    assert run.read_events()[-1] == outcome and run.status().state == "failed"


@pytest.mark.parametrize(
    ("table", "wrong", "where"),
    [
        ("layers", Part("Dense", {"units": "many"}), "layer 2"),
        ("metrics", Part("AUC", {"num_threshold": 3}), "metric 2"),
        ("callbacks", Part("EarlyStopping", {"patienc": 3}), "callback 2"),
        ("callbacks", Part("EarlyStopping", {"monitor": "acuracy"}), "callback 2"),
    ],
)
def test_places_count_what_is_switched_off(
    table: str, wrong: Part, where: str, digits: Experiment, make_run: MakeRun
) -> None:
    parts = (replace(wrong, disabled=True), wrong)
    if table == "layers":
        changed = replace(digits, layers=(*parts, *digits.layers))
    elif table == "metrics":
        changed = replace(digits, compile=replace(digits.compile, metrics=parts))
    else:
        changed = replace(digits, callbacks=parts)
    _, outcome = train(changed, make_run)
    assert isinstance(outcome, Failed), outcome
    assert outcome.where.partition(" · ")[0] == where


def test_what_is_switched_off_takes_no_part_in_a_run(digits: Experiment, make_run: MakeRun) -> None:
    wrong = Part("Nonsense", disabled=True)
    metrics = (wrong, *digits.compile.metrics)
    plain, off = (
        finished(one, make_run)[1]
        for one in (
            digits,
            replace(
                digits,
                layers=(*digits.layers, replace(digits.layers[0], disabled=True)),
                compile=replace(digits.compile, metrics=metrics),
                callbacks=(wrong,),
            ),
        )
    )
    assert off.metrics == plain.metrics and off.test == plain.test


def test_running_out_of_memory_is_told_with_what_would_fit(
    digits: Experiment, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhaust(*_: object, **__: object) -> None:
        raise tf.errors.ResourceExhaustedError(
            None,
            None,
            "OOM when allocating tensor with shape[512,1000,1000] and type float on /job",
        )

    monkeypatch.setattr(keras.Sequential, "fit", exhaust)
    _, outcome = train(digits, make_run)
    assert isinstance(outcome, Failed) and outcome.where == "[fit] batch_size"
    assert re.fullmatch(
        r"out of memory on CPU, which has [\d.]+ [GT]B, 2.05 GB were asked for: weights 9.64 kB, "
        r"gradients 9.64 kB, Adam 19.3 kB, activations 18.9 kB at batch 64, most of them 8.19 kB "
        r"of dense; try batch_size = 32",
        outcome.message,
    )


def test_what_fits_into_memory(digits: Experiment) -> None:
    for phase, device, where in (
        ("load", "", "[data]"),
        ("train", "GPU:0 of no driver", "[fit] batch_size"),
    ):
        told = out_of_memory(digits, phase, device, MemoryError())
        assert told.where == where and "\n" not in told.message
    assert _fitting(1e9, 10**6, 10**6, 1024) == 256
    assert _fitting(1e9, 10**6, 10, 1000) == 256
    assert _fitting(0, 10**6, 10, 1000) == 256
    assert _fitting(1e6, 10**6, 10, 1000) == 0
    assert _fitting(1e9, 0, 1, 1) == 0


def test_a_folder_that_vanishes_fails_the_run_and_no_more(
    line: Experiment, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(line)
    live = LiveRun(run, line)
    monkeypatch.setattr(RunDir, "add_event", full)
    monkeypatch.setattr(RunDir, "write_status", full)
    monkeypatch.setattr(keeper, "save_checkpoint", full)
    monkeypatch.setattr(recorder, "save_model", full)
    live.start()
    outcome = finish(live)
    assert isinstance(outcome, Failed) and "No space left on device" in outcome.message
    assert live.status.state == "failed"


def test_checkpoints_that_cannot_be_written_do_not_end_the_run(
    digits: Experiment, make_run: MakeRun
) -> None:
    run = make_run(digits)
    run.checkpoints.rmdir()
    run.checkpoints.write_text("a file in the way")
    live = LiveRun(run, digits)
    live.start()
    assert isinstance(finish(live), Finished) and run.model.is_file()
    assert notes(run) == [
        f"checkpoint not saved in {run.checkpoints}: File exists; it is tried again"
    ]


def test_a_checkpoint_that_fails_midway_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    path = tmp_path / "model.keras"
    checkpoint.save_model(model, path)
    before = path.read_bytes()

    def break_off(model: Any, aside: Path) -> None:
        aside.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keras.Sequential, "save", break_off)
    with pytest.raises(OSError):
        checkpoint.save_model(model, path)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["model.keras"]


class Kept:
    """A keeper, and a model of one weight whose epochs it takes."""

    def __init__(self, run: RunDir) -> None:
        self.run = run
        self.model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
        self.model.compile("sgd", "mse")
        self.model.optimizer.build(self.model.trainable_variables)
        self.keeper = keeper.Keeper(Desk(run), 0)

    def epoch(self, number: int, weight: float, improved: bool, final: bool = False) -> None:
        self.model.layers[0].kernel.assign([[weight]])
        self.keeper.end_epoch(self.model, lambda: State(number), improved, final)

    def saved(self) -> list[tuple[int, str]]:
        events = self.run.read_events()
        return [(e.epoch, Path(e.path).name) for e in events if isinstance(e, CheckpointSaved)]


def test_the_best_weights_are_written_even_when_their_turn_never_came(tmp_path: Path) -> None:
    kept = Kept(RunDir(tmp_path))
    kept.epoch(1, 1.0, True)
    kept.epoch(2, 2.0, True)
    kept.epoch(3, 3.0, False)
    assert kept.saved() == []
    kept.epoch(4, 4.0, False, final=True)
    assert kept.saved() == [(2, "best.keras"), (4, "last.keras")]
    assert (weight_in(kept.run.best), weight_in(kept.run.last)) == (2.0, 4.0)
    assert kept.model.get_weights()[0].item() == 4.0
    assert [checkpoint.read_state(path).epoch for path in (kept.run.best, kept.run.last)] == [2, 4]


def test_a_run_that_breaks_off_leaves_its_best_as_the_last(tmp_path: Path) -> None:
    kept = Kept(RunDir(tmp_path))
    kept.epoch(1, 1.0, True, final=True)
    kept.epoch(2, 2.0, True)
    kept.epoch(3, 3.0, False)
    kept.keeper.flush(kept.model)
    assert kept.saved()[2:] == [(2, "best.keras"), (2, "last.keras")]
    assert checkpoint.read_state(kept.run.last).epoch == 2 and weight_in(kept.run.last) == 2.0


@pytest.mark.parametrize(
    "content", [b"\0\xff" * 99, b"9" * 9999 + b",1\n", b"epoch,loss\n" + b"9" * 9999 + b",1\n"]
)
def test_a_table_of_nonsense_is_gone_on_with(tmp_path: Path, content: bytes) -> None:
    run = RunDir(tmp_path)
    run.history.write_bytes(content)
    journal = Journal(run)
    journal.take_up(1, 0)
    journal.add_row(EpochEnded(2, {"loss": 0.5}, 1.0))
    assert run.history.read_bytes().splitlines()[-1].startswith(b"2,")


def test_what_could_not_be_written_is_noted_once_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(RunDir(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(keeper, "save_checkpoint", full)
        kept.epoch(1, 1.0, True, final=True)
        kept.keeper.flush(kept.model)
    where = kept.run.checkpoints
    told = f"checkpoint not saved in {where}: No space left on device; it is tried again"
    assert notes(kept.run) == [told]
    kept.model.layers[0].kernel.assign([[2.0]])
    kept.keeper.flush(kept.model)
    assert weight_in(kept.run.best) == 1.0 and kept.model.get_weights()[0].item() == 2.0


def test_weights_that_are_no_numbers_leave_the_last_good_ones(tmp_path: Path) -> None:
    kept = Kept(RunDir(tmp_path))
    kept.epoch(3, 3.0, True, final=True)
    kept.epoch(4, math.nan, False, final=True)
    kept.epoch(5, math.inf, True, final=True)
    assert notes(kept.run) == ["the weights are no longer numbers: the checkpoint of epoch 3 stays"]
    assert weight_in(kept.run.best) == weight_in(kept.run.last) == 3.0


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def weight_in(path: Path) -> float:
    return float(keras.saving.load_model(path).get_weights()[0].item())


@pytest.mark.parametrize("how", ["stop_now", "error"])
def test_best_that_is_reported_is_the_one_on_disk_however_training_ends(
    how: str, digits: Experiment, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Later epochs come too soon after the first to be written before the end."""
    monkeypatch.setattr(keeper, "_FIRST", 1e6)
    digits = replace(digits, fit=replace(digits.fit, epochs=1_000_000))
    run = make_run(digits)
    live = LiveRun(run, digits)
    live.start()
    wait_for(live, lambda: (live.status.best or Best(0, "", 0.0)).epoch >= 3)
    if how == "error":
        monkeypatch.setattr(Recorder, "on_train_batch_end", lambda *_: 1 / 0)
    else:
        live.stop(now=True)
    outcome = finish(live)
    assert isinstance(outcome, Failed if how == "error" else Finished)
    best = live.status.best
    assert best is not None
    kept = [e for e in run.read_events() if isinstance(e, CheckpointSaved)]
    assert [e.epoch for e in kept if e.path.endswith("best.keras")][-1] == best.epoch
    held = load(digits.data).validation
    model = keras.saving.load_model(run.checkpoints / "best.keras")
    value = model.evaluate(held.x, held.y, verbose=0, return_dict=True)["loss"]
    assert value == pytest.approx(best.value, rel=1e-4)


def test_figures_of_one_phase_are_not_shown_in_another(
    digits: Experiment, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, set[tuple[int, int]]] = {}
    change = Journal.change

    def watch(journal: Journal, **fields: Any) -> None:
        change(journal, **fields)
        status = journal.status
        seen.setdefault(status.phase, set()).add((status.batch, status.batches))
        if status.phase in ("evaluate", "save"):
            assert (status.samples_per_second, status.eta) == (0.0, None)

    monkeypatch.setattr(Journal, "change", watch)
    many = replace(digits, data=replace(digits.data, validation=1100))
    run, _ = finished(replace(many, fit=replace(many.fit, batch_size=32)), make_run)
    assert {batches for _, batches in seen["train"]} == {11}
    assert {batches for _, batches in seen["validate"]} == {2}
    assert {batches for _, batches in seen["evaluate"]} == {1}
    assert seen["save"] == {(0, 0)}
    assert (run.status().batch, run.status().batches) == (0, 0)


@pytest.mark.parametrize("command", ["stop", "stop_now"])
def test_a_stop_that_cuts_nothing_short_is_none(
    command: str, digits: Experiment, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(digits)
    live = LiveRun(run, digits)
    step = {"stop": "on_epoch_begin", "stop_now": "on_train_end"}[command]
    method = getattr(Recorder, step)

    def ask(recorder: Recorder, *arguments: Any) -> None:
        if step == "on_train_end" or arguments[0] == digits.fit.epochs - 1:
            live.stop()
        method(recorder, *arguments)

    monkeypatch.setattr(Recorder, step, ask)
    live.start()
    outcome = finish(live)
    assert isinstance(outcome, Finished) and not outcome.stopped
    assert outcome.epochs == 2 and run.status().state == "finished"
    assert notes(run) == []


def test_a_history_that_cannot_be_written_is_told_in_the_status(
    line: Experiment, make_run: MakeRun
) -> None:
    run = make_run(line)
    run.events.mkdir()
    live = LiveRun(run, line)
    live.start()
    assert isinstance(finish(live), Failed)
    status = run.status()
    assert (status.state, status.note) == (
        "failed",
        "the run's history could not be written: Is a directory",
    )


def test_status_says_the_end_as_soon_as_the_history_does(
    line: Experiment, make_run: MakeRun
) -> None:
    run = make_run(line)
    live = LiveRun(run, line)
    live.start()
    assert live.join(60)
    assert isinstance(run.read_events()[-1], Finished)
    assert run.status().state == "finished"


def test_a_run_that_is_trained_already_is_refused_and_not_touched(
    line: Experiment, make_run: MakeRun
) -> None:
    endless = replace(line, fit=replace(line.fit, epochs=1_000_000))
    run = make_run(endless)
    live = LiveRun(run, endless)
    with pytest.raises(TrainerError, match=f"{run.name}: is being trained already, by process"):
        LiveRun(run, endless)
    live.start()
    with pytest.raises(TrainerError, match=f"by process {os.getpid()} on"):
        LiveRun(run, endless)
    assert not run.log.exists()
    live.stop()
    assert isinstance(finish(live), Finished)
    assert [type(event) for event in run.read_events()].count(Finished) == 1
    LiveRun(run, endless).release()


def test_seconds_of_the_phase_are_told(line: Experiment, make_run: MakeRun) -> None:
    endless = replace(line, fit=replace(line.fit, epochs=1_000_000))
    run = make_run(endless)
    live = LiveRun(run, endless)
    live.start()
    wait_for(live, lambda: run.status().phase == "train")
    wait_for(live, lambda: run.status().phase_seconds > 0.3)
    assert run.status().phase_seconds < run.status().seconds
    live.stop()
    finish(live)
    assert run.status().phase_seconds == 0.0


def test_devices_by_name() -> None:
    assert name_device("/job:localhost/replica:0/task:0/device:CPU:0") == "CPU"
    assert name_device("/job:localhost/replica:0/task:0/device:CPU:1") == "CPU:1"
    with pytest.raises(TrainerError, match=r"\[fit\] device: expected one of auto, cpu; received"):
        device_scope("gpu:0")


ELSEWHERE = """
import sys
from contextlib import nullcontext
from pathlib import Path
from tui_trainer.engine.redirect import settle_environment
settle_environment()
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from tui_trainer.core import toml
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import Status
from tui_trainer.engine import work
from tui_trainer.engine.train import LiveRun
work.device_scope = lambda device: tf.device("/CPU:1")
run = RunDir(Path(sys.argv[1]))
live = LiveRun(run, toml.read(run.experiment))
live.start()
live.join()
print(live.outcome.device)
"""


def test_the_device_told_is_the_one_that_did_the_work(
    digits: Experiment, make_run: MakeRun
) -> None:
    run = make_run(digits)
    process = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(run.path)], capture_output=True, text=True
    )
    assert process.stdout.strip() == "CPU:1", process.stderr
    assert run.status().device == "CPU:1"
