"""`doctor`: what is examined, and what one is told to do."""

from __future__ import annotations

import json
import shutil
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.engine.test_gauges import nvml, refuse
from tui_trainer.cli import main
from tui_trainer.cli.doctor import computing, storage, terminal
from tui_trainer.cli.doctor.finding import Finding

Command = Callable[..., Any]


def ready(*devices: str) -> str:
    """Return a program that says that it is an engine which has imported Keras."""
    told = {"keras": "3", "tensorflow": "2", "devices": ["CPU", *devices]}
    return f"print({json.dumps(json.dumps({'ready': told}))})"


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with a machine on which all is well, and no GPU."""
    monkeypatch.setitem(sys.modules, "pynvml", None)
    monkeypatch.setattr(computing, "_DRIVER", tmp_path / "no-driver")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    engine(monkeypatch, ready())


def engine(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Have the engine do something else."""
    monkeypatch.setattr(computing, "ENGINE", (sys.executable, "-c", program))


def named(findings: Iterator[Finding], what: str) -> Finding:
    return next(finding for finding in findings if finding.what == what)


def gpus() -> list[Finding]:
    return [one for one in computing.examine_computing() if one.what == "gpu"]


def test_all_that_is_needed_is_examined(command: Command, tmp_path: Path) -> None:
    done = command("doctor", "--json", KERAS_HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path))
    found = {record["what"]: record for record in done.records}
    expected = {"terminal", "characters", "line", "python", "cpu", "memory", "keras", "gpu"}
    assert set(found) >= {*expected, "runs", "cache", "data", "data sets"}
    assert found["keras"]["found"].startswith("TensorFlow 2.")
    assert "imported in" in found["keras"]["found"]
    assert found["terminal"]["level"] == "warn"
    assert "datasets --download NAME" in found["data sets"]["todo"]
    assert (done.status, done.err) == (0, "")


def test_what_does_not_work_is_the_exit_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["doctor", "--runs", str(tmp_path / "runs")]) == 0
    assert "ok    runs" in capsys.readouterr().out
    assert main(["doctor", "--runs", str(tmp_path / "file" / "runs")]) == 1
    told = capsys.readouterr().out
    assert f"fail  runs        {tmp_path}/file/runs: Not a directory\n" in told
    assert "Choose another with --runs" in told
    assert "1 thing to be mended first" in told


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ("print('{\"error\": {\"message\": \"ImportError: no keras\"}}')", "ImportError: no keras"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "ended with SIGILL"),
        ("print('[]')", "ended with status 0"),
        ("import sys; open(sys.argv[2], 'w').write('a\\nlast word\\n'); sys.exit(3)",
         "ended with status 3: last word"),
    ],
)  # fmt: skip
def test_keras_that_cannot_be_imported_is_told_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, program: str, found: str
) -> None:
    engine(monkeypatch, program)
    keras = named(computing.examine_computing(), "keras")
    assert (keras.level, keras.found) == ("fail", found)
    assert gpus() == []


def test_gpus_are_compared_with_what_tensorflow_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [one.found for one in gpus()] == ["none: the CPU trains"]
    monkeypatch.setitem(sys.modules, "pynvml", nvml())
    unseen, first, second = gpus()
    assert unseen.level == "warn"
    assert unseen.found == "driver 575.57 shows GPU:0 One, GPU:1 Two; TensorFlow none"
    assert "'.[gpu]'" in unseen.todo
    assert first.found == "GPU:0 One: 93 % · 8 of 80 GB · 61 °C · 240 W, driver 575.57"
    assert (first.level, first.todo[:5], second.level) == ("warn", "GPU:0", "ok")
    engine(monkeypatch, ready("GPU:0 One"))
    assert [one.level for one in gpus()] == ["warn", "ok"]


def test_libraries_that_tensorflow_lacks_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", nvml())
    log = "import sys; open(sys.argv[2], 'w').write('W gpu.cc] Cannot dlopen some libraries')"
    engine(monkeypatch, f"{log}; {ready()}")
    assert gpus()[0].todo.endswith("It printed: W gpu.cc] Cannot dlopen some libraries")


def test_driver_that_does_not_fit_has_to_be_mended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", nvml(nvmlInit=refuse))
    assert gpus()[0].level == "ok"
    monkeypatch.setattr(computing, "_DRIVER", tmp_path)
    (broken,) = gpus()
    assert (broken.level, broken.found) == ("fail", "the driver refuses: Not Supported")
    assert "restart" in broken.todo
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert "'.[gpu]'" in gpus()[0].todo
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert gpus()[0].found.startswith("none: CUDA_VISIBLE_DEVICES=-1 hides them")


def test_processor_without_avx_and_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computing, "_features", lambda: ["fma"])
    monkeypatch.setattr(computing.platform, "machine", lambda: "x86_64")
    memory = namedtuple("memory", "total available")(4e9, 1e9)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    found = {one.what: one for one in computing.examine_computing()}
    assert found["cpu"].level == "fail"
    assert (found["memory"].level, found["memory"].found) == ("warn", "1 GB free of 4 GB")


@pytest.mark.parametrize(("free", "level"), [(5e9, "ok"), (5e8, "warn"), (1e6, "fail")])
def test_disk_that_is_full(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: float, level: str
) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(free))
    runs = named(storage.examine_storage(tmp_path / "a" / "b"), "runs")
    assert runs.level == level
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("size", "variables", "what", "told"),
    [
        ((120, 40), {}, "terminal", ("ok", "")),
        ((70, 22), {}, "terminal", ("warn", "Make the window at least 80 × 24")),
        ((40, 10), {}, "terminal", ("warn", "Make the window at least 60 × 20")),
        ((80, 24), {"COLORTERM": "truecolor"}, "colours", ("ok", "16 million")),
        ((80, 24), {"TERM": "xterm-256color"}, "colours", ("ok", "256")),
        ((80, 24), {"TERM": "screen"}, "colours", ("warn", "TERM=screen-256color")),
        ((80, 24), {"TERM": "linux", "NO_COLOR": "1"}, "colours", ("ok", "NO_COLOR")),
        (
            (80, 24),
            {"TMUX": "/tmp/x", "SSH_TTY": "/dev/pts/1"},
            "line",
            ("ok", "over SSH, in tmux"),
        ),
    ],
)
def test_terminal_is_examined(
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    variables: dict[str, str],
    what: str,
    told: tuple[str, str],
) -> None:
    for name in ("COLORTERM", "TERM", "NO_COLOR", "TMUX", "STY", "SSH_TTY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(terminal, "why_not_drawn", lambda: "")
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: size)
    found = named(terminal.examine_terminal(), what)
    assert found.level == told[0]
    assert told[1] in found.found + found.todo
