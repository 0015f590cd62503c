"""Where samples come from: one reader for each data set."""

from __future__ import annotations

import gzip
import pickle
import tarfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import numpy as np
from sklearn import datasets as sklearn_sets

from tui_trainer.core.datasets import Dataset, find_dataset
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data
from tui_trainer.engine.data.arrays import Array, Raw, Split
from tui_trainer.engine.download import fetch
from tui_trainer.engine.wait import Wait

Options = dict[str, Any]
Reader = Callable[[Sequence[Path], Options], Raw]
_SHUFFLE = 113
"""The seed that Keras shuffles its own sets of words with."""
_START, _UNKNOWN, _OFFSET = 1, 2, 3
"""How Keras numbers words: 0 pads, 1 begins, 2 is a word that is left out, then the words."""


def read(data: Data, wait: Wait) -> Raw:
    """Return a data set as its source gives it, downloaded first where that is needed.

    Raises TrainerError for what cannot be fetched, NotCached where nothing is to be downloaded.
    """
    dataset = find_dataset(data.source)
    paths = fetch(dataset, wait)
    wait.check()
    return _read(dataset.name, tuple(paths), tuple(_options(dataset, data).items()))


@lru_cache(maxsize=1)
def _read(name: str, paths: tuple[Path, ...], options: tuple[tuple[str, Any], ...]) -> Raw:
    """Return the samples; those read last are kept, for the run that follows a preview."""
    try:
        return READERS[name](paths, dict(options))
    except (TypeError, ValueError) as error:
        raise TrainerError(str(error).splitlines()[0], "[data] options") from error


def _options(dataset: Dataset, data: Data) -> Options:
    return {param.name: dataset.option(data, param.name) for param in dataset.options}


def _bundled(load: Callable[[], Any]) -> Reader:
    """Return a reader of a set that comes with scikit-learn."""

    def reader(paths: Sequence[Path], options: Options) -> Raw:
        found = load()
        images = getattr(found, "images", None)
        return Raw(Split(found.data if images is None else images, found.target))

    return reader


def _regression(paths: Sequence[Path], options: Options) -> Raw:
    return Raw(Split(*sklearn_sets.make_regression(**options)))


def _moons(paths: Sequence[Path], options: Options) -> Raw:
    return Raw(Split(*sklearn_sets.make_moons(**options)))


def _mnist(paths: Sequence[Path], options: Options) -> Raw:
    with np.load(paths[0], allow_pickle=False) as found:
        return Raw(
            Split(found["x_train"], found["y_train"]), Split(found["x_test"], found["y_test"])
        )


def _fashion_mnist(paths: Sequence[Path], options: Options) -> Raw:
    x, y, x_test, y_test = map(_idx, paths)
    return Raw(Split(x, y), Split(x_test, y_test))


def _idx(path: Path) -> Array:
    """Return the bytes of an IDX file: a magic number, the sizes as 32 bits each, the values."""
    content = gzip.decompress(path.read_bytes())
    dimensions = content[3]
    shape = np.frombuffer(content, ">i4", dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def _imdb(paths: Sequence[Path], options: Options) -> Raw:
    # The lists in this file are pickled; its hash has been checked, so they are the known ones.
    with np.load(paths[0], allow_pickle=True) as found:
        random = np.random.RandomState(_SHUFFLE)
        splits = []
        for part in ("train", "test"):
            texts, labels = found[f"x_{part}"], found[f"y_{part}"]
            order = random.permutation(len(texts))
            splits.append(Split(_padded(texts[order], **options), labels[order]))
    return Raw(*splits)


def _reuters(paths: Sequence[Path], options: Options) -> Raw:
    with np.load(paths[0], allow_pickle=True) as found:  # As of imdb.
        texts, labels = found["x"], found["y"]
    order = np.random.RandomState(_SHUFFLE).permutation(len(texts))
    return _divided(Split(_padded(texts[order], **options), labels[order]))


def _california_housing(paths: Sequence[Path], options: Options) -> Raw:
    with np.load(paths[0], allow_pickle=False) as found:
        order = np.random.RandomState(_SHUFFLE).permutation(len(found["x"]))
        return _divided(Split(found["x"][order], found["y"][order]))


def _divided(samples: Split) -> Raw:
    """Return the first 80 % for training and the rest for the test, as Keras does."""
    count = int(len(samples) * 0.8)
    return Raw(samples.take(slice(0, count)), samples.take(slice(count, None)))


def _cifar(folder: str, parts: tuple[str, ...], test: str, labels: bytes) -> Reader:
    """Return a reader of the archive of CIFAR: pickled batches, each row one plane a colour."""

    def split(archive: tarfile.TarFile, names: Sequence[str]) -> Split:
        found = [
            pickle.load(_member(archive, f"{folder}/{name}"), encoding="bytes") for name in names
        ]
        pixels = np.concatenate([batch[b"data"] for batch in found]).reshape(-1, 3, 32, 32)
        numbers = np.concatenate([np.asarray(batch[labels], np.int64) for batch in found])
        return Split(np.ascontiguousarray(pixels.transpose(0, 2, 3, 1)), numbers)

    def reader(paths: Sequence[Path], options: Options) -> Raw:
        # Pickled, like imdb: the hash has been checked.
        with tarfile.open(paths[0], "r:gz") as archive:
            return Raw(split(archive, parts), split(archive, [test]))

    return reader


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file


def _padded(texts: Array, num_words: int, maxlen: int) -> Array:
    """Return texts as rows of word numbers: the last `maxlen` of each, padded at its end."""
    rows = np.zeros((len(texts), maxlen), dtype=np.int32)
    for row, text in zip(rows, texts, strict=True):
        words = text[-maxlen:]
        begins = len(text) < maxlen
        row[begins : begins + len(words)] = words
        row[begins : begins + len(words)] += _OFFSET
        row[:begins] = _START
    rows[rows >= num_words] = _UNKNOWN
    return rows


READERS: dict[str, Reader] = {
    "digits": _bundled(sklearn_sets.load_digits),
    "iris": _bundled(sklearn_sets.load_iris),
    "wine": _bundled(sklearn_sets.load_wine),
    "breast_cancer": _bundled(sklearn_sets.load_breast_cancer),
    "diabetes": _bundled(sklearn_sets.load_diabetes),
    "make_regression": _regression,
    "make_moons": _moons,
    "mnist": _mnist,
    "fashion_mnist": _fashion_mnist,
    "imdb": _imdb,
    "cifar10": _cifar(
        "cifar-10-batches-py",
        tuple(f"data_batch_{number}" for number in range(1, 6)),
        "test_batch",
        b"labels",
    ),
    "cifar100": _cifar("cifar-100-python", ("train",), "test", b"fine_labels"),
    "reuters": _reuters,
    "california_housing": _california_housing,
}
"""The reader of each data set."""
