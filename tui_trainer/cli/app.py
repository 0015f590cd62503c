"""`tui-trainer [FILE|PRESET]`: the app."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from tui_trainer.core.errors import TrainerError
from tui_trainer.core.presets import open_document


def run(options: Namespace) -> int:
    """Open the app, with an experiment if one is named."""
    named = options.experiment is not None
    document = open_document(options.experiment) if named else None
    if not can_draw():
        raise TrainerError(
            "expected a terminal to draw on; without one, `tui-trainer train FILE|PRESET` trains "
            "in plain lines, and with --json for programs"
        )
    from tui_trainer.ui.app import run as open_app

    return open_app(document, options.runs)


def can_draw() -> bool:
    """Return whether there is a terminal that the app can be drawn on."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    terminal = os.environ.get("TERM", "")
    return terminal not in ("", "dumb") and all(stream.isatty() for stream in streams)
