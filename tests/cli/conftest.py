"""The installed commands, run as a user runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """Standard output as JSON objects, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def environment(**extra: str) -> dict[str, str]:
    """Return the environment of a command: no terminal size, no runs folder, no GPU."""
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "TUI_TRAINER_RUNS")}
    return {**kept, "CUDA_VISIBLE_DEVICES": "-1", **extra}


def words(*arguments: str) -> list[str]:
    """Return the command line."""
    return [sys.executable, "-m", "tui_trainer", *arguments]


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., Done]:
    """Run `tui-trainer` with arguments in an empty folder, without a terminal."""

    def run(*arguments: str, **extra: str) -> Done:
        done = subprocess.run(
            words(*arguments),
            env=environment(**extra),
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start `tui-trainer` with arguments and leave it running."""

    def run(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            words(*arguments),
            env=environment(),
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_hear_ctrl_c,
        )

    return run


def _hear_ctrl_c() -> None:
    """Undo what a shell does to what it starts in the background: that ignores Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished run, and what `train --json` said of it."""

    runs: Path
    done: Done


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Train digits for two epochs."""
    runs = tmp_path_factory.mktemp("cli") / "runs"
    done = subprocess.run(
        words("train", "digits", "--set", "fit.epochs=2", "--json", "--runs", str(runs)),
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return Trained(runs, Done(done.returncode, done.stdout, done.stderr))
