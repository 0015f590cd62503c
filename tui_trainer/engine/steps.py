"""A step of Keras over batch after batch, in one call: by XLA where it can be, else without."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import tensorflow as tf

from tui_trainer.engine.feed import Block, Feed, Walk
from tui_trainer.engine.messages import plain_message
from tui_trainer.engine.stride import Stride


class Steps:
    """What `model.train_function` and `model.test_function` are set to.

    Keras calls it for every batch; the first batch of a stride takes the others along.
    """

    def __init__(self, model: Any, step: Callable[[Any], Any], stride: Stride) -> None:
        """Take a model and one of its own steps."""
        self.refused = ""
        """Why XLA did not compile it, where that was tried."""
        self._model, self._step, self._stride = model, step, stride
        self._traced: Any = None
        self._plain: Any = None
        self._fast: Any = None
        self._fed: Feed | None = None
        self._logs: dict[str, Any] = {}

    def prepare(self, feed: Feed, jit: bool) -> None:
        """Trace and compile for a feed, without looking at any sample."""
        block = next(feed.blocks())
        if self._traced is None:
            self._traced = self._trace(block)
            self._plain = self._loop(block, None)
        if jit:
            fast = self._loop(block, feed.batch_size)
            try:
                fast(block.x, block.y, block.rows, 0, 0)
            except tf.errors.ResourceExhaustedError:
                raise
            except (tf.errors.OpError, NotImplementedError) as error:
                self.refused = plain_message(error)
            else:
                self._fast, self._fed = fast, feed
        if feed is not self._fed or feed.has_partial_batch:
            self._plain(block.x, block.y, block.live, 0, 0, feed.batch_size)

    def __call__(self, walk: Walk) -> dict[str, Any]:
        """Return the metrics so far, after the next batch at least."""
        first = walk.batch
        if first < self._stride.skipped:
            if first == 0:
                self._hear(self._model.get_metrics_result())
        elif not self._stride.is_done(first):
            block = next(walk)
            end = self._stride.end(first, block.first + block.batches - first)
            began = monotonic()
            self._hear(self._run(walk.feed, block, first - block.first, end - block.first))
            self._stride.took(first, end, monotonic() - began)
        walk.batch += 1
        return self._logs

    def _hear(self, logs: Mapping[str, Any]) -> None:
        self._logs = {name: value.numpy() for name, value in logs.items()}

    def _run(self, feed: Feed, block: Block, first: int, end: int) -> Any:
        logs = None
        if feed is self._fed and first < block.whole:
            whole = min(end, block.whole)
            logs = self._fast(block.x, block.y, block.rows, first, whole)
            first = whole
        if first < end:
            logs = self._plain(block.x, block.y, block.live, first, end, feed.batch_size)
        return logs

    def _trace(self, block: Block) -> Any:
        """Return the step for a batch of any size: Keras' own Python runs once, here."""

        def one(x: Any, y: Any) -> None:
            self._step((x, y))

        one_of_any_size = tf.function(one, input_signature=_specs(block), autograph=False)
        return one_of_any_size.get_concrete_function()

    def _loop(self, block: Block, size: int | None) -> Any:
        """Return what runs some batches of a block, by XLA if their size is given beforehand."""

        def run(x: Any, y: Any, rows: Any, first: Any, end: Any, size: Any) -> Any:
            def body(batch: Any) -> Any:
                begin = batch * size
                count = size if isinstance(size, int) else tf.minimum(size, tf.size(rows) - begin)
                taken = tf.slice(rows, [begin], [count])
                self._traced(tf.gather(x, taken), tf.gather(y, taken))
                return batch + 1

            tf.while_loop(lambda batch: batch < end, body, [first], parallel_iterations=1)
            return self._model.get_metrics_result()

        def complete(x: Any, y: Any, rows: Any, first: Any, end: Any) -> Any:
            return run(x, y, rows, first, end, size)

        number, numbers = tf.TensorSpec((), tf.int32), tf.TensorSpec((None,), tf.int32)
        given = [*_specs(block), numbers, number, number]
        if size is None:
            return tf.function(run, input_signature=[*given, number], autograph=False)
        return tf.function(complete, input_signature=given, autograph=False, jit_compile=True)


def quicken_metrics(model: Any) -> None:
    """Make one call each of what `fit` does to the metrics once an epoch, value by value."""
    for name in ("reset_metrics", "get_metrics_result"):
        setattr(model, name, tf.function(getattr(model, name), autograph=False))


def _specs(block: Block) -> list[Any]:
    """Return what a batch of inputs and of labels looks like, of whatever size."""
    return [tf.TensorSpec((None, *values.shape[1:]), values.dtype) for values in (block.x, block.y)]
