"""What Keras offers, kept from one start to the next, and files that are written whole."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tui_trainer.core import places
from tui_trainer.core.catalogue import Catalogue, read_cached, write_cached
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.places import (
    atomic_write,
    cache_dir,
    quick_replace,
    replacing,
    runs_dir,
    user_path,
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the user's cache folder where it can do no harm."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert cache_dir() == tmp_path / "cache" / "tui-trainer"
    return cache_dir()


def test_catalogue_survives_json(catalogue: Catalogue) -> None:
    catalogue = replace(catalogue, left_out={"Lambda": "takes Python code"})
    again = Catalogue.from_json(catalogue.to_json())
    assert again == catalogue
    assert repr(again) == repr(catalogue)


def test_class_is_found_by_name_and_alias_in_its_own_group(catalogue: Catalogue) -> None:
    adam = catalogue.find("optimizers", "adam")
    assert adam is not None
    assert adam is catalogue.find("optimizers", "Adam")
    assert catalogue.find("layers", "Adam") is None
    assert catalogue.find("layers", "") is None
    assert [entry.name for entry in catalogue.group("regularizers")] == ["L2"]
    assert adam.param("beta_1") is not None
    assert adam.param("beta_3") is None


def test_cache_gives_back_what_was_kept_of_that_version(cache: Path, catalogue: Catalogue) -> None:
    assert read_cached("3.15.1") is None
    write_cached(catalogue)
    assert read_cached("3.15.1") == catalogue
    assert read_cached("3.16.0") is None
    write_cached(replace(catalogue, entries=()))
    assert read_cached("3.15.1") == Catalogue("3.15.1", ())


def test_cache_of_another_version_of_this_program_is_not_read(
    cache: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_cached(catalogue)
    monkeypatch.setattr("tui_trainer.core.catalogue.__version__", "99")
    assert read_cached("3.15.1") is None


@pytest.mark.parametrize(
    "name", ["layers.py", "summaries.py", "classes.py", "docstrings.py", "introspect.py"]
)
def test_cache_made_by_other_code_is_not_read(
    cache: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write_cached(catalogue)
    read = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda path: b"other code" if path.name == name else read(path)
    )
    assert read_cached("3.15.1") is None


def test_damaged_cache_is_made_anew(cache: Path, catalogue: Catalogue) -> None:
    write_cached(catalogue)
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    record = json.loads(whole)
    entries = record["entries"]
    param = entries[0]["params"][0]
    changes: list[dict[str, Any]] = [
        {"format": 0},
        {"entries": 3},
        {"left_out": 3},
        {"entries": [3]},
        {"entries": [{}]},
        {"entries": [{**entries[0], "colour": "blue"}]},
        {"entries": [{**entries[0], "params": [{"name": "units"}]}]},
        {"entries": [{**entries[0], "params": [{**param, "kind": "x"}]}]},
        {"entries": [{**entries[0], "params": [{**param, "default": {}}]}]},
    ]
    damaged = [
        *(b"", whole[: len(whole) // 2], b"\xff" + whole, b"null", b"[]", b"3", b"{}"),
        b"[" * 100_000,
        *(json.dumps({**record, **change}).encode() for change in changes),
    ]
    for content in damaged:
        file.write_bytes(content)
        assert read_cached("3.15.1") is None
    write_cached(catalogue)
    assert read_cached("3.15.1") == catalogue


def test_cache_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    write_cached(catalogue)
    assert read_cached("3.15.1") is None


def test_runs_lie_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUI_TRAINER_RUNS", "/tmp/my runs")
    assert runs_dir() == Path("/tmp/my runs")
    monkeypatch.setenv("TUI_TRAINER_RUNS", "")
    assert runs_dir() == Path("runs")


def test_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "ä b.toml"
    atomic_write(path, "old")
    with pytest.raises(RuntimeError, match="half way"), replacing(path) as aside:
        assert aside.suffix == path.suffix
        aside.write_text("ne")
        raise RuntimeError("half way")
    assert path.read_text() == "old"
    atomic_write(path, "new ä\n")
    assert path.read_text("utf-8") == "new ä\n"
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("write", [atomic_write, quick_replace])
def test_write_that_fails_leaves_nothing_behind(tmp_path: Path, write: object) -> None:
    assert callable(write)
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="directory"):
        write(tmp_path / "folder", "text")
    with pytest.raises(OSError, match="No such file"):
        write(tmp_path / "none" / "file", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("write", [atomic_write, quick_replace])
def test_threads_may_write_one_file_at_once(tmp_path: Path, write: object) -> None:
    assert callable(write)
    path = tmp_path / "file"
    texts = [str(number) * 5_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: write(path, text), texts))
    assert path.read_text() in texts
    assert [*tmp_path.iterdir()] == [path]


def test_file_system_that_flushes_no_folder_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = places._flush

    def stubborn(path: Path) -> None:
        if path.is_dir():
            raise OSError(22, "Invalid argument")
        flush(path)

    monkeypatch.setattr(places, "_flush", stubborn)
    atomic_write(tmp_path / "file", "text")
    assert (tmp_path / "file").read_text() == "text"
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * 300, "File name too long"),
        ("~nobody-of-that-name/x.toml", "Could not determine home directory."),
        ("a\x00b", "embedded null byte"),
        ("loop", "Too many levels of symbolic links"),
    ],
)
def test_path_that_cannot_be_asked_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")
    with pytest.raises(TrainerError) as caught:
        user_path(text)
    told = str(caught.value)
    assert told.endswith(f"expected a path that can be used: {reason}")
    assert len(told) < 150
    assert "\n" not in told


def test_path_in_a_folder_that_may_not_be_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(TrainerError, match="Permission denied"):
        user_path("/root/x.toml")


@pytest.mark.parametrize("text", ["", ".", "none.toml", "file/below", "Größe 数字"])
def test_path_need_not_lead_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    assert user_path(text) == Path(text)


def test_home_folder_is_written_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_path("~/a.toml") == tmp_path / "a.toml"
