"""Advice on experiments as the engine judges them: given, followed, and gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import pytest

from tests.engine.advice_cases import (
    BAD,
    CLASSES,
    FINE,
    GOOD,
    HIDDEN,
    NUMBERS,
    ROWS,
    YES_NO,
    Bad,
    compiled,
    dense,
    of_logits,
    stack,
)
from tui_trainer.core import toml
from tui_trainer.core.advice import RULES, Advice, advise, good_words
from tui_trainer.core.advice.callbacks import metric_names
from tui_trainer.core.advice.case import Case
from tui_trainer.core.experiment import Experiment, Part
from tui_trainer.core.presets import Preset, all_presets
from tui_trainer.engine.answers import judge
from tui_trainer.engine.build import build, compile_model
from tui_trainer.engine.data import load
from tui_trainer.engine.introspect import catalogue

NAMES = {rule.__name__: rule for rule in RULES}


def told(experiment: Experiment) -> tuple[Advice, ...]:
    return advise(experiment, catalogue(), judge(experiment))


def told_by(rule: str, experiment: Experiment) -> list[Advice]:
    return [*NAMES[rule](Case(experiment, catalogue(), judge(experiment)))]


@pytest.mark.parametrize("experiment", [*GOOD.values(), *FINE.values()], ids=[*GOOD, *FINE])
def test_what_is_good_needs_no_advice(experiment: Experiment) -> None:
    assert not judge(experiment).problems
    assert [str(advice) for advice in told(experiment)] == []


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad.rule}: {bad.message}")
def test_what_is_bad_is_told_and_the_fix_does_away_with_it(bad: Bad) -> None:
    assert judge(bad.experiment).problems == ()
    (advice,) = told_by(bad.rule, bad.experiment)
    assert (advice.where, advice.fix_words) == (bad.where, bad.fix_words)
    assert bad.message in advice.message
    assert len(advice.message) < 90 and "\n" not in advice.message
    assert str(advice) in map(str, told(bad.experiment))
    if advice.fix is None:
        return
    fixed = advice.fix(bad.experiment)
    assert judge(fixed).problems == ()
    assert told_by(bad.rule, fixed) == []
    for each in fields(Experiment):
        same = getattr(fixed, each.name) == getattr(bad.experiment, each.name)
        assert same or each.name in bad.changed


def test_every_rule_has_a_case() -> None:
    assert {bad.rule for bad in BAD} == {*NAMES}


OFF = replace(HIDDEN, disabled=True)


def with_parts_off(experiment: Experiment) -> Experiment:
    """Return an experiment with a part at the head of each list that is switched off."""
    compiled = experiment.compile
    metrics = (Part("mae", disabled=True), *compiled.metrics)
    return replace(
        experiment,
        layers=(OFF, *experiment.layers),
        compile=replace(compiled, metrics=metrics),
        callbacks=(Part("EarlyStopping", disabled=True), *experiment.callbacks),
    )


def followed(bad: Bad) -> Experiment:
    """Return the experiment after the fix."""
    (advice,) = told_by(bad.rule, bad.experiment)
    assert advice.fix is not None
    return advice.fix(bad.experiment)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad.rule}: {bad.message}")
def test_parts_that_are_off_change_no_advice_but_for_where(bad: Bad) -> None:
    off = with_parts_off(bad.experiment)
    (advice,) = told_by(bad.rule, off)
    assert advice.where == tuple(step + 1 if isinstance(step, int) else step for step in bad.where)
    if advice.fix is not None:
        fixed = advice.fix(off)
        assert told_by(bad.rule, fixed) == [] and judge(fixed).problems == ()
        assert OFF in fixed.layers
        assert fixed.enabled == followed(bad).enabled


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad.rule}: {bad.message}")
def test_who_follows_all_advice_comes_to_an_end(bad: Bad) -> None:
    experiment = bad.experiment
    for _ in range(8):
        fix = next((advice.fix for advice in told(experiment) if advice.fix), None)
        if fix is None:
            break
        experiment = fix(experiment)
    assert not [advice for advice in told(experiment) if advice.fix]
    assert judge(experiment).problems == ()


@pytest.mark.parametrize("preset", all_presets(), ids=lambda preset: preset.name)
def test_no_preset_needs_advice(preset: Preset) -> None:
    experiment = toml.read(preset.path)
    assert [str(advice) for advice in told(experiment)] == []
    assert " fits " in good_words(experiment, judge(experiment))


@pytest.mark.parametrize(
    ("experiment", "words"),
    [
        (CLASSES, "softmax · 3 fits integer labels with sparse_categorical_crossentropy"),
        (YES_NO, "sigmoid · 1 fits labels of 0 and 1 with binary_crossentropy"),
        (NUMBERS, "linear · 1 fits numbers with mse"),
        (ROWS, "softmax · 3 fits one-hot labels with categorical_crossentropy"),
        (
            stack(compiled(CLASSES, loss=of_logits("SparseCategoricalCrossentropy")), dense(3)),
            "linear · 3 fits integer labels with SparseCategoricalCrossentropy from logits",
        ),
        (compiled(ROWS, loss=Part("mse")), ""),
        (stack(CLASSES, dense(2, "softmax")), ""),
        (stack(CLASSES, dense(3)), ""),
        (stack(CLASSES), ""),
    ],
)
def test_what_is_right_is_said(experiment: Experiment, words: str) -> None:
    assert good_words(experiment, judge(experiment)) == words
    assert good_words(experiment, None) == ""


def history_of(experiment: Experiment) -> list[str]:
    """Return what a run of one epoch tells of each epoch, by name."""
    arrays = load(experiment.data)
    model = build(experiment, arrays.facts.shape, arrays.facts.dtype)
    compile_model(model, experiment.compile)
    return [*model.fit(arrays.train.x, arrays.train.y, verbose=0).history]


def test_metrics_are_called_as_keras_calls_them() -> None:
    """What a callback may watch; Keras numbers its names anew in each thread, as in each run."""
    parts = (
        *("accuracy", "mae", "AUC", "CategoricalAccuracy", "categorical_crossentropy"),
        *("Precision", "TopKCategoricalAccuracy", "F1Score", "BinaryIoU", "LogCoshError"),
    )
    metrics = (*map(Part, parts), Part("AUC", {"name": "area"}), Part("Recall", {"name": "r"}))
    experiment = compiled(ROWS, metrics=(*metrics, Part("AUC", {"num_thresholds": 10})))
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(history_of, experiment).result()
    assert sorted(["loss", *metric_names(Case(experiment, catalogue()))]) == sorted(found)
