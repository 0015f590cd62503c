"""Every file that the program reads: how it is damaged, and what is done with it when it is read.

Each is read as deep as the program goes: what a damaged file says is checked and shown too.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.core.mutations import mutated_bytes, mutated_lines, mutated_record, mutated_toml
from tests.core.test_kerasfile import ADAM, INPUT, LOSS, conv, dense, layer, model, of
from tui_trainer.core import toml
from tui_trainer.core.catalogue import Catalogue
from tui_trainer.core.check import check
from tui_trainer.core.curves import bounds, decimate, smooth
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import (
    Best,
    CheckpointSaved,
    EpochEnded,
    Failed,
    Finished,
    Noted,
    PhaseBegan,
    Resumed,
    to_json,
)
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.keeps import keeps, loses, lost_words
from tui_trainer.core.kerasfile import read_keras_file
from tui_trainer.core.lines import Tail
from tui_trainer.core.modelfile import copy_model, model_path, weights_in
from tui_trainer.core.presets import read_document, shipped_presets
from tui_trainer.core.progress import share
from tui_trainer.core.resume import ready_to_resume
from tui_trainer.core.rundir import COMMANDS, RunDir
from tui_trainer.core.script import script
from tui_trainer.core.status import Status, status_to_json
from tui_trainer.core.summary import Summary
from tui_trainer.core.told import ending, event_line, figures
from tui_trainer.core.trend import chart_words, sparkline, trends
from tui_trainer.core.watch import Watch


@dataclass(frozen=True, slots=True)
class Reader:
    """A file of the program's, and what reads it."""

    name: str
    """The file's own."""
    damaged: Callable[[Random], bytes]
    read: Callable[[Path, Catalogue], None]
    """Raises TrainerError for what is refused."""


def try_out(reader: Reader, folder: Path, seed: int, catalogue: Catalogue) -> bool:
    """Read a damaged file; return whether it was taken. Whatever goes wrong names the seed."""
    path = folder / reader.name
    content = reader.damaged(Random(seed))
    path.write_bytes(content)
    try:
        reader.read(path, catalogue)
        taken = True
    except TrainerError as error:
        taken = False
        assert "\n" not in str(error), f"{reader.name}, seed {seed}: {error}"
        assert len(str(error)) < 600 + len(str(path)), f"{reader.name}, seed {seed}: {error}"
    except Exception as error:
        raise AssertionError(f"{reader.name}, seed {seed}: {error!r}") from error
    assert path.read_bytes() == content, f"{reader.name}, seed {seed}: the file was changed"
    return taken


def _use(experiment: Experiment, catalogue: Catalogue) -> None:
    """Check, write and export an experiment that was read."""
    for problem in check(experiment, catalogue):
        assert "\n" not in str(problem)
    text = toml.dumps(experiment)
    assert toml.dumps(toml.loads(text)) == text
    compile(script(experiment, "fuzz").text, "fuzz", "exec")


def _read_experiment(path: Path, catalogue: Catalogue) -> None:
    document = read_document(path, "fuzz", path)
    _use(document.experiment, catalogue)
    assert toml.loads(toml.merged(toml.read_text(path), [document.experiment, Experiment()]))


def _read_model(path: Path, catalogue: Catalogue) -> None:
    with suppress(TrainerError):
        start, size = weights_in(model_path(str(path)))
        assert start + size <= path.stat().st_size
        copy_model(path, path.with_name("copy.weights.h5"))
    _use(read_keras_file(path, catalogue), catalogue)


def _read_run(path: Path, catalogue: Catalogue) -> None:
    """Look at a run as the app and the commands do, after one of its files was damaged."""
    run = RunDir(path.parent)
    if path != run.experiment:
        run.experiment.write_text("title = 'fuzz'\nfit.epochs = 9\n", encoding="utf-8")
    watch = Watch.open(run)
    watch.poll()
    for event in watch.log:
        assert "\n" not in event_line(event, run.path)
    assert ending(watch.outcome, watch.state)
    told = Summary.read(run)
    json.dumps(told.to_json())
    figures(told.metrics)
    for trend in trends(watch.curves):
        points = watch.curves.points(trend.metric)
        sparkline(points)
        chart_words(trend.metric, watch.curves)
        bounds([decimate(smooth(points, 0.5), 40)])
    share(watch.status)
    for command in ("stop", "stop_now", "kill", "pause", "resume"):
        keeps(command, watch.status, watch.checkpoint)
    loses(watch.status, watch.checkpoint)
    lost_words(watch.status, watch.checkpoint)
    for record in Tail(run.commands).records():
        record.get("command")
    if path != run.commands:  # What was asked before is forgotten when a run goes on.
        with suppress(TrainerError):
            ready_to_resume(run)


_METRICS = {"loss": 0.25, "accuracy": 0.5, "val_loss": 0.75, "val_accuracy": 0.125}
_BEST = Best(2, "val_loss", float("inf"))
_HISTORY = [
    to_json(event)
    for event in (
        PhaseBegan("load", 1e9),
        Noted("the data were loaded", 1e9),
        *(EpochEnded(epoch, {**_METRICS, "loss": 1 / epoch}, 0.5, 1e9) for epoch in range(1, 8)),
        EpochEnded(8, {**_METRICS, "loss": float("nan")}, 0.5, 1e9),
        CheckpointSaved(8, "runs/fuzz-1/checkpoints/last.keras", 1e9),
        Failed("out of memory", "[fit] batch_size", 1e9),
        Resumed(6, 3, 1e9),
        EpochEnded(7, _METRICS, 0.5, 1e9),
        Finished("runs/fuzz-1", 9, _METRICS, _BEST, {"loss": 1.0}, 9.5, True, {"load": 0.5}, "CPU"),
    )
]
_STATUS = status_to_json(Status("running", "train", 3, 9, 4, 20, _METRICS, _BEST, 1e4, 9.5, 2.5))
_WISHES: Sequence[Any] = [
    *({"command": name} for name in COMMANDS),
    {"command": "save", "path": "a"},
]
_MODEL = model(
    [
        *(INPUT, conv(kernel_regularizer=of("L2", "regularizers", l2=1e-4)), conv(strides=[2, 2])),
        *(layer("Flatten", data_format=None), layer("Dropout", rate=0.5, seed=None), dense()),
        layer("RNN", cell=of("StackedRNNCells", cells=[of("LSTMCell", units=8)] * 2)),
    ],
    {"optimizer": ADAM, "loss": LOSS, "metrics": ["accuracy", of("MeanAbsoluteError", "metrics")]},
)


def _experiment(random: Random) -> bytes:
    return mutated_toml(random.choice(_texts()), random)


@cache
def _texts() -> list[str]:
    return [preset.path.read_text("utf-8") for preset in shipped_presets()]


def _status(random: Random) -> bytes:
    content = json.dumps(mutated_record(_STATUS, random)).encode()
    return mutated_bytes(content, random) if random.random() < 0.5 else content


def _model(random: Random) -> bytes:
    """Return a saved model with odd values in its configuration, or an archive that is damaged."""
    whole = random.random() < 0.7
    config = json.dumps(mutated_record(_MODEL, random) if whole else _MODEL).encode()
    if random.random() < 0.2:
        config = mutated_bytes(config, random)
    file = io.BytesIO()
    kind = random.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_LZMA))
    with zipfile.ZipFile(file, "w", kind) as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr("config.json", config)
        archive.writestr("model.weights.h5", b"\x89HDF\r\n\x1a\n" * 40, zipfile.ZIP_STORED)
    return file.getvalue() if whole else mutated_bytes(file.getvalue(), random)


READERS = (
    Reader("experiment.toml", _experiment, _read_experiment),
    Reader("events.jsonl", lambda random: mutated_lines(_HISTORY, random), _read_run),
    Reader("status.json", _status, _read_run),
    Reader("commands.jsonl", lambda random: mutated_lines(_WISHES, random), _read_run),
    Reader("model.keras", _model, _read_model),
)
"""One for each file."""
