"""What a user types, and the value that it stands for."""

from __future__ import annotations

import warnings

import pytest

from tui_trainer.core.catalogue import Kind, Param
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Part, Value
from tui_trainer.core.values import fault, parse, show

INTEGER = Param("units", Kind.INTEGER, least=1)
OPTIONAL = Param("seed", Kind.INTEGER, optional=True, least=0)
FLOAT = Param("rate", Kind.FLOAT, least=0, most=1)
ANY_FLOAT = Param("bias", Kind.FLOAT)
FLAG = Param("use_bias", Kind.BOOLEAN)
CHOICE = Param("padding", Kind.CHOICE, choices=("valid", "same"))
ACTIVATION = Param("activation", Kind.CHOICE, "tanh", optional=True, choices=("relu", "tanh"))
SCALE = Param("scale", Kind.CHOICE, "none", choices=("none", "unit"))
TEXT = Param("name", Kind.TEXT, optional=True)
SIZES = Param("kernel_size", Kind.INTEGERS)
SEVERAL = Param("strides", Kind.INTEGERS, optional=True, least=1)
PAIRS = Param("cropping", Kind.PAIRS, least=0)
SHAPE = Param("noise_shape", Kind.SHAPE, least=1)
NUMBERS = Param("factor", Kind.NUMBERS, least=-1, most=1)
TEXTS = Param("exclude_layers", Kind.TEXTS, optional=True)
PART = Param("kernel_regularizer", Kind.PART, optional=True, group="regularizers")
RATE = Param("learning_rate", Kind.NUMBER_OR_PART, group="schedules", least=0)
SHARE = Param("validation", Kind.SHARE)
PARTS = Param("cells", Kind.PARTS, group="cells")
SAVE_FREQ = Param("save_freq", Kind.INTEGER, "epoch", choices=("epoch",), least=1)
USE_CUDNN = Param("use_cudnn", Kind.BOOLEAN, "auto", choices=("auto",), optional=True)
DEVICE = Param("device", Kind.TEXT)


@pytest.mark.parametrize(
    ("param", "text", "value"),
    [
        (INTEGER, "32", 32),
        (INTEGER, "  32 ", 32),
        (INTEGER, "1_000", 1000),
        (INTEGER, "+5", 5),
        (INTEGER, "0x10", 16),
        (OPTIONAL, "None", None),
        (OPTIONAL, "NONE", None),
        (OPTIONAL, "0", 0),
        (FLOAT, "1e-3", 0.001),
        (FLOAT, ".5", 0.5),
        (FLOAT, "1", 1),
        (ANY_FLOAT, "-2.5", -2.5),
        (FLAG, "yes", True),
        (FLAG, "No", False),
        (FLAG, "true", True),
        (FLAG, "False", False),
        (CHOICE, "same", "same"),
        (ACTIVATION, "none", None),
        (SCALE, "none", "none"),
        (TEXT, "out", "out"),
        (TEXT, "3", "3"),
        (TEXT, 'it\'s "quoted" #1', 'it\'s "quoted" #1'),
        (TEXT, "数字 🐍", "数字 🐍"),
        (SIZES, "3", 3),
        (SIZES, "3, 3", (3, 3)),
        (SIZES, "(3, 3)", (3, 3)),
        (SIZES, "[3]", (3,)),
        (PART, "none", None),
        (PART, "L2", Part("L2")),
        (PART, "l2", Part("l2")),
        (PART, "L2(l2=0.01)", Part("L2", {"l2": 0.01})),
        (PART, "'l2'", "l2"),
        (PART, "A(b=C(d=(1, -2)), e='x', f=True)", None),
        (RATE, "0.1", 0.1),
        (RATE, "Decay(rate=.9)", Part("Decay", {"rate": 0.9})),
        (SHARE, "10000", 10000),
        (SHARE, "0.25", 0.25),
        (PAIRS, "1", 1),
        (PAIRS, "1, 2", (1, 2)),
        (PAIRS, "(1, 1), (2, 2)", ((1, 1), (2, 2))),
        (SHAPE, "8", 8),
        (SHAPE, "none, 1, 64", (None, 1, 64)),
        (SHAPE, "None, 1", (None, 1)),
        (NUMBERS, "0.5", 0.5),
        (NUMBERS, "-0.2, .2", (-0.2, 0.2)),
        (NUMBERS, "(0, 1)", (0, 1)),
        (TEXTS, "embed", "embed"),
        (TEXTS, "the, a, none", ("the", "a", "none")),
        (TEXTS, "New York, 1st, it's", ("New York", "1st", "it's")),
        (TEXTS, "'a, b', c", ("a, b", "c")),
        (TEXTS, "a,", ("a",)),
        (TEXTS, "none", None),
        (PARTS, "LSTMCell", Part("LSTMCell")),
        (PARTS, "C(n=1), B", (Part("C", {"n": 1}), Part("B"))),
        (SAVE_FREQ, "epoch", "epoch"),
        (SAVE_FREQ, "'epoch'", "epoch"),
        (SAVE_FREQ, "100", 100),
        (USE_CUDNN, "auto", "auto"),
        (USE_CUDNN, "no", False),
        (USE_CUDNN, "none", None),
        (DEVICE, "gpu:11", "gpu:11"),
    ],
)
def test_text_becomes_the_value_that_it_means(param: Param, text: str, value: Value) -> None:
    if text.startswith("A("):
        value = Part("A", {"b": Part("C", {"d": (1, -2)}), "e": "x", "f": True})
    found = parse(param, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("param", "text", "told"),
    [
        (INTEGER, "", "expected a positive integer; received nothing"),
        (INTEGER, "ten", "expected a positive integer; received 'ten'"),
        (INTEGER, "0", "expected a positive integer; received '0'"),
        (INTEGER, "-3", "expected a positive integer; received '-3'"),
        (INTEGER, "3.0", "expected a positive integer; received '3.0'"),
        (INTEGER, "True", "expected a positive integer; received 'True'"),
        (INTEGER, "-True", "expected a positive integer; received '-True'"),
        (INTEGER, "1e400", "expected a positive integer; received '1e400'"),
        (INTEGER, "2**9", "expected a positive integer; received '2**9'"),
        (INTEGER, "a; b", "expected a positive integer; received 'a; b'"),
        (INTEGER, "none", "expected a positive integer; received 'none'"),
        (INTEGER, "9223372036854775808", "expected a positive integer; received '922"),
        (OPTIONAL, "x", "expected an integer, 0 or more or none; received 'x'"),
        (FLOAT, "1.5", "expected a number from 0 to 1; received '1.5'"),
        (FLOAT, "nan", "expected a number from 0 to 1; received 'nan'"),
        (FLOAT, "0,5", "expected a number from 0 to 1; received '0,5'"),
        (ANY_FLOAT, "1e400", "expected a number; received '1e400'"),
        (ANY_FLOAT, "-1e400", "expected a number; received '-1e400'"),
        (ANY_FLOAT, "inf", "expected a number; received 'inf'"),
        (ANY_FLOAT, "1j", "expected a number; received '1j'"),
        (FLAG, "1", "expected yes or no; received '1'"),
        (FLAG, "maybe", "expected yes or no; received 'maybe'"),
        (CHOICE, "Same", "expected one of valid, same; received 'Same'"),
        (CHOICE, "none", "expected one of valid, same; received 'none'"),
        (SIZES, "3, x", "expected an integer, or several such as 3, 3; received '3, x'"),
        (SIZES, "()", "expected an integer, or several such as 3, 3; received '()'"),
        (SIZES, "3.0, 3", "expected an integer, or several such as 3, 3; received '3.0, 3'"),
        (SIZES, "True, 3", "expected an integer, or several such as 3, 3; received 'True, 3'"),
        (SEVERAL, "0, 3", "expected a positive integer, or several such as 3, 3 or none; received"),
        (SEVERAL, "(1, 1), 3", "expected a positive integer, or several such as 3, 3 or none;"),
        (
            PAIRS,
            "-1, 1",
            "expected an integer, 0 or more, several, or pairs such as (1, 1), (2, 2);",
        ),
        (PAIRS, "((1, 1),), 1", "expected an integer, 0 or more, several, or pairs such as"),
        (PAIRS, "1, none", "expected an integer, 0 or more, several, or pairs such as"),
        (SHAPE, "none, 0", "expected a positive integer, or several such as none, 8, 1; received"),
        (NUMBERS, "0, 2", "expected a number from -1 to 1, or several such as 0.1, 0.5; received"),
        (
            NUMBERS,
            "nan, 1",
            "expected a number from -1 to 1, or several such as 0.1, 0.5; received",
        ),
        (NUMBERS, "a, b", "expected a number from -1 to 1, or several such as 0.1, 0.5; received"),
        (TEXTS, "", "expected text, or several such as yes, no or none; received nothing"),
        (TEXTS, "a,, b", "expected text, or several such as yes, no or none; received 'a,, b'"),
        (SAVE_FREQ, "0", "expected a positive integer or epoch; received '0'"),
        (SAVE_FREQ, "batch", "expected a positive integer or epoch; received 'batch'"),
        (USE_CUDNN, "maybe", "expected yes or no or auto or none; received 'maybe'"),
        (PARTS, "3, A", "expected one or several of Keras' cells; received '3, A'"),
        (PARTS, "A(1)", "expected one or several of Keras' cells; received 'A(1)'"),
        (PART, "3", "expected one of Keras' regularizers or none; received '3'"),
        (RATE, "-1", "expected a number, 0 or more; received '-1'"),
        (RATE, "fast!", "expected a number, 0 or more; received 'fast!'"),
        (SHARE, "1.0", "expected a count from 0 on, or a fraction below 1; received '1.0'"),
        (SHARE, "-0.1", "expected a count from 0 on, or a fraction below 1; received '-0.1'"),
        (SHARE, "20%", "expected a count from 0 on, or a fraction below 1; received '20%'"),
        (DEVICE, "gpu", "expected auto, cpu or gpu:0, gpu:1, …; received 'gpu'"),
        (DEVICE, "gpu:-1", "expected auto, cpu or gpu:0, gpu:1, …; received 'gpu:-1'"),
    ],
)
def test_text_that_is_no_value_is_told_as_it_was_typed(param: Param, text: str, told: str) -> None:
    with pytest.raises(TrainerError) as caught:
        parse(param, text)
    assert str(caught.value).startswith(told)


ATTACKS = (
    "__import__('os').system('true')",
    "__import__('os')",
    "__import__(name='os')",
    "(lambda: 1)()",
    "[x for x in range(9)]",
    "open('/etc/passwd').read()",
    "f'{1+1}'",
    "L2(**{'l2': 1})",
    "L2(0.01)",
    "L2(type=1)",
    "os.system",
    "a := 1",
    "1 if True else 2",
    "b'x'",
    "...",
    "'\\ud800'",
    "\x00",
    "'\\d'",
    "1if 2else 3",
    "(" * 5_000,
    "(" * 40 + "1" + ",)" * 40,
    "-" * 50_000,
    "1+" * 20_000 + "1",
    "9" * 5_000,
    "0x" + "f" * 6_000,
    "[" * 40 + "]" * 40,
    "A(a=" * 60 + "1" + ")" * 60,
    "word " * 100_000,
)


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: ascii(text[:20]))
@pytest.mark.parametrize(
    "param", [INTEGER, FLOAT, FLAG, CHOICE, SIZES, SHARE, RATE], ids=lambda param: param.name
)
def test_nothing_that_is_typed_is_run_or_taken_for_a_number(param: Param, text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            value = parse(param, text)
        except TrainerError as error:
            assert len(str(error)) < 250
            assert "\n" not in str(error)
        else:
            assert param is RATE
            assert isinstance(value, Part)


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: ascii(text[:20]))
def test_where_words_may_be_typed_only_plain_values_come_of_it(text: str) -> None:
    for param in (PART, PARTS, TEXT, TEXTS):
        try:
            value = parse(param, text)
        except TrainerError:
            continue
        assert isinstance(value, str | Part | tuple)
        assert show(value)


@pytest.mark.parametrize(
    ("param", "value"),
    [
        *((INTEGER, value) for value in (3, 10**9)),
        *((ANY_FLOAT, value) for value in (0.001, 1e-7, 1e22, -3, 5e-324)),
        *((FLAG, value) for value in (True, False)),
        *((USE_CUDNN, value) for value in (True, "auto", None)),
        *((SAVE_FREQ, value) for value in ("epoch", 7)),
        *((SIZES, value) for value in (3, (1,), (1, -2))),
        *((PAIRS, value) for value in (2, (1, 1), ((1, 1), (2, 2)), ((1,),), ((0, 1),))),
        *((SHAPE, value) for value in (8, (None,), (None, 1, 64))),
        *((NUMBERS, value) for value in (0.5, (-0.5, 1.0), (0, 1e-9))),
        *((TEXTS, value) for value in ("a b", ("a",), ("a b", "c,d"), ("none", "true", "True"))),
        *((TEXTS, value) for value in (("it's", "x"), ("1", "2"), None)),
        *((PARTS, value) for value in (Part("A"), (Part("A", {"n": 1}),), (Part("A"), Part("B")))),
        *((PART, value) for value in (Part("L2", {"l2": 0.1}), None)),
        (PART, Part("A", {"b": Part("C", {"d": ("x", (1,), None)})})),
    ],
    ids=repr,
)
def test_what_is_shown_is_read_as_the_same_value(param: Param, value: Value) -> None:
    assert fault(param, value) is None
    found = parse(param, show(value))
    assert found == value
    assert repr(found) == repr(value)


def test_values_are_shown_as_one_would_type_them() -> None:
    assert show(True) == "yes"
    assert show(None) == "none"
    assert show((3, 3)) == "3, 3"
    assert show(("valid",)) == "valid,"
    assert show(((1, 2), (3, 4))) == "(1, 2), (3, 4)"
    assert show(Part("L2", {"l2": 0.01})) == "L2(l2=0.01)"
    assert show(Part("A", {"b": (1,), "c": "d"})) == "A(b=(1,), c='d')"
    assert show((None, 1, 64)) == "none, 1, 64"


@pytest.mark.parametrize(
    "value", [10**400, -(10**400), 2**70_000], ids=("large", "negative", "monstrous")
)
def test_huge_integer_is_judged_by_its_range_without_harm(value: int) -> None:
    told = fault(FLOAT, value)
    assert told is not None
    assert told.startswith("expected a number from 0 to 1; received ")
    assert len(told) < 200


def test_a_word_may_be_none_where_none_is_no_value() -> None:
    assert fault(SCALE, "none") is None
    assert fault(SCALE, None) == "expected one of none, unit; received none"
    assert fault(CHOICE, None) == "expected one of valid, same; received none"


def test_long_value_is_cut_in_the_message() -> None:
    told = fault(INTEGER, tuple(Part("L2", {"l2": "x" * 999}) for _ in range(9)))
    assert told is not None
    assert len(told) < 200
    assert told.startswith("expected a positive integer; received (L2(l2='xxx")
