"""Arguments of a layer that do not go with what it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tui_trainer.core.experiment import Part, Value
from tui_trainer.core.needs.given import Given
from tui_trainer.core.problem import Problem
from tui_trainer.core.words import count

_COLOURS = {
    **dict.fromkeys(("RandomHue", "RandomSaturation", "RandomColorJitter"), (3,)),
    "RandomColorDegeneration": (3,),
    **dict.fromkeys(("RandomGrayscale", "RandAugment", "AugMix"), (1, 3)),
}
"""How many channels a class can do with."""
_FRACTIONS = (
    *("Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise"),
    *("PReLU", "Softmax", "UnitNormalization"),
)
"""What cannot compute with whole numbers."""
_TEXTS = ("StringLookup", "TextVectorization")
_OVER_THE_BATCH = ("Softmax", "UnitNormalization")
"""What may work along the batch, though it makes little sense."""
_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")


def _kinds(kind: str, part: Part, given: Given) -> Iterator[Problem]:
    if kind in _TEXTS and given.dtype != "string":
        yield Problem((), f"{kind} wants texts, received numbers: remove it")
    if kind in _FRACTIONS and given.dtype.startswith("int"):
        wanted = "numbers with a fraction, received whole ones, such as the numbers of words"
        yield Problem((), f"{kind} wants {wanted}: put Embedding before it")


def _colours(kind: str, part: Part, given: Given) -> Iterator[Problem]:
    ahead = part.params.get("data_format") == "channels_first"
    channels = given.shape[-1] if given.shape and not ahead else None
    if kind in _COLOURS and channels is not None and channels not in _COLOURS[kind]:
        wanted = " or ".join(map(str, _COLOURS[kind]))
        message = f"{kind} wants pictures of {wanted} channels, received {channels}: remove it"
        yield Problem((), message)


def _wrapped(kind: str, part: Part, given: Given) -> Iterator[Problem]:
    for name in ("layer", "backward_layer") if kind == "Bidirectional" else ():
        inner = part.params.get(name)
        if isinstance(inner, Part) and inner.type not in _RECURRENT:
            message = f"expected a layer that reads steps, such as LSTM; received {inner.type}"
            yield Problem((name,), message)


def _several(kind: str, part: Part, given: Given) -> Iterator[Problem]:
    for inner, path in ((part, ()), (part.params.get("layer"), ("layer",))):
        if isinstance(inner, Part) and inner.params.get("return_state") is True:
            message = "expected no: the next layer can be given one output only; received yes"
            yield Problem((*path, "return_state"), message)
        if isinstance(inner, Part) and inner.params.get("stateful") is True:
            message = "expected no: the size of a batch is not fixed here; received yes"
            yield Problem((*path, "stateful"), message)
    if kind == "Bidirectional" and part.params.get("merge_mode", "concat") is None:
        message = "expected a way to join both directions, such as concat; received none"
        yield Problem(("merge_mode",), message)


def _order(kind: str, part: Part, given: Given) -> Iterator[Problem]:
    dims = _several_of(part.params.get("dims"))
    if kind == "Permute" and dims and sorted(dims) != [*range(1, given.dimensions)]:
        wanted = ", ".join(map(str, range(1, given.dimensions)))
        received = ", ".join(map(str, dims))
        yield Problem(("dims",), f"expected {wanted} in any order; received {received}")


def _axis(kind: str, part: Part, given: Given) -> Iterator[Problem]:
    for axis in _several_of(part.params.get("axis")):
        if not -given.dimensions <= axis < given.dimensions:
            yield Problem(
                ("axis",),
                f"expected a dimension of {given}, from {-given.dimensions} to "
                f"{given.dimensions - 1}; received {axis}",
            )
        elif axis in (0, -given.dimensions) and kind not in _OVER_THE_BATCH:
            yield Problem(("axis",), f"expected another than that of the batch; received {axis}")
    for axis in _several_of(part.params.get("shared_axes")):
        if not 0 < axis < given.dimensions:
            most = given.dimensions - 1
            yield Problem(("shared_axes",), f"expected 1 to {most}; received {axis}")


def _groups(kind: str, part: Part, given: Given) -> Iterator[Problem]:
    axis, groups = part.params.get("axis", -1), part.params.get("groups", 32)
    if kind != "GroupNormalization" or type(axis) is not int or type(groups) is not int:
        return
    channels = (None, *given.shape)[axis]
    if channels is not None and groups > 0 and channels % groups:
        how = "" if "groups" in part.params else ", which is the default"
        message = f"expected a number that divides the {count(channels, 'channel')}"
        yield Problem(("groups",), f"{message}; received {groups}{how}")


def _equation(kind: str, part: Part, given: Given) -> Iterator[Problem]:
    equation = part.params.get("equation")
    if kind != "EinsumDense" or not isinstance(equation, str) or "." in equation:
        return
    letters = equation.partition(",")[0].strip()
    if len(letters) != given.dimensions:
        wanted = f"a letter for each of {count(given.dimensions, 'dimension')} before the comma"
        yield Problem(("equation",), f"expected {wanted}; received {letters}")


def _windows(kind: str, part: Part, given: Given) -> Iterator[Problem]:
    """Windows of a spectrogram: one is padded by half its length, the other not at all."""
    name, usual = {
        "MelSpectrogram": ("fft_length", 2048),
        "STFTSpectrogram": ("frame_length", 256),
    }.get(kind, ("", 0))
    length, padding = part.params.get(name, usual), part.params.get("padding", "valid")
    free = name == "frame_length" and padding == "same"
    if not name or type(length) is not int or free or not given.shape:
        return
    size = given.shape[-1 if name == "fft_length" else 0]
    most = None if size is None else 2 * size - 1 if name == "fft_length" else size
    if most is not None and length > most:
        how = "" if name in part.params else ", which is the default"
        received = f"received {length}{how}"
        yield Problem((name,), f"expected at most {most} for {size} samples; {received}")


def _several_of(value: Value) -> tuple[int, ...]:
    """Return an argument that is an integer, or several, as several; nothing if it is neither."""
    several = value if isinstance(value, tuple) else (value,)
    whole = tuple(one for one in several if isinstance(one, int) and not isinstance(one, bool))
    return whole if len(whole) == len(several) else ()


RULES: tuple[Callable[[str, Part, Given], Iterator[Problem]], ...] = (
    *(_kinds, _colours, _wrapped, _several, _order, _axis),
    *(_groups, _equation, _windows),
)
"""Each yields what is wrong in one respect, at the path inside the layer."""
