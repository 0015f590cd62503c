"""Weights of a file: they fit the layers or one line says where not; nothing else gets in."""

from __future__ import annotations

import os
import resource
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from tui_trainer.core.catalogue import Entry
from tui_trainer.core.datasets import describe
from tui_trainer.core.errors import TrainerError, reason
from tui_trainer.core.events import EpochEnded, Failed, Finished
from tui_trainer.core.experiment import Data, Experiment, Part
from tui_trainer.core.kerasfile import read_keras_file
from tui_trainer.core.modelfile import copy_model
from tui_trainer.core.rundir import RunDir
from tui_trainer.core.starting import starting
from tui_trainer.engine import hdf5, initial, limit
from tui_trainer.engine.answers import judge
from tui_trainer.engine.build import build, compile_model
from tui_trainer.engine.initial import load_initial_weights
from tui_trainer.engine.introspect import catalogue
from tui_trainer.engine.scratch import inspect
from tui_trainer.engine.train import LiveRun

FACTS = describe(Data("digits", flatten=True))
SHAPE, DTYPE = FACTS.shape, FACTS.dtype
KERNEL = "layers/dense/vars/0"
HERE = "[fit] initial_weights: "


def model_of(experiment: Experiment) -> Any:
    return build(experiment, SHAPE, DTYPE)


def starting_from(experiment: Experiment, path: Path) -> Experiment:
    return replace(experiment, fit=replace(experiment.fit, initial_weights=str(path)))


@pytest.fixture(scope="module")
def trained(digits_once: Experiment, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a model that an optimizer has changed, and the folder of its files."""
    model = model_of(digits_once)
    compile_model(model, digits_once.compile)
    x = np.random.default_rng(1).random((64, 64), np.float32)
    model.fit(x, np.arange(64) % 10, verbose=0)
    return model


@pytest.fixture(scope="module")
def digits_once() -> Experiment:
    return Experiment(
        layers=(
            Part("Dense", {"units": 32, "activation": "relu"}),
            Part("Dropout", {"rate": 0.2}),
            Part("Dense", {"units": 10, "activation": "softmax"}),
        ),
        compile=replace(
            Experiment().compile,
            optimizer=Part("Adam"),
            loss=Part("sparse_categorical_crossentropy"),
        ),
    )


@pytest.fixture
def weights(trained: Any, tmp_path: Path) -> Path:
    """Write the weights as Keras does."""
    path = tmp_path / "mine.weights.h5"
    trained.save_weights(path)
    return path


@pytest.fixture
def whole(trained: Any, tmp_path: Path) -> Path:
    """Write the whole model as Keras does."""
    path = tmp_path / "mine.keras"
    trained.save(path)
    return path


def said(experiment: Experiment, path: Path) -> str:
    """Return what is said of weights that do not fit, before training and in it."""
    wanted = starting_from(experiment, path)
    found = initial.misfit(wanted, inspect(wanted, SHAPE, DTYPE))
    assert found is not None and str(found).startswith(HERE) and "\n" not in str(found)
    model = model_of(experiment)
    before = model.get_weights()
    with pytest.raises(TrainerError) as caught:
        load_initial_weights(model, wanted, FACTS)
    assert str(caught.value) == str(found)
    assert same(model.get_weights(), before)
    return str(found).removeprefix(HERE).removeprefix(f"{path}: ")


def same(some: list[Any], others: list[Any]) -> bool:
    return len(some) == len(others) and all(map(np.array_equal, some, others))


@pytest.mark.parametrize("kind", ["weights", "whole"])
def test_weights_come_back_and_predict_the_same(
    kind: str, trained: Any, digits_once: Experiment, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(kind)
    model = model_of(digits_once)
    compile_model(model, digits_once.compile)
    model.optimizer.build(model.trainable_variables)
    load_initial_weights(model, starting_from(digits_once, path), FACTS)
    assert same(model.get_weights(), trained.get_weights())
    assert int(model.optimizer.iterations) == 0, "the optimizer begins anew"
    x = np.random.default_rng(2).random((8, 64), np.float32)
    assert np.array_equal(model.predict(x, verbose=0), trained.predict(x, verbose=0))


def test_weights_in_a_model_are_a_weights_file(trained: Any, whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.weights.h5"
    copy_model(whole, path)
    model = keras.models.clone_model(trained)
    model.load_weights(path)
    assert same(model.get_weights(), trained.get_weights())


def test_a_model_opens_as_an_experiment_that_its_weights_fit(
    trained: Any, whole: Path, digits_once: Experiment
) -> None:
    found = read_keras_file(whole, catalogue())
    assert found.layers == digits_once.layers
    model = model_of(found)
    load_initial_weights(model, starting_from(found, whole), FACTS)
    assert same(model.get_weights(), trained.get_weights())


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        ((33, 10), "layer 1 · kernel: expected 64 × 33; received 64 × 32"),
        ((32, 11), "layer 2 · kernel: expected 32 × 11; received 32 × 10"),
        ((32, 10, 10), "layer 3 · kernel: expected 10 × 10; received none"),
        ((32,), "dense_1: expected the weights of these layers alone; received those of another"),
        ((), "dense: expected the weights of these layers alone; received"),
    ],
)
def test_other_layers_are_told_which(weights: Path, layers: tuple[int, ...], told: str) -> None:
    stack = Experiment(
        layers=(Part("Identity"),) * (not layers)
        + tuple(Part("Dense", {"units": units}) for units in layers)
    )
    assert said(stack, weights).startswith(told)


def test_layers_count_as_the_screen_counts_them(weights: Path) -> None:
    off = Part("Flatten", disabled=True)
    stack = Experiment(layers=(off, Part("Dense", {"units": 32}), Part("Dense", {"units": 3})))
    assert said(stack, weights) == "layer 3 · kernel: expected 32 × 3; received 32 × 10"


def test_a_check_says_so_and_looks_at_the_file_once(
    weights: Path, digits: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not judge(starting_from(digits, weights)).problems
    monkeypatch.setattr(initial, "list_numbers", lambda _: pytest.fail("it is known already"))
    assert not judge(starting_from(digits, weights)).problems
    first, *rest = digits.layers
    wrong = replace(digits, layers=(first.having("units", 5), *rest))
    (problem,) = judge(starting_from(wrong, weights)).problems
    assert problem.where == ("fit", "initial_weights")
    (problem,) = judge(starting_from(digits, weights.with_name("none.keras"))).problems
    assert problem.message.endswith("expected a file that exists; there is none")


def link_out(file: h5py.File) -> None:
    del file[KERNEL]
    file[KERNEL] = h5py.ExternalLink("/etc/passwd", "/")


def link_inside(file: h5py.File) -> None:
    del file[KERNEL]
    file[KERNEL] = h5py.SoftLink("/layers/dense_1/vars/0")


def link_groups(file: h5py.File) -> None:
    del file["layers/dense"]
    file["layers/dense"] = h5py.SoftLink("/layers/dense_1")


def external(file: h5py.File) -> None:
    del file[KERNEL]
    stored = [("/etc/passwd", 0, h5py.h5f.UNLIMITED)]
    file.create_dataset(KERNEL, (64, 32), np.float32, external=stored)


def virtual(file: h5py.File) -> None:
    del file[KERNEL]
    layout = h5py.VirtualLayout((64, 32), np.float32)
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (64, 32))
    file.create_virtual_dataset(KERNEL, layout)


def sparse(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, (1 << 20, 1 << 20), np.float32, chunks=(64, 64), fillvalue=1)


def unstored(file: h5py.File) -> None:
    """Declare numbers for which no place was ever made: four terabytes of them."""
    del file[KERNEL]
    file.create_dataset(KERNEL, (1 << 20, 1 << 20), np.float32)


def compressed(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, data=np.zeros((64, 32), np.float32), compression="gzip")


def ragged(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, (64, 32), h5py.vlen_dtype(np.float32))


def references(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, data=np.full((64, 32), file.ref), dtype=h5py.ref_dtype)


def texts(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, data=np.full((64, 32), b"abcd"))


def compound(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, data=np.zeros((64, 32), [("a", "f4"), ("b", "f4")]))


def arrays(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, (64, 32), np.dtype(("f4", (1 << 16,))))


def empty(file: h5py.File) -> None:
    del file[KERNEL]
    file[KERNEL] = h5py.Empty("f4")


def typed(file: h5py.File) -> None:
    del file[KERNEL]
    file[KERNEL] = np.dtype("f4")


def bytes_alone(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, data=np.zeros((64, 32), "V4"))


def deep(file: h5py.File) -> None:
    file.create_group("layers/" + "/".join(["a"] * 200))


def cyclic(file: h5py.File) -> None:
    file["layers/dense/again"] = file["layers"]


def many(file: h5py.File) -> None:
    group = file.create_group("layers/dense_2/vars")
    for number in range(10_001):
        group[str(number)] = h5py.SoftLink("/")


@pytest.mark.parametrize("kind", ["weights", "whole"])
@pytest.mark.parametrize(
    ("attack", "told"),
    [
        (link_out, "received a link to something else"),
        (link_inside, "received a link to something else"),
        (link_groups, "received a link to something else"),
        (external, "received numbers of another file"),
        (virtual, "received numbers of another file"),
        (sparse, "received numbers in chunks"),
        (unstored, "received 0 bytes for a shape of (1048576, 1048576)"),
        (compressed, "received numbers in chunks"),
        (ragged, "received object"),
        (references, "received object"),
        (texts, "received |S4"),
        (compound, "received [('a', '<f4'), ('b', '<f4')]"),
        (arrays, "received ('<f4', (65536,))"),
        (empty, "received 0 bytes for a shape of None"),
        (typed, "received a type"),
        (bytes_alone, "expected float32; received |V4"),
        (deep, "expected at most 10000 groups and arrays, 32 deep; received more"),
        (cyclic, "expected at most 10000 groups and arrays, 32 deep; received more"),
        (many, "expected at most 10000 groups and arrays, 32 deep; received more"),
    ],
)
def test_what_is_no_plain_array_is_refused(
    kind: str,
    attack: Callable[[h5py.File], None],
    told: str,
    digits_once: Experiment,
    weights: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with h5py.File(weights, "r+") as file:
        attack(file)
    path = weights if kind == "weights" else in_archive(weights)
    files = {*weights.parent.iterdir()}
    monkeypatch.setattr(keras.saving, "load_model", lambda *_, **__: pytest.fail("never"))
    assert told in said(digits_once, path)
    assert {*weights.parent.iterdir()} == files


def in_archive(weights: Path) -> Path:
    """Put a weights file into a .keras file."""
    path = weights.with_name("theirs.keras")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
        archive.write(weights, "model.weights.h5")
    return path


def test_what_hdf5_says_of_a_full_disk_is_told_in_a_few_words(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with (
            pytest.raises(OSError) as caught,
            h5py.File(tmp_path / "a.weights.h5", "w") as file,
        ):
            file["a"] = np.zeros(10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(str(caught.value).splitlines()) > 1
    assert reason(caught.value) == "File too large"


def test_old_and_other_files_are_refused(digits_once: Experiment, tmp_path: Path) -> None:
    path = tmp_path / "old.weights.h5"
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = ["dense"]
        file["dense/dense/kernel:0"] = np.zeros((64, 32))
    assert said(digits_once, path) == "layer 1 · kernel: expected 64 × 32; received none"
    for content in (b"", b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", b"x" * 9_999):
        path.write_bytes(content)
        assert said(digits_once, path) == "expected a whole HDF5 file of weights; this is none"


@pytest.mark.parametrize("kind", ["weights", "whole"])
def test_a_file_that_is_cut_short_is_refused(
    kind: str, digits_once: Experiment, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(kind)
    content = path.read_bytes()
    for length in range(0, len(content), len(content) // 9):
        path.write_bytes(content[:length])
        assert "this is none" in said(digits_once, path)


def test_wrong_bytes_are_told_in_a_line_or_are_only_other_numbers(
    weights: Path, digits_once: Experiment
) -> None:
    content, wanted = weights.read_bytes(), starting_from(digits_once, weights)
    stack, numbers = inspect(digits_once, SHAPE, DTYPE), np.random.default_rng(1)
    for at in numbers.integers(0, 9_000, 200):
        weights.write_bytes(content[:at] + numbers.bytes(2) + content[at + 2 :])
        problem = initial.misfit(wanted, stack)
        assert problem is None or "\n" not in problem.message


def test_memory_is_bounded_while_a_file_is_read(
    weights: Path, digits_once: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def greedy(_: h5py.File) -> Any:
        return np.empty(1 << 28)

    monkeypatch.setattr(hdf5, "_datasets", greedy)
    monkeypatch.setattr(limit, "_MARGIN", 1 << 28)
    assert "takes far more memory" in said(digits_once, weights)
    assert np.empty(1 << 28).nbytes == 1 << 31, "the limit is gone again"


def test_numbers_of_half_precision_come_back(tmp_path: Path) -> None:
    stack = Experiment(
        layers=(
            Part("Dense", {"units": 3, "dtype": "bfloat16"}),
            Part("BatchNormalization"),
            Part("Dense", {"units": 2, "dtype": "float16"}),
        )
    )
    first, second = model_of(stack), model_of(stack)
    path = tmp_path / "half.weights.h5"
    first.save_weights(path)
    load_initial_weights(second, starting_from(stack, path), FACTS)
    for one, other in zip(first.weights, second.weights, strict=True):
        assert one.dtype == other.dtype and np.array_equal(one, other)


LAYERS = [entry for entry in catalogue().group("layers") if entry.name != "TextVectorization"]
SHAPES = ((16, 16, 3), (8,), (8, 4), (8, 8, 8, 3), (4, 8, 8, 3), (4, 4, 8, 8, 3), (4096,), (512, 1))


@pytest.mark.filterwarnings("ignore:.*unbuilt state")
def test_every_layer_saves_what_is_expected_of_it(tmp_path: Path) -> None:
    path, seen = tmp_path / "one.weights.h5", set()
    for entry in LAYERS:
        found = made(entry)
        if found is None:
            continue
        experiment, model, shape = found
        model.save_weights(path)
        wanted = starting_from(experiment, path)
        assert initial.misfit(wanted, inspect(wanted, shape, DTYPE)) is None, entry.name
        before = model.get_weights()
        model.set_weights([value + 1 for value in before])
        load_initial_weights(model, wanted, replace(FACTS, shape=shape))
        assert same(model.get_weights(), before), entry.name
        seen.add(entry.name)
        path.unlink()
    assert {"Dense", "Bidirectional", "LSTM", "BatchNormalization", "SpectralNormalization"} <= seen


def made(entry: Entry) -> tuple[Experiment, Any, tuple[int, ...]] | None:
    """Return a model of one layer that has weights, and the shape of its input."""
    experiment = Experiment(layers=(starting(entry),))
    for shape in SHAPES:
        stack = inspect(experiment, shape, DTYPE)
        if not stack.problems:
            return (experiment, build(experiment, shape, DTYPE), shape) if stack.saved else None
    return None


def trained_run(
    experiment: Experiment, make_run: Callable[[Experiment], RunDir]
) -> tuple[RunDir, Finished | Failed]:
    run = make_run(experiment)
    live = LiveRun(run, experiment)
    live.start()
    assert live.join(60)
    assert live.outcome is not None
    return run, live.outcome


def epochs(run: RunDir) -> list[Any]:
    return [event.metrics for event in run.read_events() if isinstance(event, EpochEnded)]


def test_a_run_that_starts_from_its_own_first_weights_is_the_same_run(
    digits: Experiment, make_run: Callable[[Experiment], RunDir], tmp_path: Path
) -> None:
    plain, outcome = trained_run(digits, make_run)
    keras.utils.set_random_seed(digits.fit.seed)
    path = tmp_path / "first.weights.h5"
    build(digits, SHAPE, DTYPE).save_weights(path)
    again, _ = trained_run(starting_from(digits, path), make_run)
    assert isinstance(outcome, Finished)
    assert epochs(again) == epochs(plain)
    further, _ = trained_run(starting_from(digits, plain.model), make_run)
    assert epochs(further)[0]["loss"] < epochs(plain)[0]["loss"]


def test_a_file_that_went_bad_before_the_run_fails_it_in_one_line(
    digits: Experiment, make_run: Callable[[Experiment], RunDir], tmp_path: Path
) -> None:
    path = tmp_path / "gone.weights.h5"
    _, outcome = trained_run(starting_from(digits, path), make_run)
    assert isinstance(outcome, Failed) and outcome.where == "[fit] initial_weights"
    assert outcome.message == f"{path}: expected a file that exists; there is none"


def test_a_model_too_large_for_any_machine_is_told_and_not_built(
    whole: Path, digits: Experiment
) -> None:
    with zipfile.ZipFile(whole) as archive:
        config = archive.read("config.json").decode()
    huge = whole.with_name("huge.keras")
    for units in (10**9, 10**18):
        with zipfile.ZipFile(huge, "w") as archive:
            archive.writestr("config.json", config.replace('"units": 32', f'"units": {units}'))
            archive.writestr("model.weights.h5", b"")
        found = read_keras_file(huge, catalogue())
        verdict = judge(replace(digits, layers=found.layers, fit=starting_from(found, huge).fit))
        assert {problem.where[0] for problem in verdict.problems} == {"layers", "fit"}
        assert all("\n" not in problem.message for problem in verdict.problems)


def test_a_whole_copy_stays_loadable_with_a_further_member(whole: Path, trained: Any) -> None:
    copy = whole.with_name("last.keras")
    shutil.copyfile(whole, copy)
    with zipfile.ZipFile(copy, "a") as archive:
        archive.writestr("resume.json", "{}")
    experiment = read_keras_file(copy, catalogue())
    model = model_of(experiment)
    load_initial_weights(model, starting_from(experiment, copy), FACTS)
    assert same(model.get_weights(), trained.get_weights())
    assert os.path.getsize(copy) > os.path.getsize(whole)
