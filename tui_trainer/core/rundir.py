"""The run folder: the only thing that whoever trains and whoever watches have in common."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tui_trainer.core.brief import brief, shown
from tui_trainer.core.errors import TrainerError, reason, telling
from tui_trainer.core.events import Event, dumps, from_json, to_json
from tui_trainer.core.places import atomic_write, identity, quick_replace, runs_dir
from tui_trainer.core.status import Status, status_from_json, status_to_json

COMMANDS = ("stop", "stop_now", "save", "pause", "resume")
"""What a run can be asked: to end after this epoch, to end now, to save the model to a path, to
pause, to go on."""

_LONGEST_STEM = 60
"""Characters of a run's name before its number: in any script they fit a file name."""
_CHUNK = 1 << 20
"""Bytes that are read at once."""


@dataclass(frozen=True, slots=True)
class RunDir:
    """One run's folder, by path; nothing is read before it is asked for."""

    path: Path

    @property
    def name(self) -> str:
        """The run's name: that of its folder, as it is shown."""
        return shown(self.path.name)

    @property
    def experiment(self) -> Path:
        """The exact experiment, as TOML."""
        return self.path / "experiment.toml"

    @property
    def events(self) -> Path:
        """History: one event a line."""
        return self.path / "events.jsonl"

    @property
    def commands(self) -> Path:
        """Wishes: one command a line."""
        return self.path / "commands.jsonl"

    @property
    def history(self) -> Path:
        """One row an epoch."""
        return self.path / "history.csv"

    @property
    def checkpoints(self) -> Path:
        """The folder of the last and the best model so far."""
        return self.path / "checkpoints"

    @property
    def last(self) -> Path:
        """The last checkpoint: what the run goes on from."""
        return self.checkpoints / "last.keras"

    @property
    def best(self) -> Path:
        """The checkpoint of the best epoch."""
        return self.checkpoints / "best.keras"

    @property
    def lock(self) -> Path:
        """What the process locks that trains the run."""
        return self.path / "lock"

    @property
    def model(self) -> Path:
        """The result."""
        return self.path / "model.keras"

    @property
    def log(self) -> Path:
        """Everything that the process printed."""
        return self.path / "log.txt"

    def status(self) -> Status:
        """Return what the run is doing now; of a folder without a readable status, nothing."""
        try:
            return status_from_json(json.loads((self.path / "status.json").read_bytes()))
        except (OSError, ValueError, RecursionError):
            return Status(state="lost")

    @property
    def status_identity(self) -> tuple[int, int] | None:
        """What is another value once the status was written anew."""
        return identity(self.path / "status.json")

    def write_status(self, status: Status) -> None:
        """Replace the status at once for every reader; raises OSError."""
        quick_replace(self.path / "status.json", dumps(status_to_json(status)))

    def add_event(self, event: Event) -> None:
        """Append one event, whole; raises OSError."""
        _append(self.events, to_json(event))

    def send(self, command: str, **arguments: str) -> None:
        """Append one of COMMANDS for the run to carry out, or raise TrainerError."""
        with telling("cannot be written", self.commands):
            _append(self.commands, {"command": command, **arguments})

    def read_events(self) -> list[Event]:
        """Return the history so far."""
        return list(Tail(self.events).events())


@dataclass(slots=True)
class Tail:
    """Reads a growing file of JSON lines, from where the last reading ended."""

    path: Path
    offset: int = 0
    _inode: int = 0

    @staticmethod
    def from_now(path: Path) -> Tail:
        """Return a tail that reads only what is yet to be appended."""
        try:
            found = path.stat()
        except OSError:
            return Tail(path)
        return Tail(path, found.st_size, found.st_ino)

    def renewed(self) -> bool:
        """Return whether the file is another one than was read so far; it is then read anew."""
        try:
            found = self.path.stat()
        except OSError:
            return False
        other = self._inode not in (0, found.st_ino) or found.st_size < self.offset
        self._inode = found.st_ino
        self.offset = 0 if other else self.offset
        return other

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield what was appended since; a torn last line waits, a broken line is passed over.

        A file that is not there, or cannot be read, has nothing new.
        """
        self.renewed()
        for line in self._lines():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(record, dict):
                yield record

    def events(self) -> Iterator[Event]:
        """Yield the records that are events."""
        for record in self.records():
            try:
                yield from_json(record)
            except ValueError:
                continue

    def _lines(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb", buffering=_CHUNK) as file:
                file.seek(self.offset)
                for line in file:
                    if not line.endswith(b"\n"):
                        return
                    self.offset += len(line)
                    yield line
        except OSError:
            return


def create_run(runs: Path, name: str, experiment_toml: str) -> RunDir:
    """Make a new run folder `name-N` with the experiment in it, or raise TrainerError."""
    stem = re.sub(r"[^\w.-]+", "-", name)[:_LONGEST_STEM].strip("-.") or "run"
    try:
        runs.mkdir(parents=True, exist_ok=True)
        number = 1 + max((_number(path.name, stem) for path in runs.iterdir()), default=0)
        while True:
            run = RunDir(runs / f"{stem}-{number}")
            try:
                run.path.mkdir()
                break
            except FileExistsError:
                number += 1
        run.checkpoints.mkdir()
        run.write_status(Status(pid=os.getpid(), host=socket.gethostname(), heartbeat=time.time()))
        atomic_write(run.experiment, experiment_toml)  # The last: it makes the folder a run.
    except OSError as error:
        told = f"expected a folder that can be written to: {reason(error)}"
        raise TrainerError(f"{told}; choose another with --runs", f"runs folder {runs}") from error
    return run


def find_runs(runs: Path) -> list[RunDir]:
    """Return the runs of a folder, newest first."""
    try:
        found = [RunDir(path) for path in runs.iterdir() if _is_run(path)]
    except OSError:
        return []
    return sorted(found, key=began, reverse=True)


def began(run: RunDir) -> float:
    """Return when a run was made, in seconds since the epoch; 0 where it is gone."""
    try:
        return run.experiment.stat().st_mtime
    except OSError:
        return 0.0


def open_run(runs: Path, name: str) -> RunDir:
    """Return a run by its name in the folder of runs, or by its path; TrainerError if none is."""
    for path in (runs / name, Path(name)):
        if _is_run(path):
            return RunDir(path if path.name.strip(".") else path.resolve())
    known = [run.name for run in find_runs(runs)]
    hint = f"one of {', '.join(known[:8])}" if known else f"a run, but {runs} holds none yet"
    raise TrainerError(f"expected {hint}; received {brief(name)}", "run")


def typed(command: str, run: RunDir) -> str:
    """Return a command for a run as it is typed in this folder: `tui-trainer attach digits-3`."""
    known = run.path.parent.absolute() == runs_dir().absolute()
    return shlex.join(["tui-trainer", command, run.name if known else shown(str(run.path))])


def _is_run(path: Path) -> bool:
    return os.path.isfile(path / "experiment.toml")  # False where Path.is_file raises.


def _number(name: str, stem: str) -> int:
    tail = name.removeprefix(f"{stem}-")
    return int(tail) if name != tail and tail.isdecimal() else 0


def _append(path: Path, record: Mapping[str, Any]) -> None:
    line = dumps(record).encode() + b"\n"
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # A torn line: its writer died, or the disk was full.
                line = b"\n" + line
        file.write(line)
