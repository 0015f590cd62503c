"""What a run loses when its process is killed, and what it costs that it loses nothing.

python tests/benchmarks/faults.py [--kills 100] [--stops 20] [--seed 1]

Real commands are killed with SIGKILL at random moments and resumed in new processes; what each
run leaves is compared, bit by bit, with what one leaves that nothing interrupted. Then: how soon
`stop --now` halts mnist, and what its checkpoints cost. Exit status 1 if a figure is missed; those
of time mean little on a busy machine.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

from faults_left import difference, unreadable  # noqa: E402
from tasks import keras_home  # noqa: E402

from tui_trainer.core import toml  # noqa: E402
from tui_trainer.core.events import PhaseBegan, Resumed  # noqa: E402
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part  # noqa: E402
from tui_trainer.core.presets import open_experiment  # noqa: E402
from tui_trainer.core.rundir import RunDir, find_runs  # noqa: E402

LOST = Experiment(
    title="dropout and shuffling",
    data=Data("digits", validation=0.1, scale="unit", flatten=True),
    layers=(
        Part("Dense", {"units": 64, "activation": "relu"}),
        Part("BatchNormalization"),
        Part("Dropout", {"rate": 0.3}),
        Part("Dense", {"units": 10, "activation": "softmax"}),
    ),
    compile=Compile(Part("adam"), Part("sparse_categorical_crossentropy"), (Part("accuracy"),)),
    fit=Fit(epochs=40, batch_size=16),
    callbacks=(
        Part("ReduceLROnPlateau", {"patience": 2}),
        Part("EarlyStopping", {"patience": 30, "restore_best_weights": True}),
        Part("ModelCheckpoint", {"save_best_only": True}),
        Part("CSVLogger"),
    ),
)
"""What is killed: everything that draws, and callbacks that remember."""
_PATIENCE = 300.0
"""Seconds after which a command hangs."""


class Commands:
    """Starts commands in processes of their own, in which Keras need not be imported again."""

    def __init__(self, printed: Path) -> None:
        self._printed = printed
        os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3")
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tui_trainer.cli", "tui_trainer.engine.train"])

    def start(self, *words: str) -> BaseProcess:
        """Start a command."""
        process = self._context.Process(target=_command, args=(words, self._printed))
        process.start()
        return process

    def run(self, *words: str) -> None:
        """Carry out a command to its end."""
        process = self.start(*words)
        process.join(_PATIENCE)
        if process.exitcode != 0:
            process.kill()
            raise SystemExit(f"tui-trainer {' '.join(words)}:\n{self._printed.read_text()}")

    def call(self, target: Callable[..., None], *arguments: object) -> None:
        """Call a function in such a process."""
        process = self._context.Process(target=target, args=arguments)
        process.start()
        process.join(_PATIENCE)


def _command(words: Sequence[str], printed: Path) -> None:
    """Be `tui-trainer`, which prints into a file."""
    from tui_trainer.cli import main as tui_trainer

    for descriptor in (1, 2):
        os.dup2(os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    os._exit(tui_trainer(list(words)))


def main() -> int:
    """Print the tables, and return 1 if a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--stops", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    missed, random = 0, Random(options.seed)
    with keras_home() as home, tempfile.TemporaryDirectory() as folder:
        commands = Commands(Path(folder) / "printed.txt")
        if home:
            os.environ.setdefault("KERAS_HOME", str(home))
        if options.kills:
            missed += kills(commands, Path(folder), options.kills, random)
        if options.stops:
            missed += stops(commands, Path(folder), options.stops, random)
            missed += cost(commands, Path(folder))
    print(f"{missed} missed" if missed else "nothing missed")
    return 1 if missed else 0


def kills(commands: Commands, folder: Path, times: int, random: Random) -> int:
    """Kill and resume, and print what came of it; return how many figures are missed."""
    file = folder / "lost.toml"
    file.write_text(toml.dumps(LOST), encoding="utf-8")
    commands.run("train", str(file), "--runs", str(folder / "whole"))
    (whole,) = find_runs(folder / "whole")
    seconds = whole.status().seconds
    others, broken, wheres = [], [], []
    for number in range(times):
        runs = folder / f"kill-{number}"
        run = _killed(commands, file, runs, seconds, random)
        broken += unreadable(run)
        commands.run("resume", run.name, "--runs", str(runs))
        wheres += [event for event in run.read_events() if isinstance(event, Resumed)][:1]
        found = difference(run, whole)
        others += [f"kill {number}: {found}"] if found else []
        shutil.rmtree(runs)
    begun = sum(1 for event in wheres if event.epoch)
    print(f"\n{times} kills of a run of {LOST.fit.epochs} epochs, {seconds:.1f} s, each resumed")
    print(f"  taken up from a checkpoint{begun:>18}")
    print(f"  identical results{times - len(others):>27}{times:>10} wanted")
    print(f"  unreadable files{len(broken):>28}{0:>10} wanted")
    for line in (*others, *broken):
        print(f"    {line}")
    return bool(others) + bool(broken)


def _killed(commands: Commands, file: Path, runs: Path, seconds: float, random: Random) -> RunDir:
    """Return a run whose process was killed at a random moment before it had finished."""
    while True:
        run = _struck(commands, file, runs, random.uniform(0.0, seconds))
        if run.status().state != "finished":
            return run
        shutil.rmtree(runs)


def _struck(commands: Commands, file: Path, runs: Path, after: float) -> RunDir:
    """Return a run whose process was killed some seconds after the run was made."""
    process = commands.start("train", str(file), "--runs", str(runs))
    while not find_runs(runs):
        time.sleep(0.001)
    time.sleep(after)
    process.kill()
    process.join()
    (run,) = find_runs(runs)
    return run


def stops(commands: Commands, folder: Path, times: int, random: Random) -> int:
    """Stop mnist at random moments, and print how soon it halts; return what is missed."""
    mnist = open_experiment("mnist")[0]
    held = replace(mnist.data, validation=10_000)
    endless = replace(mnist, data=held, fit=replace(mnist.fit, epochs=100_000))
    file = folder / "endless.toml"
    file.write_text(toml.dumps(endless), encoding="utf-8")
    halted, ended = [], []
    words: tuple[str, ...] = ("train", str(file), "--name", "endless")
    for _ in range(times):
        process = commands.start(*words, "--runs", str(folder / "stops"))
        run = _training(folder / "stops")
        time.sleep(random.uniform(0.5, 3.0))
        asked = time.time()
        run.send("stop_now")
        while run.status().live:
            time.sleep(0.002)
        ended.append(time.time() - asked)
        saving = [e.at for e in run.read_events() if isinstance(e, PhaseBegan)][-1]
        halted.append(saving - asked)
        process.join(_PATIENCE)
        words = ("resume", run.name)
    print(f"\nstop --now in mnist with validation, {times} times: ms from key to …")
    print(f"  {'':34}{'median':>10}{'worst':>10}")
    for name, found in (("halted, its checkpoint written", halted), ("ended, all saved", ended)):
        print(f"  {name:34}{1e3 * median(found):>10.0f}{1e3 * max(found):>10.0f}")
    print(f"  {'wanted':34}{'< 150':>10}{'< 1000':>10}")
    return (median(halted) >= 0.150) + (max(halted) >= 1.0)


def _training(runs: Path) -> RunDir:
    """Return the run of a folder once it trains."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        for run in find_runs(runs):
            status = run.status()
            if status.state == "running" and status.phase == "train" and status.batch:
                return run
        time.sleep(0.01)
    raise SystemExit("mnist does not train")


def cost(commands: Commands, folder: Path) -> int:
    """Print what checkpoints cost mnist; return what is missed."""
    print("\ncheckpoints of mnist: seconds in all, and what part of the training they are")
    missed = 0
    for epochs in (open_experiment("mnist")[0].fit.epochs, 40):
        told = folder / f"cost-{epochs}"
        commands.call(_measure, folder / "cost", epochs, told)
        number, spent, trained = map(float, told.read_text().split())
        share = spent / trained
        missed += share >= 0.03
        words = f"{number:.0f} written in {spent:.3f} s of {trained:.2f} s"
        print(f"  {f'{epochs} epochs':12}{words:34}{100 * share:>8.2f} %{'< 3 % wanted':>16}")
    return missed


def _measure(runs: Path, epochs: int, told: Path) -> None:
    """Train mnist, and write down how often and how long its keeper worked."""
    from tui_trainer.core.rundir import create_run
    from tui_trainer.engine import keeper
    from tui_trainer.engine.train import LiveRun

    spent = [0.0, 0.0]

    def timed(method: Callable[..., None]) -> Callable[..., None]:
        def measured(*arguments: object, **named: object) -> None:
            began = time.monotonic()
            method(*arguments, **named)
            spent[1] += time.monotonic() - began

        return measured

    def counted(*arguments: object) -> int:
        spent[0] += 1
        return save(*arguments)

    save, keeper.save_checkpoint = keeper.save_checkpoint, counted
    for name in ("end_epoch", "keep", "flush"):
        setattr(keeper.Keeper, name, timed(getattr(keeper.Keeper, name)))
    mnist = open_experiment("mnist")[0]
    mnist = replace(mnist, fit=replace(mnist.fit, epochs=epochs))
    run = create_run(runs, "mnist", toml.dumps(mnist))
    live = LiveRun(run, mnist)
    live.start()
    live.join()
    phases = live.outcome.phases
    trained = phases["train"] + phases.get("validate", 0.0)
    told.write_text(f"{spent[0]} {spent[1]} {trained}")


if __name__ == "__main__":
    sys.exit(main())
