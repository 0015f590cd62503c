"""What an import of the commands, or of the app, must not bring along: in a new interpreter."""

import subprocess
import sys

import pytest

COMPUTING = ("tensorflow", "keras", "numpy", "sklearn")
DRAWING = ("textual", "rich")


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("tui_trainer.cli", (*COMPUTING, *DRAWING)),
        ("tui_trainer.__main__", (*COMPUTING, *DRAWING)),
        ("tui_trainer.ui.app", COMPUTING),
    ],
)
def test_nothing_heavy_is_imported(module: str, heavy: tuple[str, ...]) -> None:
    program = (
        f"import sys, {module}\n"
        f"print(*sorted({{name.partition('.')[0] for name in sys.modules}} & set({heavy!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == []
