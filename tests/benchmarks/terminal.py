"""What the app asks of a terminal and of the machine: bytes, echo, lateness, memory, processor.

`python tests/benchmarks/terminal.py` prints each figure beside that of Textual's own display, or of
the smallest Textual app, in the same run, and exits with 1 if one is missed. Bytes are exact; times
mean little on a busy machine. `--quick` looks at each only long enough to see that it works.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "terminal"))

from scripted import ScriptedRun, cost_of_an_epoch  # noqa: E402
from start import FRAME, SMALLEST, end_engines, first_frame  # noqa: E402
from terminal import PROGRAM, Terminal, environment  # noqa: E402

QUICK = "--quick" in sys.argv
STARTS, EPOCHS, KEYS = (1, 4, 5) if QUICK else (15, 30, 60)
IDLE, STALL, WATCHED = (2.0, 3.0, 5.0) if QUICK else (10.0, 20.0, 60.0)
"""Seconds of looking at an idle app, of a terminal that does not read, and of a run going on."""
GLANCE = 3.0
"""Seconds of looking at one tab, after all keys have been pressed in it."""
RATIO, EPOCH, TAB, ECHO, SLOWEST_ECHO = 1.6, 1000, 3000, 150.0, 500.0
LATE, LATEST, MEGABYTES, PERCENT = 16.0, 100.0, 90.0, 5.0
"""What is wanted; times in milliseconds."""
LINE = 16 * 1024
"""Bytes a second of a slow line."""
PERIOD = 0.5
"""Seconds of an epoch of the run that goes on."""
LONGEST = 20.0
"""Seconds after which no echo is waited for any more."""
RUNNING = r"epoch +\d+ of 1000"

STOCK = """
from textual.app import App
from tui_trainer.ui.display import ThinApp

ThinApp._display, ThinApp.get_driver_class = App._display, App.get_driver_class
"""
"""What gives the app the display and the driver of Textual."""
OPEN = """
import sys
from tui_trainer.cli import main

sys.exit(main())
"""
"""What opens the app."""
PROBED = """
import asyncio, atexit, json, sys, time
from tui_trainer.ui.display import ThinApp

late = []

async def probe(app):
    while True:
        due = time.perf_counter() + 0.01
        await asyncio.sleep(0.01)
        if app._exit:
            return
        late.append((time.perf_counter() - due) * 1000)

def on_ready(self):
    self.probe = asyncio.create_task(probe(self))

ThinApp.on_ready = on_ready
where = sys.argv.pop()
atexit.register(lambda: json.dump(late, open(where, "w")))
"""
"""What puts a clock into the app's event loop that should tick each hundredth of a second."""
OURS = [str(PROGRAM)]
THEIRS = [sys.executable, "-c", STOCK + OPEN]


class SlowTerminal(Terminal):
    """A terminal at the end of a slow line."""

    PIECE = LINE // 50
    _ready_at = 0.0

    def _read(self, seconds: float) -> bool:
        wait = self._ready_at - time.monotonic()
        if wait > 0:
            time.sleep(min(wait, seconds))
            if wait > seconds:
                return False
        before = len(self.written)
        found = super()._read(seconds)
        self._ready_at = time.monotonic() + (len(self.written) - before) / LINE
        return found


def main() -> int:
    """Measure, print a line for each figure, and return 1 if one is missed."""
    print(f"{'figure':54}{'wanted':>9}{'reached':>10}{'worst':>10}{'Textual':>10}")
    measures = (first_frames, byte_counts, echoes, lateness, standstill, machine)
    good = True
    for measure in measures:
        good &= measure()
    return 0 if good else 1


def row(name: str, wanted: float, reached: float, worst: float | None, peer: float | None) -> bool:
    """Print a figure; return whether it is as wanted."""
    cells = [f"{'' if value is None else format(value, '.1f'):>10}" for value in (worst, peer)]
    good = reached <= wanted
    print(f"{name:54}{'≤ ' + format(wanted, 'g'):>9}{reached:>10.1f}{''.join(cells)}", end="")
    print("" if good else "  NOT OK", flush=True)
    return good


@contextmanager
def running(
    command: Sequence[str], period: float = 0.0, kind: type[Terminal] = Terminal
) -> Iterator[tuple[Terminal, ScriptedRun, Path]]:
    """Open the app on a run of five epochs, which goes on if it is given a period."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        run = ScriptedRun(home / "runs")
        for _ in range(5):
            run.end_epoch()
        variables = {**environment(home, home / "runs"), "COLORTERM": ""}
        terminal = kind(command, variables, home, (120, 40))
        try:
            terminal.wait_for(lambda: terminal.find(RUNNING))
            terminal.wait_for("✓ ready to train", 120)
            terminal.settle(5.0)
            if period:
                run.go_on(period)
            yield terminal, run, home
        finally:
            terminal.close()
            run.close()
            end_engines(home)


def first_frames() -> bool:
    """Measure how soon the app is there, against the smallest one right after it: pair by pair."""
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for _ in range(STARTS):
            ours = first_frame([*OURS, "digits"], FRAME, home)
            words = ("It is there.", "^p palette")
            ratios.append(ours / first_frame([sys.executable, "-c", SMALLEST], words, home))
    return row("first full frame, times the smallest app's", RATIO, median(ratios), None, 1.0)


def byte_counts() -> bool:
    """Count what goes over the line for an epoch, for the focus, and for nothing."""
    ours, theirs = (counted(command) for command in (OURS, THEIRS))
    wanted = {"one more epoch, bytes": EPOCH, "tab, bytes": TAB, "idle, bytes a second": 0}
    good = True
    for (name, limit), our, their in zip(wanted.items(), ours, theirs, strict=True):
        good &= row(name, limit, median(our), max(our), median(their))
    return good


def counted(command: Sequence[str]) -> tuple[list[float], list[float], list[float]]:
    """Return the bytes of each of some epochs, of each Tab, and of each idle second."""
    with running(command) as (terminal, run, _):
        epochs = [float(cost_of_an_epoch(terminal, run)) for _ in range(EPOCHS)]
        tabs, idle = [], []
        for tab in "1235":
            terminal.press(tab)
            tabs += [float(terminal.cost(lambda: terminal.send("tab"))) for _ in range(4)]
            terminal.press("escape")
            terminal.look(1.0)
            before = len(terminal.written)
            terminal.look(IDLE)
            idle.append((len(terminal.written) - before) / IDLE)
        return epochs, tabs, idle


def echoes() -> bool:
    """Time from a key to its letter on a slow line while a run goes on."""
    ours, theirs = echoed(OURS, KEYS), echoed(THEIRS, min(KEYS, 4))
    good = row("key to echo at 16 KB/s, training, ms", ECHO, median(ours), None, median(theirs))
    return good & row("the slowest key, ms", SLOWEST_ECHO, max(ours), None, max(theirs))


def echoed(command: Sequence[str], keys: int) -> list[float]:
    """Return the milliseconds of each of some keys in the field of a dialog over the charts."""
    with running(command, PERIOD, SlowTerminal) as (terminal, _, _):
        terminal.press("ctrl+o")
        terminal.wait_for(".keras")
        terminal.look(2.0)
        text, times = "", []
        for number in range(keys):
            text += "abcdefghij"[number % 10]
            wanted = text[-10:]
            began = time.perf_counter()
            terminal.send(text[-1])
            with suppress(AssertionError):
                terminal.wait_for(wanted, LONGEST)
            times.append((time.perf_counter() - began) * 1000)
            terminal.look(0.23)
        return times


def lateness() -> bool:
    """Ask the event loop how late it is while every tab is looked at and a run goes on."""

    def use(terminal: Terminal) -> None:
        until = time.monotonic() + WATCHED
        while time.monotonic() < until:
            for keys in (("4",), ("2", "down", "enter", "7", "escape"), ("3", "down"), ("5",)):
                terminal.press(*keys)
                terminal.look(GLANCE)

    ours, theirs = probed(use), probed(use, STOCK)
    good = row("event loop late, 99 of 100, ms", LATE, share(ours, 0.99), None, share(theirs, 0.99))
    return good & row("the latest, ms", LATEST, ours[-1], None, theirs[-1])


def standstill() -> bool:
    """Ask the same while the terminal does not read, and how soon the newest screen is there."""
    seconds: list[float] = []

    def use(terminal: Terminal) -> None:
        terminal.press("4")
        terminal.stall()
        time.sleep(STALL)
        terminal.stall(False)
        began, seen = time.perf_counter(), set(terminal.find(RUNNING))
        terminal.wait_for(lambda: set(terminal.find(RUNNING)) - seen, 60)
        seconds.append(time.perf_counter() - began)

    late = probed(use)
    good = row(f"late while nobody reads for {STALL:g} s, ms", LATEST, late[-1], None, None)
    return good & row("the newest screen after that, ms", 1000.0, seconds[0] * 1000, None, None)


def probed(use: Callable[[Terminal], None], changed: str = "") -> list[float]:
    """Return how late the event loop was at each tick, sorted, from the first frame to the end."""
    with tempfile.NamedTemporaryFile() as file:
        command = [sys.executable, "-c", changed + PROBED + OPEN, file.name]
        with running(command, PERIOD) as (terminal, _, _):
            use(terminal)
            leave(terminal)
        late: list[float] = sorted(json.loads(Path(file.name).read_text()))
        return late


def leave(terminal: Terminal) -> None:
    """Quit as a user does: Textual's own display would take no signal in order."""
    terminal.press("ctrl+q")
    terminal.wait_for(lambda: terminal.find("not saved[.]|Leave it running"))
    if terminal.find("not saved[.]"):
        terminal.press("right", "enter")
    terminal.wait_for("Leave it running")
    terminal.press("enter")
    terminal.wait_until_ended()


def share(values: Sequence[float], part: float) -> float:
    """Return the value below which a part of sorted values lies."""
    return values[min(len(values) - 1, int(part * len(values)))]


def machine() -> bool:
    """Ask the machine for the memory and the processor time of the app while a run goes on."""

    def taken(command: Sequence[str]) -> tuple[float, float]:
        with running(command, PERIOD) as (terminal, _, _):
            process = psutil.Process(terminal.pid)
            before: Any = process.cpu_times()
            terminal.look(WATCHED)
            after: Any = process.cpu_times()
            seconds = after.user + after.system - before.user - before.system
            return process.memory_info().rss / 2**20, 100 * seconds / WATCHED

    (ours, busy), (theirs, their_busy) = taken(OURS), taken(THEIRS)
    good = row("memory of the app, MB", MEGABYTES, ours, None, theirs)
    return good & row("processor while a run goes on, % of a core", PERCENT, busy, None, their_busy)


if __name__ == "__main__":
    sys.exit(main())
