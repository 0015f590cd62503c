"""A few samples of the training data, drawn in characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text
from textual.widget import Widget

from tui_trainer.ui.means import ascii_only, colourless

Pixels = Sequence[Sequence[Any]]


class Samples(Widget):
    """Images side by side, texts and rows below each other."""

    DEFAULT_CSS = """
    Samples { height: auto; max-height: 17; padding: 0 1; }
    """

    auto_links = False

    def __init__(self) -> None:
        super().__init__()
        self._samples: list[Mapping[str, Any]] = []
        self._words = ""

    def show(self, samples: list[Mapping[str, Any]], words: str = "") -> None:
        """Show samples, or words in their place."""
        if (samples, words) != (self._samples, self._words):
            self._samples, self._words = samples, words
            self.refresh(layout=True)

    def render(self) -> Text:
        """Draw as many samples as there is room for."""
        if not self._samples:
            return Text(self._words, "dim")
        width = self.content_size.width or 40
        if self._samples[0]["kind"] == "image":
            return self._images(width)
        heading = "input" if self._samples[0]["kind"] == "text" else f"{'input':>9}"
        shown = self._samples[: 4 if width < 70 else 8]
        lines = [_line(sample, width) for sample in shown]
        return Text("\n").join([Text(f"{'label':<10} {heading}", "dim"), *lines])

    def _images(self, width: int) -> Text:
        halve = len(self._samples[0]["pixels"]) > 16 and (width < 90 or self.app.size.height < 34)
        shaded = ascii_only() or colourless()
        pictures: list[list[Text]] = []
        used = 0
        for sample in self._samples:
            rows = picture(shrunk(sample["pixels"]) if halve else sample["pixels"], shaded)
            used += rows[0].cell_len + 2
            if used > width and pictures:
                break
            label = Text(str(sample["label"])[: rows[0].cell_len], "bold")
            label.align("left", rows[0].cell_len)
            pictures.append([*rows, label])
        lines = zip(*pictures, strict=True)
        return Text("\n").join(Text("  ").join(line) for line in lines)


def picture(pixels: Pixels, shaded: bool = False) -> list[Text]:
    """Return an image as lines, two rows of pixels a line: of half blocks, or of plain characters.

    The latter are the fuller, the brighter the two pixels are.
    """
    rows = [*pixels, *([pixels[-1]] if len(pixels) % 2 else [])]
    cell = _shade if shaded else _half_block
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return [Text.assemble(*map(cell, upper, lower)) for upper, lower in pairs]


def _half_block(top: Any, bottom: Any) -> tuple[str, str]:
    return "▀", f"{_color(top)} on {_color(bottom)}"


_SHADES = " .:-=+*#%@"


def _shade(top: Any, bottom: Any) -> tuple[str, str]:
    levels = [_mean(pixel) if isinstance(pixel, Sequence) else pixel for pixel in (top, bottom)]
    return _SHADES[int(_mean(levels)) * len(_SHADES) // 256], ""


def shrunk(pixels: Pixels) -> Pixels:
    """Return an image of half the width and height: the mean of each four pixels."""
    return [
        [_mean((a, b, c, d)) for a, b, c, d in zip(u[::2], u[1::2], v[::2], v[1::2], strict=False)]
        for u, v in zip(pixels[::2], pixels[1::2], strict=False)
    ]


def _mean(values: Sequence[Any]) -> Any:
    if isinstance(values[0], Sequence):
        return [_mean(channel) for channel in zip(*values, strict=True)]
    return sum(values) // len(values)


def _color(pixel: Any) -> str:
    red, green, blue = pixel if isinstance(pixel, Sequence) else (pixel, pixel, pixel)
    return f"#{int(red):02x}{int(green):02x}{int(blue):02x}"


def _line(sample: Mapping[str, Any], width: int) -> Text:
    if sample["kind"] == "text":
        content = str(sample["text"])
    else:
        content = "  ".join(f"{value:>9.4g}" for value in sample["values"])
    label = Text(f"{sample['label']!s:<10} ", "bold")
    line = Text.assemble(label, content, no_wrap=True)
    line.truncate(width, overflow="ellipsis")
    return line
