"""The shape of the program's own source."""

from pathlib import Path

import pytest

import tui_trainer

PACKAGE = Path(tui_trainer.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 400


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_is_longer_than_can_be_read(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LONGEST, f"{path.name} has {lines} lines"
