"""Ctrl-C, SIGTERM and a closed terminal while a run is on: first gracefully, then at once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class Wishes:
    """What the user asked for by signals; written by the handlers, read by the loop."""

    interrupts: int = 0
    """How often Ctrl-C was pressed."""
    terminated: bool = False
    """Whether SIGTERM came, or SIGHUP: the terminal is gone."""

    def __bool__(self) -> bool:
        return self.terminated or self.interrupts > 0

    @property
    def now(self) -> bool:
        """Whether the run is to end within its epoch."""
        return self.terminated or self.interrupts > 1


@contextmanager
def listening() -> Iterator[Wishes]:
    """Count signals instead of dying of them; a third Ctrl-C raises KeyboardInterrupt.

    SIGHUP stays ignored where it is: `nohup` asked for that.
    """
    wishes = Wishes()

    def interrupt(number: int, frame: FrameType | None) -> None:
        wishes.interrupts += 1
        if wishes.interrupts > 2:
            raise KeyboardInterrupt

    def terminate(number: int, frame: FrameType | None) -> None:
        wishes.terminated = True

    handlers = {signal.SIGINT: interrupt, signal.SIGTERM: terminate}
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        handlers[signal.SIGHUP] = terminate
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield wishes
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
