"""`attach`: a run as it goes on, or as it went, from any terminal."""

from __future__ import annotations

import sys
import time
from argparse import Namespace

from tui_trainer.cli.app import can_draw, open_app
from tui_trainer.cli.exits import DONE, FAILED
from tui_trainer.cli.follow import tell_failure
from tui_trainer.cli.front import Front, JsonFront, PlainFront
from tui_trainer.cli.hints import resume_hint
from tui_trainer.core.events import Failed
from tui_trainer.core.keeps import lost_words
from tui_trainer.core.lines import Tail
from tui_trainer.core.rundir import open_run
from tui_trainer.core.watch import Watch

_POLL_SECONDS = 0.2


def run(options: Namespace) -> int:
    """Show a run in the app, or where that cannot be drawn, as lines."""
    found = open_run(options.runs, options.name)
    if options.json or options.plain or not can_draw():
        front = JsonFront if options.json else PlainFront
        return _follow(Watch.open(found), front(sys.stdout, sys.stderr))
    return open_app(options, None, found)


def _follow(watch: Watch, front: Front) -> int:
    """Print a run from its beginning until it has ended, and return the exit status of `train`."""
    try:
        front.began(watch.run, watch.experiment.title)
        status = _print_until_ended(watch, front)
    except KeyboardInterrupt:
        front.said(f"no longer watching; {watch.run.name} goes on")
        raise
    if watch.state != "lost":
        return status
    lost = lost_words(watch.status, watch.checkpoint)
    front.said(f"tui-trainer: {watch.run.name}: {lost}; {resume_hint(watch.run)}")
    return FAILED


def _print_until_ended(watch: Watch, front: Front) -> int:
    tail, status = Tail(watch.run.events), DONE
    while True:
        live = watch.live  # Asked first: what a run tells before it ends is not to be missed.
        front.update(watch.status)
        for event in tail.events():
            status = DONE
            front.happened(event)
            if isinstance(event, Failed):
                status = tell_failure(watch.run, event, front, trained=watch.status.epoch > 0)
        if not live:
            return status
        time.sleep(_POLL_SECONDS)
        watch.poll()
