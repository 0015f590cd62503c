"""How far a run is: epoch, batch, time left, metrics now and at best."""

from __future__ import annotations

from rich.text import Text
from textual.widget import Widget

from tui_trainer.core.events import Finished, Metrics
from tui_trainer.core.keeps import kept, lost_words
from tui_trainer.core.status import Status
from tui_trainer.core.watch import Watch
from tui_trainer.core.words import (
    best_words,
    duration,
    ending,
    figure,
    phase_words,
    spaced,
)
from tui_trainer.ui.keymap import key


class Progress(Widget):
    """Three lines of a run: progress, metrics now, metrics at best; below them what is wrong."""

    DEFAULT_CSS = """
    Progress { height: auto; min-height: 3; max-height: 7; padding: 0 1; }
    """

    auto_links = False

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Text, ...] = ()
        self._wrong: tuple[str, ...] = ()

    def show(self, watched: Watch | None) -> None:
        """Show a run as it is now."""
        width = self.content_size.width or 80
        lines = _lines(watched, width) if watched else ()
        wrong = tuple(watched.warnings) if watched else ()
        if (lines, wrong) != (self._lines, self._wrong):
            self.refresh(layout=wrong != self._wrong or len(lines) != len(self._lines))
            self._lines, self._wrong = lines, wrong

    def render(self) -> Text:
        """Draw the lines, each cut to the width but what is wrong; a single one is not cut."""
        lines = [line.copy() for line in self._lines]
        for line in lines if len(lines) > 1 else ():
            line.truncate(self.content_size.width, overflow="ellipsis")
        wrong = [Text.assemble(("! ", "bold yellow"), text) for text in self._wrong]
        return Text("\n").join([*lines, *wrong])


def _lines(watched: Watch, width: int) -> tuple[Text, ...]:
    status, epochs = watched.status, watched.curves.epochs
    best = Text(f"★ {best_words(status.best)}") if status.best else Text()
    last = epochs[-1].metrics if epochs else {}
    name = (f"{watched.run.name}  ", "dim")
    if watched.live:
        if _in_epochs(watched):
            best.append(f"   {status.note}", "bold")
        head = Text.assemble(name, _progress(watched, width - len(name[0])))
        return head, _figures({**last, **status.metrics}), best
    if isinstance(watched.outcome, Finished):
        head = Text.assemble(name, (ending(watched.outcome), "bold"))
        title = ("test   ", "bold") if watched.outcome.test else ""
        test = Text.assemble(title, _figures(watched.outcome.test, "bold"), best)
        return head, _figures(last), test
    fault = f"✗ {_fault(watched)}; {key('train.resume')} resumes"
    return (Text.assemble(name, (fault, "bold red")),)


def _fault(watched: Watch) -> str:
    """Return why a run has ended that did not finish, and what is left of it."""
    if watched.state == "lost":
        return lost_words(watched.status, watched.checkpoint)
    told = "" if watched.outcome else watched.status.note
    return f"{told or ending(watched.outcome, watched.state)}; {kept(watched.checkpoint)}"


def _in_epochs(watched: Watch) -> bool:
    """Return whether there are an epoch and its batches to be shown."""
    return watched.status.phase in ("train", "validate") or watched.state == "paused"


def _progress(watched: Watch, width: int) -> Text:
    status = watched.status
    if not _in_epochs(watched):
        doing = status.note or f"{phase_words(status.phase)} {status.phase_seconds:.1f} s"
        return Text(doing, "bold")
    head = f"epoch {status.epoch:>3} of {status.epochs}  "
    paused = f"  paused: {key('train.pause')} goes on"
    tail = f"  {_batches(status)}{paused if watched.state == 'paused' else _eta(status)}"
    room = max(0, min(60, width - len(head) - len(tail)))
    return Text.assemble((head, "bold"), *bar(_share(status), room), tail)


def bar(share: float, width: int) -> list[tuple[str, str]]:
    """Return a bar of a width as styled pieces, done part first."""
    done = int(max(0.0, min(1.0, share)) * width)
    return [("━" * done, "bold"), ("─" * (width - done), "dim")]


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


def _figures(metrics: Metrics, style: str = "") -> Text:
    line = Text()
    for name, value in metrics.items():
        line.append(f"{name} ", "dim").append(f"{figure(value)}   ", style)
    return line
