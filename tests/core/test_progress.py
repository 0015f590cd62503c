"""How far a run is, as its bar shows it."""

from __future__ import annotations

import pytest

from tui_trainer.core.progress import share
from tui_trainer.core.status import Status


@pytest.mark.parametrize(
    ("status", "done"),
    [
        (Status(), 0.0),
        (Status(epochs=4), 0.0),
        (Status(phase="train", epoch=1, epochs=4), 0.0),
        (Status(phase="train", epoch=2, epochs=4, batch=5, batches=10), 0.375),
        (Status(phase="validate", epoch=2, epochs=4, batch=0, batches=3), 0.5),
        (Status(phase="evaluate", epoch=4, epochs=4, batch=1, batches=3), 1.0),
        (Status(phase="train", epoch=2, epochs=4, batch=10, batches=3), 0.5),
        (Status(phase="train", epoch=9, epochs=4, batch=1, batches=3), 1.0),
    ],
)
def test_share_is_that_of_the_training_batches(status: Status, done: float) -> None:
    assert share(status) == done


def test_bar_never_goes_back() -> None:
    seen = [
        Status(phase="train", epoch=1, epochs=2, batch=10, batches=10),
        Status(phase="validate", epoch=1, epochs=2, batch=10, batches=10),
        Status(phase="validate", epoch=1, epochs=2, batch=0, batches=3),
        Status(phase="train", epoch=1, epochs=2, batch=1, batches=3),
        Status(phase="train", epoch=1, epochs=2, batch=10, batches=3),
        Status(phase="train", epoch=2, epochs=2, batch=0, batches=10),
        Status(phase="train", epoch=2, epochs=2, batch=5, batches=10),
    ]
    done = 0.0
    shown = [done := share(status, done) for status in seen]
    assert shown == [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.75]
