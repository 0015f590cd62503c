"""An engine without Keras, for tests of the screen: it answers as the real one does.

Dense layers get the shapes they would have; a run takes short epochs, each of which is a
checkpoint, and heeds at once what is asked. A run with a checkpoint goes on from there.
"""

import contextlib
import json
import os
import sys
import time
from pathlib import Path

from tui_trainer.core import toml
from tui_trainer.core.catalogue import Catalogue, Entry, Kind, Param
from tui_trainer.core.claim import Claim
from tui_trainer.core.events import (
    Best,
    CheckpointSaved,
    EpochEnded,
    Finished,
    PhaseBegan,
    Resumed,
)
from tui_trainer.core.lines import Tail
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.status import Status
from tui_trainer.core.usage import Usage

UNITS = Param("units", Kind.INTEGER, required=True, least=1, help="How many outputs.")
ACTIVATION = Param("activation", Kind.CHOICE, optional=True, choices=("relu", "softmax", "linear"))
NAME = Param("name", Kind.TEXT, optional=True)
BIAS = Param("use_bias", Kind.BOOLEAN, True, main=False)
PENALTY = Param("kernel_regularizer", Kind.PART, optional=True, group="regularizers")
RATE = Param("learning_rate", Kind.NUMBER_OR_PART, 0.001, group="schedules", least=0)
CATALOGUE = Catalogue(
    "0.0.test",
    (
        Entry(
            "Dense",
            "layers",
            "core",
            "Every unit sees all.",
            (),
            (UNITS, ACTIVATION, PENALTY, NAME, BIAS),
        ),
        Entry(
            "Bidirectional",
            "layers",
            "rnn",
            "Reads both ways.",
            (),
            (Param("layer", Kind.PART, required=True, group="layers"), NAME),
        ),
        Entry("L1", "regularizers", "", "Sums.", (), (Param("l1", Kind.FLOAT, 0.01, least=0),)),
        Entry("L2", "regularizers", "", "Squares.", (), (Param("l2", Kind.FLOAT, 0.01, least=0),)),
        Entry(
            "ExponentialDecay",
            "schedules",
            "",
            "Falls.",
            (),
            (
                Param("initial_learning_rate", Kind.FLOAT, required=True, least=0),
                Param("decay_steps", Kind.INTEGER, required=True, least=1),
                Param("staircase", Kind.BOOLEAN, False),
            ),
        ),
        Entry(
            "Dropout",
            "layers",
            "regularization",
            "Leaves some out.",
            (),
            (Param("rate", Kind.FLOAT, required=True, least=0, most=1), NAME),
        ),
        Entry("Flatten", "layers", "reshaping", "One row of numbers.", (), (NAME,)),
        Entry("Adam", "optimizers", "", "Adapts.", ("adam",), (RATE,)),
        Entry("SGD", "optimizers", "", "Plain.", ("sgd",), (RATE,)),
        Entry(
            "SparseCategoricalCrossentropy",
            "losses",
            "",
            "For integers.",
            ("sparse_categorical_crossentropy",),
            (),
        ),
        Entry("MeanSquaredError", "losses", "", "For numbers.", ("mse",), ()),
        Entry("accuracy", "metrics", "", "How often it is right."),
        Entry(
            "EarlyStopping",
            "callbacks",
            "",
            "Stops in time.",
            (),
            (
                Param("patience", Kind.INTEGER, 0, least=0),
                Param("restore_best_weights", Kind.BOOLEAN, False),
            ),
        ),
    ),
)
SECONDS = float(os.environ.get("FAKE_EPOCH_SECONDS", "0.05"))


def main() -> None:
    """Answer until the requests end."""
    if "--die" in sys.argv:
        sys.exit(3)
    import_keras()
    say({"ready": {"keras": "0.0.test", "tensorflow": "0", "devices": ["CPU"], "seconds": 0.1}})
    for line in sys.stdin:
        request = json.loads(line)
        write_down(request)
        if request["do"] == "train":
            run = RunDir(Path(request["run"]))
            with Claim(run):
                say({"id": request["id"], "ok": {"started": True}})
                train(run)
            return
        say({"id": request["id"], "ok": ANSWERS[request["do"]](request)})


def import_keras() -> None:
    """Take until a file is there, if the test names one; for a minute at most."""
    ends, until = os.environ.get("FAKE_IMPORT_ENDS"), time.monotonic() + 60
    while ends and not Path(ends).exists() and time.monotonic() < until:
        time.sleep(0.01)


def write_down(request: dict) -> None:
    """Write down what is asked, and by which process it is heard, if the test wants to know."""
    if path := os.environ.get("FAKE_REQUESTS"):
        with open(path, "a") as file:
            print(json.dumps({"pid": os.getpid(), **request}), file=file)


def say(record: dict) -> None:
    """Write one answer."""
    with contextlib.suppress(BrokenPipeError):  # As the real one: the app may be gone.
        print(json.dumps(record), flush=True)


def check(request: dict) -> dict:
    """Return shapes as Dense layers over 64 inputs have them; files called wrong do not fit."""
    experiment = toml.loads(request["experiment"])
    layers, width, problems = [], 64, []
    if "wrong" in (experiment.fit.initial_weights or ""):
        told = "layer 1 · kernel: expected 64 × 64; received 3 × 64"
        problems.append({"where": ["fit", "initial_weights"], "message": told})
    for layer in experiment.layers:
        units = layer.params.get("units", width)
        if not isinstance(units, int):
            break
        params = units * (width + 1) if layer.type == "Dense" else 0
        layers.append({"name": "", "type": layer.type, "shape": [units], "params": params})
        width = units
    total = sum(layer["params"] for layer in layers)
    return {
        "input": {"shape": [64], "dtype": "float32"},
        "layers": layers,
        "params": total,
        "problems": problems,
        "held": os.environ.get("FAKE_HELD", ""),
    }


def preview(request: dict) -> dict:
    """Return one tiny picture."""
    pixels = [[0, 255], [128, 64]]
    return {"cached": True, "samples": [{"kind": "image", "pixels": pixels, "label": "7"}]}


ANSWERS = {
    "catalogue": lambda _: {"catalogue": CATALOGUE.to_json()},
    "check": check,
    "preview": preview,
    "prepare": lambda _: {"preparing": True},
}


def train(run: RunDir) -> None:
    """Write what a run writes, epoch by epoch."""
    epochs = toml.read(run.experiment).fit.epochs
    commands, metrics, best = Tail(run.commands), {}, None
    saved = [e.epoch for e in run.read_events() if isinstance(e, CheckpointSaved)]
    done, stopped, paused = (saved or [0])[-1], False, False
    if run.read_events():
        run.add_event(Resumed(done))
    run.add_event(PhaseBegan("train"))
    while done < epochs and not stopped:
        done += not paused
        if not paused:
            metrics = {"loss": 1 / done, "accuracy": 1 - 1 / (done + 1), "val_loss": 1.1 / done}
            best = Best(done, "val_loss", metrics["val_loss"])
            run.add_event(EpochEnded(done, metrics, SECONDS))
            run.add_event(CheckpointSaved(done, str(run.last)))
        status(run, "paused" if paused else "running", done, epochs, metrics, best)
        for record in asked_within(SECONDS, commands):
            command = record["command"]
            stopped |= command.startswith("stop")
            paused = command == "pause" or (paused and command == "save")
            if command == "save":
                Path(record["path"]).write_bytes(b"a model")
                run.add_event(CheckpointSaved(done, record["path"]))
    run.model.write_bytes(b"a model")
    test = {"loss": 0.2, "accuracy": 0.9}
    spent = done * SECONDS
    run.add_event(Finished(str(run.path), done, metrics, best, test, spent, stopped, {}, "CPU"))
    status(run, "stopped" if stopped else "finished", done, epochs, metrics, best)


def asked_within(seconds: float, commands: Tail) -> list[dict]:
    """Return what is asked as soon as something is, or nothing after some seconds."""
    until = time.monotonic() + seconds
    while not (found := list(commands.records())) and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 0.02))
    return found


def status(run: RunDir, state: str, epoch: int, epochs: int, metrics: dict, best: Best) -> None:
    """Write the status."""
    run.write_status(
        Status(
            state=state,
            phase="train",
            epoch=epoch,
            epochs=epochs,
            batch=1,
            batches=1,
            eta=(epochs - epoch) * SECONDS,
            metrics=metrics,
            best=best,
            pid=os.getpid(),
            host=os.uname().nodename,
            heartbeat=time.time(),
            device="CPU",
            usage=Usage(187.0, 412e6),
        )
    )


if __name__ == "__main__":
    main()
