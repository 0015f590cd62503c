"""Whether the app can be drawn here, and how well."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

from tui_trainer.cli.app import why_not_drawn
from tui_trainer.cli.doctor.finding import WARN, Finding
from tui_trainer.core.characters import why_ascii

_WHOLE, _USABLE = (80, 24), (60, 20)
"""The size at which nothing is left out, and the smallest that the app is made for."""
_SAMPLE = "●▲★✓✗ ━━─│┬ ▾▸ ▁▃▅█ ⣀⣤⣶⣿"
"""One of each kind of character that the app draws with."""


def examine_terminal() -> Iterator[Finding]:
    """Yield what there is to say of the terminal."""
    reason = why_not_drawn()
    if reason:
        yield Finding(
            "terminal",
            reason,
            WARN,
            "The app needs a terminal; train, attach, show, runs and check work without one.",
        )
    else:
        yield _size()
        yield _colours()
    yield _characters()
    yield _line_to_here()


def _size() -> Finding:
    columns, lines = shutil.get_terminal_size()
    found = f"{columns} × {lines}, {os.environ.get('TERM', '')}"
    if columns >= _WHOLE[0] and lines >= _WHOLE[1]:
        return Finding("terminal", found)
    usable = columns >= _USABLE[0] and lines >= _USABLE[1]
    least = "80 × 24: then nothing is left out" if usable else "60 × 20, better 80 × 24"
    return Finding("terminal", found, WARN, f"Make the window at least {least}.")


def _colours() -> Finding:
    name = os.environ.get("TERM", "")
    if os.environ.get("NO_COLOR"):
        return Finding("colours", "none, as NO_COLOR asks; marks tell curves apart")
    if os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or "direct" in name:
        return Finding("colours", "16 million")
    if "256" in name:
        return Finding("colours", "256")
    if name == "linux":
        return Finding("colours", "16, as many as a console has")
    return Finding(
        "colours",
        "16",
        WARN,
        f"Most terminals know more: try `export TERM={_richer(name)}`.",
    )


def _richer(name: str) -> str:
    kind = name.partition("-")[0]
    return f"{kind if kind in ('screen', 'tmux', 'rxvt') else 'xterm'}-256color"


def _characters() -> Finding:
    reason = why_ascii()
    if reason.startswith("TERM"):
        return Finding("characters", f"ASCII alone, as {reason} has few others")
    if reason:
        return Finding(
            "characters",
            f"ASCII alone, for {reason}",
            WARN,
            "If the terminal knows UTF-8, set such a locale: `export LC_ALL=C.UTF-8`.",
        )
    return Finding(
        "characters",
        f"all of UTF-8: {_SAMPLE}",
        todo="If one shows as a box, choose another font, or draw without: `tui-trainer --ascii`.",
    )


def _line_to_here() -> Finding:
    """Return how the terminal is reached: over a network, through another program."""
    over = (
        "over SSH" if any(map(os.environ.get, ("SSH_CONNECTION", "SSH_TTY"))) else "on this machine"
    )
    inside = [name for name, sign in (("tmux", "TMUX"), ("screen", "STY")) if os.environ.get(sign)]
    within = f", in {inside[0]}" if inside else ""
    return Finding("line", f"{over}{within}: runs go on when it drops")
