"""A run that was cut off anywhere goes on to the very bits of one that never was."""

from __future__ import annotations

import csv
import os
import pickle
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tui_trainer.core import toml
from tui_trainer.core.curves import Curves
from tui_trainer.core.events import EpochEnded, Failed, Finished, Noted, Resumed
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part
from tui_trainer.core.resume import ready_to_resume
from tui_trainer.core.rundir import RunDir, create_run
from tui_trainer.core.watch import Watch
from tui_trainer.engine import keeper
from tui_trainer.engine.checkpoint import read_state, save_checkpoint
from tui_trainer.engine.recorder import Recorder
from tui_trainer.engine.state import dumps
from tui_trainer.engine.train import LiveRun

CLASSES = Compile(Part("Adam"), Part("sparse_categorical_crossentropy"), (Part("accuracy"),))
IRIS = Data("iris", validation=20, scale="standard")
DENSE = (
    Part("Dense", {"units": 8, "activation": "relu"}),
    Part("Dense", {"units": 3, "activation": "softmax"}),
)
FIT = Fit(epochs=5, batch_size=8, steps_per_execution=3)
EXPERIMENTS = {
    "plain": Experiment(
        title="plain",
        data=IRIS,
        layers=(Part("Dropout", {"rate": 0.3}), DENSE[1]),
        compile=CLASSES,
        fit=FIT,
    ),
    "drawn": Experiment(
        title="drawn",
        data=IRIS,
        layers=(
            Part("GaussianNoise", {"stddev": 0.1}),
            DENSE[0],
            Part("BatchNormalization"),
            Part("Dropout", {"rate": 0.3}),
            DENSE[1],
        ),
        compile=CLASSES,
        fit=FIT,
        callbacks=(
            Part("EarlyStopping", {"patience": 4, "restore_best_weights": True, "min_delta": 0.1}),
            Part("ReduceLROnPlateau", {"patience": 1, "min_delta": 0.2}),
            Part("ModelCheckpoint", {"save_best_only": True}),
            Part("CSVLogger"),
        ),
    ),
    "compiled": Experiment(
        title="compiled",
        data=IRIS,
        layers=(DENSE[0].having("kernel_regularizer", "l2"), DENSE[1]),
        compile=replace(
            CLASSES,
            optimizer=Part(
                "SGD",
                {
                    "momentum": 0.9,
                    "gradient_accumulation_steps": 2,
                    "learning_rate": Part(
                        "ExponentialDecay",
                        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.9},
                    ),
                },
            ),
        ),
        fit=replace(FIT, jit_compile=True),
    ),
    "averaged": Experiment(
        title="averaged",
        data=IRIS,
        layers=DENSE,
        compile=replace(CLASSES, optimizer=Part("RMSprop", {"use_ema": True})),
        fit=replace(FIT, resident=False, batch_size=7),
        callbacks=(Part("SwapEMAWeights", {"swap_on_epoch": True}), Part("TerminateOnNaN")),
    ),
    "pictures": Experiment(
        title="pictures",
        data=Data("digits", validation=0.9, scale="unit"),
        layers=(
            Part("Reshape", {"target_shape": (8, 8, 1)}),
            Part("RandomTranslation", {"height_factor": 0.1, "width_factor": 0.1}),
            Part("Reshape", {"target_shape": (8, 8)}),
            Part("LSTM", {"units": 4, "dropout": 0.1, "recurrent_dropout": 0.1}),
            Part("Dense", {"units": 10, "activation": "softmax"}),
        ),
        compile=CLASSES,
        fit=replace(FIT, epochs=3, dtype_policy="mixed_float16"),
    ),
}
"""Layers that draw, several optimizers and ways of fitting; each last batch is a short one."""

Asked = Callable[[Recorder, str], None]
"""Hears the recorder and where it is, such as `train 2 6`: phase, epoch, batches done."""


@pytest.fixture(autouse=True)
def prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a checkpoint after every epoch."""
    monkeypatch.setattr(keeper, "_FIRST", 0.0)
    monkeypatch.setattr(keeper, "_SHARE", 0)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Asked], None]:
    """Have something done before each thing that is asked of a run is looked at."""
    obey = Recorder._obey

    def set_up(act: Asked) -> None:
        def first(recorder: Recorder) -> None:
            phase = recorder._desk.phase if recorder._fitting else "test"
            act(recorder, f"{phase} {recorder.epoch + 1} {recorder._done}")
            obey(recorder)

        monkeypatch.setattr(Recorder, "_obey", first)

    return set_up


def train(run: RunDir) -> Finished | Failed:
    """Train a run, or what is left of it."""
    live = LiveRun(run, toml.read(run.experiment))
    live.start()
    assert live.join(60) and live.outcome is not None
    return live.outcome


def new(folder: Path, experiment: Experiment) -> RunDir:
    return create_run(folder, experiment.title, toml.dumps(experiment))


@cache
def whole(name: str, folder: Path) -> RunDir:
    """Return a run that nothing interrupted."""
    run = new(folder, EXPERIMENTS[name])
    outcome = train(run)
    assert isinstance(outcome, Finished) and not outcome.stopped
    return run


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], RunDir]:
    """Return runs that nothing interrupted, each made once."""
    folder = tmp_path_factory.mktemp("untouched")
    return lambda name: whole(name, folder)


def figures(run: RunDir) -> list[dict[str, str]]:
    """Return the rows of the table of epochs, without the seconds."""
    rows = list(csv.DictReader(run.history.open()))
    return [{name: row[name] for name in row if name != "seconds"} for row in rows]


def bits(run: RunDir, name: str) -> bytes:
    """Return all that a checkpoint holds of a run, but for what a clock told: it is compared."""
    state = read_state(run.checkpoints / name)
    return dumps(replace(state, spent=0.0, seconds=0.0, phases={}))


def curves(run: RunDir) -> Curves:
    return Watch.open(run).curves


def assert_same(run: RunDir, other: RunDir) -> None:
    """Assert that two runs came to the same bits in everything that they leave."""
    assert figures(run) == figures(other)
    for name in ("last.keras", "best.keras"):
        assert bits(run, name) == bits(other, name)
    for path in (run.model, run.checkpoints / "model-checkpoint.keras"):
        its = other.path / path.relative_to(run.path)
        if path.is_file() or its.is_file():
            pairs = zip(weights(path), weights(its), strict=True)
            assert all(np.array_equal(one, another) for one, another in pairs)
    epochs = [(e.epoch, e.metrics) for e in curves(run).epochs]
    assert epochs == [(e.epoch, e.metrics) for e in curves(other).epochs]
    for table in run.path.glob("epochs.csv"):
        assert table.read_text() == (other.path / table.name).read_text()
    assert not [path for path in run.path.rglob(".*tmp-*")]


def weights(path: Path) -> list[Any]:
    found: list[Any] = keras.saving.load_model(path).get_weights()
    return found


def resumed(run: RunDir) -> list[tuple[int, int]]:
    return [(e.epoch, e.batch) for e in run.read_events() if isinstance(e, Resumed)]


def stop_at(where: str) -> Asked:
    """Return what ends a run: now, at `train 1 3`, or after epoch 2, at `stop 2`."""
    phase, epoch, *_ = where.split()

    def stop(recorder: Recorder, now: str) -> None:
        if phase == "stop" and now.startswith(f"train {epoch} "):
            recorder._desk.commands.stop = True
        if now.startswith(where):
            recorder._desk.commands.stop_now = True

    return stop


@pytest.mark.parametrize("name", [name for name in EXPERIMENTS if name != "plain"])
def test_a_run_that_is_stopped_again_and_again_comes_to_the_same_bits(
    name: str, untouched: Callable[[str], RunDir], at: Callable[[Asked], None], tmp_path: Path
) -> None:
    run = new(tmp_path, EXPERIMENTS[name])
    for where in ("train 1 3", "stop 1", "train 2 12", "validate 2"):
        at(stop_at(where))
        outcome = train(run)
        assert isinstance(outcome, Finished) and outcome.stopped, where
        ready_to_resume(run)
    at(lambda *_: None)
    assert isinstance(train(run), Finished)
    (epoch, batch), *_ = reversed(resumed(run))
    assert resumed(run)[:3] == [(0, 3), (1, 0), (1, 12)] and epoch == 1 and batch > 12
    assert_same(run, untouched(name))


def copied(run: RunDir, folder: Path) -> RunDir:
    """Return a copy of a run, as a power cut at this moment would leave it."""
    return RunDir(shutil.copytree(run.path, folder / "copy", ignore=shutil.ignore_patterns("lock")))


def test_a_copy_of_any_moment_goes_on_to_the_same_bits(
    untouched: Callable[[str], RunDir], at: Callable[[Asked], None], tmp_path: Path
) -> None:
    run = new(tmp_path, EXPERIMENTS["plain"])
    copies: list[RunDir] = []

    def copy(recorder: Recorder, now: str) -> None:
        if now.startswith(("train 1 3", "train 3 9", "test")):
            copies.append(copied(run, tmp_path / now))

    at(copy)
    train(run)
    at(lambda *_: None)
    for each, epoch in zip(copies, (0, 2, 5), strict=True):
        assert isinstance(train(each), Finished)
        assert resumed(each) == [(epoch, 0)]
        assert_same(each, untouched("plain"))


def test_a_kill_between_the_best_and_the_last_loses_nothing(
    untouched: Callable[[str], RunDir], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new(tmp_path, EXPERIMENTS["plain"])
    link = keeper.link_model

    def killed(*_: Path) -> None:
        if read_state(run.best).epoch == 3:
            raise KeyboardInterrupt
        link(run.best, run.last)

    monkeypatch.setattr(keeper, "link_model", killed)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    live = LiveRun(run, EXPERIMENTS["plain"])
    live.start()
    live.join(60)
    assert (read_state(run.last).epoch, read_state(run.best).epoch) == (2, 3)
    monkeypatch.setattr(keeper, "link_model", link)
    assert isinstance(train(run), Finished)
    assert resumed(run) == [(3, 0)]
    assert_same(run, untouched("plain"))


@pytest.mark.parametrize("name", ["plain", "drawn"])
def test_a_run_that_failed_goes_on_to_the_same_bits(
    name: str, untouched: Callable[[str], RunDir], at: Callable[[Asked], None], tmp_path: Path
) -> None:
    run = new(tmp_path, EXPERIMENTS[name])

    faults = ["train 3 9", "test"]

    def fail(_: Recorder, now: str) -> None:
        if faults and now.startswith(faults[0]):
            del faults[0]
            raise RuntimeError("a fault")

    at(fail)
    assert isinstance(train(run), Failed) and resumed(run) == []
    assert isinstance(train(run), Failed) and resumed(run) == [(2, 0)]
    assert not run.model.exists()
    at(lambda *_: None)
    outcome = train(run)
    ended = read_state(untouched(name).last).epoch
    assert isinstance(outcome, Finished) and resumed(run) == [(2, 0), (ended, 0)]
    assert_same(run, untouched(name))


def test_a_killed_process_leaves_what_goes_on_to_the_same_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "_SHARE", 40)
    experiment = replace(EXPERIMENTS["plain"], fit=replace(FIT, epochs=150))
    other, run = new(tmp_path, experiment), new(tmp_path, experiment)
    process = subprocess.Popen([sys.executable, "-c", TRAINING, str(run.path)])
    until = time.monotonic() + 60
    while not run.last.is_file() or len(run.read_events()) < 20:
        assert time.monotonic() < until
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert Watch.open(run).state == "lost"
    train(run)
    train(other)
    (epoch, _), *more = resumed(run)
    assert epoch > 0 and not more
    assert_same(run, other)


TRAINING = """
import sys
from pathlib import Path
from tui_trainer.engine.redirect import settle_environment
settle_environment()
from tui_trainer.core import toml
from tui_trainer.core.rundir import RunDir
from tui_trainer.engine import keeper
from tui_trainer.engine.train import LiveRun
keeper._FIRST = 0.0
run = RunDir(Path(sys.argv[1]))
live = LiveRun(run, toml.read(run.experiment))
live.start()
live.join()
"""


@pytest.mark.parametrize("name", ["drawn", "averaged"])
def test_a_run_goes_on_to_more_epochs_as_if_it_had_been_to_have_them(
    name: str, untouched: Callable[[str], RunDir], tmp_path: Path
) -> None:
    experiment = EXPERIMENTS[name]
    run = new(tmp_path, replace(experiment, fit=replace(experiment.fit, epochs=2)))
    train(run)
    ready_to_resume(run, experiment.fit.epochs)
    train(run)
    assert resumed(run) == [(2, 0)]
    assert_same(run, untouched(name))


def test_a_run_that_a_callback_ended_goes_on_past_that_end(tmp_path: Path) -> None:
    stopping = Part("EarlyStopping", {"patience": 1, "min_delta": 9, "restore_best_weights": True})
    run = new(tmp_path, replace(EXPERIMENTS["plain"], callbacks=(stopping,)))
    first = train(run)
    assert isinstance(first, Finished) and first.epochs == 2
    assert read_state(run.last).ended
    ready_to_resume(run)
    outcome = train(run)
    assert isinstance(outcome, Finished) and outcome.epochs == 3
    assert [e.text for e in run.read_events() if isinstance(e, Noted)][-1].endswith(
        "stopped after epoch 3, weights of epoch 1 restored"
    )


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-500])


def _scratch(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)


def _nonsense(path: Path) -> None:
    path.write_bytes(os.urandom(5000))


def _of_another(path: Path) -> None:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    save_checkpoint(model, path, read_state(path))


def _lying(path: Path) -> None:
    state = dumps(replace(read_state(path), digest=5))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, state if name.endswith(".state") else data)


def _pickled(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tui-trainer.state", pickle.dumps(os.system))


def _plain(path: Path) -> None:
    shutil.copyfile(path.parents[1] / "model.keras", path)
    model = keras.saving.load_model(path)
    model.save(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> RunDir:
    """Return a run of three epochs, the first the best, to be trained to five."""
    falling = Part("EarlyStopping", {"monitor": "accuracy", "mode": "min", "patience": 99})
    experiment = replace(EXPERIMENTS["plain"], fit=replace(FIT, epochs=3), callbacks=(falling,))
    run = new(tmp_path_factory.mktemp("half"), experiment)
    train(run)
    ready_to_resume(run, 5)
    return run


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (_truncate, "the file is damaged"),
        (_scratch, "this is none"),
        (_nonsense, "the file is damaged"),
        (_of_another, ""),
        (_lying, "it holds other weights than were saved"),
        (_pickled, "the file is damaged"),
        (_plain, "it holds a model alone"),
        (_folder, None),
    ],
)
def test_a_damaged_checkpoint_is_passed_over_in_one_line(
    harm: Callable[[Path], None],
    why: str | None,
    half: RunDir,
    untouched: Callable[[str], RunDir],
    tmp_path: Path,
) -> None:
    run = copied(half, tmp_path)
    assert read_state(run.best).epoch < read_state(run.last).epoch
    before = len(run.read_events())
    harm(run.last)
    outcome = train(run)
    assert isinstance(outcome, Finished) and outcome.epochs == 5
    told = [e.text for e in run.read_events()[before:] if isinstance(e, Noted)]
    faults = [text for text in told if "cannot be gone on from" in text]
    assert len(faults) == (why is not None) and all("\n" not in text for text in faults)
    assert why is None or faults[0].startswith("last.keras") and faults[0].endswith(why)
    assert [epoch for epoch, _ in resumed(run)][-1] == read_state(half.best).epoch
    assert figures(run) == figures(untouched("plain"))


def test_an_experiment_that_is_another_now_writes_over_nothing(
    half: RunDir, untouched: Callable[[str], RunDir], tmp_path: Path
) -> None:
    run = copied(half, tmp_path)
    before, files = toml.read(run.experiment), (run.last, run.best, run.model)
    kept = [path.read_bytes() for path in files]
    layers = (before.layers[0], Part("Dense", {"units": 4, "activation": "softmax"}))
    run.experiment.write_text(toml.dumps(replace(before, title="it", layers=layers)))
    outcome = train(run)
    assert isinstance(outcome, Failed) and outcome.where == "experiment.toml"
    assert outcome.message == (
        "expected what its checkpoint of epoch 3 was trained with; received other layers: "
        "undo that, or train it as a new run"
    )
    assert [path.read_bytes() for path in files] == kept
    run.experiment.write_text(toml.dumps(replace(before, title="it")))
    train(run)
    assert figures(run) == figures(untouched("plain"))


def test_a_folder_that_is_removed_is_made_again_and_gone_on_with(
    untouched: Callable[[str], RunDir], at: Callable[[Asked], None], tmp_path: Path
) -> None:
    run = new(tmp_path, replace(EXPERIMENTS["plain"], fit=replace(FIT, epochs=4)))
    told = run.experiment.read_text()
    at(lambda _, now: shutil.rmtree(run.path) if now == "train 3 3" else None)
    assert isinstance(train(run), Finished)
    assert run.experiment.read_text() == told
    assert [e.epoch for e in run.read_events() if isinstance(e, EpochEnded)] == [3, 4]
    at(lambda *_: None)
    ready_to_resume(run, 5)
    train(run)
    assert figures(run)[-1] == figures(untouched("plain"))[-1]


def test_without_a_checkpoint_a_run_begins_again(
    half: RunDir, untouched: Callable[[str], RunDir], tmp_path: Path
) -> None:
    run = copied(half, tmp_path)
    _nonsense(run.last)
    run.best.unlink()
    train(run)
    assert resumed(run) == [(0, 0)]
    assert figures(run) == figures(untouched("plain"))
    assert [e.epoch for e in curves(run).epochs] == [1, 2, 3, 4, 5]


def test_a_stop_before_the_first_batch_leaves_everything_as_it_is(
    half: RunDir, tmp_path: Path
) -> None:
    run = copied(half, tmp_path)
    before = {path: path.read_bytes() for path in run.path.rglob("*.keras")}
    run.send("stop_now")
    outcome = train(run)
    assert isinstance(outcome, Finished) and outcome.stopped and outcome.epochs == 3
    assert outcome.metrics == read_state(run.last).metrics
    assert {path: path.read_bytes() for path in before} == before


def test_a_pause_changes_nothing_but_the_time(
    untouched: Callable[[str], RunDir], tmp_path: Path
) -> None:
    run = new(tmp_path, EXPERIMENTS["plain"])
    live = LiveRun(run, EXPERIMENTS["plain"])
    run.send("pause")
    live.start()
    wait_until(lambda: live.status.state == "paused")
    held = live.status
    assert (held.epoch, held.batch > 0, held.samples_per_second) == (1, True, 0)
    wait_until(run.last.is_file)
    assert read_state(run.last).batch > 0, "a kill would lose nothing"
    run.send("save", path=str(tmp_path / "mine.keras"))
    wait_until((tmp_path / "mine.keras").is_file)
    time.sleep(0.3)
    assert live.status.seconds == live.status.seconds, "no second passes"
    run.send("resume")
    assert live.join(60)
    assert_same(run, untouched("plain"))
    epochs = [e for e in run.read_events() if isinstance(e, EpochEnded)]
    assert sum(epoch.seconds for epoch in epochs) < run.status().seconds


@pytest.mark.parametrize("command", ["stop", "stop_now"])
def test_a_paused_run_can_be_ended(command: str, tmp_path: Path) -> None:
    run = new(tmp_path, EXPERIMENTS["plain"])
    live = LiveRun(run, EXPERIMENTS["plain"])
    run.send("pause")
    live.start()
    wait_until(lambda: live.status.state == "paused")
    run.send(command)
    assert live.join(60)
    outcome = live.outcome
    assert isinstance(outcome, Finished) and outcome.stopped
    assert outcome.epochs == (command == "stop")


def wait_until(reached: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < until
        time.sleep(0.01)


@contextmanager
def no_room() -> Iterator[None]:
    """Let no file grow beyond some kilobytes, as on a disk that is full: no model has room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_costs_no_epoch_and_is_gone_on_from_once_there_is_room(
    untouched: Callable[[str], RunDir], at: Callable[[Asked], None], tmp_path: Path
) -> None:
    writing = (Part("ModelCheckpoint"), Part("CSVLogger"))
    run = new(tmp_path, replace(EXPERIMENTS["plain"], callbacks=writing))
    with ExitStack() as stack:
        at(lambda _, now: now.startswith("train 3 3") and stack.enter_context(no_room()) or None)
        outcome = train(run)
    assert isinstance(outcome, Failed)
    assert outcome.message == "the model could not be saved: File too large"
    events = run.read_events()
    assert [e.epoch for e in events if isinstance(e, EpochEnded)] == [1, 2, 3, 4, 5]
    told = [e.text for e in events if isinstance(e, Noted)][1:]
    again = f"checkpoint not saved in {run.checkpoints}: File too large; it is tried again"
    assert told == ["ModelCheckpoint: File too large", again]
    assert read_state(run.last).epoch == 2
    at(lambda *_: None)
    train(run)
    assert resumed(run) == [(2, 0)]
    assert figures(run) == figures(untouched("plain"))
    assert (run.path / "epochs.csv").read_text().count("\n") == 6
    assert keras.saving.load_model(run.checkpoints / "model-checkpoint.keras")
