"""A layer, metric or callback that is switched off stays, and takes no part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tui_trainer.core import toml
from tui_trainer.core.catalogue import Catalogue
from tui_trainer.core.check import check
from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Compile, Experiment, Part


def test_switch_turns_a_layer_off_and_on_and_can_be_undone(experiment: Experiment) -> None:
    document = Document.opened(experiment, "mine")
    off = document.switch("layers", 1)
    assert [layer.disabled for layer in off.experiment.layers] == [False, True, False]
    assert off.changed and off.undo().experiment == experiment
    assert off.switch("layers", 1).experiment == experiment
    assert document.switch("layers", 9) is document


def test_what_is_off_takes_no_part(experiment: Experiment) -> None:
    off = Document.opened(experiment, "mine").switch("layers", 1).experiment
    assert off.enabled.layers == (experiment.layers[0], experiment.layers[2])
    assert experiment.enabled == experiment


def test_what_is_off_survives_being_saved() -> None:
    off = Experiment(
        layers=(Part("Dropout", {"rate": 0.5}, disabled=True), Part("Dense", {"units": 3})),
        compile=Compile(metrics=(Part("mae", disabled=True), Part("accuracy"))),
        callbacks=(Part("TerminateOnNaN", disabled=True),),
    )
    assert toml.loads(toml.dumps(off)) == off


def test_only_true_and_false_switch_a_layer() -> None:
    with pytest.raises(TrainerError, match=r"layer 1 · disabled: expected true or false"):
        toml.loads('[[layers]]\ntype = "Dense"\ndisabled = "yes"')


def test_what_is_off_may_be_wrong(experiment: Experiment, catalogue: Catalogue) -> None:
    wrong = replace(experiment.layers[0], params={"units": "many"})
    layers = (wrong, *experiment.layers)
    assert check(replace(experiment, layers=layers), catalogue)
    layers = (replace(wrong, disabled=True), *experiment.layers)
    assert not check(replace(experiment, layers=layers), catalogue)


def test_all_layers_off_is_no_model(experiment: Experiment, catalogue: Catalogue) -> None:
    layers = tuple(replace(layer, disabled=True) for layer in experiment.layers)
    (problem,) = check(replace(experiment, layers=layers), catalogue)
    assert problem.where == ("layers",)
