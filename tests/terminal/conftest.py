"""Opens the app in terminals of its own, each in an empty folder, and closes them again."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Also outside pytest's own way of importing tests: the benchmarks use the same terminal.
sys.path.insert(0, str(Path(__file__).parent))

from terminal import PROGRAM, Terminal, environment  # noqa: E402

from tui_trainer.core.rundir import find_runs  # noqa: E402


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home folder for all sessions: empty at the first one."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the empty folder in which the app is opened."""
    path = tmp_path / "work"
    path.mkdir()
    return path


@pytest.fixture
def long(folder: Path) -> Callable[[int], str]:
    """Write a file, `long.toml`, with so many epochs of little work, and return its name."""

    def write(epochs: int) -> str:
        path = folder / "long.toml"
        path.write_text(f"{LONG}epochs = {epochs}\n", encoding="utf-8")
        return path.name

    return write


LONG = """
[data]
source = "digits"
flatten = true
[[layers]]
type = "Dense"
units = 10
activation = "softmax"
[compile]
loss = "sparse_categorical_crossentropy"
metrics = ["accuracy"]
[fit]
"""


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Return where runs go."""
    return tmp_path / "runs"


@pytest.fixture
def open_app(home: Path, folder: Path, runs: Path) -> Iterator[Callable[..., Terminal]]:
    """Open `tui-trainer` with arguments in a terminal of a size."""
    terminals: list[Terminal] = []

    def start(*arguments: str, size: tuple[int, int] = (120, 36), home: Path = home) -> Terminal:
        command = [str(PROGRAM), *arguments]
        terminals.append(Terminal(command, environment(home, runs), folder, size))
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.close()
    for run in find_runs(runs):
        if run.status().live:
            run.send("stop_now")


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Wait until something holds that no screen shows."""

    def wait(holds: Callable[[], object], seconds: float = 90.0) -> None:
        until = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < until, f"it did not come in {seconds} s"
            time.sleep(0.1)

    return wait
