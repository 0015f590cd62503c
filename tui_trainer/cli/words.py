"""Figures as the commands write them."""

from __future__ import annotations

from tui_trainer.core.events import Best, Metrics


def metrics_text(metrics: Metrics) -> str:
    """Return metrics on one line: `loss 0.2871  accuracy 0.8843`."""
    return "  ".join(f"{name} {value:.4g}" for name, value in metrics.items())


def best_text(best: Best | None) -> str:
    """Return the best value: `val_loss 0.1021 in epoch 18`, or nothing."""
    return f"{best.monitor} {best.value:.4g} in epoch {best.epoch}" if best else ""
