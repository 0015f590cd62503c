"""Whatever is in a file: it is read, or refused in one line; nothing fails, nothing is changed."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.core.readers import READERS, Reader, try_out
from tui_trainer.core.catalogue import Catalogue

EACH = 300


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_damaged_file(reader: Reader, tmp_path: Path, catalogue: Catalogue) -> None:
    random = Random(reader.name)
    for _ in range(EACH):
        try_out(reader, tmp_path, random.randrange(2**32), catalogue)
