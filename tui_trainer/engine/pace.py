"""How fast a run goes: seconds by phase, samples a second, seconds until it ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from time import monotonic

_VALIDATION_COST = 0.4
"""What a validation sample costs, measured in training samples, until it has been measured."""
_RECENT = 3


class Stopwatch:
    """Seconds spent in each phase, in all processes that worked on a run."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}
        self._before: Mapping[str, float] = {}
        self._earlier = 0.0
        """By phase and in all, what other processes spent."""
        self._phase = ""
        self._turned: set[str] = set()
        self._since = self._began = monotonic()
        self._held: float | None = None

    def take_up(self, phases: Mapping[str, float], total: float) -> None:
        """Take what was spent before."""
        self._before, self._earlier = phases, total

    def turn(self, phase: str) -> bool:
        """Begin a phase and end the one before; return whether it is the first of its name."""
        if self._phase:
            self._spent[self._phase] = self._spent.get(self._phase, 0.0) + self.phase_seconds
        self._since = monotonic()
        self._phase = phase
        first = bool(phase) and phase not in self._turned
        self._turned.add(phase)
        return first

    def hold(self) -> None:
        """Let no second pass until `go_on`."""
        self._held = monotonic()

    def go_on(self) -> float:
        """Let seconds pass again; return how many did not."""
        assert self._held is not None
        waited, self._held = monotonic() - self._held, None
        self._since += waited
        self._began += waited
        return waited

    @property
    def seconds(self) -> dict[str, float]:
        """Seconds by phase."""
        now = {self._phase: self.phase_seconds} if self._phase else {}
        tables = (self._before, self._spent, now)
        names = dict.fromkeys(name for table in tables for name in table)
        return {name: sum(table.get(name, 0.0) for table in tables) for name in names}

    @property
    def phase_seconds(self) -> float:
        """Seconds since the phase began; 0 where none goes on."""
        return self._now - self._since if self._phase else 0.0

    @property
    def total(self) -> float:
        """Seconds since it was made, and those before."""
        return self._earlier + self._now - self._began

    @property
    def _now(self) -> float:
        return monotonic() if self._held is None else self._held


class Pace:
    """The speed of the epochs, and what it promises."""

    def __init__(self, epochs: int, batches: int, batch_size: int, ratio: float) -> None:
        """Take the number of epochs, of batches in each, and of validation samples a sample."""
        self._epochs, self._batches, self._batch_size = epochs, batches, batch_size
        self._ratio = ratio
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._ended = 0
        """How many epochs were timed."""
        self._epoch = 0
        self._done = self._before = 0
        self._began = self._first = self._newest = 0.0
        self._warming = False

    def begin_epoch(self, epoch: int, done: int = 0, spent: float = 0.0) -> None:
        """Tell that an epoch begins, from 1; or that it goes on after batches that took a while."""
        self._epoch, self._done, self._before = epoch, done, done
        self._first = self._newest = monotonic()
        self._began = self._first - spent
        self._warming = not self._ended

    def add_batch(self, done: int) -> None:
        """Tell how many batches of the epoch are done."""
        self._newest = monotonic()
        if self._warming:  # What begins takes longer than what goes on.
            self._first, self._before, self._warming = self._newest, done, False
        self._done = done

    def wait(self, seconds: float) -> None:
        """Tell that for so long nothing was done."""
        self._began += seconds
        self._first += seconds
        self._newest += seconds

    def end_epoch(self) -> float:
        """Tell that the epoch ends, and return its seconds."""
        now, rest = monotonic(), self._batches - self._before
        if self._ended == 1:
            self._recent.clear()
        if rest:
            self._recent.append((now - self._first) * self._batches / rest)
        self._ended += 1
        return now - self._began

    @property
    def spent(self) -> float:
        """Seconds that the epoch has taken so far."""
        return monotonic() - self._began

    @property
    def samples_per_second(self) -> float:
        """Training samples a second in this epoch."""
        seconds, done = self._newest - self._first, self._done - self._before
        return done * self._batch_size / seconds if done and seconds else 0.0

    @property
    def eta(self) -> float | None:
        """Seconds until the last epoch ends, validation included; None while it is not known."""
        each = self._each()
        if each is None:
            return None
        spent = monotonic() - self._first + each * self._before / self._batches
        return max(0.0, each - spent) + (self._epochs - self._epoch) * each

    def _each(self) -> float | None:
        if self._recent:
            return sum(self._recent) / len(self._recent)
        done = self._done - self._before
        if not done:
            return None
        training = (monotonic() - self._first) * self._batches / done
        return training * (1 + _VALIDATION_COST * self._ratio)
