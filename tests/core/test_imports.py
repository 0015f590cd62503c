"""What an import of the commands must not bring along, seen by a fresh interpreter."""

import subprocess
import sys

import pytest

HEAVY = ("tensorflow", "keras", "numpy", "sklearn", "textual", "rich")


@pytest.mark.parametrize("module", ["tui_trainer.cli", "tui_trainer.__main__"])
def test_commands_start_without_anything_heavy(module: str) -> None:
    program = (
        f"import sys, {module}\n"
        f"print(*sorted({{name.partition('.')[0] for name in sys.modules}} & set({HEAVY!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == []
