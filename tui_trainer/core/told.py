"""What happens in a run, in words: the one way in which commands and screen tell it."""

from __future__ import annotations

from pathlib import Path

from tui_trainer.core.events import (
    Best,
    CheckpointSaved,
    Event,
    Failed,
    Finished,
    Metrics,
    Noted,
    PhaseBegan,
    Resumed,
)
from tui_trainer.core.words import count, figure

_PHASES = {
    "": "starting",
    "load": "loading the data",
    "build": "building the model",
    "compile": "compiling",
    "train": "training",
    "validate": "validating",
    "evaluate": "testing",
    "save": "saving",
}


def figures(metrics: Metrics) -> str:
    """Return metrics on one line: `loss 0.2871  accuracy 0.8843`."""
    return "  ".join(f"{name} {figure(value)}" for name, value in metrics.items())


def best_value(best: Best | None) -> str:
    """Return the best value where a heading says that it is: `val_loss 0.2909 at epoch 26`."""
    return f"{best.monitor} {figure(best.value)} at epoch {best.epoch}" if best else ""


def best_words(best: Best | None) -> str:
    """Return the best value: `best val_loss 0.2909 at epoch 26`, or nothing."""
    return f"best {best_value(best)}" if best else ""


def phase_words(phase: str) -> str:
    """Return what is being done in a phase: `loading the data`; before the first, `starting`."""
    return _PHASES.get(phase, phase)


def ending(outcome: Finished | Failed | None, state: str = "lost") -> str:
    """Return how a run ended: `finished after 20 epochs, 4.3 s on CPU`, `failed: …`, `lost: …`.

    `state` is the run's state, which speaks where the history holds no outcome.
    """
    match outcome:
        case Finished():
            device = f" on {outcome.device}" if outcome.device else ""
            after = f"{count(outcome.epochs, 'epoch')}, {outcome.seconds:.1f} s{device}"
            return f"{outcome.state} after {after}"
        case Failed():
            where = f"{outcome.where}: " if outcome.where else ""
            return f"failed: {where}{outcome.message}"
        case None:
            return "lost: the process of this run is gone" if state == "lost" else state


def resumed_words(event: Resumed) -> str:
    """Return from where a run goes on: `resumed after epoch 3`."""
    if event.batch:
        return f"resumed within epoch {event.epoch + 1}, after {count(event.batch, 'batch')}"
    return f"resumed after epoch {event.epoch}" if event.epoch else "resumed from the beginning"


def event_line(event: Event, run: Path) -> str:
    """Return an event of the run in a folder as one line of a log; an epoch is worth none."""
    return " ".join(_event_words(event, run).splitlines())


def _event_words(event: Event, run: Path) -> str:
    match event:
        case PhaseBegan():
            return phase_words(event.phase)
        case CheckpointSaved():
            return f"saved epoch {event.epoch}: {_inside(Path(event.path), run)}"
        case Noted():
            return event.text
        case Resumed():
            return resumed_words(event)
        case Finished():
            spent = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in event.phases.items())
            return f"{ending(event)}: {spent}" if spent else ending(event)
        case Failed():
            return ending(event)
        case _:
            return ""


def _inside(path: Path, run: Path) -> Path:
    """Return a path as it is seen from the run's folder, or as it is if it lies elsewhere."""
    whole, root = path.absolute(), run.absolute()
    return whole.relative_to(root) if whole.is_relative_to(root) else path
