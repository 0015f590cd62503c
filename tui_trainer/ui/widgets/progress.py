"""How far a run is: epoch, batch, time left, metrics now and at best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text
from textual.widget import Widget

from tui_trainer.core.events import Finished, Metrics
from tui_trainer.core.keeps import kept, lost_words
from tui_trainer.core.status import Status
from tui_trainer.core.told import best_words, ending, phase_words
from tui_trainer.core.watch import Watch
from tui_trainer.core.words import duration, figure, shortened, spaced
from tui_trainer.ui.keymap import key

_GAP = 2
_FIGURE = 7
"""Columns of most figures: with fewer, what follows one stands still."""
_SHORT = 12
"""Columns that the name of a run may take in any window."""


class Progress(Widget):
    """Progress, metrics now, metrics at best, a line each or what they need; then what is wrong."""

    DEFAULT_CSS = """
    Progress { height: auto; min-height: 3; max-height: 7; padding: 0 1; }
    """

    auto_links = False

    def __init__(self) -> None:
        super().__init__()
        self._watched: Watch | None = None
        self._lines: tuple[Text, ...] = ()
        self._wrong: tuple[str, ...] = ()

    def show(self, watched: Watch | None) -> None:
        """Show a run as it is now."""
        self._watched = watched
        width = self.content_size.width or 80
        lines = _lines(watched, width) if watched else ()
        wrong = tuple(watched.warnings) if watched else ()
        if (lines, wrong) != (self._lines, self._wrong):
            self.refresh(layout=wrong != self._wrong or len(lines) != len(self._lines))
            self._lines, self._wrong = lines, wrong

    def on_resize(self) -> None:
        """Show what there is room for now."""
        self._lines = ()
        self.show(self._watched)

    def render(self) -> Text:
        """Draw the lines, and what is wrong."""
        wrong = [Text.assemble(("! ", "bold yellow"), text) for text in self._wrong]
        return Text("\n").join([*self._lines, *wrong])


def _lines(watched: Watch, width: int) -> tuple[Text, ...]:
    status, epochs = watched.status, watched.curves.epochs
    best = Text(f"★ {best_words(status.best)}") if status.best else Text()
    last = epochs[-1].metrics if epochs else {}
    name = Text(f"{shortened(watched.run.name, max(_SHORT, width // 5))}  ", "dim")
    if watched.live:
        note = Text(status.note if _in_epochs(watched) else "", "bold")
        head = name + _progress(watched, width - name.cell_len)
        figures = _packed(_figures({**last, **status.metrics}), width)
        return head, *figures, *_packed((best, note), width)
    if isinstance(watched.outcome, Finished):
        test = [Text("test ", "bold")] if watched.outcome.test else []
        test += [*_figures(watched.outcome.test, "bold"), best]
        head = name + Text(ending(watched.outcome), "bold")
        return head, *_packed(_figures(last), width), *_packed(test, width)
    fault = f"✗ {_fault(watched)}; {key('train.resume')} resumes"
    return (name + Text(fault, "bold red"),)


def _packed(pieces: Iterable[Text], width: int) -> list[Text]:
    """Return pieces side by side, in as many lines as they need; an empty one if there are none."""
    lines = [Text()]
    for piece in filter(None, pieces):
        if lines[-1] and lines[-1].cell_len + _GAP + piece.cell_len > width:
            lines.append(Text())
        lines[-1] += Text(" " * _GAP if lines[-1] else "") + piece
    return lines


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
    """Return epoch, bar, batches, and of the rest what there is room for."""
    status = watched.status
    if not _in_epochs(watched):
        doing = status.note or f"{phase_words(status.phase)} {status.phase_seconds:.1f} s"
        return Text(doing, "bold")
    head, tail = f"epoch {status.epoch:>3} of {status.epochs}  ", f"  {_batches(status)}"
    paused = [f"paused: {key('train.pause')} goes on"]
    for piece in paused if watched.state == "paused" else _rates(status):
        if len(head) + len(tail) + len(piece) + 2 <= width:
            tail += f"  {piece}"
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


def _rates(status: Status) -> Iterator[str]:
    if status.eta is not None:
        yield f"ETA {duration(status.eta)}"
    if status.samples_per_second:
        yield f"{spaced(round(status.samples_per_second))} samples/s"


def _figures(metrics: Metrics, style: str = "") -> list[Text]:
    return [
        Text.assemble((f"{name} ", "dim"), (figure(value).ljust(_FIGURE), style))
        for name, value in metrics.items()
    ]
