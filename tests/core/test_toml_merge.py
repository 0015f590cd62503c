"""A hand-written file that is edited and saved keeps its comments, and its way of writing."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.commented import DOTTED, FIELDS, INLINE, SUBTABLES, TABLES, TEXTS, TIGHT
from tui_trainer.core import toml
from tui_trainer.core.document import LISTS, Document
from tui_trainer.core.experiment import Experiment, Part
from tui_trainer.core.presets import read_document

Edit = Callable[[Document], Document]


def opened(text: str) -> Document:
    return Document.opened(toml.loads(text), "mine", None, text)


def saved(text: str, *edits: Edit) -> str:
    document = opened(text)
    for edit in edits:
        document = edit(document)
    written = document.toml()
    assert repr_of(toml.loads(written)) == repr_of(document.experiment)
    return written


def repr_of(value: object) -> str:
    """Return what tells values from each other to the letter, the order of arguments aside."""
    if isinstance(value, Part):
        inside = sorted((name, repr_of(item)) for name, item in value.params.items())
        return repr((value.type, value.disabled, inside))
    if isinstance(value, tuple):
        return repr([repr_of(item) for item in value])
    if isinstance(value, Experiment):
        data = replace(value.data, options=dict(sorted(value.data.options.items())))
        compiled, rest = value.compile, (value.title, data, value.fit)
        parts = (value.layers, compiled.optimizer, compiled.loss, compiled.metrics, value.callbacks)
        return repr([repr_of(part) for part in parts]) + repr(rest)
    return repr(value)


def changes(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and those that came."""
    old, new = Counter(before.splitlines()), Counter(after.splitlines())
    return [*(old - new).elements()], [*(new - old).elements()]


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_not_edited_comes_back_byte_for_byte(name: str) -> None:
    document = opened(TEXTS[name])
    assert document.toml() == TEXTS[name]
    there_and_back = document.insert("layers", 0, Part("Flatten")).set_field("fit", "epochs", 7)
    assert there_and_back.undo().undo().toml() == TEXTS[name]
    again = there_and_back.remove("layers", 0)
    epochs = document.experiment.fit.epochs
    assert again.set_field("fit", "epochs", epochs).toml() == TEXTS[name]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("seed", range(40))
def test_any_edits_are_saved_and_comments_stay_with_what_did_not_change(
    name: str, seed: int
) -> None:
    dice = random.Random(f"{name} {seed}")
    document = opened(TEXTS[name])
    for _ in range(dice.randint(1, 10)):
        document = any_edit(document, dice)
    written = document.toml()
    before, after = toml.loads(TEXTS[name]), toml.loads(written)
    assert repr_of(after) == repr_of(document.experiment)
    old, new = marks(TEXTS[name]), marks(written)
    for mark, count in old.items():
        if is_same(mark, before, after):
            assert new[mark] >= count, f"{mark} lost in:\n{written}"
    if "\r\n" in TEXTS[name]:
        assert "\n" not in written.replace("\r\n", "")
    again = opened(written)
    assert again.toml() == written


@pytest.mark.parametrize("name", TEXTS)
def test_saving_again_and_again_between_edits_is_the_same(name: str) -> None:
    dice = random.Random(name)
    document = opened(TEXTS[name])
    for _ in range(60):
        document = any_edit(document, dice)
        if dice.random() < 0.3:
            document = document.saved_as(Path("mine.toml"), document.toml())
            assert repr_of(toml.loads(document.text or "")) == repr_of(document.experiment)
    assert document.toml().count("@file") == TEXTS[name].count("@file")


def marks(text: str) -> Counter[str]:
    return Counter(re.findall(r"@(\w+)", text))


def is_same(mark: str, before: Experiment, after: Experiment) -> bool:
    """Return whether what a comment is about is what it was."""
    if mark in ("optimizer", "loss", "metrics"):
        return getattr(before.compile, mark) == getattr(after.compile, mark)
    if mark == "options":
        return before.data.options == after.data.options
    if mark in FIELDS or mark == "file":
        return True

    def parts(experiment: Experiment) -> list[Part]:
        every = (*experiment.layers, *experiment.compile.metrics, *experiment.callbacks)
        return [part for part in every if part.name == mark]

    return parts(before) == parts(after)


def any_edit(document: Document, dice: random.Random) -> Document:
    table = dice.choice(LISTS)
    index = dice.randint(0, max(len(document.parts(table)), 1))
    part = document.part((table, index)) or Part("Flatten")
    names = [name for name in part.params if name != "name"]
    inner = dice.choice([Part("L1"), Part("L2", {"l2": dice.random()}), "l2", None, (), (1, (2,))])
    new = Part("Dense", {"units": dice.randint(1, 9), "label": 'a "b" # [c]', "x": inner})
    optimizer = document.experiment.compile.optimizer
    return dice.choice(
        [
            lambda: document.insert(table, index, dice.choice([new, Part("Flatten")])),
            lambda: document.remove(table, index),
            lambda: document.duplicate(table, index),
            lambda: document.move(table, index, dice.choice((-1, 1, 2))),
            lambda: document.switch(table, index),
            lambda: document.put(
                (table, index), part.having("units", dice.randint(1, 99)), "units"
            ),
            lambda: document.put((table, index), part.having("kernel_regularizer", inner)),
            lambda: document.put((table, index), part.having("weights", ((1, 2, (3,)), 7, inner))),
            lambda: document.put((table, index), part.having("shapes", (Part("A"), new))),
            lambda: document.put((table, index), part.lacking(dice.choice(names or ["no"]))),
            lambda: document.put(
                ("optimizer",), dice.choice([Part("adam"), Part("SGD", {"x": 1})])
            ),
            lambda: document.put(("optimizer",), optimizer.having("learning_rate", dice.random())),
            lambda: document.put(
                ("loss",), dice.choice([Part("mse"), Part("Huber", {"delta": 2})])
            ),
            lambda: document.set_field("fit", "epochs", dice.randint(1, 9)),
            lambda: document.set_field("data", "flatten", dice.random() < 0.5),
            lambda: document.set_field("data", "source", dice.choice(["iris", "make_regression"])),
            lambda: (
                document.set_field("options", "noise", dice.randint(1, 500))
                if document.experiment.data.source == "make_regression"
                else document
            ),
            lambda: document.set_field("", "title", dice.choice(["", "x", "it's", "two\nlines"])),
            document.undo,
            document.redo,
        ]
    )()


def test_a_value_changes_and_nothing_else() -> None:
    layer = opened(TABLES).experiment.layers[1]
    written = saved(TABLES, lambda d: d.put(("layers", 1), layer.having("units", 64)))
    assert changes(TABLES, written) == (
        ["units = 1_00   # @two try 64"],
        ["units = 64   # @two try 64"],
    )


def test_a_number_inside_a_table_on_one_line_changes_alone() -> None:
    adam = Part("Adam", {"learning_rate": 0.001, "beta_1": 0.8})
    assert changes(TABLES, saved(TABLES, lambda d: d.put(("optimizer",), adam)))[1] == [
        'optimizer = { type = "Adam", learning_rate = 1e-3, beta_1 = 0.8 }  # @optimizer'
    ]


def test_new_keys_stand_in_the_table_where_they_belong() -> None:
    written = saved(
        TABLES,
        lambda d: d.set_field("data", "one_hot", True),
        lambda d: d.set_field("fit", "seed", 4),
        lambda d: d.switch("layers", 0),
    )
    assert "flatten = false\none_hot = true\n" in written
    assert "batch_size = 0x20\nseed = 4\n" in written
    assert 'name = "one"  # @one\ndisabled = true\n' in written
    dotted = saved(DOTTED, lambda d: d.set_field("options", "random_state", 3))
    assert changes(DOTTED, dotted) == ([], ["data.options.random_state = 3"])


def test_a_field_that_returns_to_its_default_keeps_its_line() -> None:
    assert changes(TABLES, saved(TABLES, lambda d: d.set_field("fit", "epochs", 1)))[1] == [
        "epochs = 1    # @fit"
    ]


def test_weights_to_start_from_go_with_their_line() -> None:
    text = '[fit]\nepochs = 2  # a few\ninitial_weights = "a.keras"  # mine\n'
    assert toml.loads(text).fit.initial_weights == "a.keras"
    written = saved(text, lambda d: d.set_field("fit", "initial_weights", None))
    assert written == "[fit]\nepochs = 2  # a few\n"


def test_a_table_that_is_new_stands_in_its_order() -> None:
    written = saved(TIGHT, lambda d: d.set_field("data", "source", "iris"))
    assert written.index("title") < written.index("[data]") < written.index("[fit]")


def test_a_removed_layer_takes_its_comments_along_and_no_others() -> None:
    gone, new = changes(TABLES, saved(TABLES, lambda d: d.remove("layers", 1)))
    assert new == []
    assert [line for line in gone if "#" in line] == [
        "# @two hidden",
        "units = 1_00   # @two try 64",
        "# @two small weights",
        'kernel_regularizer = { type = "L2", l2 = 1e-4 }   # @two',
    ]
    gone, new = changes(DOTTED, saved(DOTTED, lambda d: d.remove("layers", 0)))
    assert [line.strip()[:4] for line in gone] == ["# @o", "{ ty"]


@pytest.mark.parametrize("by", [1, 2])
def test_a_moved_layer_takes_its_comments_along(by: int) -> None:
    written = saved(TABLES, lambda d: d.move("layers", 0, by))
    assert changes(TABLES, written) == ([], [])
    block = '# @one the pictures as rows\n[[layers]]\ntype = "Flatten"\nname = "one"  # @one\n\n'
    assert block in written
    assert written.index("# @file ---- The stack ----") < written.index("# @two hidden")
    dotted = saved(DOTTED, lambda d: d.move("layers", 0, by))
    lines = [line for line in dotted.splitlines() if "@one" in line]
    assert lines[0] == "    # @one the first"
    assert lines[1].startswith('    { type = "Dense", name="one", units = 3 }')


def test_a_table_of_a_layer_moves_with_it() -> None:
    written = saved(SUBTABLES, lambda d: d.move("layers", 0, 1))
    assert changes(SUBTABLES, written) == ([], [])
    assert written.index("[[layers]]\ntype") < written.index("[layers.kernel_regularizer]")


def test_a_copied_layer_leaves_the_comments_with_the_first() -> None:
    gone, new = changes(TABLES, saved(TABLES, lambda d: d.duplicate("layers", 1)))
    assert gone == []
    assert "units = 100" in new
    assert not [line for line in new if "#" in line]


def test_edits_of_two_layers_alike_do_not_mix_their_comments() -> None:
    text = '[[layers]] # first\ntype = "Dropout"\nrate = 0.1\n\n'
    text += '[[layers]] # second\ntype = "Dropout"\nrate = 0.2\n'
    second = Part("Dropout", {"rate": 0.1})
    written = saved(text, lambda d: d.put(("layers", 1), second), lambda d: d.remove("layers", 0))
    assert written == '[[layers]] # second\ntype = "Dropout"\nrate = 0.1\n'
    written = saved(text, lambda d: d.remove("layers", 0), lambda d: d.put(("layers", 0), second))
    assert written == '[[layers]] # second\ntype = "Dropout"\nrate = 0.1\n'


def test_what_was_on_one_line_stays_on_one_line() -> None:
    written = saved(
        INLINE,
        lambda d: d.insert("metrics", 1, Part("mse")),
        lambda d: d.set_field("fit", "seed", 3),
        lambda d: d.insert("callbacks", 0, Part("TerminateOnNaN")),
    )
    assert 'metrics = ["mae", "mse", { type = "R2Score" }]' in written
    assert "fit = {epochs=3,seed=3} # @file" in written
    assert 'callbacks = [ "TerminateOnNaN", { type = "EarlyStopping", name = "one" } ]' in written


def test_a_save_after_a_save_starts_from_what_was_saved() -> None:
    first = opened(TABLES).remove("layers", 1)
    second = first.saved_as(Path("other.toml"), first.toml()).move("layers", 0, 1)
    assert "@two" not in second.toml()
    assert changes(first.toml(), second.toml()) == ([], [])
    back = second.undo().undo()
    assert repr_of(toml.loads(back.toml())) == repr_of(opened(TABLES).experiment)


def test_what_is_typed_on_after_a_save_can_be_undone_to_what_was_saved() -> None:
    typed = opened(TABLES).set_field("fit", "epochs", 3)
    saved_then = typed.saved_as(Path("mine.toml"), typed.toml()).set_field("fit", "epochs", 30)
    assert not saved_then.undo().changed


def test_the_file_may_vanish_while_it_is_open(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf# mine\r\nfit.epochs = 3")
    document = read_document(path, "mine", path)
    path.unlink()
    assert document.toml() == "# mine\r\nfit.epochs = 3"
    assert document.set_field("fit", "seed", 2).toml() == (
        "# mine\r\nfit.epochs = 3\r\nfit.seed = 2\r\n"
    )


def test_a_text_of_another_experiment_is_edited_all_the_same() -> None:
    other = Experiment(layers=(Part("Flatten"),))
    written = toml.merged(TABLES, (other, other))
    assert repr_of(toml.loads(written)) == repr_of(other)
    assert "@file ---- The stack ----" in written
