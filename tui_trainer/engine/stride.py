"""How many batches one call of the compiled steps takes, and what callbacks hear of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras

from tui_trainer.core.errors import reason

_SECONDS = 0.075
"""How long a call is to last: seldom enough to cost nothing, and prompt for a stop."""
_GROWTH = 8
"""How many times as long as the one before a call is at most, while nothing else is known."""


class Stride:
    """The batches of the present call, from the first to the last."""

    def __init__(self, fixed: int | None = None) -> None:
        """Take the number of batches in each call, if it is set."""
        self.last = -1
        """The number of the last batch of the present call, or of those that were done before."""
        self.skipped = 0
        """How many batches of the epoch were done before it was taken up."""
        self.every: int | None = None
        """After how many batches a callback acts: a call ends there."""
        self._fixed = fixed
        self._length = fixed or 1
        self._done = 0

    def take_up(self, batch: int, done: int) -> None:
        """Begin after so many batches of the next epoch, and so many in all."""
        self.skipped, self._done = batch, done

    def begin(self) -> None:
        """Tell that the batches are gone through from the first again."""
        self.last = self.skipped - 1

    def is_done(self, batch: int) -> bool:
        """Return whether the present call, or one before, has taken this batch along."""
        return batch <= self.last

    def is_told(self, batch: int) -> bool:
        """Return whether callbacks hear of this batch: of the last one of each call."""
        return batch == self.last and batch >= self.skipped

    def end(self, batch: int, most: int) -> int:
        """Return the batch before which a call that begins here ends; it has at most so many."""
        length = min(self._length, most)
        if self.every:
            length = min(length, self.every - self._done % self.every)
        return batch + length

    def took(self, first: int, end: int, seconds: float) -> None:
        """Tell of a call that was made, and how long it lasted."""
        self.last = end - 1
        count = end - first
        self._done += count
        if self._fixed is None:
            wanted = int(count * _SECONDS / max(seconds, 1e-6))
            self._length = max(1, min(wanted, _GROWTH * count))


class Batches(keras.callbacks.CallbackList):  # type: ignore[misc]
    """Callbacks that hear of batches once a call, as with `steps_per_execution` of Keras.

    One that cannot write what it wants to does not end the training: that is told, once.
    """

    def __init__(
        self,
        callbacks: Sequence[Any],
        train: Stride,
        test: Stride,
        tell: Callable[[str], None] = print,
        **params: Any,
    ) -> None:
        super().__init__(list(callbacks), **params)
        self._train, self._test, self._tell = train, test, tell
        self._told: set[str] = set()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Begin with the first batch."""
        self._train.begin()
        super().on_epoch_begin(epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Skip none in the next epoch."""
        self._train.skipped = 0
        self._each("on_epoch_end", epoch, logs)

    def on_test_begin(self, logs: Any = None) -> None:
        """Begin with the first batch."""
        self._test.begin()
        super().on_test_begin(logs)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Tell of the first batch of a call."""
        if not self._train.is_done(batch):
            super().on_train_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Tell of the last batch of a call."""
        if self._train.is_told(batch):
            self._each("on_train_batch_end", batch, logs)

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Tell of the first batch of a call."""
        if not self._test.is_done(batch):
            super().on_test_batch_begin(batch, logs)

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Tell of the last batch of a call."""
        if self._test.is_told(batch):
            super().on_test_batch_end(batch, logs)

    def on_train_end(self, logs: Any = None) -> None:
        """Tell that the training has ended."""
        self._each("on_train_end", logs)
        self._on_end()

    def _each(self, hook: str, *arguments: Any) -> None:
        """Call each callback; the last argument is what Keras calls logs."""
        *numbers, logs = arguments
        plain = keras.src.utils.python_utils.pythonify_logs(logs)
        for callback in self.callbacks:
            before = getattr(callback, "best", None)
            try:
                getattr(callback, hook)(*numbers, plain)
            except OSError as error:
                if isinstance(callback, keras.callbacks.ModelCheckpoint):
                    callback.best = before  # The next better one is written again.
                why = reason(error)
                self._tell_once(f"{type(callback).__name__}: {why}")

    def _tell_once(self, text: str) -> None:
        if text not in self._told:
            self._tell(text)
        self._told.add(text)


def counted_every(callbacks: Sequence[Any]) -> int | None:
    """Return after how many batches a callback acts, where one counts them; else None."""
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.TensorBoard) and callback.update_freq != "epoch":
            return 1  # It counts calls.
        if isinstance(getattr(callback, "save_freq", None), int):
            return int(callback.save_freq)
    return None
