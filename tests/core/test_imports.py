"""What an import of the commands, or of the app, must not bring along: in a new interpreter."""

import subprocess
import sys
from pathlib import Path

import pytest

COMPUTING = ("tensorflow", "keras", "numpy", "sklearn")
DRAWING = ("textual", "rich")


@pytest.mark.parametrize(
    "line",
    [
        ["--help"],
        ["train", "--help"],
        ["presets"],
        ["runs"],
        ["show", "none"],
        ["datasets"],
        ["completion", "bash"],
        ["completion", "bash", "--line", "tui-trainer train "],
    ],
    ids=" ".join,
)
def test_commands_that_read_do_not_wait_for_keras(line: list[str], tmp_path: Path) -> None:
    program = (
        "import sys, contextlib\n"
        "from tui_trainer.cli import main\n"
        f"with contextlib.suppress(SystemExit): main({line!r})\n"
        f"print(*sorted(set(sys.modules) & set({(*COMPUTING, *DRAWING)!r})), sep='', end='')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=tmp_path,
    )
    assert not done.stdout.rpartition("\n")[2]


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
