"""The run folder: the only thing that whoever trains and whoever watches have in common."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from tui_trainer.core.brief import brief, shown
from tui_trainer.core.errors import TrainerError, reason, telling
from tui_trainer.core.events import Event, dumps, to_json
from tui_trainer.core.lines import Tail, append
from tui_trainer.core.places import atomic_write, identity, quick_replace, runs_dir
from tui_trainer.core.status import Status, status_from_json, status_to_json

COMMANDS = ("stop", "stop_now", "save", "pause", "resume")
"""What a run can be asked: to end after this epoch, to end now, to save the model to a path, to
pause, to go on."""

_LONGEST_STEM = 60
"""Characters of a run's name before its number: in any script they fit a file name."""


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
        append(self.events, to_json(event))

    def send(self, command: str, **arguments: str) -> None:
        """Append one of COMMANDS for the run to carry out, or raise TrainerError."""
        with telling("cannot be written", self.commands):
            append(self.commands, {"command": command, **arguments})

    def read_events(self) -> list[Event]:
        """Return the history so far."""
        return list(Tail(self.events).events())


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
