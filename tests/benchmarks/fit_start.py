"""How soon a run moves that was looked at before, and what an app that looks on costs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "terminal"))

from start import end_engines  # noqa: E402
from terminal import PROGRAM, Terminal, environment  # noqa: E402

from tui_trainer.core import toml  # noqa: E402
from tui_trainer.core.events import EpochEnded  # noqa: E402
from tui_trainer.core.experiment import Experiment  # noqa: E402
from tui_trainer.core.rundir import RunDir, find_runs  # noqa: E402

_LOOKED = 6.0
"""Seconds that the user looks at the experiment before Train is pressed."""
_WINDOW = 6.0
"""Seconds of training with the app, and without."""
_MOVED = r"batch +[1-9]"
_ENDED = r"epoch +(?:[2-9]|\d\d)|finished after"
"""What the screen shows once an epoch has ended."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What an app costs that is open on a run."""

    alone: float
    """Seconds of an epoch without it."""
    watched: float
    """Seconds of an epoch with it."""
    run: float
    """Seconds of a processor that the run takes in a second."""
    screen: float
    """Seconds that the app takes."""
    engine: float
    """Seconds that the engine takes which stands by."""

    @property
    def share(self) -> float:
        """What the app takes, as a share of what the run does: no neighbour's load is in it."""
        return (self.screen + self.engine) / self.run


def starts(preset: str, env: Mapping[str, str]) -> tuple[float, float]:
    """Return the seconds from Train to the first batch, and to the first epoch, on the screen."""
    with tempfile.TemporaryDirectory() as folder, _opened(Path(folder), env, preset) as app:
        app.wait_for("ready to train")
        app.look(_LOOKED)
        began = time.monotonic()
        app.send("ctrl+r")
        app.wait_for(lambda: app.find(_MOVED) or app.find(_ENDED))
        first = time.monotonic() - began
        app.wait_for(lambda: app.find(_ENDED))
        return first, time.monotonic() - began


def looked_at(experiment: Experiment, env: Mapping[str, str], times: int) -> Looked:
    """Return what an epoch takes with the app open on the run and, in turn, with the app halted."""
    endless = replace(experiment, callbacks=(), fit=replace(experiment.fit, epochs=100_000))
    alone: list[float] = []
    watched: list[float] = []
    spent: list[list[float]] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with _training(endless, home, env) as run, _opened(home, env) as app:
            app.wait_for("engine ready")
            app.press("4")
            app.wait_for("batch")
            app.look(2.0)
            processes = [[run.status().pid], [app.pid], _children(app.pid)]
            for _ in range(times):
                os.kill(app.pid, signal.SIGSTOP)
                alone += _window(run, lambda: time.sleep(_WINDOW))
                os.kill(app.pid, signal.SIGCONT)
                app.pass_over(0.5)  # It takes in what it has missed.
                before = [sum(map(_spent, pids)) for pids in processes]
                watched += _window(run, lambda: app.pass_over(_WINDOW))
                after = [sum(map(_spent, pids)) for pids in processes]
                spent.append(
                    [(late - early) / _WINDOW for early, late in zip(before, after, strict=True)]
                )
    return Looked(median(alone), median(watched), *map(median, zip(*spent, strict=True)))


@contextmanager
def _opened(home: Path, env: Mapping[str, str], *words: str) -> Iterator[Terminal]:
    """Open the app in a home folder of its own."""
    command = [str(PROGRAM), *words]
    app = Terminal(command, {**env, **environment(home, home / "runs")}, home)
    try:
        yield app
    finally:
        app.close()
        end_engines(home)


@contextmanager
def _training(experiment: Experiment, home: Path, env: Mapping[str, str]) -> Iterator[RunDir]:
    """Train until the end of the context, without a screen."""
    file = home / "endless.toml"
    file.write_text(toml.dumps(experiment), encoding="utf-8")
    command = [sys.executable, "-m", "tui_trainer", "train", str(file), "--json"]
    training = subprocess.Popen(
        [*command, "--runs", str(home / "runs")], env=env, stdout=subprocess.DEVNULL
    )
    try:
        _until(lambda: find_runs(home / "runs"))
        run = find_runs(home / "runs")[0]
        _until(lambda: run.status().epoch > 1)
        yield run
        run.send("stop_now")
        training.wait(60)
    finally:
        training.kill()


def _window(run: RunDir, wait: Callable[[], None]) -> list[float]:
    """Return the seconds of the epochs that begin and end while something is waited for."""
    began = time.time()
    wait()
    epochs = [event for event in run.read_events() if isinstance(event, EpochEnded)]
    return [event.seconds for event in epochs if event.at - event.seconds > began]


def _children(parent: int) -> list[int]:
    """Return the processes that a process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(_stat(path)[1]) == parent:
                found.append(int(path.parent.name))
    return found


def _spent(pid: int) -> float:
    """Return the seconds of a processor that a process has taken."""
    user, system = _stat(Path(f"/proc/{pid}/stat"))[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _stat(path: Path) -> list[str]:
    """Return what the system says of a process, from its state on."""
    return path.read_text().rpartition(")")[2].split()


def _until(reached: Callable[[], object]) -> None:
    until = time.monotonic() + 120
    while not reached():
        time.sleep(0.01)
        if time.monotonic() > until:
            raise SystemExit("no progress in two minutes")
