"""The engine as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tui_trainer.core import toml
from tui_trainer.core.catalogue import Catalogue
from tui_trainer.core.claim import Claim
from tui_trainer.core.events import Finished
from tui_trainer.core.experiment import Experiment, Fit, Part
from tui_trainer.core.rundir import RunDir

MakeRun = Callable[[Experiment], RunDir]


@dataclass
class Engine:
    process: subprocess.Popen[str]
    ready: dict[str, Any]
    number: int = 0

    def send(self, do: str, **arguments: Any) -> int:
        self.number += 1
        self.write(json.dumps({"id": self.number, "do": do, **arguments}))
        return self.number

    def write(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        record: dict[str, Any] = json.loads(self.process.stdout.readline())
        return record

    def ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        number = self.send(do, **arguments)
        answer = self.answer()
        assert answer["id"] == number
        return answer

    def end(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(20)


def launch(log: str = os.devnull, **environment: str) -> Engine:
    """Start an engine, without waiting for Keras."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tui_trainer.engine", "--log", log],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, **environment},
    )
    return Engine(process, {})


def start(log: str = os.devnull, **environment: str) -> Engine:
    engine = launch(log, **environment)
    engine.ready = engine.answer()
    return engine


@pytest.fixture(scope="module")
def standing() -> Iterator[Engine]:
    engine = start()
    yield engine
    assert engine.end() == 0
    assert engine.process.stderr is not None and engine.process.stderr.read() == ""


@pytest.fixture
def fresh() -> Iterator[Engine]:
    engine = start()
    yield engine
    engine.process.kill()
    engine.process.wait()


def wait_for(reached: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_it_says_what_it_is(standing: Engine) -> None:
    ready = standing.ready["ready"]
    assert ready["keras"].startswith("3.") and ready["devices"][0] == "CPU"


def test_catalogue(standing: Engine) -> None:
    text = standing.ask("catalogue")["ok"]["catalogue"]
    assert Catalogue.from_json(text).find("layers", "Dense")


def test_check_gives_shapes(standing: Engine, digits: Experiment) -> None:
    answer = standing.ask("check", experiment=toml.dumps(digits))["ok"]
    assert answer["input"] == {"shape": [64], "dtype": "float32"}
    assert answer["params"] == 2410 and answer["problems"] == []
    assert answer["layers"][0] == {
        "name": "dense",
        "type": "Dense",
        "shape": [32],
        "params": 2080,
        "trainable": 2080,
        "disabled": False,
    }
    assert answer["trainable"] == 2410 and answer["optimizer"] == 2 * 2410 + 2


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"layers": (Part("Dense", {"units": 0}),)}, ["layers", 0, "units"]),
        ({"layers": (Part("Flatten"), Part("LSTM", {"units": 2}))}, ["layers", 1]),
        ({"layers": (Part("Dense", {"units": 3}),)}, ["layers", 0]),
        ({"layers": ()}, ["layers"]),
        ({"fit": Fit(device="gpu:5")}, ["fit", "device"]),
        ({"callbacks": (Part("CSVLogger", {"append": 3}),)}, ["callbacks", 0, "append"]),
    ],
)
def test_check_names_the_place(
    standing: Engine, digits: Experiment, change: dict[str, Any], where: list[str | int]
) -> None:
    text = toml.dumps(replace(digits, **change))
    problems = standing.ask("check", experiment=text)["ok"]["problems"]
    assert [problem["where"] for problem in problems] == [where]
    assert "\n" not in problems[0]["message"]


def test_requests_are_answered_in_their_order(standing: Engine, digits: Experiment) -> None:
    text = toml.dumps(digits)
    lines = [{"id": 1000 + n, "do": "check", "experiment": text} for n in range(3)]
    standing.write("\n".join(map(json.dumps, lines)))
    answers = [standing.answer() for _ in lines]
    assert [answer["id"] for answer in answers] == [line["id"] for line in lines]
    assert all(answer["ok"]["params"] == 2410 for answer in answers)


def test_preview(standing: Engine, digits: Experiment) -> None:
    seen = standing.ask("preview", experiment=toml.dumps(digits))["ok"]
    assert seen["cached"] and len(seen["samples"]) == 12


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[1, 2]",
        "{}",
        '{"id": 7, "do": ["x"]}',
        '{"id": 7, "do": "fly"}',
        '{"id": 7, "do": "check"}',
        '{"id": 7, "do": "check", "experiment": 5}',
        '{"id": 7, "do": "check", "experiment": "[["}',
        '{"id": 7, "do": "train"}',
        '{"id": 7, "do": "train", "run": "/nowhere/at/all"}',
        '{"id": 7, "do": "preview", "experiment": "x = 1"}',
        "[" * 100_000,
    ],
)
def test_what_it_does_not_understand_is_an_error_and_no_more(standing: Engine, line: str) -> None:
    standing.write(line)
    answer = standing.answer()
    assert answer["error"]["message"] and "\n" not in answer["error"]["message"]
    assert "ok" in standing.ask("catalogue")


def test_a_run_of_another_process_is_refused(
    standing: Engine, digits: Experiment, make_run: MakeRun
) -> None:
    run = make_run(digits)
    before = sorted(run.path.rglob("*")), run.status()
    with Claim(run):
        error = standing.ask("train", run=str(run.path))["error"]
    run.lock.unlink()
    assert error["where"] == run.name and "is being trained already" in error["message"]
    assert (sorted(run.path.rglob("*")), run.status()) == before
    assert "ok" in standing.ask("catalogue")


def test_a_run_outlives_whoever_started_it(
    fresh: Engine, digits: Experiment, make_run: MakeRun
) -> None:
    digits = replace(digits, fit=replace(digits.fit, epochs=1_000_000))
    run = make_run(digits)
    assert fresh.ask("train", run=str(run.path))["ok"] == {"started": True}
    assert "error" in fresh.ask("catalogue")
    assert fresh.process.stdin is not None and fresh.process.stdout is not None
    fresh.process.stdin.close()
    fresh.process.stdout.close()
    wait_for(lambda: run.status().epoch >= 2)
    os.kill(fresh.process.pid, signal.SIGINT)
    before = run.status().heartbeat
    wait_for(lambda: run.status().heartbeat > before)
    assert run.status().pid == fresh.process.pid and run.status().seen() == "running"
    run.send("stop")
    assert fresh.process.wait(30) == 0
    assert run.status().state == "stopped" and run.model.is_file()
    last = run.read_events()[-1]
    assert isinstance(last, Finished) and last.stopped and last.test


def leave(engine: Engine) -> None:
    """Go away as a client does that ends."""
    assert engine.process.stdin is not None and engine.process.stdout is not None
    engine.process.stdin.close()
    engine.process.stdout.close()


def test_an_engine_whose_client_left_during_the_import_ends() -> None:
    engine = launch()
    leave(engine)
    assert engine.process.wait(60) == 0


def test_a_run_whose_client_left_during_the_import_is_trained(
    digits: Experiment, make_run: MakeRun
) -> None:
    run = make_run(digits)
    engine = launch()
    engine.send("catalogue")
    engine.send("check", experiment=toml.dumps(digits))
    engine.send("train", run=str(run.path))
    leave(engine)
    assert engine.process.wait(60) == 0
    assert run.status().state == "finished" and run.model.is_file()


def test_terminating_it_saves_the_model(
    fresh: Engine, digits: Experiment, make_run: MakeRun
) -> None:
    digits = replace(digits, fit=replace(digits.fit, epochs=1_000_000))
    run = make_run(digits)
    fresh.ask("train", run=str(run.path))
    wait_for(lambda: run.status().epoch >= 2)
    fresh.process.terminate()
    assert fresh.process.wait(30) == 0
    assert run.status().state == "stopped" and run.model.is_file()


def test_killing_it_leaves_a_run_that_is_found_lost(
    fresh: Engine, digits: Experiment, make_run: MakeRun
) -> None:
    digits = replace(digits, fit=replace(digits.fit, epochs=1_000_000))
    run = make_run(digits)
    fresh.ask("train", run=str(run.path))
    wait_for((run.checkpoints / "last.keras").is_file)
    fresh.process.kill()
    fresh.process.wait()
    assert run.status().state == "running" and run.status().seen() == "lost"
    assert run.read_events()


def test_a_run_that_fails_exits_with_1_and_keeps_its_log(
    fresh: Engine, digits: Experiment, make_run: MakeRun
) -> None:
    run = make_run(replace(digits, layers=(Part("Dense", {"units": 3}),)))
    fresh.ask("train", run=str(run.path))
    assert fresh.process.wait(30) == 1
    assert run.status().state == "failed" and run.log.is_file()


def test_an_engine_that_cannot_import_keras_says_so(tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text("raise ImportError('no keras here')")
    log = tmp_path / "engine.log"
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    engine = start(str(log), PYTHONPATH=path)
    assert engine.ready == {"error": {"message": "ImportError: no keras here"}}
    assert engine.process.wait(20) == 1
    assert "Traceback" in log.read_text()
