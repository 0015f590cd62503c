"""The callback through which a run is seen and steered."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import keras
import numpy as np

from tui_trainer.core.best import Monitor, available
from tui_trainer.core.events import EpochEnded, Metrics
from tui_trainer.core.modelfile import copy_model
from tui_trainer.core.words import figure
from tui_trainer.engine.bookmark import Bookmark
from tui_trainer.engine.checkpoint import save_model
from tui_trainer.engine.desk import Desk
from tui_trainer.engine.keeper import Keeper
from tui_trainer.engine.pace import Pace
from tui_trainer.engine.state import State

_SHOWN_EVERY = 0.04
"""Seconds between two looks at the batches."""


class StopNow(Exception):
    """The user ended the run in the middle of an epoch."""


class Recorder(keras.callbacks.Callback):  # type: ignore[misc]
    """Writes down what `fit` and `evaluate` do, and ends them when asked; the last callback."""

    def __init__(
        self, desk: Desk, monitor: Monitor, pace: Pace, bookmark: Bookmark, begun: State
    ) -> None:
        """Take what to watch and how to come back, and where the fit begins."""
        super().__init__()
        self.epoch = begun.epoch
        """How many epochs were completed."""
        self.metrics: Metrics = begun.metrics
        """Those of the last epoch."""
        self.best = begun.best
        self.validation_losses = [*begun.losses]
        self.cut_short = False
        """Whether the training was ended by the user, with epochs to go."""
        self._desk, self._monitor, self._pace, self._bookmark = desk, monitor, pace, bookmark
        self._keeper = Keeper(desk, begun.epoch)
        self._begun = begun
        self._done = begun.batch
        """How many batches of the epoch in work are done."""
        self._fitting, self._finite = True, begun.finite
        self._sound: tuple[int, float] | None = None
        """The last batch of the epoch whose loss was a number, and that loss."""
        self._shown = 0.0

    def on_train_begin(self, logs: Any = None) -> None:
        """Let the other callbacks go on from where they were."""
        self._bookmark.begin()
        if self.epoch == self.params["epochs"] and not self._begun.ended:
            self._bookmark.end()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Begin an epoch, or go on with it."""
        going_on = epoch == self._begun.epoch
        self._done = self._begun.batch if going_on else 0
        self._sound = None
        self._pace.begin_epoch(epoch + 1, self._done, self._begun.spent if going_on else 0.0)
        self._desk.journal.change(epoch=epoch + 1, batch=self._done, batches=self._steps)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Count a batch, and carry out what was asked."""
        self._done = batch + 1
        if self._desk.phase != "train":
            self._desk.begin("train", self._steps, self._done)
        self._pace.add_batch(self._done)
        self._watch_loss(logs or {})
        self._obey()
        now = monotonic()
        if now - self._shown > _SHOWN_EVERY:
            self._shown = now
            shown = {**self._validated(), **plain_metrics(logs or {})}
            self._show(metrics=shown)
        if self._keeper.overdue:
            self._keep()

    def on_test_begin(self, logs: Any = None) -> None:
        """Begin a validation; the test is begun by who asks for it."""
        if self._fitting:
            self._desk.begin("validate", self.params.get("validation_steps") or 0)

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
        self.epoch, self._done = epoch + 1, 0
        if "val_loss" in self.metrics:
            self.validation_losses.append(self.metrics["val_loss"])
        monitor = available(self._monitor, self.metrics)
        best = monitor.update(self.best, self.epoch, self.metrics)
        improved, self.best = best is not self.best, best
        event = EpochEnded(self.epoch, self.metrics, self._pace.end_epoch(), time.time())
        self._desk.journal.add_row(event)
        self._desk.journal.tell(event)
        self._desk.commands.read()
        ended = bool(self.model.stop_training)
        final = ended or self.epoch == self.params["epochs"]
        if self._desk.commands.stopping and not final:
            final = self.cut_short = self.model.stop_training = True
        self._keeper.end_epoch(self.model, partial(self._state, ended), improved, final)
        if final and not ended:
            self._bookmark.end()
        self._show(batch=self._steps, metrics=self.metrics, best=best)

    def on_train_end(self, logs: Any = None) -> None:
        """Take what is evaluated from now on as the test."""
        self._fitting = False
        self._desk.journal.change(samples_per_second=0.0, eta=None)

    def leave(self) -> None:
        """Write down where the fit is, in the middle of an epoch; it is not gone on with."""
        self._bookmark.go_back()
        self._keeper.keep(self.model, self._state())

    def break_off(self) -> None:
        """Write what is still to be written, however the fit ended."""
        self._keeper.flush(self.model)

    def save(self, path: Path) -> None:
        """Write the model as it is now; raises OSError."""
        file = self._keeper.file_of(self.model)
        if file is None:
            save_model(self.model, path)
        else:  # Several times as fast.
            copy_model(file, path)

    @property
    def _steps(self) -> int:
        """How many batches an epoch has."""
        return self.params.get("steps") or 0

    def _state(self, ended: bool = False) -> State:
        watch = self._desk.watch
        return self._bookmark.mark(
            State(
                self.epoch,
                self._done,
                ended,
                self._finite,
                spent=self._pace.spent if self._done else 0.0,
                seconds=watch.total,
                phases=watch.seconds,
                metrics=self.metrics,
                best=self.best,
                losses=tuple(self.validation_losses),
                experiment=self._begun.experiment,
            )
        )

    def _keep(self) -> None:
        """Write a checkpoint within an epoch, which then goes on."""
        with self._bookmark.held():
            self._keeper.keep(self.model, self._state())

    def _obey(self) -> None:
        commands = self._desk.commands
        self._save_wishes()
        if commands.pausing:
            if self._fitting:
                self._keep()
            self._pace.wait(self._desk.wait(self._save_wishes))
        if commands.stop_now:
            raise StopNow

    def _save_wishes(self) -> None:
        if self._desk.commands.saves:
            self._desk.save_wishes(lambda path: save_model(self.model, path), self.epoch)

    def _show(self, **more: Any) -> None:
        shown = {"batch": self._done, "samples_per_second": self._pace.samples_per_second, **more}
        self._desk.journal.change(eta=self._pace.eta, **shown)

    def _validated(self) -> Metrics:
        return {name: value for name, value in self.metrics.items() if name.startswith("val_")}

    def _watch_loss(self, logs: Mapping[str, Any]) -> None:
        """Note, once, where the loss is no longer a number."""
        loss = logs.get("loss", 0.0)
        if math.isfinite(loss):
            self._sound = self._done, loss
        elif self._finite:
            self._finite = False
            last, before = self._sound or (0, math.nan)
            batches = f"batch {self._done}"
            if last + 1 < self._done:
                batches = f"batches {last + 1} to {self._done}"
            was = f" (before it was {figure(before)})" if last else ""
            self._desk.warn(
                f"the loss is no longer a number since epoch {self.epoch + 1}, {batches}{was}: "
                "a smaller learning rate, or clipnorm of the optimizer, may help"
            )


def plain_metrics(logs: Mapping[str, Any]) -> dict[str, float]:
    """Return Keras' values as floats, the loss first; one with a value a class as their mean."""
    names = sorted(logs, key=lambda name: (name.startswith("val_"), not name.endswith("loss")))
    return {name: float(np.mean(logs[name])) for name in names}
