"""A run in a few figures: a line in a list of runs, or a page of its own."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import Best, Failed, Finished, Metrics, Noted
from tui_trainer.core.watch import Watch


@dataclass(frozen=True, slots=True)
class Summary:
    """A run's figures so far."""

    name: str
    path: str
    title: str
    state: str
    """`Status.state`, or `lost`."""
    device: str
    began: str
    """When it began, in local time: `2026-07-01 12:30:00`."""
    epochs: int
    """How many are complete."""
    planned: int
    """How many it was to have."""
    metrics: Metrics
    """Those of the last complete epoch."""
    best: Best | None
    test: Metrics
    seconds: float
    phases: Metrics
    """Seconds spent, by phase."""
    model: str | None
    """The path of the result, if there is one yet."""
    notes: tuple[str, ...]
    error: str | None
    """Why it failed, if it did."""

    @staticmethod
    def of(watch: Watch) -> Summary:
        """Return the figures of a run as a watch last saw it."""
        run, status, epochs = watch.run, watch.status, watch.curves.epochs
        finished = watch.outcome if isinstance(watch.outcome, Finished) else None
        failed = watch.outcome if isinstance(watch.outcome, Failed) else None
        return Summary(
            name=run.name,
            path=str(run.path),
            title=watch.experiment.title,
            state=watch.state,
            device=finished.device if finished else status.device,
            began=_began(run.experiment),
            epochs=finished.epochs if finished else epochs[-1].epoch if epochs else 0,
            planned=watch.experiment.fit.epochs,
            metrics=finished.metrics if finished else epochs[-1].metrics if epochs else {},
            best=finished.best if finished else status.best,
            test=finished.test if finished else {},
            seconds=finished.seconds if finished else status.seconds,
            phases=finished.phases if finished else {},
            model=str(run.model) if run.model.is_file() else None,
            notes=tuple(event.text for event in watch.log if isinstance(event, Noted)),
            error=str(TrainerError(failed.message, failed.where)) if failed else None,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the figures as an object for JSON."""
        return asdict(self)


def _began(path: Path) -> str:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime).isoformat(" ", "seconds")
    except OSError:
        return ""
