"""`datasets`: what there is, what of it is here, and fetching the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_trainer.cli import main
from tui_trainer.core.datasets import DATASETS, Dataset, File

Command = Callable[..., Any]


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Add a data set of one file, and return where the file can be fetched from."""
    file = tmp_path / "server" / "tiny.npz"
    file.parent.mkdir()
    file.write_bytes(b"numbers")
    digest = hashlib.sha256(b"numbers").hexdigest()
    files = (File("tiny.npz", file.as_uri(), digest, 0.1),)
    tiny = Dataset("tiny", "Tiny", "regression", (1,), 10, files=files, licence="none")
    monkeypatch.setitem(DATASETS, "tiny", tiny)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return file


def test_list_tells_size_licence_and_what_is_here(command: Command, tmp_path: Path) -> None:
    done = command("datasets", KERAS_HOME=str(tmp_path))
    assert (done.status, done.err) == (0, "")
    head, *rows = done.out.splitlines()
    assert head.split("  ")[0] == "DATA SET"
    told = {row.split()[0]: row for row in rows}
    assert set(told) == set(DATASETS)
    assert told["digits"].split()[1:4] == ["yes", "1", "797"]
    assert told["fashion_mnist"].split()[1:6] == ["no", "30.8", "MB", "70", "000"]
    assert told["fashion_mnist"].endswith("MIT")


def test_list_as_json(command: Command, tmp_path: Path) -> None:
    records = {
        r["name"]: r for r in command("datasets", "--json", KERAS_HOME=str(tmp_path)).records
    }
    assert records["digits"]["here"] is True
    assert (records["imdb"]["here"], records["imdb"]["shape"]) == (False, [None])
    assert records["mnist"]["megabytes"] == 11.5


def test_download_fetches_checks_and_says_where(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["datasets", "--download", "tiny"]) == 0
    target = tmp_path / "keras" / "datasets" / "tiny.npz"
    assert target.read_bytes() == b"numbers"
    assert capsys.readouterr().out == f"tiny is here: {target}\n"
    tiny.unlink()
    assert main(["datasets", "--download", "tiny", "--json"]) == 0
    assert '"here": true' in capsys.readouterr().out


def test_file_that_is_another_one_is_not_kept(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny.write_bytes(b"other numbers")
    assert main(["datasets", "--download", "tiny"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("tui-trainer: tiny: file:///")
    assert "put a copy at" in told.err
    assert list((tmp_path / "keras" / "datasets").iterdir()) == []


def test_set_that_comes_along_and_one_that_is_not_known(command: Command) -> None:
    assert command("datasets", "--download", "iris").out.startswith("iris is here: it comes")
    done = command("datasets", "--download", "mnits")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("tui-trainer: --download: expected one of digits, ")
