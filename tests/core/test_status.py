"""What a run is doing now, as another process finds it."""

from __future__ import annotations

import math
import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tui_trainer.core.events import Best
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import LOST_SECONDS, Status, status_from_json, status_to_json
from tui_trainer.core.watch import Watch

GARBAGE = (
    b"",
    b"{",
    b"null",
    b"3",
    b'"status"',
    b"[]",
    b"\xff\xfe\x00garbage\x00",
    b"[" * 100_000,
    b'{"state": "running", "heartbeat": "now"}',
    b'{"state": "running", "heartbeat": 1e999999, "pid": "me"}',
    b'{"state": 3}',
    b'{"state": "asleep"}',
    b'{"batches": 1' + b"0" * 400 + b"}",
    b'{"state": "running", "pid": null}',
    b'{"epoch": 1.5}',
    b'{"epoch": true}',
    b'{"metrics": []}',
    b'{"metrics": {"loss": "low"}}',
    b'{"metrics": {"loss": {}}}',
    b'{"best": 3}',
    b'{"best": {"epoch": 1}}',
    b'{"best": {"epoch": "1", "monitor": "loss", "value": 1}}',
    b'{"samples_per_second": "fast"}',
    b'{"eta": []}',
    b'{"seconds": 1' + b"0" * 400 + b"}",
)


def in_threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def test_new_run_is_starting_and_alive(run: RunDir) -> None:
    status = run.status()
    assert status.state == status.seen() == "starting"
    assert (status.pid, status.host) == (os.getpid(), socket.gethostname())


def test_status_survives_the_file(run: RunDir) -> None:
    status = Status(
        "running",
        "train",
        3,
        10,
        7,
        45,
        {"loss": 0.25, "val_loss": 1.0},
        Best(2, "val_loss", 0.9),
        1234.5,
        60.0,
        12.0,
        3.5,
        "a note in 数字",
        "GPU:0 Ω",
        17,
        "host",
        1e9,
    )
    run.write_status(status)
    assert run.status() == status


def test_status_with_a_diverged_loss_is_strict_json_and_read_as_nan(run: RunDir) -> None:
    run.write_status(
        Status(
            "running",
            metrics={"loss": math.nan, "mae": math.inf, "accuracy": 0.5},
            best=Best(1, "loss", math.inf),
            samples_per_second=math.nan,
            eta=math.inf,
        )
    )
    text = (run.path / "status.json").read_text()
    assert "NaN" not in text
    assert "Infinity" not in text
    status = run.status()
    assert math.isnan(status.metrics["loss"])
    assert math.isnan(status.metrics["mae"])
    assert status.metrics["accuracy"] == 0.5
    assert status.best is not None
    assert math.isnan(status.best.value)
    assert math.isnan(status.samples_per_second)
    assert status.eta is None


HERE, OWN = "this machine", -9
"""This machine and this process in the names of tests, which are those of every process."""


@pytest.mark.parametrize("content", GARBAGE, ids=lambda content: ascii(content[:40]))
def test_status_that_is_garbage_counts_as_lost(run: RunDir, content: bytes) -> None:
    (run.path / "status.json").write_bytes(content)
    assert run.status().seen() == "lost"
    assert Watch.open(run).state == "lost"


def test_status_of_a_newer_version_is_read_as_far_as_it_is_known() -> None:
    record = {**status_to_json(Status("finished")), "colour": "blue"}
    assert status_from_json(record) == Status("finished")


@pytest.mark.parametrize(
    ("host", "pid", "age", "seen"),
    [
        (HERE, OWN, 0, "running"),
        (HERE, OWN, LOST_SECONDS + 1, "lost"),
        (HERE, OWN, -1e6, "running"),
        (HERE, 2**22 + 1, 0, "lost"),
        (HERE, 2**22 + 1, -1e6, "lost"),
        (HERE, 0, 0, "lost"),
        (HERE, -1, 0, "lost"),
        (HERE, 10**30, 0, "lost"),
        ("another-host", 2**22 + 1, 0, "running"),
        ("another-host", 2**22 + 1, LOST_SECONDS - 1, "running"),
        ("another-host", 2**22 + 1, LOST_SECONDS + 1, "lost"),
        ("another-host", 2**22 + 1, -LOST_SECONDS + 1, "running"),
    ],
)
def test_run_is_lost_when_its_process_is_gone_or_silent(
    host: str, pid: int, age: float, seen: str
) -> None:
    host = socket.gethostname() if host == HERE else host
    pid = os.getpid() if pid == OWN else pid
    status = Status("running", host=host, pid=pid, heartbeat=1e9 - age)
    assert status.seen(now=1e9) == seen
    assert replace(status, state="finished").seen(now=1e9) == "finished"


def test_readers_never_see_half_a_status(run: RunDir) -> None:
    done = threading.Event()
    seen: list[Status] = []

    def read() -> None:
        while not done.is_set():
            seen.append(run.status())

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for epoch in range(300):
        run.write_status(Status("running", epoch=epoch, note="x" * (epoch * 37 % 5_000)))
    done.set()
    for reader in readers:
        reader.join()
    assert {status.state for status in seen} <= {"starting", "running"}
    assert all(len(s.note) == s.epoch * 37 % 5_000 for s in seen)


def test_two_threads_may_write_the_status_at_once(run: RunDir) -> None:
    def write(number: int) -> None:
        for _ in range(100):
            run.write_status(Status("running", epoch=number))

    in_threads(4, write)
    assert run.status().state == "running"
    assert not [path for path in run.path.iterdir() if ".tmp-" in path.name]
