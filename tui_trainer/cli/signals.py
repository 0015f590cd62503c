"""Ctrl-C and SIGTERM end a run, gracefully first; a terminal that goes away does not."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TypeAlias


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
def outliving(wishes: Wishes, silence: Callable[[], None]) -> Iterator[None]:
    """Go on without the terminal at SIGHUP, when nothing is to be printed any more.

    The signal stays ignored where it is: `nohup` asked so.
    """

    def hang_up(number: int, frame: FrameType | None) -> None:
        wishes.hung_up = True
        silence()

    ignored = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    with _handling({} if ignored else {signal.SIGHUP: hang_up}):
        yield


@contextmanager
def listening(wishes: Wishes) -> Iterator[None]:
    """Count signals instead of dying of them; a third Ctrl-C raises KeyboardInterrupt."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        wishes.interrupts += 1
        if wishes.interrupts > 2:
            raise KeyboardInterrupt

    def terminate(number: int, frame: FrameType | None) -> None:
        wishes.terminated = True

    with _handling({signal.SIGINT: interrupt, signal.SIGTERM: terminate}):
        yield


_Handler: TypeAlias = Callable[[int, FrameType | None], None]


@contextmanager
def _handling(handlers: Mapping[signal.Signals, _Handler]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
