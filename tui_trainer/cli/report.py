"""`presets`, `runs` and `show`: what there is, read from files alone."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from tui_trainer.cli.exits import DONE
from tui_trainer.cli.hints import resume_hint
from tui_trainer.cli.table import columns
from tui_trainer.core.characters import why_ascii
from tui_trainer.core.curves import Curves
from tui_trainer.core.events import dumps
from tui_trainer.core.presets import Preset, all_presets
from tui_trainer.core.rundir import RunDir, find_runs, open_run
from tui_trainer.core.summary import Summary
from tui_trainer.core.told import best_value, figures, resumed_words
from tui_trainer.core.trend import sparkline, trends
from tui_trainer.core.words import figure

_UNFINISHED = ("stopped", "failed", "lost")
_TO_THE_MINUTE = len("2026-07-01 12:30")


def presets(options: Namespace) -> int:
    """Print the presets, the one to begin with first, the user's own last."""
    rows = [
        (preset.name, "yours" if preset.own else "", _about(preset)) for preset in all_presets()
    ]
    print(columns(rows))
    return DONE


def _about(preset: Preset) -> str:
    return f"✗ {preset.trouble}" if preset.trouble else preset.title


def runs(options: Namespace) -> int:
    """Print a line for each run, newest first."""
    found = [Summary.read(run) for run in find_runs(options.runs)]
    if options.json:
        for summary in found:
            print(dumps(summary.to_json()))
    elif found:
        head = ("RUN", "STATE", "EPOCHS", "BEST", "TEST", "BEGAN")
        print(columns([head, *map(_row, found)]))
        if sys.stdout.isatty() and any(summary.state in _UNFINISHED for summary in found):
            print(
                "\n`tui-trainer resume RUN` goes on with one that was stopped, failed or is lost."
            )
    else:
        print(f"No runs in {options.runs} yet; `tui-trainer train digits` makes one.")
    return DONE


def show(options: Namespace) -> int:
    """Print the figures of one run, and its curves in words."""
    run = open_run(options.runs, options.name)
    summary, curves = Summary.read(run), Curves.of(run.read_events())
    if options.json:
        told = [trend.to_json() for trend in trends(curves)]
        print(dumps({**summary.to_json(), "curves": told}))
        return DONE
    print(_page(summary, run))
    if curves.epochs:
        print(f"\n{_curves(curves)}")
    return DONE


def _row(summary: Summary) -> tuple[str, ...]:
    return (
        summary.name,
        summary.state,
        f"{summary.epochs} of {summary.planned}",
        best_value(summary.best),
        figures(summary.test),
        summary.began[:_TO_THE_MINUTE],
    )


def _page(summary: Summary, run: RunDir) -> str:
    phases = ", ".join(f"{name} {seconds:.1f}" for name, seconds in summary.phases.items())
    hint = f": {resume_hint(run)}" if summary.state in _UNFINISHED else ""
    resumed = [resumed_words(event).removeprefix("resumed ") for event in summary.resumed]
    rows = [
        ("title", summary.title),
        ("state", summary.state + hint),
        ("error", summary.error),
        ("device", summary.device),
        ("began", summary.began),
        ("epochs", f"{summary.epochs} of {summary.planned}"),
        ("last", figures(summary.metrics)),
        ("best", best_value(summary.best)),
        ("test", figures(summary.test)),
        ("seconds", f"{summary.seconds:.1f}" + (f": {phases}" if phases else "")),
        *_usage_rows(summary),
        ("model", summary.model),
        ("checkpoint", f"of epoch {summary.checkpoint}" if summary.checkpoint else ""),
        *(("resumed", words) for words in resumed),
        *(("note", note) for note in dict.fromkeys(summary.notes)),
    ]
    told = [(f"  {name}", text) for name, text in rows if text]
    return f"{summary.name}\n{columns(told)}"


def _usage_rows(summary: Summary) -> list[tuple[str, str]]:
    """Return what a run that goes on takes, and what all do on its machine."""
    if summary.usage is None:
        return []
    usage = summary.usage
    return [
        ("takes", usage.words(summary.device)),
        ("machine", usage.machine_words),
        *(("gpu", f"{gpu.title}: {gpu.words}") for gpu in usage.gpus),
    ]


def _curves(curves: Curves) -> str:
    """Return a line for each metric: its ends, its best, and where it leads."""
    head = ("  METRIC", "FIRST", "LAST", "BEST", "TREND")
    rows = [
        (
            f"  {trend.metric}",
            figure(trend.first),
            figure(trend.last),
            f"{figure(trend.best.value)} at epoch {trend.best.epoch}" if trend.best else "",
            trend.words,
        )
        for trend in trends(curves)
    ]
    if not _draws_blocks():
        return columns([head, *rows])
    lines = [sparkline(curves.points(row[0].strip())) for row in rows]
    drawn = [(*row, line) for row, line in zip(rows, lines, strict=True)]
    return columns([(*head, ""), *drawn])


def _draws_blocks() -> bool:
    """Return whether standard output shows block characters, to somebody who looks at them."""
    terminal = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    return terminal and not why_ascii()
