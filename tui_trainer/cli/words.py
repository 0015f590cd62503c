"""Figures and tables as the commands write them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tui_trainer.core.events import Best, Metrics


def metrics_text(metrics: Metrics) -> str:
    """Return metrics on one line: `loss 0.2871  accuracy 0.8843`."""
    return "  ".join(f"{name} {value:#.4g}" for name, value in metrics.items())


def best_text(best: Best | None) -> str:
    """Return the best value: `val_loss 0.1021 in epoch 18`, or nothing."""
    return f"{best.monitor} {best.value:#.4g} in epoch {best.epoch}" if best else ""


def columns(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """Return rows as lines whose cells stand below each other; those `right` end together."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            f"{cell:{'>' if number in right else '<'}{width}}"
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)
