"""`export`: the script of a run, a file or a preset, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tui_trainer.cli import main
from tui_trainer.core import toml
from tui_trainer.core.catalogue import Catalogue, Entry, Kind, Param, write_cached
from tui_trainer.core.presets import open_experiment
from tui_trainer.core.rundir import create_run
from tui_trainer.core.script import script

Command = Callable[..., Any]
Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def empty_folder(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TUI_TRAINER_RUNS", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


def of(name: str) -> str:
    return script(open_experiment(name)[0], name).text


def refused(capsys: Out, *words: str) -> str:
    """Return the one line with which an export is refused."""
    assert main(["export", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("tui-trainer: ")
    assert err.count("\n") == 1
    return err


def test_a_preset_becomes_a_file(command: Command, tmp_path: Path) -> None:
    done = command("export", "digits", "--script", "mine.py")
    assert (done.status, done.out, done.err) == (0, "wrote mine.py\n", "")
    assert (tmp_path / "mine.py").read_text("utf-8") == of("digits")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]


def test_a_dash_prints_it(command: Command, tmp_path: Path) -> None:
    done = command("export", "regression", "--script", "-")
    assert (done.status, done.out, done.err) == (0, of("regression"), "")
    assert not list(tmp_path.iterdir())


def test_a_run_by_its_name_and_by_its_folder(tmp_path: Path, capsys: Out) -> None:
    run = create_run(tmp_path / "runs", "mine", toml.dumps(open_experiment("digits")[0]))
    elsewhere = create_run(tmp_path / "other", "mine", "fit.epochs = 77\n")
    assert main(["export", "mine-1", "--script", "-"]) == 0
    assert capsys.readouterr().out == of("digits").replace("digits.keras", "mine-1.keras")
    assert main(["export", str(run.path), "--script", "-"]) == 0
    assert 'model.save("mine-1.keras")' in capsys.readouterr().out
    words = ["export", "mine-1", "--script", "-", "--runs", str(elsewhere.path.parent)]
    assert main(words) == 0
    assert "epochs=77" in capsys.readouterr().out


def test_a_file_of_ones_own(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "own.toml").write_text("fit.epochs = 33\n", encoding="utf-8")
    assert main(["export", "own.toml", "--script", "own.py"]) == 0
    text = (tmp_path / "own.py").read_text("utf-8")
    assert "epochs=33" in text
    assert text.endswith('model.save("own.keras")\n')


def test_a_run_wins_over_a_preset_and_another_folder_does_not(tmp_path: Path, capsys: Out) -> None:
    run = create_run(tmp_path / "runs", "digits", "fit.epochs = 55\n")
    run.path.rename(run.path.with_name("digits"))
    assert main(["export", "digits", "--script", "-"]) == 0
    assert "epochs=55" in capsys.readouterr().out
    (tmp_path / "regression").mkdir()
    assert main(["export", "regression", "--script", "-"]) == 0
    assert capsys.readouterr().out == of("regression")


def test_an_existing_file_is_kept_unless_forced(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "mine.py"
    path.write_text("# dear to me\n", encoding="utf-8")
    assert "mine.py: there is such a file already; --force replaces it" in refused(
        capsys, "digits", "--script", "mine.py"
    )
    assert path.read_text("utf-8") == "# dear to me\n"
    assert main(["export", "digits", "--script", "mine.py", "--force"]) == 0
    assert path.read_text("utf-8") == of("digits")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["digts", "--script", "-"], "lists; received 'digts'; did you mean digits?"),
        (["none.toml", "--script", "-"], "none.toml: cannot be read: No such file"),
        (["digits"], "the following arguments are required: --script"),
        (["digits", "--script", "."], ".: expected a file; this is a folder"),
        (["digits", "--script", "none/mine.py"], "none/mine.py: cannot be written: No such file"),
        (["digits", "--script", "a" * 300], "expected a path that can be used: "),
    ],
)
def test_what_is_refused(words: list[str], said: str, capsys: Out) -> None:
    assert said in refused(capsys, *words)


def test_a_run_that_is_meant_is_named(tmp_path: Path, capsys: Out) -> None:
    create_run(tmp_path / "runs", "summer", "")
    told = refused(capsys, "sumer-1", "--script", "-")
    assert "expected a run, a file.toml or one of the presets" in told
    assert "did you mean summer-1?" in told


def test_what_is_wrong_is_told_where_the_app_has_met_keras(tmp_path: Path, capsys: Out) -> None:
    text = '[[layers]]\ntype = "Normalization"\nmean = "a lot"\n'
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    assert main(["export", "bad.toml", "--script", "first.py"]) == 0
    assert capsys.readouterr().err == ""
    entry = Entry("Normalization", "layers", params=(Param("mean", Kind.FLOAT),))
    write_cached(Catalogue(version("keras"), (entry,)))
    assert main(["export", "bad.toml", "--script", "second.py"]) == 0
    out, err = capsys.readouterr()
    assert out == "wrote second.py\n"
    assert err.startswith("tui-trainer: bad.toml: layer 1 · mean: expected ")
    assert err.endswith("; the script is written as it stands\n")
    assert err.count("\n") == 1
    assert (tmp_path / "second.py").exists()


def test_keras_is_not_needed(command: Command, tmp_path: Path) -> None:
    for name in ("keras", "tensorflow", "numpy", "sklearn"):
        (tmp_path / f"{name}.py").write_text("raise ImportError", encoding="utf-8")
    assert command("export", "mnist", "--script", "-", PYTHONPATH=str(tmp_path)).status == 0


def test_help_says_it(command: Command) -> None:
    assert "\n  export " in command("--help").out
    done = command("export", "--help")
    assert done.status == 0
    assert "--script" in done.out
