"""How far a run is: epoch, batch, time left, metrics now and at best."""

from __future__ import annotations

from rich.text import Text
from textual.widget import Widget

from tui_trainer.core.events import Best, Failed, Finished, Metrics
from tui_trainer.core.status import Status
from tui_trainer.core.watch import Watch
from tui_trainer.ui.verdict import spaced


class Progress(Widget):
    """Three lines of a run: progress, metrics now, metrics at best."""

    DEFAULT_CSS = """
    Progress { height: 3; padding: 0 1; }
    """

    auto_links = False

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Text, ...] = ()

    def show(self, watched: Watch | None) -> None:
        """Show a run as it is now."""
        width = self.content_size.width or 80
        lines = _lines(watched, width) if watched else ()
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def render(self) -> Text:
        """Draw the lines, each cut to the width."""
        for line in self._lines:
            line.truncate(self.content_size.width, overflow="ellipsis")
        return Text("\n").join(self._lines)


def _lines(watched: Watch, width: int) -> tuple[Text, ...]:
    best, metrics = _best(watched.status.best), _metrics(watched)
    if watched.live:
        return _progress(watched, width), metrics, best
    head = _ended(watched)
    if not isinstance(watched.outcome, Finished):
        return head, metrics, best
    return Text.assemble(head, "   ", best), metrics, _figures("test", watched.outcome.test)


def _progress(watched: Watch, width: int) -> Text:
    status = watched.status
    if not status.epoch:
        doing = status.note or f"{status.phase or 'starting'} {status.seconds:.1f} s"
        return Text(doing, "bold")
    head = f"epoch {status.epoch:>3} of {status.epochs}  "
    tail = f"  {_batches(status)}{_eta(status)}"
    room = max(0, min(60, width - len(head) - len(tail)))
    return Text.assemble((head, "bold"), *bar(_share(status), room), tail)


def bar(share: float, width: int) -> list[tuple[str, str]]:
    """Return a bar of a width as styled pieces, done part first."""
    done = int(max(0.0, min(1.0, share)) * width)
    return [("━" * done, "bold"), ("━" * (width - done), "dim")]


def _share(status: Status) -> float:
    inside = status.batch / status.batches if status.batches else 0.0
    if status.phase == "validate":
        inside = 1.0
    return (status.epoch - 1 + inside) / status.epochs if status.epochs else 0.0


def _batches(status: Status) -> str:
    word = "validation batch" if status.phase == "validate" else "batch"
    total = f" of {spaced(status.batches)}" if status.batches else ""
    return f"{word} {spaced(status.batch)}{total}"


def _eta(status: Status) -> str:
    pieces = []
    if status.eta is not None:
        pieces.append(f"ETA {duration(status.eta)}")
    if status.samples_per_second:
        pieces.append(f"{spaced(round(status.samples_per_second))} samples/s")
    return "".join(f"  {piece}" for piece in pieces)


def duration(seconds: float) -> str:
    """Return a duration as minutes and seconds, or with hours."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _ended(watched: Watch) -> Text:
    match watched.outcome:
        case Finished(stopped=stopped, epochs=epochs, seconds=seconds, device=device):
            how = "stopped" if stopped else "finished"
            return Text.assemble(
                (f"{how} after {epochs} epochs", "bold"), f", {seconds:.1f} s on {device}"
            )
        case Failed(message=message):
            return Text(f"✗ failed: {message}", "bold red")
        case _:
            return Text("✗ lost: the process of this run is gone", "bold red")


def _metrics(watched: Watch) -> Text:
    epochs = watched.curves.epochs
    last = epochs[-1].metrics if epochs else {}
    return _figures("", {**last, **watched.status.metrics} if watched.live else last)


def _figures(title: str, metrics: Metrics) -> Text:
    line = Text(f"{title}   " if title and metrics else "", "bold")
    for name, value in metrics.items():
        line.append(f"{name} ", "dim").append(f"{value:.4f}   ", "bold" if title else "")
    return line


def _best(best: Best | None) -> Text:
    if best is None:
        return Text()
    value = (f"{best.value:.4f}", "bold")
    return Text.assemble((f"★ best {best.monitor} ", "dim"), value, f" at epoch {best.epoch}")
