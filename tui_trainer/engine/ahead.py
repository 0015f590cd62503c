"""A run's work before its first batch, done while the user still looks at the experiment."""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import TypeAlias

from tui_trainer.core import toml
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.engine.data import Cancelled, Wait
from tui_trainer.engine.devices import device_scope, list_devices
from tui_trainer.engine.download import NotCached
from tui_trainer.engine.prepared import Prepared, Tell, prepare

Work: TypeAlias = Callable[[Prepared | None], None]
"""Takes what is prepared, or None if that failed."""


def can_prepare() -> bool:
    """Return whether anything is prepared here: not on a GPU, whose memory it would hold."""
    return len(list_devices()) == 1


class Ahead:
    """A thread that prepares an experiment and then waits for its run, or to be dropped.

    The run goes on in this very thread: Keras keeps names and seeds by thread, so its numbers are
    those of a run for which nothing was prepared.
    """

    def __init__(self, experiment: Experiment) -> None:
        """Begin to prepare."""
        self._experiment, self._text = experiment, toml.dumps(experiment)
        self._dropped = Event()
        self._lock = Lock()
        self._phases: list[tuple[str, str]] = []
        self._told: Tell | None = None
        self._next: SimpleQueue[Work | None] = SimpleQueue()
        self.thread = Thread(target=self._run, name="trainer", daemon=True)
        self.thread.start()

    def is_of(self, experiment: Experiment) -> bool:
        """Return whether exactly this experiment is prepared; 1 and 1.0 are not the same."""
        return self._text == toml.dumps(experiment)

    def go_on(self, work: Work, tell: Tell) -> None:
        """Have the thread do a run's work next, and tell the phases, those that were too."""
        with self._lock:
            for phase in self._phases:
                tell(*phase)
            self._told = tell
        self._next.put(work)

    def drop(self) -> None:
        """End the thread as soon as it can be ended; what it holds goes with it."""
        self._dropped.set()
        self._next.put(None)

    def _run(self) -> None:
        prepared = self._prepare()
        work = self._next.get()
        if work:
            work(prepared)
        else:
            del prepared
            gc.collect()  # A model holds itself.

    def _prepare(self) -> Prepared | None:
        """Return what is prepared; what goes wrong, the run itself will tell."""
        wait = Wait(cancelled=self._dropped.is_set, download=False)
        try:
            with device_scope(self._experiment.fit.device):
                return prepare(self._experiment, wait, self._tell)
        except (Cancelled, NotCached):
            pass
        except TrainerError as error:
            print(f"not prepared: {error}", file=sys.stderr)
        except Exception:
            traceback.print_exc()
        return None

    def _tell(self, phase: str, device: str) -> None:
        with self._lock:
            self._phases.append((phase, device))
            if self._told:
                self._told(phase, device)
