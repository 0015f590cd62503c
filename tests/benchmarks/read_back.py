"""How long a long run takes to be read back: whole for the screen, in figures for a list.

python tests/benchmarks/read_back.py [--epochs 10000]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tui_trainer.core.curves import decimate
from tui_trainer.core.events import CheckpointSaved, EpochEnded, Event, Resumed, dumps, to_json
from tui_trainer.core.rundir import RunDir, create_run
from tui_trainer.core.summary import Summary
from tui_trainer.core.watch import Watch

TIMES = 5
COLUMNS = 100


def main() -> None:
    """Print a line for each way of reading."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=10_000)
    epochs = parser.parse_args().epochs
    with tempfile.TemporaryDirectory() as folder:
        run = create_run(Path(folder), "long", f"fit.epochs = {epochs}\n")
        _tell(run, epochs)
        size = run.events.stat().st_size / 1e6
        print(f"{epochs} epochs, resumed once: a history of {size:.1f} MB; medians of {TIMES}")
        ways: dict[str, Callable[[], object]] = {
            "whole, as the app and attach": lambda: Watch.open(run),
            "with its curves drawn": lambda: _drawn(run),
            "in figures, as runs and show": lambda: Summary.read(run),
        }
        for name, read in ways.items():
            print(f"  {name:<32}{1000 * _seconds(read):>6.0f} ms")


def _tell(run: RunDir, epochs: int) -> None:
    """Write a history: four metrics, every third epoch saved, cut off once and gone on with."""
    cut = epochs // 2
    events: list[Event] = []
    for epoch in range(1, epochs + 1):
        events += [Resumed(cut - 9)] if epoch == cut else []
        metrics = {"loss": 1 / epoch, "accuracy": 0.9, "val_loss": 2 / epoch, "val_accuracy": 0.8}
        events.append(EpochEnded(epoch, metrics, 0.1, 1e9))
        events += [CheckpointSaved(epoch, str(run.last), 1e9)] if epoch % 3 == 0 else []
    with run.events.open("w", encoding="utf-8") as file:
        file.writelines(dumps(to_json(event)) + "\n" for event in events)


def _drawn(run: RunDir) -> None:
    curves = Watch.open(run).curves
    for metric in ("loss", "accuracy", "val_loss", "val_accuracy"):
        decimate(curves.points(metric), COLUMNS)


def _seconds(read: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        read()
        took.append(time.perf_counter() - began)
    return median(took)


if __name__ == "__main__":
    main()
