"""The limit: one experiment by a hand-written loop, a whole epoch as one program of XLA's.

`python tests/benchmarks/fit_limit.py FILE` prints the seconds of each epoch and the figures as
JSON. No callbacks, no files, no stop: what a person would write for speed alone.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

from tui_trainer.core import toml  # noqa: E402
from tui_trainer.engine.build import build, compile_model  # noqa: E402
from tui_trainer.engine.data import Split, load  # noqa: E402

_HELD = 1000


def main(path: str) -> None:
    """Train, and print what came of it."""
    experiment = toml.read(Path(path))
    data, fit = load(experiment.data), experiment.fit
    keras.utils.set_random_seed(fit.seed)
    model = build(experiment, data.facts.shape, data.facts.dtype)
    compile_model(model, experiment.compile)
    train = epoch_of(data.train, fit.batch_size, model.train_step)
    held = epoch_of(data.validation, _HELD, model.test_step) if len(data.validation) else None
    seconds, logs = [], {}
    for _ in range(fit.epochs):
        began = time.perf_counter()
        logs = one(model, train, tf.random.shuffle(tf.range(len(data.train))))
        if held:
            rest = one(model, held, tf.range(len(data.validation)))
            logs |= {f"val_{name}": value for name, value in rest.items()}
        seconds.append(time.perf_counter() - began)
    print("\n" + json.dumps([seconds, logs]))


def one(model: Any, epoch: Any, rows: Any) -> dict[str, float]:
    """Go through all samples once, and return the metrics."""
    model.reset_metrics()
    epoch(rows)
    return {name: float(value) for name, value in model.get_metrics_result().items()}


def epoch_of(split: Split, size: int, step: Any) -> Any:
    """Return the program that makes a step with every batch, the last and smaller one included."""
    x, y = tf.constant(split.x), tf.constant(split.y)
    size = min(size, len(split))
    whole = math.floor(len(split) / size)

    def run(rows: Any) -> None:
        def body(batch: Any) -> Any:
            taken = tf.slice(rows, [batch * size], [size])
            step((tf.gather(x, taken), tf.gather(y, taken)))
            return batch + 1

        tf.while_loop(lambda batch: batch < whole, body, [0], parallel_iterations=1)
        if len(split) % size:
            rest = rows[whole * size :]
            step((tf.gather(x, rest), tf.gather(y, rest)))

    return tf.function(run, jit_compile=True, autograph=False)


if __name__ == "__main__":
    main(sys.argv[1])
