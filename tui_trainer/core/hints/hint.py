"""What is known of a parameter beforehand, and short ways to write it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tui_trainer.core.catalogue import Kind

ACTIVATIONS = "activations"
"""Stands in `Hint.group` for the names of Keras' activation functions."""
DTYPES = ("float32", "float16", "bfloat16", "float64")
"""The numbers that a loss or a metric computes with."""
FLOATS = (Kind.FLOAT, Kind.NUMBER_OR_PART)
"""The kinds of which Keras wants `1.0` and not `1`: some of its classes refuse an integer."""
POLICIES = (*DTYPES, "mixed_float16", "mixed_bfloat16")
"""The numbers that a layer computes with; mixed ones keep its weights in float32."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What Keras' signatures do not say of a parameter."""

    kind: Kind | None = None
    help: str = ""
    choices: tuple[str, ...] = ()
    group: str = ""
    least: float | None = None
    most: float | None = None
    main: bool = True
    optional: bool = False
    """Whether `none` is a value of it even where it is not the default."""
    many: bool = False
    """Whether Keras wants a list of it even where it has one item."""
    required: bool = False
    """Whether nothing works without it although it has a default."""


Hints = Mapping[str, Hint]
"""By parameter name, or by `Class.name` or `group.name` where it means something else there."""


def rare(hints: Hints) -> Hints:
    """Return hints of parameters that a form folds away."""
    return {name: replace(hint, main=False) for name, hint in hints.items()}


def required(hint: Hint) -> Hint:
    """Return a hint of a parameter that has to be set although Keras has a default."""
    return replace(hint, required=True)


def integer(text: str, least: float | None = 1, most: float | None = None) -> Hint:
    """Describe a whole number, positive unless told otherwise."""
    return Hint(Kind.INTEGER, text, least=least, most=most)


def integers(text: str, least: float | None = 1, many: bool = False) -> Hint:
    """Describe one or several whole numbers, such as a size."""
    return Hint(Kind.INTEGERS, text, least=least, many=many)


def number(text: str, least: float | None = 0, most: float | None = None) -> Hint:
    """Describe a number, not negative unless told otherwise."""
    return Hint(Kind.FLOAT, text, least=least, most=most)


def numbers(
    text: str, least: float | None = None, most: float | None = None, many: bool = False
) -> Hint:
    """Describe one or several numbers, such as the lowest and the highest."""
    return Hint(Kind.NUMBERS, text, least=least, most=most, many=many)


def share(text: str) -> Hint:
    """Describe a number from 0 to 1."""
    return Hint(Kind.FLOAT, text, least=0, most=1)


def flag(text: str) -> Hint:
    """Describe a yes or no."""
    return Hint(Kind.BOOLEAN, text)


def choice(text: str, *choices: str, optional: bool = False) -> Hint:
    """Describe a word out of a few."""
    return Hint(Kind.CHOICE, text, choices=choices, optional=optional)


def words(text: str) -> Hint:
    """Describe a free text."""
    return Hint(Kind.TEXT, text)


def part(group: str, text: str, optional: bool = False) -> Hint:
    """Describe a class of a group."""
    return Hint(Kind.PART, text, group=group, optional=optional)
