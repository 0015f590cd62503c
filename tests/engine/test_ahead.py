"""An engine that prepares a run while the user looks: the same numbers, only sooner."""

from __future__ import annotations

import csv
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Event, Thread
from typing import Any

import keras
import numpy as np
import pytest

from tui_trainer.core import toml
from tui_trainer.core.events import Failed, Finished, PhaseBegan
from tui_trainer.core.experiment import Data, Experiment, Part
from tui_trainer.core.rundir import RunDir, create_run
from tui_trainer.engine import ahead, service
from tui_trainer.engine.prepared import prepare
from tui_trainer.engine.service import Service
from tui_trainer.engine.train import LiveRun

MakeRun = Callable[[Experiment], RunDir]
_PATIENCE = 60


class Stage:
    """Stands before `prepare` of the thread ahead: says when it is done, and can hold it up."""

    def __init__(self) -> None:
        self.done, self.go = Event(), Event()
        self.go.set()
        self.error: Exception | None = None
        self.count = 0
        """How many were prepared to their end."""

    def prepare(self, *given: Any) -> Any:
        try:
            assert self.go.wait(_PATIENCE)
            if self.error:
                raise self.error
            prepared = prepare(*given)
            self.count += 1
            return prepared
        finally:
            self.done.set()


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()
    monkeypatch.setattr(ahead, "prepare", stage.prepare)
    return stage


class Engine:
    """A service in a thread of this process."""

    def __init__(self) -> None:
        requests, self._requests = os.pipe()
        self._answers, answers = os.pipe()
        self._lines = os.fdopen(self._answers)
        self._service = Service(requests, answers)
        self._thread = Thread(target=self._service.serve, daemon=True)
        self._thread.start()

    def ask(self, do: str, **arguments: str) -> Any:
        os.write(self._requests, json.dumps({"id": 1, "do": do, **arguments}).encode() + b"\n")
        return json.loads(self._lines.readline())["ok"]

    def prepare(self, experiment: Experiment) -> bool:
        return bool(self.ask("prepare", experiment=toml.dumps(experiment))["preparing"])

    def check(self, experiment: Experiment) -> None:
        self.ask("check", experiment=toml.dumps(experiment))

    def train(self, run: RunDir) -> RunDir:
        """Train, and return the run once it has ended."""
        self.ask("train", run=str(run.path))
        self._thread.join(_PATIENCE)
        assert not self._thread.is_alive()
        return run

    def end(self) -> None:
        os.close(self._requests)
        self._thread.join(_PATIENCE)
        self._lines.close()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(service, "send_output_to", lambda log: None)
    engine = Engine()
    yield engine
    engine.end()


@pytest.fixture
def noisy(digits: Experiment) -> Experiment:
    """Return an experiment that draws random numbers wherever it can."""
    noise = Part("GaussianNoise", {"stddev": 0.1})
    return replace(digits, layers=(noise, *digits.layers), callbacks=())


def figures(run: RunDir) -> list[dict[str, str]]:
    with run.history.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [{name: row[name] for name in row if name != "seconds"} for row in rows]


def assert_same(one: RunDir, other: RunDir) -> None:
    assert figures(one) == figures(other) != []
    models = [keras.models.load_model(run.model) for run in (one, other)]
    assert models[0].get_config() == models[1].get_config()
    for mine, theirs in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Experiment], RunDir]:
    """Train an experiment for which nothing was prepared; each only once."""

    @cache
    def trained(text: str) -> RunDir:
        run = create_run(tmp_path_factory.mktemp("plain"), "plain", text)
        live = LiveRun(run, toml.loads(text))
        live.start()
        assert live.join(_PATIENCE)
        return run

    return lambda experiment: trained(toml.dumps(experiment))


def phases(run: RunDir) -> list[str]:
    return [event.phase for event in run.read_events() if isinstance(event, PhaseBegan)]


@pytest.mark.parametrize("jit", [False, True])
def test_a_prepared_run_has_the_numbers_of_one_that_was_not(
    engine: Engine, stage: Stage, plain: Any, make_run: MakeRun, noisy: Experiment, jit: bool
) -> None:
    if jit:
        plain_layers = tuple(part for part in noisy.layers if part.type == "Dense")
        fit = replace(noisy.fit, jit_compile=True)
        noisy = replace(noisy, layers=plain_layers, fit=fit)
    engine.check(noisy)
    assert engine.prepare(noisy)
    assert stage.done.wait(_PATIENCE)
    run = engine.train(make_run(noisy))
    assert stage.count == 1 and phases(run)[:4] == ["load", "build", "compile", "train"]
    assert_same(run, plain(noisy))


def test_a_run_joins_its_own_preparation(
    engine: Engine, stage: Stage, plain: Any, make_run: MakeRun, noisy: Experiment
) -> None:
    stage.go.clear()
    engine.prepare(noisy)
    run = make_run(noisy)
    Thread(target=lambda: (_until_running(run), stage.go.set())).start()
    engine.train(run)
    assert stage.count == 1 and phases(run)[:4] == ["load", "build", "compile", "train"]
    assert_same(run, plain(noisy))


def _until_running(run: RunDir) -> None:
    while run.status().state != "running":
        Event().wait(0.01)


@pytest.mark.parametrize("other", ["check", "preview", "prepare"])
def test_what_is_asked_in_between_drops_what_was_prepared(
    engine: Engine, stage: Stage, plain: Any, make_run: MakeRun, noisy: Experiment, other: str
) -> None:
    engine.prepare(noisy)
    assert stage.done.wait(_PATIENCE)
    another = replace(noisy, fit=replace(noisy.fit, seed=7))
    engine.ask(other, experiment=toml.dumps(another))
    threads = [thread for thread in _trainers() if thread.is_alive()]
    run = engine.train(make_run(noisy))
    assert_same(run, plain(noisy))
    for thread in threads:
        thread.join(_PATIENCE)
        assert not thread.is_alive()


def _trainers() -> list[Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "trainer"]


def test_a_run_waits_for_the_preparation_of_another_that_draws_from_the_same_seeds(
    engine: Engine, stage: Stage, plain: Any, make_run: MakeRun, noisy: Experiment
) -> None:
    engine.prepare(replace(noisy, fit=replace(noisy.fit, seed=7)))
    run = engine.train(make_run(noisy))
    assert_same(run, plain(noisy))


def test_an_equal_experiment_is_not_prepared_twice(
    engine: Engine, stage: Stage, make_run: MakeRun, noisy: Experiment
) -> None:
    assert engine.prepare(noisy) and engine.prepare(noisy)
    engine.train(make_run(noisy))
    assert stage.count == 1


def test_a_preparation_that_fails_is_silent_and_the_run_is_trained_all_the_same(
    engine: Engine,
    stage: Stage,
    plain: Any,
    make_run: MakeRun,
    noisy: Experiment,
    capfd: pytest.CaptureFixture[str],
) -> None:
    stage.error = RuntimeError("a bad moment")
    engine.prepare(noisy)
    assert stage.done.wait(_PATIENCE)
    run = engine.train(make_run(noisy))
    assert "a bad moment" in capfd.readouterr().err
    assert isinstance(run.read_events()[-1], Finished)
    assert_same(run, plain(noisy))


def test_what_is_wrong_is_told_by_the_run(
    engine: Engine, stage: Stage, make_run: MakeRun, digits: Experiment
) -> None:
    wrong = replace(digits, layers=(Part("Dense", {"units": 3}),))
    assert engine.prepare(wrong)
    assert stage.done.wait(_PATIENCE)
    run = engine.train(make_run(wrong))
    last = run.read_events()[-1]
    assert isinstance(last, Failed) and "expected 10 units" in last.message


def test_nothing_is_downloaded_ahead(
    engine: Engine,
    stage: Stage,
    noisy: Experiment,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: pytest.fail("asked a server"))
    assert engine.prepare(replace(noisy, data=Data("fashion_mnist", flatten=True)))
    assert stage.done.wait(_PATIENCE)
    assert stage.count == 0 and capfd.readouterr().err == ""


def test_on_a_machine_with_a_gpu_nothing_is_prepared(
    engine: Engine, noisy: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "list_devices", lambda: ["CPU", "GPU:0 NVIDIA H200"])
    assert not engine.prepare(noisy)
