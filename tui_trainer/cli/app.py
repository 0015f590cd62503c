"""`tui-trainer [FILE|PRESET]`: the app."""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.presets import open_document

if TYPE_CHECKING:
    from tui_trainer.core.rundir import RunDir


def run(options: Namespace) -> int:
    """Open the app, with an experiment if one is named."""
    named = options.experiment is not None
    document = open_document(options.experiment) if named else None
    reason = why_not_drawn()
    if reason:
        raise TrainerError(
            f"{reason}; `tui-trainer train digits` trains in plain lines, with --json "
            "for programs, and `tui-trainer show RUN` tells what came of it"
        )
    return open_app(options, document)


def open_app(options: Namespace, document: Document | None, shown: RunDir | None = None) -> int:
    """Open the app on an experiment or on a run, and return the exit status."""
    gc.disable()  # What is imported and drawn first is no garbage; the app collects after that.
    from tui_trainer.ui.app import run as open_on

    return open_on(document, options.runs, shown, options.plain_motion, options.ascii)


def can_draw() -> bool:
    """Return whether there is a terminal that the app can be drawn on."""
    return not why_not_drawn()


def why_not_drawn() -> str:
    """Return why the app cannot be drawn here; nothing if it can."""
    for name, stream in (("input", sys.stdin), ("output", sys.stdout)):
        if stream is None or stream.closed or not stream.isatty():
            return f"expected a terminal as standard {name}"
    terminal = os.environ.get("TERM", "")
    if terminal in ("", "dumb"):
        return f"expected a terminal that can be drawn on; received TERM={terminal}"
    return ""
