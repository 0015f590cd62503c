"""What a run takes of its machine, in words and in the status."""

from __future__ import annotations

import json
import math

import pytest

from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import Status, status_from_json, status_to_json
from tui_trainer.core.usage import Gpu, Usage, usage_from_json

H200 = Gpu(0, "NVIDIA H200", 93.0, 10.2e9, 80e9, 9.9e9, 61.0, 240.4)
OLD = Gpu(1, "Quadro", used=70.2e9, total=80e9)
BUSY = Usage(187.2, 412e6, 24.0, 10.2e9, 128e9, (H200, OLD))


@pytest.mark.parametrize(
    ("device", "words"),
    [
        ("CPU", "CPU 187 % · 412 MB"),
        ("", "CPU 187 % · 412 MB"),
        (
            "GPU:0 NVIDIA H200",
            "GPU 93 % · 10.2 of 80 GB · 61 °C · 240 W · CPU 187 % · 412 MB",
        ),
        ("GPU:0 Quadro", "GPU 70.2 of 80 GB · CPU 187 % · 412 MB"),
        ("GPU:7", "GPU 93 % · 10.2 of 80 GB · 61 °C · 240 W · CPU 187 % · 412 MB"),
        ("GPU:1 by another name", "GPU 70.2 of 80 GB · CPU 187 % · 412 MB"),
    ],
)
def test_words_of_a_run_begin_with_its_gpu(device: str, words: str) -> None:
    assert BUSY.words(device) == words


def test_words_of_the_machine() -> None:
    assert BUSY.machine_words == "CPU 24 % · 10.2 of 128 GB"
    assert (Usage().words("CPU"), Usage().machine_words, Usage().held) == ("", "", "")


def test_memory_that_others_hold_is_told_where_it_matters() -> None:
    assert H200.held == ""
    assert BUSY.held == "GPU:1 70.2 of 80 GB held by others"
    assert Gpu(0, used=79e9, total=80e9, own=60e9).held == "GPU:0 19 of 80 GB held by others"
    assert Gpu(0).held == ""


def test_usage_goes_with_the_status(run: RunDir) -> None:
    run.write_status(Status("running", usage=BUSY))
    assert run.status().usage == BUSY
    record = status_to_json(Status("running"))
    assert status_from_json(record).usage == Usage()
    del record["usage"]
    assert status_from_json(record).usage == Usage()


@pytest.mark.parametrize(
    "record",
    [None, 3, "x", [], {"cpu": "much"}, {"gpus": 3}, {"gpus": [3]}, {"gpus": [{}]}, {"gpus": None}],
    ids=str,
)
def test_usage_that_cannot_be_read_was_not_measured(record: object) -> None:
    assert usage_from_json(record) == Usage()
    assert status_from_json({"state": "running", "usage": record}).state == "running"


@pytest.mark.parametrize("odd", [math.inf, math.nan, -1.0, 1e-300, 1e300])
def test_odd_sizes_have_words_too(odd: float) -> None:
    gpu = Gpu(0, "", odd, odd, odd, odd, odd, odd)
    record = json.loads(
        json.dumps(status_to_json(Status(usage=Usage(odd, odd, odd, odd, odd, (gpu,)))))
    )
    usage = status_from_json(record).usage
    assert isinstance(usage.words("GPU:0") + usage.machine_words + usage.held, str)
