"""A chart of curves over epochs, drawn by plotext."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import plotext
from rich.color import Color as Rich
from rich.padding import Padding
from rich.style import Style
from rich.text import Text
from textual.color import Color
from textual.widget import Widget

from tui_trainer.core.curves import Points, bounds, decimate, smooth, with_room
from tui_trainer.ui.colors import GREY, YELLOW, Hue, Ink, readable
from tui_trainer.ui.means import marker

SMOOTHING = 0.8
"""The weight of the past in a smoothed curve."""
_APART = 2
"""With no more columns than this for each epoch, not every point is marked …"""
_FAR_APART = 8
"""… but those that are so many columns apart: without colour they alone tell the curves apart."""
_WORDS_FROM = 10
"""Lines of a chart that has room for its words."""
RESUMED = "┊"
"""What stands where a run was gone on with."""


@dataclass(frozen=True, slots=True)
class Series:
    """One curve."""

    label: str
    points: Points
    hue: Hue
    mark: str
    """What stands at its epochs, and in the legend, so that colour is not needed."""


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

    def render(self) -> Text | Padding:
        """Draw the figure anew: plotext keeps nothing from one drawing to the next."""
        width, height = self.content_size
        drawn = [s for s in map(self._prepared, self.picture.series) if s.points]
        if not drawn or width < 16 or height < 5:
            told = self.picture.words if drawn else self.picture.empty
            return Padding(Text.assemble((f"{self.picture.title}\n", "bold"), told), (0, 0, 0, 2))
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
            plotext.plot([epoch, epoch], heights, color=self._ink(GREY), marker=RESUMED)
        self._draw(drawn, width)
        if self.picture.star and not self.picture.smooth:
            x, y = self.picture.star
            plotext.scatter([x], [self._scaled(y)], color=self._ink(YELLOW), marker="★")
        below = Text(f"  {words}", "dim")
        below.truncate(width, overflow="ellipsis")
        figure = Text.from_ansi(plotext.build().rstrip("\n"))
        return Text("\n").join([self._head(width), figure, *([below] if words else [])])

    def _draw(self, drawn: list[Series], width: int) -> None:
        """Draw the lines, and over them the marks of each curve, between those of the others."""
        for series in drawn:
            thin = decimate(series.points, max(1, width), self.picture.last_x)
            xs, ys = zip(*thin, strict=True)
            plotext.plot(xs, ys, color=self._ink(series.hue), marker=marker())
        first, last = self._span(drawn)
        step = mark_step(int(last - first), width)
        for number, series in enumerate(drawn):
            turn = step * number // len(drawn)
            marked = [point for point in series.points if point[0] % step == turn]
            if marked:
                xs, ys = zip(*marked, strict=True)
                plotext.scatter(xs, ys, color=self._ink(series.hue), marker=series.mark)

    def _ink(self, hue: Hue) -> Ink:
        """Return a colour that can be read here: one of the terminal's own if the theme has those.

        plotext and Rich take either.
        """
        dark = self.app.current_theme.dark
        if self.app.native_ansi_color:
            return hue.own_on_dark if dark else hue.own_on_light
        ground = self.background_colors[1]
        return readable(Color.parse(hue.on_dark if dark else hue.on_light), ground).rgb

    def _span(self, drawn: list[Series]) -> tuple[float, float]:
        """Return the first epoch and the last one that the chart has room for."""
        first = min(series.points[0][0] for series in drawn)
        return first, max(self.picture.last_x, first + 1)

    def _axes(self, drawn: list[Series], width: int, height: int) -> tuple[float, float]:
        """Lay out the axes and return the ends of the upright one."""
        first, last = self._span(drawn)
        plotext.xlim(first, last)
        ticks = whole_ticks(int(first), int(last), max(2, width // 12))
        plotext.xticks(ticks, [str(tick) for tick in ticks])
        reach = self._reach(bounds(series.points for series in drawn) or (0.0, 1.0))
        low, high, heights = axis(*reach, max(2, height // 4))
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
            Text(f"{series.mark} {series.label}", _style(self._ink(series.hue)))
            for series in self.picture.series
            if series.points
        )
        if self.picture.resumed:
            legend = Text("  ").join((legend, Text(f"{RESUMED} resumed", "dim")))
        gap = max(1, width - len(title) - legend.cell_len - 2)
        return Text.assemble("  ", (title, "bold"), " " * gap, legend)

    def _prepared(self, series: Series) -> Series:
        """Return a curve as it is to be drawn, of finite values alone."""
        points = smooth(series.points, SMOOTHING) if self.picture.smooth else series.points
        scaled = ((x, self._scaled(y)) for x, y in points)
        return replace(series, points=[point for point in scaled if math.isfinite(point[1])])

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


def axis(low: float, high: float, most: int) -> tuple[float, float, list[float]]:
    """Return the ends of an axis round two values, and at most about `most` round numbers on it.

    The ends are near: they are rounded to a part of what lies between two of the numbers.
    """
    span = high - low if high - low > 1e-12 else (abs(high) or 1.0) * 0.1
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * n for n in (1, 2, 2.5, 5, 10, 20) if span / (power * n) <= most)
    part = step / _PARTS
    first, last = math.floor(low / part), math.ceil(high / part)
    if last - first < 2:
        first, last = first - 1, last + 1
    ticks = [n / _PARTS * step for n in range(first, last + 1) if n % _PARTS == 0]
    return first * part, last * part, ticks if ticks[1:] else [first * part, last * part]


_PARTS = 5


def mark_step(epochs: int, columns: int) -> int:
    """Return how many epochs lie between two that are marked, so that the marks stand apart."""
    if columns > _APART * epochs:
        return 1
    step = 2
    while columns * step < _FAR_APART * epochs:
        step = _next_step(step)
    return step


def _next_step(step: int) -> int:
    leading = int(str(step)[0])
    return step * 5 // 2 if leading == 2 else step * 2


def _style(ink: Ink) -> Style:
    return Style(color=Rich.from_ansi(ink) if isinstance(ink, int) else Rich.from_rgb(*ink))


def short(value: float) -> str:
    """Return a number in at most seven places, for an axis."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:.4g}"
    return f"{value:.0e}"
