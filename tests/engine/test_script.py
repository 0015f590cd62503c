"""What a script says of Keras' classes is so in the Keras that is installed."""

from __future__ import annotations

import inspect
from typing import Any

import keras
import pytest

from tui_trainer.core.catalogue import GROUPS
from tui_trainer.core.experiment import Data, Experiment, Part
from tui_trainer.core.script.parts import MODULES, call_code, class_name, leading
from tui_trainer.core.starting import starting
from tui_trainer.engine.build import CHOSEN_BY_KERAS, build
from tui_trainer.engine.classes import classes, names
from tui_trainer.engine.introspect import catalogue
from tui_trainer.engine.parts import make


def module_of(group: str) -> Any:
    """Return the module that a script finds a group's classes in."""
    found: Any = keras
    for name in MODULES[group].removeprefix("keras.").split("."):
        found = getattr(found, name)
    return found


@pytest.mark.parametrize("group", GROUPS)
def test_every_name_of_a_class_leads_to_it(group: str) -> None:
    for name, cls in names(group).items():
        assert getattr(module_of(group), class_name(name)) is cls, name


@pytest.mark.parametrize("group", GROUPS)
def test_arguments_by_place_are_the_first_ones(group: str) -> None:
    for name, cls in classes(group).items():
        params = list(inspect.signature(cls).parameters)
        given = tuple(leading(name, dict.fromkeys(params, 1)))
        assert given == tuple(params[: len(given)]), name


def settings(made: Any) -> Any:
    """Return what an object was made with, but for the names that Keras counts up."""
    if isinstance(made, list | tuple):
        return [settings(item) for item in made]
    if isinstance(made, dict):
        return {key: settings(value) for key, value in made.items() if key != "name"}
    return settings(made.get_config()) if hasattr(made, "get_config") else repr(made)


@pytest.mark.parametrize("group", [group for group in GROUPS if group != "callbacks"])
def test_the_code_of_every_class_makes_what_a_run_makes(group: str) -> None:
    for entry in catalogue().group(group):
        part = starting(entry)
        if entry.name in CHOSEN_BY_KERAS or any(
            param.required and param.name not in part.params for param in entry.params
        ):
            continue
        code = str(call_code(part, group))
        keras.utils.set_random_seed(1)
        written = eval(code, {"keras": keras, "layers": keras.layers})
        keras.utils.set_random_seed(1)
        made = make(part, group)
        assert type(written) is type(made)
        assert settings(written) == settings(made), entry.name


def test_a_look_at_the_layers_changes_nothing_of_the_weights() -> None:
    part = Part("Dense", {"units": 3, "kernel_initializer": "he_normal"})
    experiment = Experiment(data=Data("iris"), layers=(Part("Dropout", {"rate": 0.1}), part))
    keras.utils.set_random_seed(5)
    ours = build(experiment, (4,), "float32")
    keras.utils.set_random_seed(5)
    plain = keras.Sequential(
        [
            keras.Input(shape=(4,)),
            keras.layers.Dropout(0.1),
            keras.layers.Dense(3, kernel_initializer="he_normal"),
        ]
    )
    assert (ours.get_weights()[0] == plain.get_weights()[0]).all()
    assert ours.layers[0].seed_generator.state.numpy().tolist() == (
        plain.layers[0].seed_generator.state.numpy().tolist()
    )


def test_an_optimizer_inside_another_is_an_object_though_it_is_named() -> None:
    part = Part("LossScaleOptimizer", {"inner_optimizer": "adamw"})
    scripted = eval(str(call_code(part, "optimizers")), {"keras": keras})
    assert isinstance(scripted.inner_optimizer, keras.optimizers.AdamW)
    assert settings(scripted) == settings(make(part, "optimizers"))
