"""Every mistake on the command line: one line on standard error, and exit status 2."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_trainer.cli import main

Command = Callable[..., Any]

FLAT = "data.flatten = true\n"
LAYER = '[[layers]]\ntype = "Dense"\nunits = 10\nactivation = "softmax"\n'
CONVOLUTION = '[[layers]]\ntype = "Conv2D"\nfilters = 3\nkernel_size = 3\n'
COMPILE = '[compile]\nloss = "sparse_categorical_crossentropy"\n'


@pytest.fixture
def mistake(command: Command) -> Callable[..., str]:
    """Run a command that must be refused, and return what it said."""

    def run(*arguments: str, **extra: str) -> str:
        done = command(*arguments, **extra)
        assert done.status == 2
        assert done.out == ""
        assert done.err.count("\n") == 1
        assert done.err.startswith("tui-trainer: ")
        said: str = done.err
        return said

    return run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["digts"], "did you mean digits?"),
        (["train", "digts"], "did you mean digits?"),
        (["train"], "the following arguments are required: FILE|PRESET"),
        (["train", "none.toml"], "none.toml: cannot be read: No such file"),
        (["train", "digits", "--set", "fit.epochs"], "--set: expected KEY=VALUE"),
        (["train", "digits", "--set", "fit.epoch=3"], "did you mean epochs?"),
        (["train", "digits", "--set", "fit.epochs=0"], "[fit] epochs: expected an integer"),
        (["train", "digits", "--set", "data.source=mars"], "[data] source: expected one of"),
        (["train", "digits", "none.toml"], "none.toml: cannot be read"),
        (["show", "digits-1"], "run: expected a run"),
        (["runs", "--jsn"], "unrecognized arguments: --jsn; see tui-trainer runs --help"),
        (["digits", "mnist"], "unrecognized arguments: mnist"),
    ],
)
def test_words(mistake: Callable[..., str], arguments: list[str], said: str) -> None:
    assert said in mistake(*arguments)


@pytest.mark.parametrize("arguments", [[], ["digits"]])
def test_no_terminal(mistake: Callable[..., str], arguments: list[str]) -> None:
    said = mistake(*arguments)
    assert "tui-trainer train" in said
    assert "--json" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", "mine.toml: expected TOML: "),
        ("[date]", "received 'date'; did you mean data?"),
        ("[fit]\nepochs = '3'", "[fit] epochs: expected an integer from 1 to "),
        ("[[layers]]\nunits = 3", 'layer 1: expected a type, such as type = "Dense"'),
        ("layers = 3", "layers: expected a list; received 3"),
    ],
)
def test_file(mistake: Callable[..., str], tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    assert said in mistake("check", "mine.toml")


def test_file_of_another_kind(mistake: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "model.keras").write_bytes(b"PK\x03\x04\xff\xfe")
    assert "model.keras: expected text in UTF-8" in mistake("train", "model.keras")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[layers]]\ntype = "Dence"', "layer 1: expected one of Keras"),
        ('[[layers]]\ntype = "Dense"\nunit = 3', "layer 1 · unit: expected a parameter of Dense"),
        ('[[layers]]\ntype = "Dense"\nunits = "3"', "layer 1 · units: "),
        ('[[layers]]\ntype = "Dense"\nunits = -1', "layer 1 · units: "),
        (CONVOLUTION + LAYER + COMPILE, "layer 1: Conv2D wants 4 dimensions"),
        (LAYER, "[compile] loss: expected a loss; received none"),
        (LAYER + '[compile]\nloss = "mars"', "received 'mars'"),
        (LAYER + '[compile]\nloss = "categorical_crossentropy"', "or [data] one_hot on"),
        (LAYER.replace("10", "3") + COMPILE, "layer 1: expected 10 units for the labels of digits"),
        (LAYER + COMPILE + 'optimizer = { type = "Adam", rate = 1 }', "received 'rate'"),
        (LAYER + COMPILE + '[[callbacks]]\ntype = "EarlyStoping"', "did you mean EarlyStopping?"),
        (LAYER + COMPILE + '[fit]\ndevice = "tpu"', "[fit] device: expected auto, cpu or gpu:0"),
        (LAYER + COMPILE + '[fit]\ninitial_weights = "a.pt"', "received a model of PyTorch"),
        (
            LAYER + COMPILE + '[fit]\ninitial_weights = "a.keras"',
            "[fit] initial_weights: a.keras: ",
        ),
        ('[data]\nsource = "imdb"\noptions = { words = 3 }', "[data] options: expected an option"),
        ("", "layers: expected at least one layer; received none"),
    ],
)
def test_experiment(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    """These import Keras, so they run in this process, one after another."""
    path = tmp_path / "mine.toml"
    path.write_text(text if "[data]" in text else FLAT + text, encoding="utf-8")
    for arguments in (["check", str(path)], ["train", str(path), "--runs", str(tmp_path)]):
        assert main(arguments) == 2
        out, err = capfd.readouterr()
        assert out == ""
        assert err.startswith(f"tui-trainer: {path}: ")
        assert said in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == [path]


def test_runs_folder_that_cannot_be_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["train", "digits", "--runs", str(tmp_path / "file" / "runs")]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "expected a folder that can be written to" in err


def test_no_network_and_no_copy(command: Command, tmp_path: Path) -> None:
    done = command("train", "mnist", KERAS_HOME=str(tmp_path), HTTPS_PROXY="http://127.0.0.1:9")
    assert done.status == 2
    assert done.err.count("\n") == 1
    assert "mnist.npz could not be fetched" in done.err
    assert f"put a copy at {tmp_path / 'datasets' / 'mnist.npz'}" in done.err
    assert "digits, which needs no download" in done.err


def test_keras_that_cannot_be_imported(mistake: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text("raise ImportError('no keras here')", encoding="utf-8")
    for name in ("check", "train"):
        assert "received no keras here" in mistake(name, "digits", PYTHONPATH=str(tmp_path))
