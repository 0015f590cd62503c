"""Advice without Keras: its order, its words, and that nothing makes it fail."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import pytest

from tui_trainer.core.advice import Advice, advise, good_words
from tui_trainer.core.catalogue import Catalogue
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part, Value
from tui_trainer.core.verdict import LayerSize, Verdict

JUNK: tuple[Value, ...] = (
    *(None, True, -1, 0, 10**30, 1e300, -0.5, math.nan, math.inf, "", "x", "softmax"),
    *((), (1, "a"), Part("X"), Part("X", {"initial_learning_rate": Part("Y")})),
)
KINDS = ("Dense", "Conv2D", "Dropout", "Activation", "Softmax", "BatchNormalization", "X", "")
NAMES = ("units", "activation", "rate", "trainable", "name", "filters")


def sizes(*shapes: tuple[int | None, ...]) -> Verdict:
    """Return a verdict on layers of these shapes, each with ten weights."""
    return Verdict((8,), "float32", tuple(LayerSize("", "", shape, 10, 10) for shape in shapes))


def test_advice_is_read_with_its_place_and_its_fix() -> None:
    where = ("layers", 2, "activation")
    assert str(Advice(where, "it is so")) == "layer 3 · activation: it is so"
    assert str(Advice((), "it is so")) == "it is so"
    told = Advice(where, "it is so", lambda experiment: experiment, "change it")
    assert str(told) == "layer 3 · activation: it is so: change it"


def test_what_matters_most_comes_first(experiment: Experiment, catalogue: Catalogue) -> None:
    layers = (
        Part("Dropout", {"rate": 0.9}),
        Part("Dense", {"units": 3}),
        Part("Dense", {"units": 10, "activation": "relu"}),
    )
    optimizer = Part("SGD", {"learning_rate": 50.0})
    wrong = replace(
        experiment,
        data=Data("digits", flatten=True),
        layers=layers,
        compile=replace(experiment.compile, optimizer=optimizer, metrics=()),
    )
    told = advise(wrong, catalogue, sizes((64,), (3,), (10,)))
    assert [one.where for one in told] == [
        ("layers", 2, "activation"),
        ("data", "scale"),
        ("optimizer", "learning_rate"),
        ("layers", 1, "activation"),
        ("layers", 0, "rate"),
        ("callbacks", 0, "monitor"),
        ("metrics",),
    ]


def test_fix_keeps_what_it_does_not_speak_of(experiment: Experiment) -> None:
    named = Part("Dense", {"units": 10, "name": "out", "kernel_regularizer": Part("L2")})
    bare = replace(experiment, layers=(*experiment.layers[:2], named))
    (advice,) = advise(bare, None, sizes((32,), (32,), (10,)))
    assert advice.fix is not None
    fixed = advice.fix(bare)
    assert fixed.layers == (*bare.layers[:2], named.having("activation", "softmax"))
    assert replace(fixed, layers=bare.layers) == bare


def test_other_names_of_a_class_are_known(experiment: Experiment, catalogue: Catalogue) -> None:
    convolution = Part("Convolution2D", {"filters": 2, "kernel_size": 3})
    layers = (convolution, convolution, *experiment.layers)
    told = advise(replace(experiment, layers=layers), catalogue)
    assert [one.where for one in told] == [("layers", 0, "activation"), ("layers", 1, "activation")]


def test_without_a_verdict_the_last_layer_speaks_for_itself(experiment: Experiment) -> None:
    assert advise(experiment) == ()
    softmax = Part("Dense", {"units": 1, "activation": "softmax"})
    binary = replace(
        experiment,
        data=Data("make_moons", validation=0.2),
        layers=(softmax,),
        compile=replace(experiment.compile, loss=Part("binary_crossentropy")),
    )
    (advice,) = advise(binary)
    assert advice.fix_words == "use sigmoid in the last layer"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_typed_makes_it_fail(
    experiment: Experiment, catalogue: Catalogue, kind: str
) -> None:
    last = experiment.layers[-1]
    for name, junk in product(NAMES, JUNK):
        odd = Part(kind, {"units": 10, name: junk})
        for layers in ((odd,), (odd, last), (last, odd), (odd, odd, last)):
            wrong = replace(experiment, layers=layers)
            for verdict in (None, sizes(*[(10,)] * len(layers)), sizes((None,)), sizes(())):
                every = [str(one) for one in advise(wrong, catalogue, verdict)]
                assert all("\n" not in one for one in every)
                good_words(wrong, verdict)


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_nothing_in_the_other_tables_makes_it_fail(
    experiment: Experiment, catalogue: Catalogue, junk: Value
) -> None:
    callbacks = tuple(
        Part(kind, {name: junk})
        for kind in ("EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint", "X")
        for name in ("monitor", "patience", "save_best_only", "mode")
    )
    for loss in (None, Part("mse", {"from_logits": junk}), Part(str(junk))):
        wrong = Experiment(
            data=Data("make_regression", {"n_features": junk}),
            layers=experiment.layers,
            compile=Compile(
                Part("adam", {"learning_rate": junk}),
                loss,
                (Part("mae", {"name": junk}), Part("AUC", {"threshold": junk}), Part("acc")),
            ),
            fit=Fit(epochs=1),
            callbacks=callbacks,
        )
        for data in (wrong.data, Data("nowhere"), Data("imdb", {"num_words": junk}), Data("iris")):
            odd = replace(wrong, data=data)
            for verdict in (None, sizes((1,), (1,), (1,)), sizes((3,), (3,), (3,))):
                for one in advise(odd, catalogue, verdict):
                    if one.fix is not None:
                        one.fix(odd)
                good_words(odd, verdict)


def test_an_empty_experiment_has_no_advice() -> None:
    assert advise(Experiment()) == ()
    assert advise(Experiment(), None, Verdict()) == ()
    assert good_words(Experiment(), Verdict()) == ""
