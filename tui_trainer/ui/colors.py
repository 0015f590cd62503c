"""Colours that can be read on their ground, and told apart by every eye."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from textual.color import Color

LEAST_CONTRAST = 4.5
"""Between text and its ground, as WCAG reckons it."""
_STEP = 0.04


@dataclass(frozen=True, slots=True)
class Hue:
    """A colour of Okabe and Ito for a dark and for a light ground."""

    on_dark: str
    on_light: str
    own_on_dark: int
    """The one of a terminal's own sixteen that stands for it."""
    own_on_light: int


Ink: TypeAlias = int | tuple[int, int, int]
"""The number of one of a terminal's own colours, or red, green and blue."""
BLUE = Hue("#56b4e9", "#0072b2", 14, 4)
ORANGE = Hue("#e69f00", "#d55e00", 3, 1)
YELLOW = Hue("#f0e442", "#cc79a7", 11, 5)
GREY = Hue("#909090", "#606060", 7, 0)


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours, 1 to 21, by WCAG's formula."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def readable(color: Color, *grounds: Color) -> Color:
    """Return a colour as it is, or so much lighter or darker that it can be read on all grounds."""
    if not grounds:
        return color
    away = Color(0, 0, 0) if _luminance(grounds[0]) > _MIDDLE else Color(255, 255, 255)
    for step in range(round(1 / _STEP)):
        mixed = color.blend(away, step * _STEP)
        if all(contrast(mixed, ground) >= LEAST_CONTRAST for ground in grounds):
            return mixed
    return away


_MIDDLE = 0.179
"""The luminance from which black stands out better than white."""


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(part / 255) for part in color.rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
