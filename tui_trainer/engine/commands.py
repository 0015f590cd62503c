"""What the user asks of a run while it goes on."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from threading import Lock

from tui_trainer.core.lines import Tail
from tui_trainer.core.rundir import RunDir


class Commands:
    """The commands of a run as far as they have been read; any thread may read on."""

    def __init__(self, run: RunDir) -> None:
        self.stop = False
        """Whether to end after this epoch."""
        self.stop_now = False
        """Whether to end at the next batch."""
        self.paused = False
        """Whether to wait at the next batch."""
        self.saves: deque[str] = deque()
        """Paths where the model is to be saved."""
        self._tail = Tail(run.commands)
        self._lock = Lock()

    @property
    def stopping(self) -> bool:
        """Whether to end, sooner or later."""
        return self.stop or self.stop_now

    @property
    def pausing(self) -> bool:
        """Whether to wait: a run that is to end does not."""
        return self.paused and not self.stopping

    def read(self) -> None:
        """Read what has been asked since."""
        with self._lock, suppress(OSError):  # A folder that is gone for now asks for nothing.
            for record in self._tail.records():
                match record:
                    case {"command": "stop"}:
                        self.stop = True
                    case {"command": "stop_now"}:
                        self.stop_now = True
                    case {"command": "pause" | "resume" as wish}:
                        self.paused = wish == "pause"
                    case {"command": "save", "path": str(path)}:
                        self.saves.append(path)
                    case _:
                        pass
