"""A chart of curves over epochs, drawn by plotext."""

from __future__ import annotations

import math
from dataclasses import dataclass

import plotext
from rich.color import Color
from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from tui_trainer.core.curves import Points, bounds, decimate, smooth, with_room

SMOOTHING = 0.8
"""The weight of the past in a smoothed curve."""
_LINES_ONLY = 2
"""With fewer columns than this for each epoch, the points are not marked, only joined."""


_WORDS_FROM = 10
"""Lines of a chart that has room for its words."""
_STAR, _QUIET = (240, 228, 66), (128, 128, 128)
RESUMED = "┊"
"""What stands where a run was gone on with."""


@dataclass(frozen=True, slots=True)
class Series:
    """One curve."""

    label: str
    points: Points
    color: tuple[int, int, int]
    marker: str
    """What stands at each epoch, and in the legend, so that colour is not needed."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a chart shows."""

    title: str
    series: tuple[Series, ...] = ()
    star: tuple[float, float] | None = None
    """Where the best value is."""
    last_x: float = 1.0
    """The end of the axis of epochs."""
    log: bool = False
    smooth: bool = False
    empty: str = ""
    """What to say while there is nothing to draw."""
    words: str = ""
    """The same in words, for those who cannot see it."""
    resumed: tuple[int, ...] = ()
    """After which epochs the run was gone on with."""
    grows: bool = False
    """Whether there is more to come."""


class Chart(Widget):
    """Curves by epoch, with their legend above them."""

    DEFAULT_CSS = """
    Chart { height: 1fr; width: 1fr; padding: 0 1 0 0; }
    """

    auto_links = False
    picture = Picture("")
    _ends: tuple[object, tuple[float, float]] | None = None
    """What was drawn last, and the ends of its upright axis."""

    def show(self, picture: Picture) -> None:
        """Draw a picture, if it is another one."""
        if picture != self.picture:
            self.picture = picture
            self.refresh()

    def render(self) -> Text:
        """Draw the figure anew: plotext keeps nothing from one drawing to the next."""
        width, height = self.content_size
        drawn = [s for s in map(self._prepared, self.picture.series) if s.points]
        if not drawn or width < 16 or height < 5:
            told = self.picture.words if drawn else self.picture.empty
            return Text.assemble((f"  {self.picture.title}\n", "bold"), told)
        plotext.clear_figure()
        plotext.theme("clear")
        plotext.limitsize(False, False)
        words = self.picture.words if height >= _WORDS_FROM else ""
        height -= 1 if words else 0
        plotext.plotsize(width, height - 1)
        plotext.xaxes(True, False)
        plotext.yaxes(True, False)
        heights = self._axes(drawn, width, height)
        for epoch in self.picture.resumed:
            plotext.plot([epoch, epoch], heights, color=_QUIET, marker=RESUMED)
        for series in drawn:
            xs, ys = zip(*series.points, strict=True)
            plotext.plot(xs, ys, color=series.color, marker="braille")
            if width > _LINES_ONLY * len(xs):
                plotext.scatter(xs, ys, color=series.color, marker=series.marker)
        if self.picture.star and not self.picture.smooth:
            x, y = self.picture.star
            plotext.scatter([x], [self._scaled(y)], color=_STAR, marker="★")
        below = Text(f"  {words}", "dim")
        below.truncate(width, overflow="ellipsis")
        figure = Text.from_ansi(plotext.build().rstrip("\n"))
        return Text("\n").join([self._head(width), figure, *([below] if words else [])])

    def _axes(self, drawn: list[Series], width: int, height: int) -> tuple[float, float]:
        """Lay out the axes and return the ends of the upright one."""
        first = min(series.points[0][0] for series in drawn)
        last = max(self.picture.last_x, first + 1)
        plotext.xlim(first, last)
        ticks = whole_ticks(int(first), int(last), max(2, width // 12))
        plotext.xticks(ticks, [str(tick) for tick in ticks])
        low, high = self._reach(bounds(series.points for series in drawn) or (0.0, 1.0))
        heights = round_ticks(low, high, max(2, height // 4))
        low, high = min(low, heights[0]), max(high, heights[-1])
        plotext.ylim(low, high)
        plotext.yticks(heights, [f"{10**y:.2g}" if self.picture.log else short(y) for y in heights])
        return low, high

    def _reach(self, now: tuple[float, float]) -> tuple[float, float]:
        """Return what the upright axis has to reach; while a run goes on, it moves seldom."""
        picture = self.picture
        begun = tuple(series.points[:1] for series in picture.series)
        drawn = (picture.title, picture.log, picture.smooth, begun)
        before = self._ends[1] if self._ends and self._ends[0] == drawn else None
        ends = with_room(*now, before, picture.log) if picture.grows else now
        self._ends = (drawn, ends)
        return ends

    def _head(self, width: int) -> Text:
        marks = [("log", self.picture.log), ("smoothed", self.picture.smooth)]
        title = " · ".join([self.picture.title, *(mark for mark, on in marks if on)])
        legend = Text("  ").join(
            Text(f"{series.marker} {series.label}", Style(color=Color.from_rgb(*series.color)))
            for series in self.picture.series
            if series.points
        )
        if self.picture.resumed:
            legend = Text("  ").join((legend, Text(f"{RESUMED} resumed", "dim")))
        gap = max(1, width - len(title) - legend.cell_len - 2)
        return Text.assemble("  ", (title, "bold"), " " * gap, legend)

    def _prepared(self, series: Series) -> Series:
        points = smooth(series.points, SMOOTHING) if self.picture.smooth else series.points
        if self.picture.log:
            points = [(x, self._scaled(y)) for x, y in points]
        thin = decimate(points, max(1, self.content_size.width), self.picture.last_x)
        return Series(series.label, thin, series.color, series.marker)

    def _scaled(self, y: float) -> float:
        if not self.picture.log:
            return y
        return math.log10(y) if y > 0 else math.nan


def whole_ticks(first: int, last: int, most: int) -> list[int]:
    """Return at most about `most` whole epochs, evenly apart, the first among them."""
    span = max(1, last - first)
    step = 1
    while span / step > most:
        step = _next_step(step)
    aligned = [tick for tick in range(0, last + 1, step) if tick > first + step // 2]
    return [first, *aligned] if step > 1 else list(range(first, last + 1))


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """Return about `most` round numbers, evenly apart, that reach from below `low` to `high`."""
    span = high - low if high - low > 1e-12 else (abs(high) or 1.0) * 0.1
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * n for n in (1, 2, 2.5, 5, 10, 20) if span / (power * n) <= most)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [step * n for n in range(first, max(last, first + 1) + 1)]


def _next_step(step: int) -> int:
    leading = int(str(step)[0])
    return step * 5 // 2 if leading == 2 else step * 2


def short(value: float) -> str:
    """Return a number in at most seven places, for an axis."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:.4g}"
    return f"{value:.0e}"
