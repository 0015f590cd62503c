"""`stop` and `pause`: a run steered from any terminal."""

from __future__ import annotations

import sys
import time
from argparse import Namespace

from tui_trainer.cli.exits import DONE, FAILED
from tui_trainer.cli.hints import resume_hint
from tui_trainer.core.claim import kill
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.keeps import keeps, lost_words
from tui_trainer.core.rundir import open_run, typed
from tui_trainer.core.told import ending
from tui_trainer.core.watch import Watch

_POLL_SECONDS = 0.1


def run(options: Namespace) -> int:
    """End a run in one of three ways, say what that keeps, and wait until it has ended."""
    watch = _live(options)
    way = "kill" if options.kill else "stop_now" if options.now else "stop"
    kept = keeps(way, watch.status, watch.checkpoint)
    if options.kill:
        kill(watch.run)
    else:
        watch.run.send(way)
    try:
        print(f"{watch.run.name}: {kept}", flush=True)
        _wait(watch)
    except KeyboardInterrupt:
        print("no longer waiting; it ends all the same", file=sys.stderr)
        raise
    lost = lost_words(watch.status, watch.checkpoint)
    how = lost if watch.state == "lost" else ending(watch.outcome, watch.state)
    print(f"{watch.run.name}: {how}")
    if watch.state != "finished":
        print(resume_hint(watch.run))
    return DONE if options.kill or watch.state in ("stopped", "finished") else FAILED


def pause(options: Namespace) -> int:
    """Have a run pause after its batch, or go on."""
    watch = _live(options)
    name = watch.run.name
    if options.off:  # Also where it has not come to pause yet.
        watch.run.send("resume")
        print(f"{name}: goes on")
        return DONE
    if watch.state == "paused":
        raise TrainerError("expected a run that is training; it is paused", name)
    watch.run.send("pause")
    print(f"{name}: {keeps('pause', watch.status, watch.checkpoint)}")
    print(f"`{typed('pause', watch.run)} --off` has it go on")
    return DONE


def _live(options: Namespace) -> Watch:
    watch = Watch.open(open_run(options.runs, options.name))
    if not watch.live:
        raise TrainerError(f"expected a run that is training; it is {watch.state}", watch.run.name)
    return watch


def _wait(watch: Watch) -> None:
    while watch.live:
        time.sleep(_POLL_SECONDS)
        watch.poll()
