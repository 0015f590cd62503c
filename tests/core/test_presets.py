"""The presets that come with the program, and how one is named."""

import re
from pathlib import Path

import pytest

from tui_trainer.core import toml
from tui_trainer.core.datasets import describe
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.overrides import read_with
from tui_trainer.core.presets import (
    all_presets,
    find_preset,
    find_source,
    open_experiment,
    presets_dir,
)

NAMES = [preset.name for preset in all_presets()]
TASKS = {
    *("digits", "regression", "mnist", "imdb"),
    *(f"fashion-{name}" for name in ("softmax", "sigmoid", "relu", "dropout")),
    *(
        f"mnist-details-{name}"
        for name in ("glorot", "he", "l1", "l2", "dropout", "relu", "batchnorm", "leakyrelu")
    ),
}


def test_every_task_has_its_preset_and_digits_comes_first() -> None:
    assert set(NAMES) == TASKS
    assert NAMES[0] == "digits"


@pytest.mark.parametrize("name", NAMES)
def test_preset_is_whole(name: str) -> None:
    experiment, called, path = open_experiment(name)
    assert (called, path) == (name, None)
    assert experiment.title == find_preset(name).title != ""
    assert experiment.layers
    assert experiment.compile.loss is not None
    facts = describe(experiment.data)
    assert facts.train > 0
    assert facts.test > 0


@pytest.mark.parametrize("name", NAMES)
def test_preset_survives_being_saved(name: str) -> None:
    experiment = toml.read(find_preset(name).path)
    assert toml.loads(toml.dumps(experiment)) == experiment


@pytest.mark.parametrize("name", NAMES)
def test_preset_begins_with_a_comment_that_teaches(name: str) -> None:
    text = find_preset(name).path.read_text("utf-8")
    assert text.startswith("# ")
    assert re.search(r"^# (Watch|Compare):", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "close"), [("digts", "digits"), ("fashion", "fashion-softmax"), ("minst", "mnist")]
)
def test_unknown_preset_is_answered_with_close_names(name: str, close: str) -> None:
    with pytest.raises(TrainerError, match=f"received '{name}'; did you mean {close}"):
        find_preset(name)


def test_unknown_preset_that_resembles_none() -> None:
    with pytest.raises(TrainerError, match="received 'xyzzy'$"):
        find_preset("xyzzy")


@pytest.mark.parametrize("name", ["a" * 200, "a" * 300, "~nobody-of-that-name"])
def test_name_that_can_be_no_file_is_one_short_line(name: str) -> None:
    with pytest.raises(TrainerError) as caught:
        find_source(name)
    assert len(str(caught.value)) < 250


def test_file_wins_over_a_preset_of_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_source("digits").saved is None
    Path("digits").write_text('title = "mine"\n', encoding="utf-8")
    experiment, name, path = open_experiment("digits")
    assert (experiment.title, name, path) == ("mine", "digits", Path("digits"))


def test_what_ends_in_toml_is_a_file_even_when_there_is_none() -> None:
    with pytest.raises(TrainerError, match=r"none\.toml: "):
        open_experiment("none.toml")


def test_set_reaches_every_table() -> None:
    experiment = read_with(
        find_preset("digits").path,
        [
            "title=Mine",
            "fit.epochs=3",
            "fit.device=cpu",
            "data.validation=0.25",
            "layers.0.units=32",
            "layers.0.kernel_regularizer.type=L2",
            "compile.optimizer.learning_rate=1e-2",
            "compile.metrics=['accuracy', 'mae']",
        ],
        "digits",
    )
    assert experiment.title == "Mine"
    assert (experiment.fit.epochs, experiment.fit.device) == (3, "cpu")
    assert experiment.data.validation == 0.25
    assert experiment.layers[0].params["units"] == 32
    assert experiment.compile.optimizer.params == {"learning_rate": 0.01}
    assert len(experiment.compile.metrics) == 2


def test_set_gives_arguments_to_an_optimizer_that_the_file_does_not_name(tmp_path: Path) -> None:
    path = tmp_path / "plain.toml"
    path.write_text("", encoding="utf-8")
    experiment = read_with(path, ["compile.optimizer.learning_rate=0.5"], "plain")
    assert experiment.compile.optimizer.type == "rmsprop"
    assert experiment.compile.optimizer.params == {"learning_rate": 0.5}


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("epochs", "--set: expected KEY=VALUE"),
        ("=3", "--set: expected KEY=VALUE"),
        ("fit.epoch=3", "did you mean epochs"),
        ("fit.epochs=many", r"\[fit\] epochs: expected an integer"),
        ("layers.9.units=3", "--set layers.9: expected a place from 0 to 2"),
        ("layers.first.units=3", "received 'first'"),
        ("callbacks.0.patience=3", "callbacks: expected a list"),
        ("fit.epochs.more=3", "--set fit.epochs: expected a table"),
    ],
)
def test_set_says_what_is_wrong(setting: str, message: str) -> None:
    with pytest.raises(TrainerError, match=message):
        read_with(find_preset("digits").path, [setting], "digits")


def test_presets_lie_beside_or_inside_the_package() -> None:
    assert (presets_dir() / "digits.toml").is_file()
