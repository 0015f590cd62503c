"""Where a fit is: what it takes to leave it there, and to come back to it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

import keras

from tui_trainer.engine.callbacks import changed_attributes, plain_attributes
from tui_trainer.engine.checkpoint import (
    Held,
    assign,
    assign_rest,
    holding,
    untrained_values,
    values,
)
from tui_trainer.engine.state import State


class Bookmark(keras.callbacks.Callback):  # type: ignore[misc]
    """Knows what belongs to the present moment besides the weights; the first of the callbacks.

    A validation is left where it began: whoever comes back does all of it.
    """

    def __init__(self, callbacks: Sequence[Any], state: State) -> None:
        """Take the experiment's callbacks, and where the fit is taken up."""
        super().__init__()
        self._callbacks, self._state = callbacks, state
        self._swaps = [one for one in callbacks if isinstance(one, keras.callbacks.SwapEMAWeights)]
        self._begun: list[dict[str, Any]] = []
        """Of each callback, its attributes when the training began."""
        self._validation: tuple[tuple[Mapping[str, Any], ...], Held] | None = None
        """What was changed of the callbacks, and what variables held, when it began."""

    def begin(self) -> None:
        """Give the callbacks back what they were; when all have heard that the training begins."""
        for callback in self._callbacks:
            if getattr(callback, "monitor_op", 0) is None:
                callback._set_monitor_op()  # It turns the sign of `min_delta`: once is enough.
        for swap in self._swaps:  # What it does in the last epoch, no epoch could follow.
            swap.params = {**swap.params, "epochs": math.inf}
        self._begun = [plain_attributes(callback) for callback in self._callbacks]
        for callback, changed in zip(self._callbacks, self._state.callbacks, strict=False):
            for name, value in changed.items():
                setattr(callback, name, value)

    def end(self) -> None:
        """Do what callbacks put off, once no epoch is to follow in this fit."""
        for swap in self._swaps:
            if swap.swap_on_epoch:
                swap._finalize_ema_values()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Give the metrics back what they were, in the epoch that is taken up."""
        if self._state.batch and epoch == self._state.epoch:
            assign_rest(self.model, self._state)

    def on_test_begin(self, logs: Any = None) -> None:
        """Remember how everything is before a validation."""
        held = values(self.model) if self._swaps else untrained_values(self.model)
        self._validation = self._changed(), held

    def on_test_end(self, logs: Any = None) -> None:
        """Forget that again."""
        self._validation = None

    def mark(self, state: State) -> State:
        """Return a state with what has changed of the callbacks."""
        changed = self._validation[0] if self._validation else self._changed()
        return replace(state, callbacks=changed)

    def held(self) -> AbstractContextManager[None]:
        """Let the model be for a while as it was when the validation began, where one is on."""
        return holding(self.model, self._validation[1]) if self._validation else nullcontext()

    def go_back(self) -> None:
        """Leave the validation that is on: it has never begun."""
        if self._validation:
            assign(self.model, self._validation[1])

    def _changed(self) -> tuple[Mapping[str, Any], ...]:
        pairs = zip(self._callbacks, self._begun, strict=True)
        return tuple(changed_attributes(callback, begun) for callback, begun in pairs)
