"""How soon the app is there, and how soon a newcomer has a trained network: in a real terminal.

`python tests/benchmarks/start.py` prints seconds, beside those of the smallest Textual app there
can be, and exits with 1 if a figure is missed. They mean little on a machine that is busy.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "terminal"))

from terminal import PROGRAM, Terminal, environment  # noqa: E402

STARTS, TRAININGS = 7, 3
FIRST_FRAME, TRAINED, ACCURACY = 0.6, 20.0, 0.95
"""What is wanted: seconds, seconds, and more than this share of the test samples."""
FRAME = ("1 Data", "2 Model", "3 Compile", "4 Train", "5 Runs", "leakyrelu", "^r Train", "^p")
"""The tabs, the last task of the list, and both ends of the footer."""
SMALLEST = """
from textual.app import App
from textual.widgets import Footer, Header, Label

class Smallest(App):
    def compose(self):
        yield Header()
        yield Label("It is there.")
        yield Footer()

Smallest().run()
"""
HEAVY = ("tensorflow", "keras", "numpy", "sklearn")
"""What must not be imported where the screen is drawn."""
IMPORT = "import tui_trainer.cli, tui_trainer.ui.app"


def main() -> int:
    """Measure, print a line for each figure, and return 1 if one is missed."""
    ours, smallest = first_frames()
    seconds, accuracies = zip(*(trained() for _ in range(TRAININGS)), strict=True)
    found = imported(HEAVY)
    print(f"{'figure':46}{'wanted':>12}{'reached':>10}")
    figures = (
        ("first frame, s", f"< {FIRST_FRAME}", ours, ours < FIRST_FRAME),
        ("first frame of the smallest Textual app, s", "", smallest, True),
        ("ratio", "", ours / smallest, True),
        (
            "ctrl+r to test accuracy, s",
            f"< {TRAINED:g}",
            median(seconds),
            median(seconds) < TRAINED,
        ),
        ("test accuracy", f"> {ACCURACY}", min(accuracies), min(accuracies) > ACCURACY),
    )
    for name, wanted, value, ok in figures:
        print(f"{name:46}{wanted:>12}{value:>10.3f}{'' if ok else '  NOT OK'}")
    words = ", ".join(found) or "none"
    print(f"{'of ' + ', '.join(HEAVY):46}{'none':>12}{words:>10}{'  NOT OK' if found else ''}")
    print_slowest_imports()
    return 0 if all(ok for *_, ok in figures) and not found else 1


def first_frames() -> tuple[float, float]:
    """Return the medians of our first frame and of the smallest app's, measured in turn."""
    ours, smallest = [], []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for _ in range(STARTS):
            ours.append(first_frame([str(PROGRAM), "digits"], FRAME, home))
            command = [sys.executable, "-c", SMALLEST]
            smallest.append(first_frame(command, ("It is there.", "^p palette"), home))
    return median(ours), median(smallest)


def first_frame(command: Sequence[str], words: Sequence[str], home: Path) -> float:
    """Return the seconds from the start of a command until the screen shows some words."""
    began = time.perf_counter()
    terminal = Terminal(command, environment(home, home / "runs"), home)
    try:
        terminal.wait_for(lambda: all(word in terminal.text for word in words))
        seconds = time.perf_counter() - began
        terminal.press("ctrl+q")
        terminal.wait_until_ended()
    finally:
        terminal.close()
    end_engines(home)
    return seconds


def trained() -> tuple[float, float]:
    """Return the seconds from Ctrl-R on the first frame to the test accuracy, and that accuracy.

    The home folder is empty: the import of Keras and the look at what it offers are included.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        terminal = Terminal([str(PROGRAM), "digits"], environment(home, home / "runs"), home)
        try:
            terminal.wait_for(lambda: all(word in terminal.text for word in FRAME))
            began = time.perf_counter()
            terminal.press("ctrl+r")
            terminal.wait_for(lambda: terminal.find(r"test .*accuracy \d"), 120)
            seconds = time.perf_counter() - began
            accuracy = float(terminal.find(r"test .*accuracy (\d\.\d+)")[0])
            terminal.press("ctrl+q")
            terminal.wait_until_ended()
        finally:
            terminal.close()
        end_engines(home)
    return seconds, accuracy


def end_engines(home: Path) -> None:
    """End the engines that log below a folder: they would take time from the next start."""
    command = ["ps", "-axww", "-o", "pid=,args="]
    lines = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    for line in lines:
        if "tui_trainer.engine" in line and str(home) in line:
            with suppress(ProcessLookupError):
                os.kill(int(line.split()[0]), signal.SIGKILL)


def imported(names: Sequence[str]) -> list[str]:
    """Return which of some packages a fresh interpreter has once it can draw the app."""
    program = f"import sys; {IMPORT}; print(*{{n.partition('.')[0] for n in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    return sorted(set(names) & set(done.stdout.split()))


def print_slowest_imports(most: int = 10) -> None:
    """Print which packages the import of the app spends its time on, without those inside them."""
    command = [sys.executable, "-X", "importtime", "-c", IMPORT]
    lines = subprocess.run(command, capture_output=True, text=True).stderr
    spent: Counter[str] = Counter()
    for own, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", lines):
        spent[name.partition(".")[0]] += int(own)
    print(f"\nimporting the app: {spent.total() / 1000:.0f} ms, most of it in")
    for name, microseconds in spent.most_common(most):
        print(f"  {name:24}{microseconds / 1000:8.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
