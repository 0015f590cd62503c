"""What is told of an experiment before Keras sees it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tui_trainer.core.catalogue import Catalogue, Entry, Kind, Param
from tui_trainer.core.check import check, check_part
from tui_trainer.core.experiment import Compile, Data, Experiment, Part, Value
from tui_trainer.core.problem import Problem, place


def only(experiment: Experiment, catalogue: Catalogue) -> Problem:
    problems = check(experiment, catalogue)
    assert len(problems) == 1, problems
    assert "\n" not in str(problems[0])
    assert len(str(problems[0])) < 700
    return problems[0]


def dense(**params: Value) -> Part:
    return Part("Dense", {"units": 10, **params})


def test_sound_experiment_has_no_problem(experiment: Experiment, catalogue: Catalogue) -> None:
    assert check(experiment, catalogue) == ()


def test_everything_that_is_wrong_is_told_at_once(catalogue: Catalogue) -> None:
    problems = check(
        Experiment(
            data=Data("nist"),
            layers=(Part("Dens"), Part("Dropout")),
            compile=Compile(Part("Adm"), None, (Part("acuracy"),)),
            callbacks=(Part("EarlyStopping", {"patience": -1}),),
        ),
        catalogue,
    )
    assert [problem.where for problem in problems] == [
        ("data", "source"),
        ("layers", 0),
        ("layers", 1, "rate"),
        ("optimizer",),
        ("loss",),
        ("metrics", 0),
        ("callbacks", 0, "patience"),
    ]


@pytest.mark.parametrize(
    ("layer", "where", "told"),
    [
        (Part("Dens"), (), "expected one of Keras 3.15.1's layers; received 'Dens'; did you mean"),
        (Part("dense"), (), "received 'dense'; did you mean Dense?"),
        (Part("Lambda", {"function": "x"}), (), "layers; received 'Lambda'"),
        (Part("Adam"), (), "layers; received 'Adam'"),
        (Part(""), (), "received ''"),
        (Part("x\ny"), (), r"received 'x\ny'"),
        (Part("D" * 100_000), (), "received 'DDD"),
        (Part("Dense"), ("units",), "expected a positive integer; received nothing"),
        (dense(unit=1), ("unit",), "a parameter of Dense; received 'unit'; did you mean units?"),
        (dense(units="10"), ("units",), "expected a positive integer; received '10'"),
        (dense(units=None), ("units",), "expected a positive integer; received none"),
        (dense(units=True), ("units",), "expected a positive integer; received True"),
        (dense(activation="relo"), ("activation",), "expected one of linear, relu, softmax"),
        (dense(activation=Part("L2")), ("activation",), "received L2"),
        (dense(use_bias=1), ("use_bias",), "expected yes or no; received 1"),
        (dense(kernel_regularizer=0.1), ("kernel_regularizer",), "expected one of Keras' regul"),
        (dense(kernel_regularizer="L3"), ("kernel_regularizer",), "regularizers; received 'L3'"),
        (
            dense(kernel_regularizer="L2(0.1)"),
            ("kernel_regularizer",),
            "received 'L2(0.1)'; arguments go by name, as in Name(argument=1)",
        ),
        (
            dense(kernel_regularizer=Part("HeNormal")),
            ("kernel_regularizer",),
            "regularizers; received 'HeNormal'",
        ),
        (
            dense(kernel_regularizer=Part("L2", {"l3": 1})),
            ("kernel_regularizer", "l3"),
            "expected a parameter of L2; received 'l3'; there are l2",
        ),
        (
            dense(kernel_regularizer=Part("L2", {"l2": Part("L2")})),
            ("kernel_regularizer", "l2"),
            "expected a number, 0 or more; received L2",
        ),
        (
            dense(kernel_regularizer=(Part("L2"), Part("L2"))),
            ("kernel_regularizer",),
            "received (L2, L2)",
        ),
        (dense(kernel_initializer=None), ("kernel_initializer",), "initializers; received none"),
    ],
)
def test_wrong_layer_is_told_at_the_parameter(
    catalogue: Catalogue, layer: Part, where: tuple[str, ...], told: str
) -> None:
    wrong = Experiment(layers=(Part("Flatten"), layer), compile=Compile(loss=Part("mse")))
    problem = only(wrong, catalogue)
    assert problem.where == ("layers", 1, *where)
    assert told in problem.message


def test_schedule_inside_an_optimizer_is_checked_too(
    experiment: Experiment, catalogue: Catalogue
) -> None:
    decay: dict[str, Value] = {"initial_learning_rate": 0.1, "decay_steps": 0, "decay_rate": 0.9}
    optimizer = Part("Adam", {"learning_rate": Part("ExponentialDecay", decay)})
    wrong = replace(experiment, compile=replace(experiment.compile, optimizer=optimizer))
    problem = only(wrong, catalogue)
    assert str(problem) == (
        "[compile] optimizer · learning_rate · decay_steps: expected a positive integer; received 0"
    )


def test_a_word_for_a_learning_rate_wants_a_number(
    experiment: Experiment, catalogue: Catalogue
) -> None:
    slow = replace(experiment.compile, optimizer=Part("Adam", {"learning_rate": Part("fast")}))
    problem = only(replace(experiment, compile=slow), catalogue)
    assert str(problem).startswith("[compile] optimizer · learning_rate: expected a number")


def test_two_layers_of_one_name_are_told(experiment: Experiment, catalogue: Catalogue) -> None:
    layers = (dense(name="a"), Part("Dropout", {"rate": 0.1}), dense(name="a"))
    problem = only(replace(experiment, layers=layers), catalogue)
    assert str(problem) == "layer 3 · name: expected a name of its own; layer 1 has 'a' too"


@pytest.mark.parametrize(
    ("data", "where", "told"),
    [
        (Data("nist"), ("data", "source"), "expected one of digits"),
        (Data("digits", {"x": 1}), ("data", "options"), "option of digits (none); received 'x'"),
        (
            Data("imdb", {"maxlen": 0}),
            ("data", "options", "maxlen"),
            "expected a positive integer; received 0",
        ),
        (
            Data("make_regression", {"n_samples": "many"}),
            ("data", "options", "n_samples"),
            "expected an integer, 2 or more; received 'many'",
        ),
        (Data("digits", validation=1438), ("data", "validation"), "than the 1437 training samples"),
        (Data("imdb", scale="unit"), ("data", "scale"), "these inputs are words by number"),
        (Data("diabetes", one_hot=True), ("data", "one_hot"), "this is a regression"),
        (Data("make_moons", {"n_samples": 2}, test=0.9), ("data", "test"), "leaves samples"),
    ],
)
def test_wrong_data_are_told_at_the_field(
    experiment: Experiment,
    catalogue: Catalogue,
    data: Data,
    where: tuple[Any, ...],
    told: str,
) -> None:
    problem = only(replace(experiment, data=data), catalogue)
    assert problem.where == where
    assert told in problem.message


def test_all_wrong_options_are_told(experiment: Experiment, catalogue: Catalogue) -> None:
    data = Data("imdb", {"num_words": "all", "maxlen": 1.5})
    problems = check(replace(experiment, data=data), catalogue)
    assert [place(problem.where) for problem in problems] == [
        "[data] options · num_words",
        "[data] options · maxlen",
    ]


def test_problem_survives_json() -> None:
    problem = Problem(("layers", 2, "units"), "expected a positive integer; received 0")
    assert Problem.from_json(problem.to_json()) == problem


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (("layers", 2, "units"), "layer 3 · units"),
        (("metrics", 0), "metric 1"),
        (("callbacks", 1, "monitor"), "callback 2 · monitor"),
        (("fit", "epochs"), "[fit] epochs"),
        (("data", "options", "maxlen"), "[data] options · maxlen"),
        (("optimizer", "beta_1"), "[compile] optimizer · beta_1"),
        (("loss",), "[compile] loss"),
        (("metrics",), "[compile] metrics"),
        (("layers",), "layers"),
        ((), ""),
    ],
)
def test_place_is_told_as_a_user_counts(where: tuple[str | int, ...], words: str) -> None:
    assert place(where) == words


def test_what_is_wrong_inside_a_list_of_classes_is_told_at_the_list(catalogue: Catalogue) -> None:
    cells = (Part("LSTMCell", {"units": 8}), Part("LSTMCell", {"units": 0}), Part("LSTM"))
    layer = Part("RNN", {"cell": Part("StackedRNNCells", {"cells": cells})})
    problems = [*check_part(layer, "layers", catalogue, ("layers", 0))]
    assert {problem.where for problem in problems} == {("layers", 0, "cell", "cells")}
    assert [problem.message for problem in problems] == [
        "expected a positive integer; received 0 (number 2 · units)",
        "expected one of Keras 3.15.1's cells; received 'LSTM'; did you mean LSTMCell? (number 3)",
    ]


def test_why_a_form_has_not_what_keras_has(catalogue: Catalogue) -> None:
    reasons = {"Lambda": "takes Python code", "Dense.x": "takes arrays", "layers.y": "is lost"}
    catalogue = replace(catalogue, left_out=reasons)
    (unknown,) = check_part(Part("Lambda"), "layers", catalogue, ())
    assert unknown.message.endswith("received 'Lambda', which takes Python code")
    own, general = check_part(dense(x=1, y=2), "layers", catalogue, ())
    assert own.message == "expected a parameter of Dense; received 'x', which takes arrays"
    assert general.message == "expected a parameter of Dense; received 'y', which is lost"


def test_layer_that_reads_words_is_refused_where_the_data_are_numbers(
    experiment: Experiment, catalogue: Catalogue
) -> None:
    catalogue = replace(catalogue, entries=(*catalogue.entries, Entry("StringLookup", "layers")))
    layers = (Part("StringLookup"), *experiment.layers)
    told = only(replace(experiment, layers=layers), catalogue)
    assert str(told) == (
        "layer 1: expected a layer that reads numbers, as in digits; "
        "received StringLookup, which reads words"
    )
    off = (replace(layers[0], disabled=True), *experiment.layers)
    assert check(replace(experiment, layers=off), catalogue) == ()


@pytest.mark.parametrize("name", ["a b", "é", "a:b", "a/b", "a\\b", "(a)", "x\n"])
def test_name_that_tensorflow_does_not_take_is_told_at_the_name(
    experiment: Experiment, catalogue: Catalogue, name: str
) -> None:
    layers = (dense(name=name), *experiment.layers[1:])
    told = only(replace(experiment, layers=layers), catalogue)
    assert told.where == ("layers", 0, "name")
    assert told.message.startswith("expected letters from A to Z, digits, and . _ - > in a name")
    off = (replace(layers[0], disabled=True), *layers[1:])
    assert check(replace(experiment, layers=off), catalogue) == ()
    metric = replace(experiment.compile, metrics=(Part("mae", {"name": name}),))
    assert check(replace(experiment, compile=metric), catalogue) == ()


@pytest.mark.parametrize("name", ["_hidden", "-x", ">x"])
def test_only_an_optimizer_must_begin_with_a_letter_a_digit_or_a_point(
    experiment: Experiment, catalogue: Catalogue, name: str
) -> None:
    compiled = replace(experiment.compile, loss=Part("MeanSquaredError", {"name": name}))
    named = replace(experiment, layers=(dense(name=name),), compile=compiled)
    assert check(named, catalogue) == ()
    optimizer = Part("Adam", {"name": name})
    told = only(replace(named, compile=replace(compiled, optimizer=optimizer)), catalogue)
    assert told.where == ("optimizer", "name")
    assert "begins with a letter" in told.message


def test_a_schedule_leaves_a_plateau_nothing_to_lower(
    experiment: Experiment, catalogue: Catalogue
) -> None:
    param = Param("inner_optimizer", Kind.PART, group="optimizers")
    more = (Entry("ReduceLROnPlateau", "callbacks"),)
    more += (Entry("LossScaleOptimizer", "optimizers", params=(param,)),)
    catalogue = replace(catalogue, entries=(*catalogue.entries, *more))
    steps = {"initial_learning_rate": 0.1, "decay_steps": 9, "decay_rate": 0.5}
    plain, scheduled = Part("SGD"), Part("SGD", {"learning_rate": Part("ExponentialDecay", steps)})
    plateau = Part("ReduceLROnPlateau")

    def trained(optimizer: Part, callback: Part = plateau) -> Experiment:
        compiled = replace(experiment.compile, optimizer=optimizer)
        return replace(experiment, compile=compiled, callbacks=(*experiment.callbacks, callback))

    for optimizer in (scheduled, Part("LossScaleOptimizer", {"inner_optimizer": scheduled})):
        told = only(trained(optimizer), catalogue)
        assert told.where == ("callbacks", 1)
        assert "a learning rate that is a number" in told.message
        assert "ExponentialDecay" in told.message
        assert check(trained(optimizer, replace(plateau, disabled=True)), catalogue) == ()
    assert check(trained(plain), catalogue) == ()
