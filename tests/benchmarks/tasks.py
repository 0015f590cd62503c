"""Trains every preset with a figure to reach, on the real data, and compares.

Run it with the Python that has tui-trainer installed: `python tests/benchmarks/tasks.py [PRESET…]`.
The data sets come from `shared/data/keras` beside or above the checkout if it is there, else from
Keras' own cache or by download. Exit status 1 if a figure is missed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a tutorial, and how far from it a run may end."""

    preset: str
    path: str
    """Where the `finished` event has it, such as `test.accuracy`."""
    wanted: float
    within: float = 0.0
    least: bool = False
    """Whether more is fine."""
    most: bool = False
    """Whether less is fine."""

    def reached(self, value: float) -> bool:
        """Return whether a value is good enough."""
        if self.least and value > self.wanted or self.most and value < self.wanted:
            return True
        return abs(value - self.wanted) <= self.within

    @property
    def text(self) -> str:
        """The figure in words."""
        if self.least or self.most:
            return f"{'above' if self.least else 'below'} {self.wanted:g}"
        return f"{self.wanted:g} ± {self.within:g}"


FIGURES = (
    Figure("digits", "test.accuracy", 0.95, least=True),
    Figure("digits", "wall", 20, most=True),
    Figure("regression", "metrics.loss", 20.7, 0.3),
    Figure("regression", "metrics.mae", 3.60, 0.05),
    Figure("regression", "test.loss", 21.9, 0.3),
    Figure("regression", "test.mae", 3.99, 0.05),
    Figure("mnist", "metrics.accuracy", 0.989, 0.003),
    Figure("mnist", "test.accuracy", 0.980, 0.005),
    Figure("fashion-softmax", "metrics.accuracy", 0.854, 0.01),
    Figure("fashion-softmax", "metrics.val_accuracy", 0.846, 0.01),
    Figure("fashion-sigmoid", "metrics.accuracy", 0.876, 0.01),
    Figure("fashion-relu", "metrics.accuracy", 0.886, 0.01),
    Figure("fashion-relu", "metrics.val_accuracy", 0.866, 0.01),
    Figure("fashion-dropout", "best.val_accuracy", 0.875, 0.01),
    Figure("fashion-dropout", "epochs", 20, most=True),
    Figure("imdb", "test.accuracy", 0.872, 0.01),
    Figure("imdb", "test.loss", 0.33, 0.02),
    Figure("imdb", "best.epoch", 24, 5),
    # The tutorial compares curves and names no figure: this only tells that the network learned.
    *(
        Figure(f"mnist-details-{name}", "test.accuracy", 0.95, least=True)
        for name in ("glorot", "he", "l1", "l2", "dropout", "relu", "batchnorm", "leakyrelu")
    ),
)


def main(wanted: list[str]) -> int:
    """Train, print a line for each figure, and return 1 if one is missed."""
    presets = [
        name for name in dict.fromkeys(f.preset for f in FIGURES) if name in wanted or not wanted
    ]
    missed = 0
    print(f"{'preset':24}{'figure':24}{'wanted':>18}{'reached':>10}")
    with tempfile.TemporaryDirectory() as folder, keras_home() as home:
        for preset in presets:
            result = train(preset, Path(folder), home)
            for figure in (figure for figure in FIGURES if figure.preset == preset):
                value = result.get(figure.path)
                ok = value is not None and figure.reached(value)
                missed += not ok
                shown = "none" if value is None else f"{value:.4g}"
                words = f"{preset:24}{figure.path:24}{figure.text:>18}{shown:>10}"
                print(f"{words}  {'ok' if ok else 'NOT OK'}", flush=True)
            print(f"{preset:24}{result.get('wall', 0):.1f} s in all", flush=True)
    print(f"{missed} missed" if missed else "every figure reached")
    return 1 if missed else 0


def train(preset: str, runs: Path, home: Path | None) -> Mapping[str, float]:
    """Return the figures of one run by dotted path, and `wall`: its seconds from start to end."""
    environment = {**os.environ, **({"KERAS_HOME": str(home)} if home else {})}
    command = [sys.executable, "-m", "tui_trainer", "train", preset, "--json", "--runs", str(runs)]
    began = time.monotonic()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    wall = time.monotonic() - began
    events = [json.loads(line) for line in done.stdout.splitlines()]
    finished = next((event for event in events if event["event"] == "finished"), {})
    best = finished.get("best") or {}
    epochs = {event["epoch"]: event["metrics"] for event in events if event["event"] == "epoch"}
    of_best = {**epochs.get(best.get("epoch"), {}), "epoch": best.get("epoch")}
    return {**_flat("", {**finished, "best": of_best}), "wall": wall}


def _flat(prefix: str, record: Mapping[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            found |= _flat(f"{prefix}{name}.", value)
        elif isinstance(value, int | float):
            found[prefix + name] = value
    return found


@contextmanager
def keras_home() -> Iterator[Path | None]:
    """Give a cache that Keras may write to, with the shared data sets in it; None without those."""
    shared = next(
        (path for up in ROOT.parents if (path := up / "shared/data/keras/datasets").is_dir()), None
    )
    if shared is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "datasets").symlink_to(shared)
        yield Path(home)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
