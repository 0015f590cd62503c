"""What a layer needs of its input, where Keras says so in its own terms, late, or never."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui_trainer.core.experiment import Part
from tui_trainer.core.needs import values as needs_values
from tui_trainer.core.needs.given import Given, way_to
from tui_trainer.core.problem import Problem

_STEPS = ("batch", "steps", "features")
_PICTURE = ("batch", "height", "width", "channels")
_NAMES = {
    "1D": _STEPS,
    "2D": _PICTURE,
    "3D": ("batch", "depth", "height", "width", "channels"),
    "ConvLSTM1D": ("batch", "steps", "width", "channels"),
    "ConvLSTM2D": ("batch", "steps", "height", "width", "channels"),
    "ConvLSTM3D": ("batch", "steps", "depth", "height", "width", "channels"),
    "RepeatVector": ("batch", "features"),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "RNN", "STFTSpectrogram"), _STEPS),
    **dict.fromkeys(("AugMix", "AutoContrast", "CenterCrop"), _PICTURE),
    **dict.fromkeys(("ContrastLimitedAdaptiveHistogramEqualization",), _PICTURE),
    **dict.fromkeys(("RandAugment", "Resizing", "Solarization"), _PICTURE),
}
"""The dimensions that a class wants, by its name or by how its name ends."""
_WRAPPERS = ("SpectralNormalization", "TimeDistributed", "Bidirectional")


def unmet(kind: str, part: Part, given: Given) -> Problem | None:
    """Return what a layer of a class lacks in what it is given, or None.

    The problem's place is the path inside the layer.
    """
    rules = (_dimensions, *needs_values.RULES)
    return next((found for rule in rules for found in rule(kind, part, given)), None)


def names_of(kind: str, part: Part) -> Sequence[str]:
    """Return the dimensions that a layer wants, or nothing where it takes several."""
    inner, first = part.params.get("layer"), part.params.get("layers")
    if kind in _WRAPPERS and isinstance(inner, Part):
        names = names_of(inner.type, inner)
        return ("batch", "steps", *names[1:]) if names and kind == "TimeDistributed" else names
    if kind == "Pipeline" and isinstance(first, tuple) and first and isinstance(first[0], Part):
        return names_of(first[0].type, first[0])
    if kind.startswith("Random"):
        return _PICTURE
    names = _NAMES.get(kind) or _NAMES.get(kind.removesuffix("Transpose")[-2:], ())
    ahead = part.params.get("data_format") == "channels_first" and names[-1:] == ("channels",)
    return (names[0], "channels", *names[1:-1]) if ahead else names


def _dimensions(kind: str, part: Part, given: Given) -> Iterator[Problem]:
    names, least = names_of(kind, part), ""
    if not names and kind == "TimeDistributed" and given.dimensions < len(_STEPS):
        names, least = _STEPS, "at least "
    if names and len(names) != given.dimensions:
        wanted = f"{least}{len(names)} dimensions ({', '.join(names)})"
        way = way_to(kind, names, given)
        yield Problem((), f"{kind} wants {wanted}, received {given}: {way}")
    elif kind == "CategoryEncoding" and given.dimensions > len(_STEPS):
        wanted = f"at most {len(_STEPS)} dimensions"
        yield Problem((), f"{kind} wants {wanted}, received {given}: put Flatten before it")
