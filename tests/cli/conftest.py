"""The installed commands, run as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.forked import Forked


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
        if not extra:
            return _done(arguments, tmp_path)
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
def start(tmp_path: Path) -> Callable[..., Forked]:
    """Start `tui-trainer` with arguments and leave it running."""
    return lambda *arguments: Forked(arguments, environment(), tmp_path)


def _done(arguments: Sequence[str], folder: Path) -> Done:
    with Forked(arguments, environment(), folder) as process:
        out, err = process.communicate(timeout=120)
        return Done(process.wait(timeout=1) or 0, out, err)


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished run, and what `train --json` said of it."""

    runs: Path
    done: Done


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Train digits for two epochs."""
    runs = tmp_path_factory.mktemp("cli") / "runs"
    arguments = ("train", "digits", "--set", "fit.epochs=2", "--json", "--runs", str(runs))
    return Trained(runs, _done(arguments, tmp_path_factory.mktemp("empty")))
