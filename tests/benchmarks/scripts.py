"""Trains every preset for one epoch, as a run and as its exported script, and compares.

Run it with the Python that has tui-trainer installed: `python tests/benchmarks/scripts.py
[PRESET…]`. The data sets come from KERAS_HOME if that is set, else as for `tasks.py`. Exit status
1 if a figure of a script is off by more than a thousandth.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tasks import keras_home

from tui_trainer.core.presets import all_presets

WITHIN = 1e-3
_THEN_TELL = """
import json, runpy, sys
names = runpy.run_path(sys.argv[1])
found = {name: float(values[0]) for name, values in names["history"].history.items()}
test = names["model"].evaluate(names["x_test"], names["y_test"], return_dict=True, verbose=0)
found |= {f"test {name}": float(value) for name, value in test.items()}
print("\\n" + json.dumps(found))
"""


def main(wanted: list[str]) -> int:
    """Train, print a line for each figure, and return 1 if one is off."""
    presets = [preset.name for preset in all_presets() if preset.name in wanted or not wanted]
    off = 0
    print(f"{'preset':24}{'figure':16}{'run':>12}{'script':>12}{'difference':>12}")
    with tempfile.TemporaryDirectory() as name, keras_home() as shared:
        folder, home = Path(name), os.environ.get("KERAS_HOME") or shared
        environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1"}
        if home:
            environment["KERAS_HOME"] = str(home)
        for preset in presets:
            ours = train(preset, folder, environment)
            theirs = run_script(preset, folder, environment)
            for figure in sorted(ours | theirs, key=lambda name: (name.startswith("test"), name)):
                off += not tell(preset, figure, ours.get(figure), theirs.get(figure))
    print(f"{off} off" if off else f"every figure within {WITHIN:g}")
    return 1 if off else 0


def train(preset: str, folder: Path, environment: Mapping[str, str]) -> dict[str, float]:
    """Return the figures of one epoch as a run."""
    words = ["train", preset, "--set", "fit.epochs=1", "--json", "--runs", "runs"]
    done = command(folder, environment, "-m", "tui_trainer", *words)
    events = [json.loads(line) for line in done.splitlines()]
    (epoch,) = (event["metrics"] for event in events if event["event"] == "epoch")
    return {**epoch, **{f"test {name}": value for name, value in events[-1]["test"].items()}}


def run_script(preset: str, folder: Path, environment: Mapping[str, str]) -> dict[str, float]:
    """Return the figures of that run's script."""
    words = ["export", f"{preset}-1", "--script", f"{preset}.py", "--runs", "runs"]
    command(folder, environment, "-m", "tui_trainer", *words)
    done = command(folder, environment, "-c", _THEN_TELL, f"{preset}.py")
    found: dict[str, float] = json.loads(done.splitlines()[-1])
    return found


def command(folder: Path, environment: Mapping[str, str], *words: str) -> str:
    """Return what a Python command prints; one that fails ends the benchmark."""
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)[:200]}\n{done.stderr}")
    return done.stdout


def tell(preset: str, figure: str, ours: float | None, theirs: float | None) -> bool:
    """Print a figure of both, and return whether they agree."""
    if ours is None or theirs is None:
        print(f"{preset:24}{figure:16}{ours!s:>12.10}{theirs!s:>12.10}{'':>12}  NOT OK", flush=True)
        return False
    apart = abs(ours - theirs)
    ok = apart <= WITHIN * max(1.0, abs(theirs))
    words = f"{preset:24}{figure:16}{ours:>12.6g}{theirs:>12.6g}{apart:>12.1e}"
    print(f"{words}  {'ok' if ok else 'NOT OK'}", flush=True)
    return ok


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
