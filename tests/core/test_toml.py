"""An experiment as TOML: what is written is read again, and what is wrong is told in one line."""

from __future__ import annotations

import random
import string
from dataclasses import replace
from pathlib import Path

import pytest

from tui_trainer.core import toml
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part, Value

LAYER = '[[layers]]\ntype = "Dense"\n'


def mistake(text: str) -> str:
    with pytest.raises(TrainerError) as caught:
        toml.loads(text, "mine.toml")
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 400
    return message


def test_what_was_saved_is_read_again(experiment: Experiment) -> None:
    assert toml.loads(toml.dumps(experiment)) == experiment


def test_file_holds_only_what_differs_from_the_defaults() -> None:
    written = toml.dumps(Experiment(layers=(Part("Flatten"),), fit=Fit(epochs=3)))
    assert written.split() == [
        *("[data]", "source", "=", '"digits"'),
        *("[[layers]]", "type", "=", '"Flatten"'),
        *("[compile]", "optimizer", "=", '"rmsprop"'),
        *("[fit]", "epochs", "=", "3"),
    ]


def test_empty_file_is_the_default_experiment() -> None:
    assert toml.loads("") == Experiment()


def test_none_that_is_not_the_default_is_kept() -> None:
    chosen = Experiment(layers=(Part("LSTM", {"units": 3, "activation": None}),))
    written = toml.dumps(chosen)
    assert 'activation = "none"' in written
    assert toml.loads(written) == chosen


def test_none_among_words_is_a_word() -> None:
    layer = Part("StringLookup", {"vocabulary": ("none", "some", "all")})
    assert toml.loads(toml.dumps(Experiment(layers=(layer,)))).layers == (layer,)


def test_loss_that_is_not_reduced_is_read_as_a_form_has_it() -> None:
    text = '[compile]\nloss = { type = "MeanSquaredError", reduction = "none" }'
    loss = toml.loads(text).compile.loss
    assert loss == Part("MeanSquaredError", {"reduction": None})
    assert toml.loads(toml.dumps(Experiment(compile=Compile(loss=loss)))).compile.loss == loss


def test_how_to_fit_is_left_to_the_program_or_set() -> None:
    chosen = Fit(jit_compile=True, steps_per_execution=20, resident=False)
    text = toml.dumps(Experiment(fit=chosen))
    assert "jit_compile = true\nsteps_per_execution = 20\nresident = false" in text
    assert toml.loads(text).fit == chosen
    assert toml.loads("[fit]\njit_compile = 'auto'\nresident = 'auto'").fit == Fit()


def test_none_among_several_values_is_kept() -> None:
    chosen = Experiment(layers=(Part("Dropout", {"rate": 0.5, "noise_shape": (None, 1)}),))
    assert toml.loads(toml.dumps(chosen)) == chosen


@pytest.mark.parametrize(
    "value",
    [
        *(0, -1, 2**63 - 1, 0.1, 1e-7, 1e22, -0.0, float("inf"), True, False),
        *("", "a b", 'quo"ted', "it's", "back\\slash", "two\nlines", "tab\t"),
        *(
            "ünï — 数字 🐍",
            "\u2028",
            "#no comment",
            "=",
            "[data]",
            "'''",
            '"""',
            "\r\n",
            "true",
            "1",
        ),
        *((), (1,), ((0, 1), (2, 3)), ("a", Part("L2"), (Part("L2", {"l2": 0.1}),))),
        Part("A", {"b": Part("C", {"d": Part("E", {"f g": (1, 2), "": 3, 'q"': "x"})})}),
    ],
)
def test_every_value_survives_being_saved(value: Value) -> None:
    chosen = Experiment(
        title=str(value) if isinstance(value, str) else "",
        data=Data("imdb", {"num_words": value}),
        layers=(Part("Any", {"param": value, "other key": value}),),
        compile=Compile(Part("adam", {"x": value}), Part("mse", {"x": value}), (Part("m"),)),
        callbacks=(Part("C", {"x": value}),),
    )
    again = toml.loads(toml.dumps(chosen))
    assert again == chosen
    assert repr(again) == repr(chosen)


def test_random_experiments_survive_being_saved() -> None:
    dice = random.Random(7)

    def name() -> str:
        letters = string.ascii_letters + string.digits + string.punctuation + " äπ"
        return "".join(dice.choices(letters, k=dice.randint(1, 9)))

    def word() -> str:
        return name() + dice.choice(["", "", "\n", "\r\n", "\t", "\u200b"]) + name()

    def value(depth: int) -> Value:
        plain: list[Value] = [word(), dice.randint(-9, 9), dice.random(), dice.random() < 0.5, None]
        if depth and dice.random() < 0.4:
            several = tuple(value(depth - 1) for _ in range(dice.randint(0, 3)))
            worded = any(isinstance(item, str) for item in several)
            # No parameter takes None among words: there it is read as the word.
            return tuple(item for item in several if not (worded and item is None))
        return part(depth - 1) if depth and dice.random() < 0.4 else dice.choice(plain)

    def part(depth: int) -> Part:
        return Part(name(), {name() + "_": value(depth) for _ in range(dice.randint(0, 3))})

    def parts() -> tuple[Part, ...]:
        return tuple(part(3) for _ in range(dice.randint(0, 3)))

    for _ in range(60):
        chosen = Experiment(word(), layers=parts(), compile=Compile(part(2), part(2), parts()))
        assert toml.loads(toml.dumps(chosen)) == chosen


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('title = "A\\u001b[2Jtitle"', "title"),
        (LAYER + 'name = "\\u009b31m"', "layer 1 · name"),
        (LAYER + 'k = ["a", "\\u0000"]', "layer 1 · k"),
        (LAYER + '"\\u001b[2J" = 1', "layer 1"),
        ('[[layers]]\ntype = "\\u001b[2JDense"', "layer 1"),
        ('[data]\noptions = { a = "\\u001b[2J" }', "[data] options · a"),
        ('[compile]\noptimizer = { type = "\\u001b[2JAdam" }', "[compile] optimizer"),
        (LAYER + 'k = { type = "L2\\u0007" }', "layer 1 · k"),
        ('"\\u001b[2J" = 1', ""),
        ('[fit]\n"\\u001b[2J" = 1', "[fit]"),
    ],
)
def test_nothing_in_a_file_can_steer_a_terminal(text: str, where: str) -> None:
    with pytest.raises(TrainerError) as caught:
        toml.loads(text)
    assert caught.value.where == where
    assert str(caught.value).isprintable()


def test_windows_line_ends_and_comments_are_read(tmp_path: Path) -> None:
    path = tmp_path / "ünï code.toml"
    path.write_bytes('# hi\r\ntitle = "é"\r\n\r\n[fit]\r\nepochs = 2 # two\r\n'.encode())
    assert toml.read(path) == Experiment("é", fit=Fit(epochs=2))


def test_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbftitle = 'a'\n")
    assert toml.read(path) == Experiment("a")
    assert toml.read_text(path) == "title = 'a'\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = 3", "mine.toml: title: expected text; received 3"),
        ("data = 3", "data: expected a table, [data]; received 3"),
        ("[[data]]", "data: expected a table, [data]; received [{}]"),
        ("[datas]", "received 'datas'; did you mean data?"),
        ("[fit]\nepoch = 1", "[fit]: expected a key of [fit]; received 'epoch'"),
        (
            "[fit]\nepochs = 1.0",
            "[fit] epochs: expected an integer from 1 to 1000000; received 1.0",
        ),
        ("[fit]\nepochs = '3'", "[fit] epochs: expected an integer from 1 to 1000000"),
        ("[fit]\nepochs = true", "[fit] epochs: expected an integer from 1 to 1000000"),
        ("[fit]\nepochs = 2024-01-01", "[fit] epochs: expected a number, text, true, false"),
        ("[fit]\nepochs = [1]", "[fit] epochs: expected an integer"),
        ("[fit]\nepochs = {}", "[fit] epochs: expected a table with `type`; received {}"),
        ("[fit]\nepochs = 9223372036854775808", "[fit] epochs: expected an integer of 64 bits"),
        ("[fit]\nshuffle = 1", "[fit] shuffle: expected yes or no; received 1"),
        ("[fit]\ndevice = 'tpu'", "[fit] device: expected auto, cpu or gpu:0"),
        (
            "[fit]\njit_compile = 'maybe'",
            "[fit] jit_compile: expected yes or no or auto; received 'maybe'",
        ),
        ("[fit]\nresident = 2", "[fit] resident: expected yes or no or auto; received 2"),
        ("[fit]\nsteps_per_execution = 0", "expected an integer from 1 to 1000000 or auto"),
        ("[fit]\nsteps_per_execution = true", "[fit] steps_per_execution: expected an integer"),
        ("[data]\nsource = 'nist'", "[data] source: expected one of digits"),
        ("[data]\nsource = []", "[data] source: expected one of digits"),
        ("[data]\nscale = 'none '", "[data] scale: expected one of none, unit, standard"),
        ("[data]\nvalidation = 1.5", "[data] validation: expected a count from 0 on"),
        ("[data]\nvalidation = nan", "[data] validation: expected a count from 0 on"),
        ("[data]\nvalidation = -1", "[data] validation: expected a count from 0 on"),
        ("[data]\ntest = inf", "[data] test: expected a number from 0 to 0.9; received inf"),
        ("[data]\noptions = 3", "[data] options: expected a table; received 3"),
        ("[data.options]\nx = 2024-01-01", "[data] options · x: expected a number, text"),
        ("layers = 'Dense'", "layers: expected a list; received 'Dense'"),
        ("layers = [3]", "layer 1: expected a name or a table with a type; received 3"),
        ("layers = ['Flatten', '']", "layer 2: expected a name or a table with a type"),
        ("[[layers]]\nunits = 3", 'layer 1: expected a type, such as type = "Dense"'),
        ("[[layers]]\ntype = 3", 'layer 1: expected a type, such as type = "Dense"'),
        (LAYER + "k = { l2 = 1 }", "layer 1 · k: expected a table with `type`; received {'l2': 1}"),
        (LAYER + "k = 00:00:00", "layer 1 · k: expected a number, text, true, false, a list"),
        ("[compile]\noptimizer = 3", "[compile] optimizer: expected a name or a table"),
        ("[compile]\nloss = []", "[compile] loss: expected a name or a table"),
        ("[compile]\nmetrics = 'accuracy'", "[compile] metrics: expected a list"),
        ("[compile]\nmetrics = [1]", "metric 1: expected a name or a table"),
        ("[compile]\nmetric = []", "did you mean metrics?"),
        ("callbacks = {}", "callbacks: expected a list; received {}"),
        ("a = ", "expected TOML: Invalid value (at end of document)"),
        ("title = 'a'\ntitle = 'b'", "expected TOML: Cannot overwrite a value (at "),
        ("\ufefftitle = 'a'", "expected TOML: "),
        ("\x00", "expected TOML: "),
    ],
)
def test_mistake_is_told_with_its_place(text: str, told: str) -> None:
    assert told in mistake(text)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 50_000,
        "[fit]\nepochs = " + "[" * 90 + "]" * 90,
        LAYER + "k = " + "[" * 60 + "]" * 60,
        LAYER + "k = " + "{ a = " * 60 + "1" + " }" * 60,
        LAYER + "k" + ".a" * 2_000 + " = 1",
        "[x" + ".a" * 20_000 + "]",
        "[fit]\nepochs = " + "9" * 5_000,
        "[fit]\nepochs = 0x" + "f" * 50_000,
        LAYER + "k = 0x" + "f" * 50_000,
        "[fit]\nepochs = '" + "long " * 50_000 + "'",
        "title = [" + "'a', " * 50_000 + "]",
        "[fit]\n" + "e" * 50_000 + " = 1",
        "layers = '''" + "\n" * 5_000 + "'''",
    ],
    ids=range(13),
)
def test_monstrous_files_are_refused_in_one_short_line(text: str) -> None:
    assert mistake(text).startswith("mine.toml: ")


def test_float_that_is_too_large_for_one_is_refused_where_it_stands() -> None:
    told = mistake("[data]\ntest = 1e400")
    assert told.endswith("[data] test: expected a number from 0 to 0.9; received inf")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "expected text in UTF-8; received other bytes"),
        ("title = 'é'".encode("latin-1"), "expected text in UTF-8; received other bytes"),
        (b"\x89PNG\r\n\x1a\n", "expected text in UTF-8; received other bytes"),
        (b"# " + b"x" * 10_000_001, "expected a file of at most 10000000 bytes"),
    ],
)
def test_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(TrainerError, match=f"mine.toml: {told}"):
        toml.read(path)


def test_file_that_is_not_there_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="none.toml: cannot be read: No such file"):
        toml.read(tmp_path / "none.toml")
    with pytest.raises(TrainerError, match="cannot be read: Is a directory"):
        toml.read(tmp_path)


def test_reading_leaves_what_the_file_does_not_name(experiment: Experiment) -> None:
    written = toml.dumps(replace(experiment, fit=Fit()))
    assert "[fit]" not in written
    assert toml.loads(written).fit == Fit()
