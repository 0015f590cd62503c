"""A run that a test writes, epoch by epoch: for an app that watches, it is one like any other."""

from __future__ import annotations

import math
import os
import socket
import time
from pathlib import Path
from threading import Event, Thread

from terminal import Terminal

from tui_trainer.core.claim import Claim
from tui_trainer.core.events import Best, EpochEnded, PhaseBegan
from tui_trainer.core.presets import open_experiment
from tui_trainer.core.rundir import create_run
from tui_trainer.core.status import Status
from tui_trainer.core.toml import dumps


class ScriptedRun:
    """A live run without TensorFlow; it is this process's own, until it is closed."""

    def __init__(self, runs: Path, preset: str = "digits", epochs: int = 1000) -> None:
        experiment, name, _ = open_experiment(preset)
        text = dumps(experiment).replace("epochs = 20", f"epochs = {epochs}")
        self.run = create_run(runs, name, text)
        self.epochs = epochs
        self.epoch = 0
        self._best: Best | None = None
        self._claim = Claim(self.run)
        self._end = Event()
        self._thread: Thread | None = None
        self.run.add_event(PhaseBegan("train"))
        self.batch(0)

    def batch(self, batch: int) -> None:
        """Write that the epoch in work has come to a batch."""
        self.run.write_status(
            Status(
                state="running",
                phase="train",
                epoch=self.epoch + 1,
                epochs=self.epochs,
                batch=batch,
                batches=41,
                metrics=self._metrics(self.epoch + batch / 41),
                best=self._best,
                samples_per_second=88000.0 + 7 * batch,
                eta=float(self.epochs - self.epoch),
                device="CPU",
                pid=os.getpid(),
                host=socket.gethostname(),
                heartbeat=time.time(),
            )
        )

    def end_epoch(self) -> None:
        """Write that one more epoch is done."""
        self.epoch += 1
        metrics = self._metrics(self.epoch)
        if self._best is None or metrics["val_loss"] < self._best.value:
            self._best = Best(self.epoch, "val_loss", metrics["val_loss"])
        self.run.add_event(EpochEnded(self.epoch, metrics, 0.4 + self.epoch % 7 / 100, time.time()))
        self.batch(0)

    def go_on(self, seconds: float, batches: int = 4) -> None:
        """Write an epoch every so many seconds, and some batches of each, until closed."""

        def work() -> None:
            batch = 0
            while not self._end.wait(seconds / batches):
                batch = (batch + 1) % batches
                if batch:
                    self.batch(41 * batch // batches)
                else:
                    self.end_epoch()

        self._thread = Thread(target=work, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Go on no more."""
        self._end.set()
        if self._thread:
            self._thread.join()
        self._claim.release()

    def _metrics(self, epoch: float) -> dict[str, float]:
        loss = 0.1 + 0.5 * math.exp(-epoch / 20) + 0.01 * math.sin(7 * epoch)
        validation = loss + 0.02 + 0.01 * math.sin(11 * epoch)
        return {
            "loss": loss,
            "accuracy": 1 - loss / 3,
            "val_loss": validation,
            "val_accuracy": 1 - validation / 3,
        }


def cost_of_an_epoch(terminal: Terminal, run: ScriptedRun) -> int:
    """Return the bytes that it takes to show one more epoch, however long that takes."""
    before = len(terminal.written)
    run.end_epoch()
    terminal.wait_for(lambda: terminal.find(rf"epoch +{run.epoch + 1} of 1000"))
    terminal.settle(0.6)
    return len(terminal.written) - before
