"""The presets that come with the program, and how one is named."""

import re
from pathlib import Path

import pytest

from tui_trainer.core import toml
from tui_trainer.core.datasets import describe
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.overrides import read_with
from tui_trainer.core.places import own_presets_dir
from tui_trainer.core.presets import (
    all_presets,
    delete_preset,
    find_preset,
    find_source,
    keep_preset,
    open_document,
    open_experiment,
    open_preset,
    own_presets,
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


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of one's own presets, which is not there yet."""
    monkeypatch.setenv("TUI_TRAINER_PRESETS", str(tmp_path / "settings" / "presets"))
    return tmp_path / "settings" / "presets"


def test_own_preset_stands_behind_the_shipped_ones_and_is_saved_to_its_file(own: Path) -> None:
    assert own_presets() == ()
    digits = open_document("digits")
    kept = keep_preset(digits.set_field("fit", "epochs", 3), "my digits (2)")
    assert (kept.name, kept.path, kept.changed) == (
        "my digits (2)",
        own / "my digits (2).toml",
        False,
    )
    assert [preset.name for preset in all_presets()] == [*NAMES, "my digits (2)"]
    found = find_source("my digits (2)")
    assert (found.name, found.file, found.saved) == ("my digits (2)", kept.path, kept.path)
    opened = open_document("my digits (2)")
    assert opened.experiment == kept.experiment
    assert opened.path == kept.path
    assert (opened.text or "").splitlines()[0] == (digits.text or "").splitlines()[0]
    with pytest.raises(TrainerError, match=r"did you mean my digits \(2\)"):
        find_preset("my digit (2)")


def test_shipped_preset_is_opened_with_its_comments_and_without_a_place_to_save_to() -> None:
    for preset in all_presets():
        document = open_preset(preset)
        assert (document.path, document.name) == (None, preset.name)
        assert document.toml() == preset.path.read_text("utf-8")


def test_own_preset_is_deleted_and_a_shipped_one_is_not(own: Path) -> None:
    keep_preset(open_document("digits"), "mine")
    (preset,) = own_presets()
    delete_preset(preset)
    assert own_presets() == ()
    with pytest.raises(TrainerError, match="digits comes with the program"):
        delete_preset(find_preset("digits"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "received nothing"),
        ("digits", "digits is a preset that comes with the program"),
        ("Digits", "Digits is a preset that comes with the program"),
        ("a/b", "received 'a/b'"),
        ("..", "received '..'"),
        ("-x", "received '-x'"),
        ("~", "received '~'"),
        ("a\\b", "received"),
        ("a\nb", "received"),
        ("a\0b", "received"),
        ("a.", "received 'a.'"),
        ("\ud800", "received"),
        ("mine.toml", "expected a name without .toml"),
        ("x" * 61, "at most 60 characters; received 61"),
        ("x" * 9999, "at most 60 characters; received 9999"),
    ],
)
def test_name_that_no_preset_can_have_is_refused_in_one_line(
    own: Path, name: str, told: str
) -> None:
    with pytest.raises(TrainerError) as caught:
        keep_preset(open_document("digits"), name)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250
    assert not own.exists()


def test_names_in_any_script_are_kept(own: Path) -> None:
    for name in ("größe", "数字", "x" * 60, "数" * 60, "v1.2", "a+b", "_x"):
        keep_preset(open_document("digits"), name)
        assert find_source(name).file == own / f"{name}.toml"


def test_broken_files_are_listed_with_what_is_wrong_and_can_be_deleted(own: Path) -> None:
    own.mkdir(parents=True)
    (own / "broken.toml").write_text("[fit]\nepoch = 3\n", "utf-8")
    (own / "bytes.toml").write_bytes(b"\xff\xfe")
    (own / "digits.toml").write_text("", "utf-8")
    (own / "good.toml").write_text("title = 'Good'\n", "utf-8")
    (own / ".hidden.toml").write_text("", "utf-8")
    (own / "notes.txt").write_text("", "utf-8")
    (own / "folder.toml").mkdir()
    told = {preset.name: (preset.title, preset.trouble) for preset in own_presets()}
    assert list(told) == ["broken", "bytes", "digits", "good"]
    assert told["good"] == ("Good", "")
    assert told["broken"][1].startswith("[fit]: expected a key of [fit]; received 'epoch'")
    assert told["bytes"][1].startswith("expected text in UTF-8")
    assert "rename the file" in told["digits"][1]
    assert not find_preset("digits").own
    with pytest.raises(TrainerError, match=r"broken\.toml: \[fit\]"):
        open_document("broken")
    for preset in own_presets():
        delete_preset(preset)
    assert [path.name for path in own.glob("[!.]*.toml")] == ["folder.toml"]


def test_folder_that_cannot_be_made_is_one_line(own: Path) -> None:
    own.parent.write_text("a file where the folder would be", "utf-8")
    assert own_presets() == ()
    with pytest.raises(TrainerError, match="cannot be written: "):
        keep_preset(open_document("digits"), "mine")


def test_own_presets_lie_with_the_settings_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TUI_TRAINER_PRESETS")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert own_presets_dir().is_relative_to(tmp_path)
    assert own_presets_dir().name == "presets"
