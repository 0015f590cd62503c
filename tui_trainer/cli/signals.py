"""Ctrl-C and SIGTERM end a run, gracefully first; a terminal that goes away does not."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class Wishes:
    """What the user asked for by signals; written by the handlers, read by the loop."""

    interrupts: int = 0
    """How often Ctrl-C was pressed."""
    terminated: bool = False
    """Whether SIGTERM came."""
    hung_up: bool = False
    """Whether SIGHUP came: the terminal is gone, and the run goes on all the same."""

    def __bool__(self) -> bool:
        return self.terminated or self.interrupts > 0

    @property
    def now(self) -> bool:
        """Whether the run is to end within its epoch."""
        return self.terminated or self.interrupts > 1


@contextmanager
def listening(silence: Callable[[], None]) -> Iterator[Wishes]:
    """Count signals instead of dying of them; a third Ctrl-C raises KeyboardInterrupt.

    At SIGHUP nothing is to be printed any more; it stays ignored where it is: `nohup` asked so.
    """
    wishes = Wishes()

    def interrupt(number: int, frame: FrameType | None) -> None:
        wishes.interrupts += 1
        if wishes.interrupts > 2:
            raise KeyboardInterrupt

    def terminate(number: int, frame: FrameType | None) -> None:
        wishes.terminated = True

    def hang_up(number: int, frame: FrameType | None) -> None:
        wishes.hung_up = True
        silence()

    handlers = {signal.SIGINT: interrupt, signal.SIGTERM: terminate}
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        handlers[signal.SIGHUP] = hang_up
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield wishes
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
