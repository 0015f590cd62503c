"""`evaluate`: what a run has trained is tested anew, on each split of its data."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui_trainer.cli.exits import DONE
from tui_trainer.cli.streams import own_streams
from tui_trainer.cli.table import columns
from tui_trainer.cli.verify import verify
from tui_trainer.core import toml
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import dumps
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.rundir import RunDir, open_run
from tui_trainer.core.words import figure, spaced

if TYPE_CHECKING:
    from tui_trainer.engine.evaluate import Evaluated


def run(options: Namespace) -> int:
    """Print a row for each split: its samples, and the metrics of the model on them."""
    found = open_run(options.runs, options.name)
    model, experiment = _model(found, options.best), toml.read(found.experiment)
    # What training started from is not needed, and may be gone.
    fit = replace(experiment.fit, initial_weights=None)
    fit = replace(fit, device=options.device or fit.device)
    experiment = replace(experiment, fit=fit)
    with own_streams() as streams:
        splits = _evaluated(found, experiment, model)
        if options.json:
            for split in splits:
                record = {**split.to_json(), "run": str(found.path), "model": str(model)}
                print(dumps(record), file=streams.out, flush=True)
        else:
            rows = _table(list(splits))
            print(f"{found.name} · {model.relative_to(found.path)}\n{rows}", file=streams.out)
    return DONE


def _model(run: RunDir, best: bool) -> Path:
    """Return the file that is to be tested, or raise TrainerError: there is none."""
    for path in (run.best,) if best else (run.model, run.last):
        if path.is_file():
            return path
    what = "a checkpoint of its best epoch" if best else "a model"
    raise TrainerError(f"expected {what}; the run has saved none", run.name)


def _evaluated(run: RunDir, experiment: Experiment, model: Path) -> Iterator[Evaluated]:
    """Yield the metrics of each split; TrainerError says what keeps the model from being tested."""
    for problem in verify(experiment).problems:
        raise TrainerError(str(problem), str(run.experiment))
    from tui_trainer.engine.evaluate import evaluate
    from tui_trainer.engine.messages import plain_message

    try:
        yield from evaluate(experiment, model)
    except TrainerError as error:
        raise TrainerError(str(error), run.name) from error
    except Exception as error:  # Whatever Keras says of layers that do not work after all.
        raise TrainerError(plain_message(error), run.name) from error


def _table(splits: list[Evaluated]) -> str:
    head = ("  SPLIT", "SAMPLES", *splits[0].metrics)
    rows = [
        (f"  {one.split}", spaced(one.samples), *map(figure, one.metrics.values()))
        for one in splits
    ]
    return columns([head, *rows], right=range(1, len(head)))
