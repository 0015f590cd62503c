"""`fit` and `evaluate` of Keras, fed fast: the same numbers in a fraction of the time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from tui_trainer.core.brief import cut
from tui_trainer.core.experiment import Fit
from tui_trainer.core.words import bytes_, count
from tui_trainer.engine.data import Arrays, Split
from tui_trainer.engine.devices import device_of
from tui_trainer.engine.feed import Feed
from tui_trainer.engine.speed import Choice, choose_at_once, choose_jit
from tui_trainer.engine.steps import Steps, quicken_metrics
from tui_trainer.engine.stride import Batches, Stride, counted_every

_EVALUATION_BATCH = 1024
"""Samples at once where no gradient is needed: as many as a processor's cache has room for."""
_ROOM = 1 << 28
"""Numbers that the layer which gives out most of them may give out then."""


class Fitting:
    """A compiled model and its data, ready to be fitted.

    `model.fit` stays the loop, and every callback means what it means in Keras: only the samples
    come by a data adapter of our own, and several batches are done in one call.
    """

    def __init__(self, model: Any, fit: Fit, arrays: Arrays) -> None:
        """Take the model and the data; the seed of the shuffle has been set before."""
        self._model, self._fit, self._device = model, fit, device_of(model)
        fixed = fit.steps_per_execution if isinstance(fit.steps_per_execution, int) else None
        self._train_stride, self._test_stride = Stride(fixed), Stride(fixed)
        self._train = self._feed(arrays.train, fit.batch_size, fit.shuffle)
        self._held = self.feed(arrays.validation) if len(arrays.validation) else None
        self._train_steps = Steps(model, model.train_step, self._train_stride)
        self._test_steps = Steps(model, model.test_step, self._test_stride)
        model.train_function, model.test_function = self._train_steps, self._test_steps
        self._jit = self._choose(self._train)

    def prepare(self) -> None:
        """Trace and compile, before the first batch."""
        self._train_steps.prepare(self._train, self._jit.taken)
        if self._held:
            self._test_steps.prepare(self._held, self._choose(self._held).taken)
        quicken_metrics(self._model)

    def callbacks(self, callbacks: Sequence[Any], tell: Callable[[str], None] = print) -> Batches:
        """Return the list that hears of the fit, and tells which of them could not write."""
        self._train_stride.every = counted_every(callbacks)
        return Batches(
            callbacks,
            self._train_stride,
            self._test_stride,
            tell,
            add_history=True,
            model=self._model,
            epochs=self._fit.epochs,
            steps=self.batches,
            validation_steps=self.validation_batches,
            verbose=0,
        )

    def fit(self, callbacks: Batches, epoch: int = 0, batch: int = 0) -> None:
        """Train through all epochs, or those that are left after so many, and so many batches."""
        self._train_stride.take_up(batch, epoch * self.batches + batch)
        self._model.fit(
            self._train,
            initial_epoch=epoch,
            epochs=self._fit.epochs,
            validation_data=self._held,
            callbacks=callbacks,
            verbose=0,
        )

    def feed(self, split: Split) -> Feed:
        """Return the batches of a split that is to be evaluated."""
        shapes = [layer.output.shape[1:] for layer in self._model.layers]
        most = max(math.prod(size or 1 for size in shape) for shape in shapes)
        at_once = min(_EVALUATION_BATCH, _ROOM // most)
        return self._feed(split, max(self._fit.batch_size, at_once))

    def evaluate(self, feed: Feed, callback: Any) -> dict[str, Any]:
        """Return the metrics of samples that are looked at once."""
        self._test_steps.prepare(feed, False)
        strides = self._train_stride, self._test_stride
        callbacks = Batches([callback], *strides, model=self._model, steps=feed.num_batches)
        logs: dict[str, Any] = self._model.evaluate(
            feed, callbacks=callbacks, return_dict=True, verbose=0
        )
        return logs

    @property
    def batches(self) -> int:
        """Batches in an epoch."""
        return self._train.num_batches

    @property
    def validation_batches(self) -> int:
        """Batches in a validation."""
        return self._held.num_batches if self._held else 0

    @property
    def words(self) -> str:
        """What was chosen, and why, in one line."""
        size, device = bytes_(self._train.nbytes), self._device or "CPU"
        kept = f"{size} of samples stay on {device}"
        if not self._train.resident:
            pieces = count(self._train.at_once, "batch")
            kept = f"{size} of samples go to {device} in pieces of {pieces}"
        refused = self._train_steps.refused
        why = f"it refused ({cut(refused)})" if refused else self._jit.why
        by = "compiled by XLA" if self._jit.taken and not refused else "not compiled by XLA"
        told = [kept, f"steps {by}: {why}" if why else f"steps {by}"]
        fixed = self._fit.steps_per_execution
        if isinstance(fixed, int):
            told.append(f"{count(fixed, 'batch')} a call, as set")
        return "; ".join(told)

    def _feed(self, split: Split, batch_size: int, shuffle: bool = False) -> Feed:
        at_once = choose_at_once(self._fit, split, batch_size, self._device)
        return Feed(split, batch_size, shuffle, at_once)

    def _choose(self, feed: Feed) -> Choice:
        batches = self._fit.epochs * feed.num_batches
        return choose_jit(self._model, self._fit, batches, feed.batch_size)
