"""Rows of text as the commands print them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tui_trainer.core.brief import harmless


def columns(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """Return rows as lines whose cells stand below each other; those `right` end together."""
    rows = [[*map(harmless, cells)] for cells in rows]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            f"{cell:{'>' if number in right else '<'}{width}}"
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)
