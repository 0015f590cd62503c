"""The run folder: what one process writes, others read, whatever happens in between."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import CheckpointSaved, EpochEnded, Event, Failed, Noted
from tui_trainer.core.lines import Tail
from tui_trainer.core.rundir import RunDir, began, create_run, find_runs, open_run
from tui_trainer.core.status import Status


def in_threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("digits", "digits-1"),
        ("my model/../../etc", "my-model-..-..-etc-1"),
        ("/etc/passwd", "etc-passwd-1"),
        ("..", "run-1"),
        ("", "run-1"),
        ("-rf *", "rf-1"),
        ("Größe 数字", "Größe-数字-1"),
        ("a\x00b\nc", "a-b-c-1"),
        ("\udcff", "run-1"),
        (".hidden", "hidden-1"),
        ("x" * 300, "x" * 60 + "-1"),
        ("数" * 300, "数" * 60 + "-1"),
    ],
)
def test_any_name_makes_a_folder_inside_the_folder_of_runs(
    tmp_path: Path, name: str, folder: str
) -> None:
    runs = tmp_path / "deep" / "runs"
    run = create_run(runs, name, "")
    assert run.path == runs / folder
    assert run.experiment.is_file()
    assert run.checkpoints.is_dir()
    assert find_runs(runs) == [run]


def test_runs_of_one_name_are_counted_and_never_reused(tmp_path: Path) -> None:
    names = [create_run(tmp_path, "digits", "").name for _ in range(3)]
    assert names == ["digits-1", "digits-2", "digits-3"]
    (tmp_path / "digits-10").mkdir()
    (tmp_path / "digits-x").mkdir()
    assert create_run(tmp_path, "digits", "").name == "digits-11"


def test_runs_that_begin_at_the_same_moment_have_folders_of_their_own(tmp_path: Path) -> None:
    made = in_threads(12, lambda _: create_run(tmp_path, "digits", "").name)
    assert len(set(made)) == 12
    assert len(find_runs(tmp_path)) == 12


@pytest.mark.parametrize("below", ["", "runs"])
def test_folder_that_cannot_be_made_is_told_with_the_way_out(tmp_path: Path, below: str) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")
    with pytest.raises(TrainerError) as caught:
        create_run(taken / below, "digits", "")
    told = str(caught.value)
    assert told.startswith(f"runs folder {taken / below}: expected a folder that can be written to")
    assert told.endswith("choose another with --runs")


def test_newest_run_comes_first_and_other_folders_do_not_count(tmp_path: Path) -> None:
    for number, name in enumerate(("old", "new", "middle")):
        run = create_run(tmp_path, name, "")
        at = [1_000, 3_000, 2_000][number]
        os.utime(run.experiment, (at, at))
    (tmp_path / "notes").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert [run.name for run in find_runs(tmp_path)] == ["new-1", "middle-1", "old-1"]
    assert find_runs(tmp_path / "none") == []
    assert find_runs(tmp_path / "file") == []


def test_run_is_opened_by_name_or_by_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = create_run(tmp_path, "digits", "")
    assert open_run(tmp_path, "digits-1") == run
    assert open_run(tmp_path / "elsewhere", str(run.path)) == run
    monkeypatch.chdir(run.path)
    assert open_run(tmp_path / "elsewhere", ".").name == "digits-1"


@pytest.mark.parametrize("name", ["digits-2", "", "x" * 5_000, "a\x00b", "~", "/"])
def test_run_that_is_not_there_is_told_with_those_that_are(tmp_path: Path, name: str) -> None:
    with pytest.raises(TrainerError, match="holds none yet; received"):
        open_run(tmp_path, name)
    create_run(tmp_path, "digits", "")
    with pytest.raises(TrainerError) as caught:
        open_run(tmp_path, name)
    assert str(caught.value).startswith("run: expected one of digits-1; received ")
    assert len(str(caught.value)) < 200


def test_events_come_back_as_they_were_told(run: RunDir) -> None:
    told: list[Event] = [
        Noted("zwei\nZeilen, 数字 \u2028 and\ttabs"),
        EpochEnded(1, {"loss": 0.5}, 1.5, 1e9),
        CheckpointSaved(1, str(run.model)),
        Failed("expected 3 dimensions", "layer 2"),
    ]
    for event in told:
        run.add_event(event)
    assert run.read_events() == told
    assert run.events.read_bytes().count(b"\n") == len(told)


def test_path_that_is_no_text_does_not_break_an_event(run: RunDir) -> None:
    odd = os.fsdecode(b"/tmp/\xff/model.keras")
    run.add_event(CheckpointSaved(1, odd))
    run.write_status(Status("running", note=odd))
    assert run.read_events() == [CheckpointSaved(1, odd)]
    assert run.status().note == odd


def test_torn_last_line_waits_until_it_is_whole(run: RunDir) -> None:
    tail = Tail(run.events)
    assert list(tail.events()) == []
    line = json.dumps({"event": "note", "text": "é"}).encode() + b"\n"
    with run.events.open("ab", buffering=0) as file:
        for at in range(len(line)):
            assert list(tail.events()) == []
            file.write(line[at : at + 1])
        assert list(tail.events()) == [Noted("é")]
        assert list(tail.events()) == []
        file.write(line + line[:5])
        assert list(tail.events()) == [Noted("é")]
        file.write(line[5:])
        assert list(tail.events()) == [Noted("é")]


def test_what_follows_a_line_that_was_never_finished_is_not_lost(run: RunDir) -> None:
    run.add_event(Noted("before"))
    with run.events.open("ab") as file:
        file.write(b'{"event": "note", "te')
    run.add_event(Noted("after"))
    assert run.read_events() == [Noted("before"), Noted("after")]


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"  ", b"{", b"null", b"[]", b"3", b"\x00\x01\xff", b"[" * 100_000),
        *(b"{}", b'{"event": "epoch"}', b'{"event": "party"}', b'{"event": ["note"]}'),
        b'{"event": "epoch", "epoch": "one", "metrics": {}, "seconds": 1}',
        b'{"event": "epoch", "epoch": null, "metrics": {}, "seconds": 1}',
        b'{"event": "epoch", "epoch": 1, "metrics": null, "seconds": 1}',
        b'{"event": "epoch", "epoch": 1, "metrics": {"loss": []}, "seconds": 1}',
        b'{"event": "epoch", "epoch": 1, "metrics": {"loss": "low"}, "seconds": 1}',
        b'{"event": "epoch", "epoch": 1, "metrics": {}, "seconds": "long"}',
        b'{"event": "epoch", "epoch": 1, "metrics": {"a": null}, "seconds": 1, "not_finite": '
        b'{"a": "b"}}',
        b'{"event": "note", "text": 3}',
        b'{"event": "finished", "run": "", "epochs": 1, "metrics": {}, "best": 3, "test": {}, '
        b'"seconds": 1}',
    ],
    ids=lambda line: ascii(line[:60]),
)
def test_broken_line_is_passed_over_and_the_next_one_read(run: RunDir, line: bytes) -> None:
    run.events.write_bytes(line + b"\n")
    run.add_event(Noted("after"))
    assert run.read_events() == [Noted("after")]


def test_file_that_was_made_again_is_read_from_its_beginning(run: RunDir) -> None:
    tail = Tail(run.events)
    run.add_event(Noted("old"))
    assert list(tail.events()) == [Noted("old")]
    run.events.rename(run.events.with_name("kept"))
    run.add_event(Noted("new, and longer than the old one"))
    assert list(tail.events()) == [Noted("new, and longer than the old one")]
    run.events.write_bytes(b"")
    run.add_event(Noted("cut"))
    assert list(tail.events()) == [Noted("cut")]


def test_line_longer_than_what_is_read_at_once(run: RunDir) -> None:
    told = [Noted("x" * 3_000_000), Noted("after")]
    for event in told:
        run.add_event(event)
    assert run.read_events() == told


def test_wish_that_cannot_be_written_is_one_line(run: RunDir) -> None:
    run.commands.mkdir()
    with pytest.raises(TrainerError, match=r"commands\.jsonl: cannot be written: Is a directory$"):
        run.send("stop")


def test_folder_becomes_a_run_when_it_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RunDir, "write_status", full)
    with pytest.raises(TrainerError, match="No space left on device"):
        create_run(tmp_path, "digits", "")
    assert find_runs(tmp_path) == []


def test_run_that_is_gone_began_never(run: RunDir) -> None:
    assert began(run) > 1e9
    run.experiment.unlink()
    assert began(run) == 0.0


def test_commands_are_read_in_order_whoever_sends_them(run: RunDir) -> None:
    in_threads(8, lambda number: run.send("save", path=f"/tmp/{number}.keras"))
    run.commands.open("ab").write(b"garbage\n")
    run.send("stop")
    records = list(Tail(run.commands).records())
    assert len(records) == 9
    assert {record["command"] for record in records[:8]} == {"save"}
    assert records[8] == {"command": "stop"}


def test_events_of_several_threads_stay_whole(run: RunDir) -> None:

    def tell(number: int) -> None:
        for _ in range(20):
            run.add_event(Noted(f"{number} " + "x" * 9_000))

    in_threads(6, tell)
    assert len(run.read_events()) == 120
