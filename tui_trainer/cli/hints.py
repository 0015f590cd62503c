"""What to type next, told where a run ended."""

from __future__ import annotations

from tui_trainer.core.rundir import RunDir, typed


def resume_hint(run: RunDir) -> str:
    """Return the line that tells how to go on with a run that ended early."""
    return f"`{typed('resume', run)}` goes on with it"
