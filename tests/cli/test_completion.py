"""Tab: what may follow the words typed so far, asked for by a real bash."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import environment
from tui_trainer.cli.candidates import candidates
from tui_trainer.cli.commands import COMMANDS
from tui_trainer.core.rundir import create_run

Command = Callable[..., Any]

ASK = """
source <("$PROGRAM" completion bash)
COMP_LINE=$1 COMP_POINT=${#1}
_tui_trainer "$PROGRAM"
printf '%s\\n' "${COMPREPLY[@]}"
"""
PROGRAM = Path(sys.executable).with_name("tui-trainer")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TUI_TRAINER_PRESETS", str(tmp_path / "own"))
    monkeypatch.delenv("TUI_TRAINER_RUNS", raising=False)
    return tmp_path


def words(line: str) -> list[str]:
    return [one.value for one in candidates(f"tui-trainer {line}")]


def test_first_word_is_a_command_or_an_experiment(folder: Path) -> None:
    (folder / "mine.toml").touch()
    (folder / "notes.txt").touch()
    (folder / "sub").mkdir()
    (folder / ".hidden.toml").touch()
    found = words("")
    assert found[: len(COMMANDS)] == list(COMMANDS)
    assert {"digits", "imdb", "mine.toml", "sub/"} < set(found)
    assert not {"notes.txt", ".hidden.toml", "--runs"} & set(found)
    assert words("tr") == ["train"]
    assert words(".h") == [".hidden.toml"]
    assert "--runs" in words("--")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("train fashion-s", ["fashion-softmax", "fashion-sigmoid"]),
        ("train digits fashion-s", ["fashion-softmax", "fashion-sigmoid"]),
        ("train digits --device ", ["auto", "cpu", "gpu:0"]),
        ("train digits --device=c", ["--device=cpu"]),
        ("train digits --set fit.d", ["fit.device=", "fit.dtype_policy="]),
        ("train digits --set fit.shuffle=", ["fit.shuffle=true", "fit.shuffle=false"]),
        ("train digits --name ", []),
        ("check digits --", ["--help"]),
        ("check digits ", ["--help"]),
        ("completion ", ["bash", "zsh", "fish"]),
        ("completion b", ["bash"]),
        ("datasets --download imd", ["imdb"]),
        ("stop --n", ["--now"]),
        ("nonsense x", []),
        ("train 'fashion-rel", ["fashion-relu"]),
        ('train "fashion-rel', ["fashion-relu"]),
        ("show nowhere/", []),
    ],
)
def test_words_that_may_follow(line: str, found: list[str]) -> None:
    assert words(line) == found


def test_runs_are_those_of_the_folder_that_is_named(folder: Path) -> None:
    create_run(folder / "runs", "digits", "")
    create_run(folder / "other", "imdb", "")
    assert words("show ") == ["digits-1"]
    assert words("show --runs other ") == words("show --runs=other ") == ["imdb-1"]
    assert words("show runs/d") == ["runs/digits-1/"]
    assert "digits-1" in words("export d")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_every_command_is_found(command: str) -> None:
    found = words(f"{command} --")
    assert "--help" in found
    assert "--line" not in found


def ask_bash(folder: Path, line: str) -> list[str]:
    done = subprocess.run(
        ["bash", "--norc", "-c", ASK, "bash", line],
        env=environment(PROGRAM=str(PROGRAM)),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_gets_what_it_puts_in_the_place_of_the_word(folder: Path) -> None:
    (folder / "own").mkdir()
    (folder / "own" / "my clothes (1).toml").write_text("title = 'Mine'\n", "utf-8")
    assert ask_bash(folder, "tui-trainer tra") == ["train"]
    assert ask_bash(folder, "tui-trainer train my") == ["my\\ clothes\\ \\(1\\)"]
    assert ask_bash(folder, "tui-trainer train 'my") == ["my clothes (1)"]
    assert ask_bash(folder, "tui-trainer train digits --device=g") == ["gpu:0"]
    assert ask_bash(folder, "tui-trainer train digits --device gpu:") == ["0"]
    assert ask_bash(folder, "tui-trainer train digits --set fit.shuffle=t") == ["true"]
    assert ask_bash(folder, "tui-trainer xyz --zz") == [""]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_a_few_words_with_each(command: Command, shell: str) -> None:
    assert "completion " + shell in command("completion", shell).out
    done = command("completion", shell, "--line", "tui-trainer doc")
    assert done.out == f"doctor\t{COMMANDS['doctor'].summary}\n"


def test_shell_that_is_not_known_is_one_line(command: Command) -> None:
    done = command("completion", "tcsh")
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
