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
REDUCTION = Param("reduction", Kind.CHOICE, "sum", choices=("sum", "none"))
TEXT = Param("name", Kind.TEXT, optional=True)
SIZES = Param("kernel_size", Kind.INTEGERS)
PART = Param("kernel_regularizer", Kind.PART, optional=True, group="regularizers")
RATE = Param("learning_rate", Kind.NUMBER_OR_PART, group="schedules", least=0)
SHARE = Param("validation", Kind.SHARE)
ANY = Param("save_freq", Kind.ANY, optional=True)
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
        (REDUCTION, "none", "none"),
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
        (ANY, "epoch", "epoch"),
        (ANY, "'epoch'", "epoch"),
        (ANY, "a, b", ("a", "b")),
        (ANY, "(1, 1), (2, 2)", ((1, 1), (2, 2))),
        (ANY, "not a literal", "not a literal"),
        (ANY, "none", None),
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
def test_where_anything_may_be_typed_only_plain_values_come_of_it(text: str) -> None:
    for param in (ANY, PART, TEXT):
        try:
            value = parse(param, text)
        except TrainerError:
            continue
        assert isinstance(value, str | Part | tuple)
        assert show(value)


@pytest.mark.parametrize(
    "value",
    [
        *(None, 3, -3, 0.001, 1e-7, 1e22, "epoch", (1,), (1, 2), ((1, 1), (2, 2)), ((1,),)),
        *((), ("a", "b"), ("a b", "c,d"), ("none", "true", "True"), (True, None), ("it's",)),
        *(Part("L2", {"l2": 0.1}), Part("A", {"b": Part("C", {"d": ("x", (1,), None)})})),
    ],
)
def test_what_is_shown_is_read_as_the_same_value(value: Value) -> None:
    found = parse(ANY, show(value) or "()")
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


@pytest.mark.parametrize(
    "value", [10**400, -(10**400), 2**70_000], ids=("large", "negative", "monstrous")
)
def test_huge_integer_is_judged_by_its_range_without_harm(value: int) -> None:
    told = fault(FLOAT, value)
    assert told is not None
    assert told.startswith("expected a number from 0 to 1; received ")
    assert len(told) < 200


def test_none_in_a_file_is_the_choice_of_that_name() -> None:
    assert fault(REDUCTION, None) is None
    assert fault(CHOICE, None) == "expected one of valid, same; received none"


def test_long_value_is_cut_in_the_message() -> None:
    told = fault(INTEGER, tuple(Part("L2", {"l2": "x" * 999}) for _ in range(9)))
    assert told is not None
    assert len(told) < 200
    assert told.startswith("expected a positive integer; received (L2(l2='xxx")
