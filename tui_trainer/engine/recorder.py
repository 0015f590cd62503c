"""The callback through which a run is seen and steered."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import keras
import numpy as np

from tui_trainer.core.best import Monitor, available
from tui_trainer.core.events import Best, CheckpointSaved, EpochEnded, Metrics
from tui_trainer.engine.checkpoint import Keeper, save_model
from tui_trainer.engine.desk import Desk
from tui_trainer.engine.pace import Pace

_SHOWN_EVERY = 0.04
"""Seconds between two looks at the batches."""


class StopNow(Exception):
    """The user ended the run in the middle of an epoch."""


class Recorder(keras.callbacks.Callback):  # type: ignore[misc]
    """Writes down what `fit` and `evaluate` do, and ends them when asked."""

    def __init__(
        self, desk: Desk, monitor: Monitor, pace: Pace, epochs: int, validation_batches: int
    ) -> None:
        super().__init__()
        self.epoch = 0
        """How many epochs were completed."""
        self.metrics: Metrics = {}
        """Those of the last epoch."""
        self.best: Best | None = None
        self.validation_losses: list[float] = []
        self.cut_short = False
        """Whether the training was ended by the user, with epochs to go."""
        self._desk, self._monitor, self._pace, self._epochs = desk, monitor, pace, epochs
        self._validation_batches = validation_batches
        self._keeper = Keeper(desk.run, self._checkpoint_saved)
        self._fitting = self._finite = True
        self._shown = 0.0
        self._unsaved = ""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Begin an epoch."""
        self._pace.begin_epoch(epoch + 1)
        self._desk.journal.change(epoch=epoch + 1, batch=0, batches=self._steps)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Count a batch, and carry out what was asked."""
        if self._desk.phase != "train":
            self._desk.begin("train", self._steps, batch + 1)
        self._pace.add_batch(batch + 1)
        self._watch_loss(logs or {})
        self._obey()
        now = monotonic()
        if now - self._shown > _SHOWN_EVERY:
            self._shown = now
            shown = {**self._validated(), **plain_metrics(logs or {})}
            self._show(batch, metrics=shown)

    def on_test_begin(self, logs: Any = None) -> None:
        """Begin a validation; the test is begun by who asks for it."""
        if self._fitting:
            self._desk.begin("validate", self._validation_batches)

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Count a batch, and carry out what was asked."""
        self._obey()
        now = monotonic()
        if now - self._shown > _SHOWN_EVERY:
            self._shown = now
            eta = self._pace.eta if self._fitting else None
            self._desk.journal.change(batch=batch + 1, eta=eta)

    def on_test_end(self, logs: Any = None) -> None:
        """Turn back from a validation to training, whose batches are all done."""
        if self._fitting:
            self._desk.begin("train", self._steps, self._steps)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Write an epoch down."""
        self.metrics = plain_metrics(logs or {})
        self.epoch = epoch + 1
        if "val_loss" in self.metrics:
            self.validation_losses.append(self.metrics["val_loss"])
        monitor = available(self._monitor, self.metrics)
        best = monitor.update(self.best, self.epoch, self.metrics)
        improved, self.best = best is not self.best, best
        event = EpochEnded(self.epoch, self.metrics, self._pace.end_epoch(), time.time())
        self._desk.journal.add_row(event)
        self._desk.journal.tell(event)
        self._desk.commands.read()
        final = self.model.stop_training or self.epoch == self._epochs
        if self._desk.commands.stopping and not final:
            final = self.cut_short = self.model.stop_training = True
        self._keep(lambda: self._keeper.end_epoch(self.model, self.epoch, improved, final))
        self._show(self._steps - 1, metrics=self.metrics, best=best)

    def on_train_end(self, logs: Any = None) -> None:
        """Take what is evaluated from now on as the test."""
        self._fitting = False
        self._desk.journal.change(samples_per_second=0.0, eta=None)

    def keep_best(self) -> None:
        """Write the best model if that is still to be done."""
        self._keep(lambda: self._keeper.flush(self.model))

    @property
    def _steps(self) -> int:
        """How many batches an epoch has."""
        return self.params.get("steps") or 0

    def _keep(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            reason = error.strerror or str(error)
            if reason != self._unsaved:
                self._desk.note(f"checkpoint not saved: {reason}")
            self._unsaved = reason
        else:
            self._unsaved = ""

    def _obey(self) -> None:
        commands = self._desk.commands
        if commands.stop_now:
            raise StopNow
        if commands.saves:
            self._desk.save_wishes(lambda path: save_model(self.model, path), self.epoch)

    def _show(self, batch: int, **more: Any) -> None:
        self._desk.journal.change(
            batch=batch + 1,
            samples_per_second=self._pace.samples_per_second,
            eta=self._pace.eta,
            **more,
        )

    def _validated(self) -> Metrics:
        return {name: value for name, value in self.metrics.items() if name.startswith("val_")}

    def _watch_loss(self, logs: Mapping[str, Any]) -> None:
        if self._finite and not math.isfinite(logs.get("loss", 0.0)):
            self._finite = False
            self._desk.note(
                f"the loss is no longer a number since epoch {self.epoch + 1}: "
                "a smaller learning rate may help"
            )

    def _checkpoint_saved(self, epoch: int, path: Any) -> None:
        self._desk.journal.tell(CheckpointSaved(epoch, str(path), time.time()))


def plain_metrics(logs: Mapping[str, Any]) -> dict[str, float]:
    """Return Keras' values as floats, the loss first; one with a value a class as their mean."""
    names = sorted(logs, key=lambda name: (name.startswith("val_"), not name.endswith("loss")))
    return {name: float(np.mean(logs[name])) for name in names}
