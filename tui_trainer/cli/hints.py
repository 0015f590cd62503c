"""What to type next, told where a run ended."""

from __future__ import annotations

import shlex

from tui_trainer.core.places import runs_dir
from tui_trainer.core.rundir import RunDir


def command(name: str, run: RunDir) -> str:
    """Return a command for a run as it can be typed in this folder."""
    known = run.path.parent.absolute() == runs_dir().absolute()
    return shlex.join(["tui-trainer", name, run.name if known else str(run.path)])


def resume_hint(run: RunDir) -> str:
    """Return the line that tells how to go on with a run that ended early."""
    return f"`{command('resume', run)}` goes on with it"
