"""What is told of a layer that does not go with what it is given, before Keras is asked."""

from __future__ import annotations

import pytest

from tui_trainer.core.experiment import Data, Part, Value
from tui_trainer.core.needs import unmet
from tui_trainer.core.needs.given import Before, Given
from tui_trainer.core.verdict import Shape


def told(kind: str, given: Given, **params: Value) -> str:
    """Return what is lacking, with the parameter that it is told at."""
    found = unmet(kind, Part(kind, params), given)
    return "" if found is None else ": ".join(map(str, (*found.where, found.message)))


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("Conv2D", (8, 8, 3)),
        ("Conv1D", (8, 3)),
        ("LSTM", (8, 3)),
        ("Dense", (8,)),
        ("Dense", (8, 8, 3)),
        ("BatchNormalization", (8, 8)),
        ("RandomFlip", (8, 8, 1)),
        ("RandomHue", (8, 8, 3)),
        ("RandomGrayscale", (8, 8, 1)),
        ("RepeatVector", (8,)),
        ("TimeDistributed", (4, 8)),
        ("Flatten", (None, 3)),
        ("OfTomorrow", (8,)),
    ],
)
def test_what_fits_is_not_spoken_of(kind: str, shape: Shape) -> None:
    assert told(kind, Given(shape)) == ""


PICTURE = "4 dimensions (batch, height, width, channels)"
STEPS = "3 dimensions (batch, steps, features)"


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        (
            "Conv2D",
            Given((784,), before=(Before("Flatten", (28, 28, 1)),)),
            f"Conv2D wants {PICTURE}, received 2 (batch, 784): "
            "remove Flatten before it, or move it up",
        ),
        (
            "Conv2D",
            Given((784,), before=(Before("Flatten", (28, 28)), Before("Dropout", (784,)))),
            f"Conv2D wants {PICTURE}, received 2 (batch, 784): "
            "put Reshape to (28, 28, 1) in the place of Flatten before it",
        ),
        (
            "MaxPooling2D",
            Given((32,), before=(Before("GlobalAveragePooling2D", (8, 8, 32)),)),
            f"MaxPooling2D wants {PICTURE}, received 2 (batch, 32): "
            "remove GlobalAveragePooling2D before it, or move it up",
        ),
        (
            "Conv2D",
            Given((100,), before=(Before("Flatten", (8, 8, 1)), Before("Dense", (64,)))),
            f"Conv2D wants {PICTURE}, received 2 (batch, 100): "
            "put Reshape before it, as (height, width, channels)",
        ),
        (
            "Conv2D",
            Given((28, 28)),
            f"Conv2D wants {PICTURE}, received 3 (batch, 28, 28): "
            "put Reshape to (28, 28, 1) before it, or use Conv1D",
        ),
        (
            "Conv2D",
            Given((784,), data=Data("mnist", flatten=True)),
            f"Conv2D wants {PICTURE}, received 2 (batch, 784): "
            "switch [data] flatten off, and put Reshape to (28, 28, 1) before it",
        ),
        (
            "Conv2D",
            Given((3072,), data=Data("cifar10", flatten=True)),
            f"Conv2D wants {PICTURE}, received 2 (batch, 3072): switch [data] flatten off",
        ),
        (
            "LSTM",
            Given((32,), before=(Before("LSTM", (256, 16)),)),
            f"LSTM wants {STEPS}, received 2 (batch, 32): "
            "switch return_sequences on in LSTM before it",
        ),
        (
            "LSTM",
            Given((256,), "int32", data=Data("imdb")),
            f"LSTM wants {STEPS}, received 2 (batch, 256): put Embedding before it",
        ),
        (
            "LSTM",
            Given((8,)),
            f"LSTM wants {STEPS}, received 2 (batch, 8): put Reshape to (8, 1) before it",
        ),
        (
            "GRU",
            Given((8, 8, 3)),
            f"GRU wants {STEPS}, received 4 (batch, 8, 8, 3): put Reshape to (64, 3) before it",
        ),
        (
            "AveragePooling1D",
            Given((8, 8, 3)),
            f"AveragePooling1D wants {STEPS}, received 4 (batch, 8, 8, 3): "
            "use AveragePooling2D, or put Reshape to (64, 3) before it",
        ),
        (
            "Conv2DTranspose",
            Given((4, 8, 8, 3)),
            f"Conv2DTranspose wants {PICTURE}, received 5 (batch, 4, 8, 8, 3): use Conv3DTranspose",
        ),
        (
            "SeparableConv2D",
            Given((4, 8, 8, 3)),
            f"SeparableConv2D wants {PICTURE}, received 5 (batch, 4, 8, 8, 3): "
            "put Reshape before it, as (height, width, channels)",
        ),
        (
            "ConvLSTM2D",
            Given((8, 8, 3)),
            "ConvLSTM2D wants 5 dimensions (batch, steps, height, width, channels), "
            "received 4 (batch, 8, 8, 3): put Reshape to (8, 8, 3, 1) before it, or use ConvLSTM1D",
        ),
        (
            "RepeatVector",
            Given((8, None)),
            "RepeatVector wants 2 dimensions (batch, features), received 3 (batch, 8, ?): "
            "put Flatten or GlobalAveragePooling1D before it",
        ),
        (
            "RandomFlip",
            Given((8, 8)),
            f"RandomFlip wants {PICTURE}, received 3 (batch, 8, 8): "
            "put Reshape to (8, 8, 1) before it",
        ),
        (
            "TimeDistributed",
            Given((8,)),
            f"TimeDistributed wants at least {STEPS}, received 2 (batch, 8): "
            "put Reshape to (8, 1) before it",
        ),
        ("RandomHue", Given((8, 8, 1)), "pictures of 3 channels, received 1: remove it"),
        ("Dropout", Given((256,), "int32"), "such as the numbers of words: put Embedding before"),
        ("TextVectorization", Given((8,)), "TextVectorization wants texts, received numbers"),
    ],
)
def test_what_is_missing_is_told_with_what_would_help(kind: str, given: Given, words: str) -> None:
    assert words in told(kind, given)


def test_channels_may_come_first() -> None:
    words = told("Conv2D", Given((28, 28)), data_format="channels_first")
    assert "(batch, channels, height, width)" in words and "Reshape to (1, 28, 28)" in words


def test_what_is_wrapped_is_looked_at() -> None:
    picture, steps = Part("Conv2D", {"filters": 2}), Part("LSTM", {"units": 2})
    assert told("TimeDistributed", Given((4, 8, 8, 3)), layer=picture) == ""
    assert "batch, steps, height, width" in told("TimeDistributed", Given((8, 8, 3)), layer=picture)
    assert told("Bidirectional", Given((8, 3)), layer=steps) == ""
    assert STEPS in told("Bidirectional", Given((8,)), layer=steps)
    wrong = told("Bidirectional", Given((8, 3)), layer=Part("Dense"))
    assert wrong == "layer: expected a layer that reads steps, such as LSTM; received Dense"
    assert PICTURE in told("Pipeline", Given((8, 8)), layers=(Part("RandomFlip"), picture))


@pytest.mark.parametrize(
    ("kind", "shape", "params", "words"),
    [
        ("Permute", (8, 3), {"dims": (2, 1)}, ""),
        ("Permute", (8, 3), {"dims": (1, 2, 3)}, "dims: expected 1, 2 in any order"),
        ("BatchNormalization", (8, 3), {"axis": -1}, ""),
        (
            "BatchNormalization",
            (8, 3),
            {"axis": 3},
            "axis: expected a dimension of 3 (",
        ),
        (
            "BatchNormalization",
            (8, 3),
            {"axis": 0},
            "axis: expected another than that of",
        ),
        ("Softmax", (8, 3), {"axis": 0}, ""),
        ("LayerNormalization", (8, 3), {"axis": (1, 2)}, ""),
        ("LayerNormalization", (8, 3), {"axis": (1, -4)}, "from -3 to 2; received -4"),
        ("PReLU", (8, 3), {"shared_axes": (1, 3)}, "shared_axes: expected 1 to 2; received 3"),
        ("GroupNormalization", (8, 64), {}, ""),
        ("GroupNormalization", (8, 3), {"groups": 3}, ""),
        ("GroupNormalization", (8, 3), {"groups": -1}, ""),
        ("GroupNormalization", (8, 3), {}, "divides the 3 channels; received 32, which is the def"),
        ("EinsumDense", (8,), {"equation": "ab,bc->ac"}, ""),
        ("EinsumDense", (8, 3), {"equation": "...x,xy->...y"}, ""),
        ("EinsumDense", (8, 3), {"equation": "ab,bc->ac"}, "equation: expected a letter for each"),
        ("MelSpectrogram", (1025,), {}, ""),
        (
            "MelSpectrogram",
            (8,),
            {},
            "at most 15 for 8 samples; received 2048",
        ),
        ("STFTSpectrogram", (300, 1), {}, ""),
        ("STFTSpectrogram", (8, 1), {}, "frame_length: expected at most 8 for 8 samples"),
        ("LSTM", (8, 3), {"return_state": True}, "return_state: expected no"),
        ("LSTM", (8, 3), {"stateful": True}, "stateful: expected no"),
        ("Bidirectional", (8, 3), {"merge_mode": None}, "merge_mode: expected a way to join"),
    ],
)
def test_arguments_go_with_the_shape(
    kind: str, shape: Shape, params: dict[str, Value], words: str
) -> None:
    found = told(kind, Given(shape), **params)
    assert bool(found) == bool(words) and words in found


@pytest.mark.parametrize("junk", [None, True, "x", 1.5, (), ("a",), Part("X"), (Part("X"), 1)])
def test_what_is_typed_wrongly_is_left_to_others(junk: Value) -> None:
    names = ("axis", "dims", "shared_axes", "groups", "equation", "fft_length", "layer", "layers")
    for kind in ("Permute", "GroupNormalization", "EinsumDense", "MelSpectrogram", "Pipeline", ""):
        for name in names:
            for shape in ((), (8,), (None, 3)):
                given = Given(shape, data=Data("nowhere", flatten=True))
                unmet(kind, Part(kind, {name: junk}), given)
