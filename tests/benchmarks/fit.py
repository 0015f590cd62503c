"""How fast a run is, beside the tutorial's own `model.fit` and beside the fastest there could be.

`python tests/benchmarks/fit.py [TASK…]` trains each task of the tutorials in three ways, in turn
and several times, and prints medians: (a) plain Keras as the tutorial has it, (b) `tui-trainer
train`, (c) a hand-written loop compiled by XLA. Then how the time of an epoch grows, how soon
a run moves, and what an app that looks on costs. Exit status 1 if a figure is missed. The figures
mean little on a busy machine. `--quick` trains once, for a few epochs, and judges nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from fit_start import looked_at, starts  # noqa: E402
from fit_ways import Measured, Way, by_hand, ours, plainly  # noqa: E402
from tasks import FIGURES, keras_home  # noqa: E402

from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part  # noqa: E402
from tui_trainer.core.presets import open_experiment  # noqa: E402

TIMES = 3
FASTER = {"mnist": 2.2, "imdb": 5.0, "fashion-relu": 6.0, "regression": 10.0, "digits": 2.3}
"""How many times as fast as plain Keras an epoch is to be."""
NEAR = dict.fromkeys(("mnist", "imdb", "fashion-relu", "digits"), 1.5)
"""How many times the seconds of the hand-written loop it may take."""
FIRST = {"mnist": (1.0, None), "digits": (None, 2.0)}
"""Seconds from Train to the first batch, and to the end of the first epoch."""
APP = 0.03
"""What an app that looks on may cost: the share of the run's processor time that it takes itself.

The seconds of an epoch tell less where others have the machine too: they differ by more than that.
"""
WAYS: Mapping[str, Way] = {"plain fit": plainly, "tui-trainer": ours, "by hand": by_hand}


class Judge:
    """Prints figures, and remembers whether one was missed."""

    def __init__(self, quick: bool) -> None:
        self.missed = 0
        self._quick = quick

    def figure(self, name: str, value: float, wanted: str, good: bool) -> None:
        """Print a figure and whether it is as wanted."""
        missed = not good and not self._quick
        self.missed += missed
        mark = "  NOT OK" if missed else ""
        print(f"  {name:58}{value:>10.3g}{wanted:>12}{mark}", flush=True)


def main(words: Sequence[str]) -> int:
    """Measure, print, and return 1 if a figure is missed."""
    quick = "--quick" in words
    wanted = [word for word in words if not word.startswith("-")] or list(FASTER)
    judge = Judge(quick)
    with keras_home() as home:
        environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
        if home and "KERAS_HOME" not in environment:
            environment["KERAS_HOME"] = str(home)
        for name in wanted:
            task(name, environment, judge, 1 if quick else TIMES)
        growth(environment)
        for name in (name for name in FIRST if name in wanted):
            start(name, environment, judge, 1 if quick else TIMES)
        if "mnist" in wanted:
            app(environment, judge, 1 if quick else 2 * TIMES)
    print(f"{judge.missed} missed" if judge.missed else "nothing missed")
    return 1 if judge.missed else 0


def task(name: str, environment: Mapping[str, str], judge: Judge, times: int) -> None:
    """Train a task in each way, in turn; print what each took, and the ratios."""
    experiment = open_experiment(name)[0]
    found: dict[str, list[Measured]] = {way: [] for way in WAYS}
    for _ in range(times):
        for way, train in WAYS.items():
            found[way].append(train(experiment, environment))
    print(f"\n{name:14}{'s an epoch':>12}{'s in all':>10}{'MB':>8}  figures")
    for way, all_of in found.items():
        last = all_of[-1].metrics
        figures = " ".join(f"{key} {value:.4g}" for key, value in sorted(last.items()))
        memory = median(one.memory for one in all_of) / 1e6
        print(f"  {way:12}{_epoch(all_of):>12.4f}{_wall(all_of):>10.2f}{memory:>8.0f}  {figures}")
    plain, fast, hand = (found[way] for way in WAYS)
    before = judge.missed
    print(f"  {fast[-1].note}")
    ratio = _epoch(plain) / _epoch(fast)
    judge.figure("times as fast as plain fit", ratio, f">= {FASTER[name]:g}", ratio >= FASTER[name])
    ratio = _epoch(fast) / _epoch(hand)
    most = NEAR.get(name)
    near = f"<= {most:g}" if most else ""
    judge.figure("times the seconds of the loop by hand", ratio, near, not most or ratio <= most)
    if experiment.fit.epochs >= 5:
        ratio = _wall(fast) / _wall(plain)
        judge.figure("the whole run, beside plain fit", ratio, "<= 1", ratio <= 1)
    for figure in FIGURES:
        value = _at(fast[-1].finished, figure.path)
        if figure.preset == name and value is not None:
            judge.figure(figure.path, value, figure.text, figure.reached(value))
    if judge.missed > before:
        phases = fast[-1].finished.get("phases", {})
        spent = " · ".join(f"{phase} {seconds:.2f}" for phase, seconds in phases.items())
        print(f"  seconds by phase: {spent}")
        print(f"  first epochs: {' '.join(f'{s:.4f}' for s in fast[-1].epochs[:5])}")


def _epoch(found: Sequence[Measured]) -> float:
    return median(one.epoch for one in found)


def _wall(found: Sequence[Measured]) -> float:
    return median(one.wall for one in found)


def _at(record: object, path: str) -> float | None:
    for key in path.split("."):
        record = record.get(key) if isinstance(record, Mapping) else None
    return record if isinstance(record, int | float) else None


def growth(environment: Mapping[str, str]) -> None:
    """Print how the seconds of an epoch grow with samples, parameters and the batch."""
    samples, units, batch = 4_000, 32, 32
    cases = [
        *((f"{samples * k} samples", samples * k, units, batch) for k in (1, 4, 16)),
        *((f"{units * k} units", samples, units * k, batch) for k in (4, 16)),
        *((f"batch {batch * k}", samples, units, batch * k) for k in (4, 16)),
    ]
    print(f"\n{'s an epoch':18}" + "".join(f"{way:>14}" for way in WAYS) + f"{'ratio':>8}")
    for words, *sizes in cases:
        seconds = [way(synthetic(*sizes), environment).epoch for way in WAYS.values()]
        shown = "".join(f"{value:>14.4f}" for value in seconds)
        print(f"  {words:16}{shown}{seconds[0] / seconds[1]:>8.1f}", flush=True)


def synthetic(samples: int, units: int, batch: int) -> Experiment:
    """Return a regression of so many samples, by a network so wide."""
    return Experiment(
        data=Data("make_regression", {"n_samples": samples, "n_features": 32}, test=0.0),
        layers=(Part("Dense", {"units": units, "activation": "relu"}), Part("Dense", {"units": 1})),
        compile=Compile(Part("adam"), Part("mse"), (Part("mae"),)),
        fit=Fit(epochs=6, batch_size=batch),
    )


def start(name: str, environment: Mapping[str, str], judge: Judge, times: int) -> None:
    """Print how soon a run moves on the screen, of an experiment that was looked at before."""
    found = [starts(name, environment) for _ in range(times)]
    print(f"\n{name}: from Train, after a look at it")
    for words, seconds, most in zip(
        ("s to the first batch on the screen", "s to the first epoch on the screen"),
        map(median, zip(*found, strict=True)),
        FIRST[name],
        strict=True,
    ):
        judge.figure(words, seconds, f"< {most:g}" if most else "", not most or seconds < most)


def app(environment: Mapping[str, str], judge: Judge, times: int) -> None:
    """Print what the app costs that looks on while mnist is trained."""
    found = looked_at(open_experiment("mnist")[0], environment, times)
    print(f"\nmnist, s an epoch: alone {found.alone:.4f}, with the app on it {found.watched:.4f}")
    judge.figure(
        "what an epoch takes longer with the app", found.watched / found.alone - 1, "", True
    )
    judge.figure("processor seconds a second, of the run", found.run, "", True)
    judge.figure("processor seconds a second, of the screen", found.screen, "", True)
    judge.figure("processor seconds a second, standing by", found.engine, "", True)
    judge.figure("what the app costs of the run's", found.share, f"< {APP:g}", found.share < APP)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
