"""`check`: the layers of an experiment, what it takes to train, and what is wrong with it."""

from __future__ import annotations

from argparse import Namespace

from tui_trainer.cli.exits import DONE, WRONG_INPUT
from tui_trainer.cli.streams import own_streams
from tui_trainer.cli.table import columns
from tui_trainer.cli.verify import gpu_lines, offered, verify
from tui_trainer.core.advice import advise
from tui_trainer.core.datasets import batch_of
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.presets import open_experiment
from tui_trainer.core.verdict import Verdict
from tui_trainer.core.words import bytes_, memory_words, spaced, times


def run(options: Namespace) -> int:
    """Print the layers, the memory and the advice, or a line for each thing wrong."""
    experiment, name, path = open_experiment(options.experiment)
    with own_streams() as streams:
        verdict = verify(experiment)
        for problem in verdict.problems:
            print(f"tui-trainer: {path or name}: {problem}", file=streams.err)
        if not verdict.problems:
            catalogue = offered()
            optimizer = experiment.compile.optimizer
            entry = catalogue.find("optimizers", optimizer.type)
            print(_table(experiment, verdict, entry.name if entry else ""), file=streams.out)
            for line in gpu_lines():
                print(line, file=streams.out)
            for advice in advise(experiment, catalogue, verdict):
                print(f"advice: {advice}", file=streams.out)
    return WRONG_INPUT if verdict.problems else DONE


def _table(experiment: Experiment, verdict: Verdict, optimizer: str) -> str:
    """Return the layers as rows, and below them what a step of training takes."""
    batch = batch_of(experiment)
    needed = verdict.memory(batch, experiment.fit.dtype_policy)
    head = ("", "LAYER", "TYPE", "OUTPUT", "PARAMETERS")
    first = ("", "input", verdict.input_dtype, times(verdict.input_shape), "")
    rows = [
        (
            str(number),
            at.name,
            at.type,
            times(at.shape),
            "off" if at.disabled else spaced(at.params),
        )
        for number, at in enumerate(verdict.layers, start=1)
    ]
    last = ("", "total", "", "", spaced(verdict.params))
    frozen = verdict.params != verdict.trainable
    trained = f", {spaced(verdict.trainable)} of them trained" if frozen else ""
    return (
        f"{columns([head, first, *rows, last], right=(0, 4))}{trained}  "
        f"{bytes_(needed.total)} to train\n"
        f"memory: {memory_words(needed, optimizer, batch)}"
    )
