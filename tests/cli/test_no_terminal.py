"""The app where it cannot be drawn: one line says what to use in its place."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import environment, words


@pytest.fixture
def terminal() -> int:
    """Return the end of a pseudo-terminal that a command gets."""
    _, line = pty.openpty()
    return line


@pytest.mark.parametrize(
    ("given", "term", "told"),
    [
        ((), "xterm-256color", "expected a terminal as standard input"),
        (("stdin",), "xterm-256color", "expected a terminal as standard output"),
        (("stdout",), "xterm-256color", "expected a terminal as standard input"),
        (
            ("stdin", "stdout"),
            "dumb",
            "expected a terminal that can be drawn on; received TERM=dumb",
        ),
        (("stdin", "stdout"), "", "expected a terminal that can be drawn on; received TERM="),
    ],
)
def test_app_without_a_terminal_is_one_line(
    terminal: int, given: tuple[str, ...], term: str, told: str, tmp_path: Path
) -> None:
    streams = dict.fromkeys(("stdin", "stdout"), subprocess.DEVNULL)
    done = subprocess.run(
        words("digits"),
        env=environment(TERM=term),
        cwd=tmp_path,
        **{**streams, **dict.fromkeys(given, terminal)},
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"tui-trainer: {told}")
    assert "`tui-trainer train digits`" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_are_no_terminal(
    terminal: int, closed: str, tmp_path: Path
) -> None:
    line = " ".join([*words("digits"), closed])
    done = subprocess.run(
        ["sh", "-c", line],
        env=environment(TERM="xterm-256color"),
        cwd=tmp_path,
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "2>&-" in closed or done.stderr.startswith(
        "tui-trainer: expected a terminal as standard"
    )


def test_commands_need_no_streams(tmp_path: Path) -> None:
    line = " ".join([*words("presets"), "<&- >&-"])
    done = subprocess.run(
        ["sh", "-c", line], env=environment(), cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    assert "Traceback" not in done.stderr
    assert os.listdir(tmp_path) == []
