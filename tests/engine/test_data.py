"""Data: read, divided, prepared and fetched."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import pickle
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from tui_trainer.core.datasets import DATASETS, File, describe
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data
from tui_trainer.engine import download
from tui_trainer.engine.data import Cancelled, Wait, load, sources
from tui_trainer.engine.data import preview as previews
from tui_trainer.engine.data.arrays import Raw, Split
from tui_trainer.engine.data.prepare import prepare
from tui_trainer.engine.data.preview import preview

BUNDLED = [name for name, dataset in DATASETS.items() if not dataset.files]


@pytest.mark.parametrize("name", BUNDLED)
@pytest.mark.parametrize("scale", ["none", "unit", "standard"])
def test_what_is_loaded_is_what_was_described(name: str, scale: str) -> None:
    data = Data(name, validation=0.1, scale=scale, flatten=True)
    facts, arrays = describe(data), load(data)
    counts = (len(arrays.train), len(arrays.validation), len(arrays.test))
    assert counts == (facts.train, facts.validation, facts.test)
    assert arrays.train.x.shape[1:] == facts.shape
    assert arrays.train.x.dtype == facts.dtype == "float32"
    assert arrays.train.y.shape[1:] == facts.label_shape


def described_as_they_are(name: str) -> bool:
    """Return whether the figures of a data set's inputs are those of its samples, rounded."""
    inputs, x = DATASETS[name].inputs, sources.read(Data(name), Wait()).train.x
    assert inputs is not None
    rounded = pytest.approx((inputs.least, inputs.most), rel=0.01, abs=0.001)
    if x.ndim > 2:
        return (x.min(), x.max()) == rounded and inputs.deviations == (1, 1)
    spread = x.std(axis=0)
    widths = pytest.approx(inputs.deviations, rel=0.01)
    return (x.min(), x.max()) == rounded and (spread.min(), spread.max()) == widths


@pytest.mark.parametrize("name", BUNDLED)
def test_range_of_the_inputs_is_told_where_it_is_fixed(name: str) -> None:
    if DATASETS[name].options:
        assert DATASETS[name].inputs is None
    else:
        assert described_as_they_are(name)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_range_of_pictures(name: str, real_data: None) -> None:
    assert described_as_they_are(name)


def test_the_test_set_is_scaled_with_the_figures_of_training_alone() -> None:
    x = np.array([[900.0, 9, 0, 0], [0, 10, 0, 0], [4, 10, 1, 5]] + [[4, 10, 1, 5]] * 147)
    test = Split(np.array([[8.0, 12, 2, 5]]), np.array([1]))
    raw = Raw(Split(x, np.zeros(150, int)), test)
    arrays = prepare(Data("iris", validation=1, scale="unit"), raw)
    assert arrays.train.x[0].tolist() == [0, 0, 0, 0]
    assert arrays.train.x[1].tolist() == [1, 0, 1, 1]
    assert arrays.validation.x.tolist() == [[225, -1, 0, 0]]
    assert arrays.test.x.tolist() == [[2, 2, 2, 1]]


def test_pictures_of_bytes_are_divided_by_255() -> None:
    bright = np.full((10, 28, 28), 100, np.uint8)
    raw = Raw(Split(bright, np.arange(10)), Split(bright * 2, np.arange(10)))
    arrays = prepare(Data("mnist", scale="unit", validation=2), raw)
    assert arrays.train.x.max() == arrays.validation.x.max() == np.float32(100 / 255)
    assert arrays.test.x.max() == np.float32(200 / 255)


def test_standard_scale_makes_mean_0_and_deviation_1() -> None:
    x = load(Data("digits", scale="standard", flatten=True)).train.x
    assert abs(x.mean(axis=0)).max() < 1e-5
    deviation = x.std(axis=0)
    assert np.allclose(deviation[deviation > 0], 1, atol=1e-3) and np.isfinite(x).all()


def test_a_count_holds_out_the_first_samples_and_a_fraction_the_last() -> None:
    whole, count = load(Data("digits")), load(Data("digits", validation=100))
    np.testing.assert_array_equal(count.validation.x, whole.train.x[:100])
    np.testing.assert_array_equal(count.train.x, whole.train.x[100:])
    fraction = load(Data("digits", validation=0.1))
    np.testing.assert_array_equal(fraction.validation.x, whole.train.x[-144:])
    np.testing.assert_array_equal(fraction.train.x, whole.train.x[:-144])


def test_the_seed_decides_the_test_set() -> None:
    first, second, again = (load(Data("iris", seed=seed)).test.x for seed in (0, 1, 0))
    assert np.array_equal(first, again) and not np.array_equal(first, second)
    assert len(load(Data("iris", test=0.0)).test) == 0


def test_one_hot_labels() -> None:
    y = load(Data("iris", one_hot=True)).train.y
    assert y.shape == (120, 3) and (y.sum(axis=1) == 1).all()


def test_preview_of_digits() -> None:
    seen = json.loads(json.dumps(preview(Data("digits", validation=0.1, scale="unit"))))
    assert seen["cached"] and sum(seen["class_counts"]) == 1293
    assert len(seen["samples"]) == 12
    picture = np.array(seen["samples"][0]["pixels"])
    assert picture.shape == (8, 8) and picture.min() == 0 and picture.max() == 255
    assert seen["samples"][0]["label"] in "0123456789"


def test_an_option_that_its_source_does_not_take() -> None:
    with pytest.raises(TrainerError, match=r"\[data\] options"):
        load(Data("make_moons", {"noise": "much"}))


def test_preview_of_numbers() -> None:
    seen = preview(Data("make_regression", {"n_features": 3}))
    assert seen["class_counts"] == [] and len(seen["samples"][0]["values"]) == 3
    float(seen["samples"][0]["label"])


def test_preview_downloads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone(tmp_path, monkeypatch)
    seen = preview(Data("mnist", flatten=True, one_hot=True))
    assert seen == {"cached": False}


def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give Keras an empty cache folder."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(download, "_FALLBACK", tmp_path / "other")
    sources._read.cache_clear()
    return tmp_path / "keras" / "datasets"


class Server(http.server.BaseHTTPRequestHandler):
    content = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def mnist_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[bytes]:
    """Serve a small mnist.npz, and let the table of data sets point to it."""
    buffer = io.BytesIO()
    x, y = np.zeros((60, 28, 28), np.uint8), np.arange(60) % 10
    np.savez(buffer, x_train=x, y_train=y, x_test=x[:10], y_test=y[:10])
    Server.content = buffer.getvalue()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    file = File(
        "mnist.npz",
        f"http://127.0.0.1:{server.server_port}/mnist.npz",
        hashlib.sha256(Server.content).hexdigest(),
        0.05,
    )
    monkeypatch.setitem(
        DATASETS, "mnist", replace(DATASETS["mnist"], files=(file,), train=60, test=10)
    )
    yield Server.content
    server.shutdown()


def test_a_download_is_told_checked_and_kept(
    mnist_server: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = alone(tmp_path, monkeypatch)
    told: list[str] = []
    arrays = load(Data("mnist"), Wait(told.append))
    assert len(arrays.train) == 60
    assert told[0] == "downloading mnist" and told[-1] == ""
    assert told[-2].startswith("downloading mnist: 0.1 of 0.1 MB")
    assert [p.name for p in folder.iterdir()] == ["mnist.npz"]
    told.clear()
    load(Data("mnist"), Wait(told.append))
    assert told == []


def test_a_broken_copy_is_fetched_again(
    mnist_server: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = alone(tmp_path, monkeypatch)
    folder.mkdir(parents=True)
    (folder / "mnist.npz").write_bytes(mnist_server[:1000])
    load(Data("mnist"))
    assert (folder / "mnist.npz").read_bytes() == mnist_server


def test_a_wrong_file_is_not_kept(
    mnist_server: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = alone(tmp_path, monkeypatch)
    monkeypatch.setattr(Server, "content", b"<html>a portal that wants a password</html>")
    with pytest.raises(TrainerError, match="another file"):
        load(Data("mnist"))
    assert list(folder.iterdir()) == []


def test_a_download_can_be_cancelled(
    mnist_server: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = alone(tmp_path, monkeypatch)
    told: list[str] = []
    with pytest.raises(Cancelled):
        load(Data("mnist"), Wait(told.append, lambda: bool(told)))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("broken", [False, True])
def test_without_a_network_the_error_says_what_to_do(
    broken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = alone(tmp_path, monkeypatch)
    if broken:
        folder.mkdir(parents=True)
        (folder / "imdb.npz").write_bytes(b"half")
    file = replace(DATASETS["imdb"].files[0], url="http://127.0.0.1:9/imdb.npz")
    monkeypatch.setitem(DATASETS, "imdb", replace(DATASETS["imdb"], files=(file,)))
    with pytest.raises(TrainerError) as caught:
        load(Data("imdb"))
    told = str(caught.value)
    assert "\n" not in told and "http://127.0.0.1:9/imdb.npz could not be fetched" in told
    assert f"put a copy at {folder / 'imdb.npz'}" in told and "digits" in told
    assert ("is not the file that was expected" in told) is broken
    assert caught.value.where == "[data] source"


def test_cifar_is_read_from_its_archive(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    with tarfile.open(path, "w:gz") as archive:
        for name in [*(f"data_batch_{n}" for n in range(1, 6)), "test_batch"]:
            pixels = np.zeros((2, 3072), np.uint8)
            pixels[:, :1024] = 200
            content = pickle.dumps({b"data": pixels, b"labels": [3, 7]})
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    raw = sources.READERS["cifar10"]([path], {})
    assert raw.test is not None and raw.train.x.shape == (10, 32, 32, 3)
    assert raw.train.x[0, 5, 5].tolist() == [200, 0, 0]
    assert raw.train.y.tolist() == [3, 7] * 5 and raw.test.y.tolist() == [3, 7]


def test_texts_are_padded_as_keras_does() -> None:
    texts = np.empty(3, dtype=object)
    texts[:] = [[5, 6], [1, 2, 3, 4], list(range(10, 20))]
    mine = sources._padded(texts, num_words=16, maxlen=4)
    started = [[1] + [w + 3 for w in text] for text in texts]
    known = [[w if w < 16 else 2 for w in text] for text in started]
    theirs = keras.utils.pad_sequences(known, maxlen=4, padding="post")
    assert mine.tolist() == theirs.tolist()


def test_imdb_equals_what_keras_loads(real_data: None) -> None:
    arrays = load(Data("imdb", {"num_words": 1000, "maxlen": 50}, validation=10))
    with np.load(download.fetch(DATASETS["imdb"], Wait())[0], allow_pickle=True) as found:
        x, y = found["x_train"], found["y_train"]
    order = np.arange(len(x))
    np.random.RandomState(113).shuffle(order)
    known = [[1, *(w + 3 for w in text)] for text in x[order[:30]]]
    known = [[w if w < 1000 else 2 for w in text] for text in known]
    theirs = keras.utils.pad_sequences(known, maxlen=50, padding="post")
    assert arrays.validation.x.tolist() == theirs[:10].tolist()
    assert arrays.train.x[:20].tolist() == theirs[10:].tolist()
    assert arrays.validation.y.tolist() == y[order[:10]].tolist()
    seen = previews.preview(Data("imdb", {"num_words": 1000, "maxlen": 50}))
    assert seen["samples"][0]["kind"] == "text" and seen["class_counts"] == [12500, 12500]
    assert any(" the " in sample["text"] for sample in seen["samples"])


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_pictures_load(name: str, real_data: None) -> None:
    arrays = load(Data(name, validation=0.2, scale="unit", flatten=True, one_hot=True))
    assert arrays.train.x.shape == (48000, 784) and arrays.test.y.shape == (10000, 10)
    assert arrays.train.x.max() == arrays.test.x.max() == 1.0
