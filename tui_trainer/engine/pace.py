"""How fast a run goes: seconds by phase, samples a second, seconds until it ends."""

from __future__ import annotations

from collections import deque
from time import monotonic

_VALIDATION_COST = 0.4
"""What a validation sample costs, measured in training samples, until it has been measured."""
_RECENT = 3


class Stopwatch:
    """Seconds spent in each phase."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._phase = ""
        self._since = self._began = monotonic()

    def turn(self, phase: str) -> bool:
        """Begin a phase and end the one before; return whether it is the first of its name."""
        now = monotonic()
        if self._phase:
            self.seconds[self._phase] = self.seconds.get(self._phase, 0.0) + now - self._since
        self._phase, self._since = phase, now
        return bool(phase) and phase not in self.seconds

    @property
    def phase_seconds(self) -> float:
        """Seconds since the phase began; 0 where none goes on."""
        return monotonic() - self._since if self._phase else 0.0

    @property
    def total(self) -> float:
        """Seconds since it was made."""
        return monotonic() - self._began


class Pace:
    """The speed of the epochs, and what it promises."""

    def __init__(self, epochs: int, batches: int, batch_size: int, ratio: float) -> None:
        """Take the number of epochs, of batches in each, and of validation samples a sample."""
        self._epochs, self._batches, self._batch_size = epochs, batches, batch_size
        self._ratio = ratio
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._epoch = 0
        self._done = self._before = 0
        self._began = self._first = self._newest = 0.0

    def begin_epoch(self, epoch: int) -> None:
        """Tell that an epoch begins; it counts from 1."""
        self._epoch, self._done, self._before = epoch, 0, 0
        self._began = self._first = self._newest = monotonic()

    def add_batch(self, done: int) -> None:
        """Tell how many batches of the epoch are done."""
        self._newest = monotonic()
        if self._epoch == 1 and not self._done:  # What begins takes longer than what goes on.
            self._first, self._before = self._newest, done
        self._done = done

    def end_epoch(self) -> float:
        """Tell that the epoch ends, and return its seconds."""
        now = monotonic()
        if self._epoch == 1:
            rest = max(1, self._batches - self._before)
            self._recent.append((now - self._first) * self._batches / rest)
        else:
            if self._epoch == 2:
                self._recent.clear()
            self._recent.append(now - self._began)
        return now - self._began

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
        spent = monotonic() - (self._first if self._epoch == 1 else self._began)
        return max(0.0, each - spent) + (self._epochs - self._epoch) * each

    def _each(self) -> float | None:
        if self._recent:
            return sum(self._recent) / len(self._recent)
        done = self._done - self._before
        if not done:
            return None
        training = (monotonic() - self._first) * self._batches / done
        return training * (1 + _VALIDATION_COST * self._ratio)
