"""`presets`, `runs` and `show`: what there is, read from files alone."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tui_trainer.cli.exits import DONE
from tui_trainer.cli.words import best_text, columns, metrics_text
from tui_trainer.core import toml
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.events import Best, EpochEnded, Failed, Finished, Metrics, Noted, dumps
from tui_trainer.core.presets import all_presets
from tui_trainer.core.rundir import RunDir, find_runs, open_run


@dataclass(frozen=True, slots=True)
class Summary:
    """A run's figures so far."""

    name: str
    path: str
    title: str
    state: str
    device: str
    when: str
    """When it began, in local time."""
    epochs: int
    """How many are complete."""
    wanted: int
    """How many it was to have."""
    metrics: Metrics
    best: Best | None
    test: Metrics
    seconds: float
    phases: Metrics
    model: str | None
    """The path of the model, if there is one yet."""
    notes: tuple[str, ...]
    error: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the figures as an object for JSON."""
        return asdict(self)


def presets(options: Namespace) -> int:
    """Print the presets, the one to begin with first."""
    print(columns([(preset.name, preset.title) for preset in all_presets()]))
    return DONE


def runs(options: Namespace) -> int:
    """Print a line for each run, newest first."""
    found = [summarize(run) for run in find_runs(options.runs)]
    if options.json:
        for summary in found:
            print(dumps(summary.to_json()))
    elif found:
        head = ("RUN", "STATE", "EPOCHS", "BEST", "TEST", "BEGAN")
        print(columns([head, *map(_row, found)]))
    else:
        print(f"No runs in {options.runs} yet; `tui-trainer train digits` makes one.")
    return DONE


def show(options: Namespace) -> int:
    """Print the figures of one run."""
    summary = summarize(open_run(options.runs, options.name))
    print(dumps(summary.to_json()) if options.json else _page(summary))
    return DONE


def summarize(run: RunDir) -> Summary:
    """Return a run's figures from the files in its folder."""
    status, events = run.status(), run.read_events()
    ended = [event for event in events if isinstance(event, EpochEnded)]
    finished = next((event for event in events if isinstance(event, Finished)), None)
    failed = next((event for event in events if isinstance(event, Failed)), None)
    began = datetime.fromtimestamp(run.experiment.stat().st_mtime)
    return Summary(
        name=run.name,
        path=str(run.path),
        title=_title(run),
        state=status.seen(),
        device=status.device,
        when=began.isoformat(" ", "seconds"),
        epochs=len(ended),
        wanted=status.epochs,
        metrics=ended[-1].metrics if ended else {},
        best=finished.best if finished else status.best,
        test=finished.test if finished else {},
        seconds=finished.seconds if finished else status.seconds,
        phases=finished.phases if finished else {},
        model=str(run.model) if run.model.exists() else None,
        notes=tuple(event.text for event in events if isinstance(event, Noted)),
        error=str(TrainerError(failed.message, failed.where)) if failed else None,
    )


def _title(run: RunDir) -> str:
    try:
        return toml.read(run.experiment).title
    except TrainerError:
        return ""


def _row(summary: Summary) -> tuple[str, ...]:
    epochs = f"{summary.epochs} of {summary.wanted}" if summary.wanted else str(summary.epochs)
    test = metrics_text(summary.test)
    return (summary.name, summary.state, epochs, best_text(summary.best), test, summary.when[:16])


def _page(summary: Summary) -> str:
    phases = ", ".join(f"{name} {seconds:.1f}" for name, seconds in summary.phases.items())
    rows = [
        ("title", summary.title),
        ("state", summary.state),
        ("error", summary.error),
        ("device", summary.device),
        ("began", summary.when),
        ("epochs", _row(summary)[2]),
        ("last", metrics_text(summary.metrics)),
        ("best", best_text(summary.best)),
        ("test", metrics_text(summary.test)),
        ("seconds", f"{summary.seconds:.1f}" + (f": {phases}" if phases else "")),
        ("model", summary.model),
        *(("note", note) for note in summary.notes),
    ]
    told = [(f"  {name}", text) for name, text in rows if text]
    return f"{summary.name}\n{columns(told)}"
