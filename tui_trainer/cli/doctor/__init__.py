"""`doctor`: examines what the program needs, and says what to do."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tui_trainer.cli.doctor.computing import examine_computing
from tui_trainer.cli.doctor.finding import FAIL, OK, WARN, Finding
from tui_trainer.cli.doctor.storage import examine_storage
from tui_trainer.cli.doctor.terminal import examine_terminal
from tui_trainer.cli.exits import DONE, FAILED
from tui_trainer.core.events import dumps
from tui_trainer.core.words import count


def run(options: Namespace) -> int:
    """Print each finding as it is made; fail if something does not work."""
    found = []
    for finding in _examine(options.runs):
        found.append(finding.level)
        print(dumps(finding.to_json()) if options.json else _line(finding), flush=True)
    if not options.json:
        print(f"\n{_verdict(found)}")
    return FAILED if FAIL in found else DONE


def _examine(runs: Path) -> Iterator[Finding]:
    return chain(examine_terminal(), examine_computing(), examine_storage(runs))


def _line(finding: Finding) -> str:
    line = f"{finding.level:<4}  {finding.what:<10}  {finding.found}"
    return f"{line}\n{'':18}{finding.todo}" if finding.todo else line


def _verdict(levels: list[str]) -> str:
    broken, weak = levels.count(FAIL), levels.count(WARN)
    if broken:
        return f"{count(broken, 'thing')} to be mended first, {count(weak, 'warning')}"
    if weak:
        return f"it works, with {count(weak, 'warning')}"
    return f"all is well: {count(levels.count(OK), 'thing')} examined"
