"""Files of models and weights: what is no file of this machine, or no archive in order."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment, Fit
from tui_trainer.core.modelfile import (
    copy_model,
    from_anywhere,
    holds_weights,
    model_path,
    read_config,
    weights_in,
)

CONTENT = b"\x89HDF\r\n\x1a\n" + bytes(range(256)) * 20


def archive(path: Path, weights: bytes = CONTENT, **more: bytes) -> Path:
    """Write a .keras file as Keras does, with further members."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("metadata.json", "{}")
        file.writestr("config.json", "{}")
        file.writestr("model.weights.h5", weights)
        for name, content in more.items():
            file.writestr(name, content)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return archive(tmp_path / "a.keras")


def said(read: Callable[[Path], object], path: Path) -> str:
    """Return what is said of a file that is refused."""
    with pytest.raises(TrainerError) as caught:
        read(path)
    assert caught.value.where == str(path)
    assert "\n" not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hf://them/model.keras", "of this machine; received an address"),
        ("gs://bucket/a.weights.h5", "of this machine; received an address"),
        ("https://example.org/a.keras", "of this machine; received an address"),
        ("a.h5", "received a whole model of Keras 2"),
        ("a.pt", "received a model of PyTorch"),
        ("a.pkl", "received a pickle, which may run code"),
        ("saved_model.pb", "received a SavedModel"),
        ("/dev/zero", "received 'zero'"),
        ("none.keras", "expected a file that exists; there is none"),
        ("folder.keras", "received a folder"),
        ("pipe.weights.h5", "received a pipe or a device"),
        ("a\0.keras", "expected a path that can be used"),
    ],
)
def test_only_a_regular_file_of_this_machine_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.keras").mkdir()
    os.mkfifo("pipe.weights.h5")
    with pytest.raises(TrainerError) as caught:
        model_path(text)
    assert told in caught.value.message


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.weights.h5"
    with path.open("wb") as file:
        file.truncate(65_000_000_000)
    with pytest.raises(TrainerError, match="expected at most 64 GB; received 65 GB"):
        model_path(str(path))


def test_weights_lie_in_the_file_where_it_says(path: Path, tmp_path: Path) -> None:
    start, size = weights_in(path)
    assert path.read_bytes()[start : start + size] == CONTENT
    assert holds_weights(path)
    alone = tmp_path / "a.weights.h5"
    copy_model(path, alone)
    assert alone.read_bytes() == CONTENT
    assert weights_in(alone) == (0, len(CONTENT))
    copy_model(path, tmp_path / "new" / "b.keras")
    assert (tmp_path / "new" / "b.keras").read_bytes() == path.read_bytes()


def test_members_that_nobody_reads_do_no_harm(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.keras", **{"resume.json": b"{}", "assets/words.txt": b"a b"})
    start, size = weights_in(path)
    assert path.read_bytes()[start : start + size] == CONTENT


@pytest.mark.parametrize("name", ["/etc/passwd", "../../x", "a/../../x", "..\\x", "C:/x", "//x"])
def test_members_with_names_that_lead_outside_are_refused(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "a.keras", **{name: b"x"})
    for read in (read_config, holds_weights, weights_in):
        assert "expected members inside the archive" in said(read, path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.keras", **{"model.weights.h5": b"other"})
    assert said(weights_in, path).endswith("received 'model.weights.h5' twice")


def test_many_members_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.keras", **{f"assets/{n}": b"" for n in range(1_000)})
    assert said(read_config, path) == "expected at most 1000 members; received 1 003 members"


def test_a_table_of_contents_of_millions_is_not_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.keras", **{f"assets/{n:0>60000}": b"" for n in range(20)})
    assert said(read_config, path) == "expected a whole .keras file; this is none"


def test_weights_that_unpack_to_gigabytes_are_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("config.json", "{}")
        with file.open("model.weights.h5", "w") as weights:
            for _ in range(64):
                weights.write(bytes(1_000_000))
    for read in (weights_in, lambda path: copy_model(path, tmp_path / "b.weights.h5")):
        assert said(read, path).endswith("as Keras stores it; received it compressed")
    assert [*tmp_path.iterdir()] == [path]


def test_sizes_that_are_declared_and_not_there_are_refused(path: Path) -> None:
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02")  # The entry of the weights, in the table of contents.
    for field in (at + 20, at + 24):
        content[field : field + 4] = (0xF0000000).to_bytes(4, "little")
    path.write_bytes(content)
    assert said(weights_in, path) == "expected a whole .keras file; this is none"


def test_config_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("config.json", b" " * 50_000_000)
    content = bytearray(path.read_bytes())
    for mark, field in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.rindex(mark) + field
        content[at : at + 4] = (1_000).to_bytes(4, "little")
    path.write_bytes(content)
    assert said(read_config, path) == "expected a whole .keras file; this is none"


def test_weights_with_a_wrong_byte_are_refused_and_nothing_is_written(
    path: Path, tmp_path: Path
) -> None:
    content = path.read_bytes()
    at = content.index(CONTENT) + 1_000
    path.write_bytes(content[:at] + b"?" + content[at + 1 :])
    for read in (weights_in, lambda path: copy_model(path, tmp_path / "b.weights.h5")):
        assert said(read, path) == "expected a whole .keras file; this is none"
    assert [*tmp_path.iterdir()] == [path]


def test_a_file_that_is_cut_short_anywhere_is_refused(path: Path) -> None:
    content = path.read_bytes()
    for length in range(0, len(content), 97):
        path.write_bytes(content[:length])
        assert said(weights_in, path) == "expected a whole .keras file; this is none"


def test_a_model_without_weights_has_none(tmp_path: Path) -> None:
    path = tmp_path / "a.keras"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("config.json", "{}")
    assert not holds_weights(path)
    assert said(weights_in, path) == "expected weights, in model.weights.h5; received none"


def test_a_full_disk_keeps_what_was_there(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "b.weights.h5"
    target.write_bytes(b"older")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        copy_model(path, target)
    assert target.read_bytes() == b"older"
    assert {*tmp_path.iterdir()} == {path, target}


def test_a_relative_path_is_the_same_file_from_anywhere(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    found = from_anywhere(Experiment(fit=Fit(initial_weights="a.keras")))
    assert found.fit.initial_weights == str(path)
    for text in (None, "hf://a/b.keras", "none.keras", "a\0b"):
        experiment = Experiment(fit=replace(Fit(), initial_weights=text))
        assert from_anywhere(experiment) == experiment
