"""The open experiment: every edit can be undone, and nothing typed is lost."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from tui_trainer.core.document import LISTS, Document, PartPath
from tui_trainer.core.experiment import Data, Experiment, Fit, Part


@pytest.fixture
def document(experiment: Experiment) -> Document:
    return Document.opened(experiment, "mine")


def test_opened_document_has_nothing_to_save_or_undo(document: Document) -> None:
    assert not document.changed
    assert document.undo() is document
    assert document.redo() is document


def test_edit_is_undone_and_done_again(document: Document) -> None:
    edited = document.insert("layers", 1, Part("Flatten"))
    assert [layer.type for layer in edited.experiment.layers] == [
        *("Dense", "Flatten", "Dropout", "Dense")
    ]
    assert edited.changed
    assert edited.undo().experiment == document.experiment
    assert not edited.undo().changed
    assert edited.undo().redo().experiment == edited.experiment
    assert document.experiment.layers[1].type == "Dropout"


def test_new_edit_forgets_what_was_undone(document: Document) -> None:
    undone = document.remove("layers", 0).undo()
    assert undone.remove("layers", 2).redo().experiment.layers == document.experiment.layers[:2]


def test_what_is_typed_into_one_field_is_undone_at_once(document: Document) -> None:
    first = document.experiment.layers[0]
    typed = document
    for text in ("1", "12", "128"):
        typed = typed.put(("layers", 0), first.having("units", int(text)), "units")
    elsewhere = typed.put(("layers", 2), Part("Dense", {"units": 4}), "units")
    assert elsewhere.undo().experiment == typed.experiment
    assert elsewhere.undo().undo().experiment == document.experiment
    assert typed.undo().experiment == document.experiment


def test_typing_again_after_undo_is_an_edit_of_its_own(document: Document) -> None:
    once = document.set_field("fit", "epochs", 7)
    again = once.undo().set_field("fit", "epochs", 9)
    assert again.undo().experiment == document.experiment
    assert once.redo() is once


def test_edit_that_changes_nothing_is_none(document: Document) -> None:
    assert document.set_field("fit", "epochs", 5) is document
    assert document.put(("optimizer",), document.experiment.compile.optimizer) is document
    assert document.move("layers", 0, 0) is document


def test_yes_in_the_place_of_1_is_an_edit(document: Document) -> None:
    wrong = document.put(("layers", 1), Part("Dropout", {"rate": 0.5, "trainable": 1}))
    mended = wrong.put(("layers", 1), Part("Dropout", {"rate": 0.5, "trainable": True}))
    assert mended.experiment.layers[1].params["trainable"] is True


def test_copy_of_a_layer_has_no_name_as_names_are_unique(document: Document) -> None:
    twice = document.duplicate("layers", 2).experiment.layers
    assert twice[2].name == "out"
    assert twice[3] == twice[2].lacking("name")


def test_layer_moves_within_its_list(document: Document) -> None:
    down = document.move("layers", 0, 1)
    assert [layer.type for layer in down.experiment.layers] == ["Dropout", "Dense", "Dense"]
    assert down.move("layers", 1, -1).experiment == document.experiment
    assert document.move("layers", 0, -1) is document
    assert document.move("layers", 2, 1) is document


@pytest.mark.parametrize("index", [-1, -2, 3, 99])
@pytest.mark.parametrize("table", LISTS)
def test_edit_of_what_is_not_there_does_nothing(document: Document, table: str, index: int) -> None:
    assert document.part((table, index)) is None
    assert document.remove(table, index) is document
    assert document.duplicate(table, index) is document
    assert document.move(table, index, 1) is document
    assert document.put((table, index), Part("Flatten")) is document


@pytest.mark.parametrize(
    "where", [("layers", 1), ("metrics", 0), ("callbacks", 0), ("optimizer",), ("loss",)]
)
def test_part_that_is_put_somewhere_is_found_there(document: Document, where: PartPath) -> None:
    edited = document.put(where, Part("New", {"x": 1}))
    assert edited.part(where) == Part("New", {"x": 1})
    assert edited.undo().experiment == document.experiment


def test_another_data_set_has_other_options(document: Document) -> None:
    imdb = document.set_field("data", "source", "imdb").set_field("options", "maxlen", 80)
    assert imdb.experiment.data.options == {"maxlen": 80}
    assert imdb.set_field("data", "source", "reuters").experiment.data.options == {}


def test_refused_text_is_kept_until_the_field_has_a_value(document: Document) -> None:
    typed = document.reject("fit", "epochs", "te").reject("fit", "epochs", "ten")
    assert typed.changed
    assert typed.experiment == document.experiment
    assert typed.draft.rejected == {("fit", "epochs"): "ten"}
    assert typed.undo().draft.rejected == {}
    other = typed.set_field("fit", "batch_size", 8)
    assert other.draft.rejected == {("fit", "epochs"): "ten"}
    assert other.set_field("fit", "epochs", 10).draft.rejected == {}


def test_refused_option_goes_with_its_data_set(document: Document) -> None:
    typed = document.set_field("data", "source", "imdb").reject("options", "maxlen", "long")
    typed = typed.reject("fit", "epochs", "ten")
    moved = typed.set_field("data", "source", "reuters")
    assert moved.draft.rejected == {("fit", "epochs"): "ten"}
    assert moved.undo().draft.rejected == typed.draft.rejected


def test_title_is_edited_like_any_field(document: Document) -> None:
    titled = document.set_field("", "title", "o").set_field("", "title", "ours")
    assert titled.experiment.title == "ours"
    assert titled.undo().experiment == document.experiment


def test_saved_document_has_nothing_to_save_and_can_still_be_undone(document: Document) -> None:
    edited = document.set_field("fit", "epochs", 9)
    saved = edited.saved_as(Path("/tmp/better.toml"), edited.toml())
    assert not saved.changed
    assert (saved.name, saved.path) == ("better", Path("/tmp/better.toml"))
    assert saved.undo().changed
    assert saved.undo().experiment == document.experiment


def test_any_sequence_of_edits_is_undone_to_the_beginning_and_done_again(
    document: Document,
) -> None:
    dice = random.Random(3)
    now = document
    for step in range(200):
        table = dice.choice(LISTS)
        index = dice.randint(-1, 5)
        now = dice.choice(
            [
                now.insert(table, max(index, 0), Part("New", {"step": step})),
                now.remove(table, index),
                now.duplicate(table, index),
                now.move(table, index, dice.choice((-1, 1))),
                now.set_field("fit", "epochs", dice.randint(1, 9)),
                now.set_field("data", "source", dice.choice(("digits", "imdb"))),
                now.reject("data", "validation", str(step)),
                now.put(("loss",), Part(f"loss{step}"), "name"),
                now.undo(),
                now.redo(),
            ]
        )
    while now.future:
        now = now.redo()
    last, states = now, [now.draft]
    while now.past:
        now = now.undo()
        states.append(now.draft)
    assert now.draft == document.draft
    for draft in reversed(states):
        assert now.draft == draft
        now = now.redo()
    assert now.draft == last.draft


def test_field_of_every_table_can_be_set(document: Document) -> None:
    edited = document.set_field("fit", "device", "cpu").set_field("data", "flatten", False)
    assert edited.experiment == replace(
        document.experiment,
        fit=Fit(epochs=5, batch_size=64, device="cpu"),
        data=Data("digits", validation=0.2, scale="unit"),
    )


def test_what_is_no_place_of_a_part_has_none(document: Document) -> None:
    for where in (("fit",), ("data",), ("",), ("metrics",)):
        assert document.part(where) is None
    assert document.part(("loss",)) == document.experiment.compile.loss


def test_option_is_removed_and_comes_back(document: Document) -> None:
    typed = document.set_field("options", "foo", 1).reject("options", "foo", "x")
    removed = typed.remove_option("foo")
    assert removed.experiment.data.options == {}
    assert not removed.draft.rejected
    assert removed.set_field("fit", "epochs", 9).undo().undo().experiment == document.experiment
    assert document.remove_option("foo") is document


def test_document_whose_file_was_deleted_is_to_be_saved(document: Document) -> None:
    saved = document.saved_as(Path("/tmp/mine.toml"), "# dear to me\n" + document.toml())
    lost = saved.without_file()
    assert lost.changed and lost.path is None
    assert lost.set_field("fit", "epochs", 9).undo().changed
    assert "# dear to me" in lost.toml()
    again = lost.saved_as(Path("/tmp/again.toml"), lost.toml())
    assert not again.changed and again.path == Path("/tmp/again.toml")
