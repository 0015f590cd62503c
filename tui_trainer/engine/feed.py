"""Samples for `fit` and `evaluate` of Keras: on the device, and looked at by their numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
from keras.src.trainers.data_adapters.data_adapter import DataAdapter

from tui_trainer.core.errors import TrainerError
from tui_trainer.engine.data.arrays import Array, Split


def order(count: int, shuffle: bool) -> Array:
    """Return the numbers of the samples in the order in which `fit` would look at them.

    Keras itself draws it, from the seed that was set before: a script of plain Keras with this
    seed sees the same batches. Once a seed is set, Keras draws the same order for every epoch, so
    any epoch can be gone through without those before it.
    """
    if not shuffle:
        return np.arange(count, dtype=np.int32)
    numbers = ArrayDataAdapter(np.arange(count), batch_size=count, shuffle=True)
    drawn = next(iter(numbers.get_tf_dataset()))
    return drawn.numpy().astype(np.int32)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Block:
    """Samples that lie on the device, and the order to look at them in."""

    x: Any
    y: Any
    rows: Any
    """As many numbers in every block of a feed; those after the last sample stand for nothing."""
    live: Any
    """The numbers without those."""
    first: int
    """The number of its first batch in the feed."""
    whole: int
    """How many of its batches are complete."""
    batches: int
    """How many there are."""


class Feed(DataAdapter):  # type: ignore[misc]
    """The samples of one split, batch by batch, as a data adapter that Keras takes for `x`.

    They are one block that stays on the device; where they may not lie there all at once, blocks
    of fewer batches come and go, gathered ahead of time. The batches are the same.
    """

    def __init__(
        self, split: Split, batch_size: int, shuffle: bool = False, at_once: int | None = None
    ) -> None:
        """Take the samples, and how many batches may be on the device at once; None: all."""
        _check(split)
        self._split, self._size = split, min(batch_size, len(split))
        self._batches = math.ceil(len(split) / self._size)
        self.at_once = min(at_once or self._batches, self._batches)
        """How many batches lie on the device at once."""
        self._order = order(len(split), shuffle)
        self._resident: Block | None = None

    @property
    def batch_size(self) -> int:
        """Samples in a batch."""
        return self._size

    @property
    def num_batches(self) -> int:
        """Batches in an epoch."""
        return self._batches

    @property
    def has_partial_batch(self) -> bool:
        """Whether the last batch has fewer samples than the others."""
        return len(self._split) % self._size > 0

    @property
    def partial_batch_size(self) -> int:
        """How many samples the last batch has then."""
        return len(self._split) % self._size

    @property
    def resident(self) -> bool:
        """Whether all samples stay on the device."""
        return self.at_once == self._batches

    @property
    def nbytes(self) -> int:
        """Bytes of all samples."""
        return int(self._split.x.nbytes + self._split.y.nbytes)

    def get_tf_dataset(self) -> Feed:
        """Return what Keras goes through once an epoch: our steps know what to do with it."""
        return self

    def __iter__(self) -> Walk:
        return Walk(self)

    def blocks(self, batch: int = 0) -> Iterator[Block]:
        """Yield the blocks of an epoch, from the one on that a batch is in."""
        if self.resident:
            if self._resident is None:
                x, y = self._split.x, self._split.y
                self._resident = self._block(0, x, y, self._order)
            yield self._resident
            return
        starts = range(batch - batch % self.at_once, self._batches, self.at_once)
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(self._gather, starts[0])
            for start in starts:
                x, y = coming.result()
                if start + self.at_once < self._batches:
                    coming = ahead.submit(self._gather, start + self.at_once)
                yield self._block(start, x, y, np.arange(len(x), dtype=np.int32))

    def _gather(self, start: int) -> tuple[Array, Array]:
        """Return the samples of the block that begins with a batch, filled up to its full size."""
        size = self.at_once * self._size
        rows = self._order[start * self._size :][:size]
        rows = np.concatenate([rows, np.zeros(size - len(rows), np.int32)])
        return self._split.x[rows], self._split.y[rows]

    def _block(self, start: int, x: Array, y: Array, rows: Array) -> Block:
        left = len(self._split) - start * self._size
        live = rows[:left]
        numbers = tf.constant(rows)
        return Block(
            tf.convert_to_tensor(x),
            tf.convert_to_tensor(y),
            numbers,
            numbers if len(live) == len(rows) else tf.constant(live),
            start,
            len(live) // self._size,
            math.ceil(len(live) / self._size),
        )


class Walk(Iterator[Block]):
    """One pass over a feed."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.batch = 0
        """The number of the batch that comes next."""
        self._blocks: Iterator[Block] | None = None
        self._block: Block | None = None

    def __next__(self) -> Block:
        """Return the block that the next batch is in."""
        if self._blocks is None:
            self._blocks = self.feed.blocks(self.batch)
        block = self._block
        if block is None or self.batch >= block.first + block.batches:
            block = self._block = next(self._blocks)
        return block


def _check(split: Split) -> None:
    """Raise TrainerError for samples that are no plain numbers of one shape."""
    for name, values in (("inputs", split.x), ("labels", split.y)):
        if values.dtype.kind not in "biuf":
            raise TrainerError(
                f"expected {name} that are numbers, each sample of the same shape; "
                f"received {values.dtype}",
                "[data]",
            )
