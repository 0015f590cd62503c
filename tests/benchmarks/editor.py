"""How soon an edit is judged, and how soon a form is open.

`python tests/benchmarks/editor.py` prints milliseconds beside those of bare Textual widgets that do
as much without Keras, and exits with 1 if a figure is missed. They mean little on a busy machine.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "terminal"))

from start import end_engines  # noqa: E402
from terminal import PROGRAM, Terminal, environment  # noqa: E402
from textual.app import App, ComposeResult  # noqa: E402
from textual.containers import Horizontal, VerticalScroll  # noqa: E402
from textual.widgets import Input, Label  # noqa: E402

from tui_trainer.core.catalogue import Catalogue  # noqa: E402
from tui_trainer.core.starting import starting  # noqa: E402
from tui_trainer.ui.rows import Sheet  # noqa: E402
from tui_trainer.ui.widgets.field import Field  # noqa: E402
from tui_trainer.ui.widgets.form import Form  # noqa: E402

JUDGED, OPENED = 150.0, 100.0
"""Milliseconds that are wanted: from the last key to shapes and counts, and for a form."""
KEYS = 40
DEEP = """
[data]
source = "digits"
[[layers]]
type = "Reshape"
target_shape = [8, 8, 1]
{blocks}
[[layers]]
type = "Flatten"
[[layers]]
type = "Dense"
units = 10
activation = "softmax"
[compile]
optimizer = "adam"
loss = "sparse_categorical_crossentropy"
"""
BLOCK = """
[[layers]]
type = "Conv2D"
filters = 8
kernel_size = 3
padding = "same"
[[layers]]
type = "BatchNormalization"
[[layers]]
type = "ReLU"
"""
ECHO = """
from textual.app import App
from textual.widgets import Input

class Echo(App):
    def compose(self):
        yield Input("64", select_on_focus=False)

Echo().run()
"""


def main() -> int:
    """Measure, print a line for each figure, and return 1 if one is missed."""
    print(f"{'figure':58}{'wanted':>8}{'median':>8}{'worst':>8}{'ratio':>7}")
    good = True
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        echo = key_times([sys.executable, "-c", ECHO], home, (), r"640\b", r"64\b[^0]")
        row("a key in a bare Input, ms", echo, 0, echo)
        digits = key_times(
            [str(PROGRAM), "digits"], home, ("2", "enter"), r"640\s+41 600", r"64\s+4 160"
        )
        good &= row("a key to shapes and counts, digits, ms", digits, JUDGED, echo)
        deep = home / "deep.toml"
        deep.write_text(DEEP.format(blocks=BLOCK * 6))
        judged = key_times(
            [str(PROGRAM), str(deep)],
            home,
            ("2", "down", "enter"),
            r"8 × 8 × 80\s+800",
            r"8 × 8 × 8\s+80\b",
        )
        good &= row("a key to shapes and counts, 21 layers, ms", judged, JUDGED, echo)
    for name, ours, bare in asyncio.run(form_times()):
        good &= row(name, ours, OPENED, bare)
    return 0 if good else 1


def row(name: str, times: Sequence[float], wanted: float, peer: Sequence[float]) -> bool:
    """Print a figure; return whether its median is as wanted."""
    good = not wanted or median(times) < wanted
    words = f"< {wanted:g}" if wanted else ""
    ratio = median(times) / median(peer)
    print(
        f"{name:58}{words:>8}{median(times):>8.1f}{max(times):>8.1f}{ratio:>7.1f}"
        f"{'' if good else '  NOT OK'}"
    )
    return good


def key_times(
    command: Sequence[str], home: Path, way: Sequence[str], longer: str, shorter: str
) -> list[float]:
    """Return the milliseconds from a key in a field to what it makes of the screen.

    A `0` is typed behind the number in the first field and deleted again; `way` leads there, and
    two patterns tell when the screen has followed.
    """
    terminal = Terminal(command, environment(home, home / "runs"), home, (120, 36))
    times = []
    try:
        if way:
            terminal.wait_for("ready to train", 120)
        terminal.look(1.0)
        terminal.press(*way, "end")
        terminal.look(1.0)
        for number in range(KEYS):
            key, pattern = (("0", longer), ("backspace", shorter))[number % 2]
            terminal.look(0.15)
            began = time.perf_counter()
            terminal.send(key)
            terminal.wait_for(lambda wanted=pattern: re.search(wanted, terminal.text + " "))
            times.append((time.perf_counter() - began) * 1000)
        terminal.press("ctrl+q")
    finally:
        terminal.close()
        end_engines(home)
    return times


class Bare(App[None]):
    """Room for a form of ours, and for the same number of bare fields."""

    def compose(self) -> ComposeResult:
        """Make both."""
        yield Form()
        yield VerticalScroll()


async def form_times() -> list[tuple[str, list[float], list[float]]]:
    """Return the milliseconds that every form of the catalogue takes, and bare fields as many."""
    from tui_trainer.engine.introspect import catalogue

    app = Bare()
    figures = []
    async with app.run_test(size=(120, 40)) as pilot:
        form, room = app.query_one(Form), app.query_one(VerticalScroll)
        form.catalogue = described = Catalogue.from_json(catalogue().to_json())
        for unfolded in (False, True):
            ours, bare = [], []
            for entry in described.entries:
                await form.show(Sheet((), ""))
                if unfolded:
                    form.unfold(entry.name)
                values = starting(entry).params
                sheet = Sheet((entry.group, entry.name), entry.name, "", entry.params, values)
                began = time.perf_counter()
                await form.show(sheet)
                await pilot.pause(0)
                ours.append((time.perf_counter() - began) * 1000)
                rows = [Horizontal(Label("name"), Input()) for _ in form.query(Field)]
                await room.remove_children()
                began = time.perf_counter()
                await room.mount_all(rows)
                await pilot.pause(0)
                bare.append((time.perf_counter() - began) * 1000)
            kind = "all parameters" if unfolded else "the common parameters"
            name = f"a form with {kind}, {len(ours)} classes, ms"
            figures.append((name, ours, bare))
    return figures


if __name__ == "__main__":
    sys.exit(main())
