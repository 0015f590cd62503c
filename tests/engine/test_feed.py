"""The fast way through `fit` comes to what plain `model.fit(x, y)` comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tui_trainer.core.datasets import describe
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part
from tui_trainer.engine.build import build, compile_model
from tui_trainer.engine.data import Arrays, Split
from tui_trainer.engine.feed import Feed, order
from tui_trainer.engine.fitting import Fitting
from tui_trainer.engine.speed import choose_at_once, choose_jit
from tui_trainer.engine.stride import Stride, counted_every

DENSE = (
    Part("Dense", {"units": 8, "activation": "relu", "kernel_regularizer": "l2"}),
    Part("Dense", {"units": 3, "activation": "softmax"}),
)
CLASSES = Compile(Part("Adam"), Part("sparse_categorical_crossentropy"), (Part("accuracy"),))
SGD = Part("SGD", {"learning_rate": 0.05, "momentum": 0.9})


def arrays(train: int, held: int = 20, shape: tuple[int, ...] = (6,)) -> Arrays:
    """Return samples of three classes that can be told from one another."""
    random = np.random.default_rng(5)

    def split(count: int) -> Split:
        y = random.integers(0, 3, count).astype(np.int32)
        x = random.normal(size=(count, *shape)).astype(np.float32)
        return Split(x + y.reshape(-1, *[1] * len(shape)), y)

    return Arrays(describe(Data("iris")), split(train), split(held), split(held))


@dataclass
class Heard(keras.callbacks.Callback):  # type: ignore[misc]
    """What a callback hears."""

    batches: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    tests: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.batches.append(batch)
        self.losses.append(logs["loss"])

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        self.tests.append(batch)


def compiled(experiment: Experiment, data: Arrays) -> Any:
    keras.utils.set_random_seed(experiment.fit.seed)
    model = build(experiment, data.train.x.shape[1:], data.train.x.dtype.name)
    compile_model(model, experiment.compile)
    return model


def plainly(experiment: Experiment, data: Arrays, callbacks: Sequence[Any] = ()) -> Any:
    """Return a model that Keras fitted by itself."""
    model, fit, held = compiled(experiment, data), experiment.fit, data.validation
    model.fit(
        data.train.x,
        data.train.y,
        batch_size=fit.batch_size,
        epochs=fit.epochs,
        shuffle=fit.shuffle,
        validation_data=(held.x, held.y) if len(held) else None,
        validation_batch_size=1024,  # Recurrent dropout draws a seed for each of these batches.
        callbacks=list(callbacks),
        verbose=0,
    )
    return model


def fast(
    experiment: Experiment, data: Arrays, callbacks: Sequence[Any] = ()
) -> tuple[Any, Fitting]:
    """Return a model that was fitted our way."""
    model = compiled(experiment, data)
    fitting = Fitting(model, experiment.fit, data)
    fitting.prepare()
    fitting.fit(fitting.callbacks(callbacks))
    return model, fitting


def assert_same(ours: Any, plain: Any, within: float) -> None:
    assert list(ours.history.history) == list(plain.history.history)
    for name, values in plain.history.history.items():
        np.testing.assert_allclose(
            ours.history.history[name], values, rtol=within, atol=within, err_msg=name
        )
    for one, other in zip(ours.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=within, atol=within)


MODELS: dict[str, Experiment] = {
    "dense": Experiment(layers=DENSE, compile=CLASSES),
    "dropout": Experiment(
        layers=(Part("GaussianNoise", {"stddev": 0.1}), Part("Dropout", {"rate": 0.3}), *DENSE),
        compile=CLASSES,
    ),
    "normalised": Experiment(
        layers=(Part("Dense", {"units": 8}), Part("BatchNormalization"), *DENSE),
        compile=replace(CLASSES, optimizer=SGD),
    ),
    "schedule": Experiment(
        layers=DENSE,
        compile=replace(
            CLASSES,
            optimizer=Part(
                "SGD",
                {
                    "learning_rate": Part(
                        "ExponentialDecay",
                        {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.9},
                    )
                },
            ),
        ),
    ),
    "accumulated": Experiment(
        layers=DENSE,
        compile=replace(
            CLASSES, optimizer=SGD.having("gradient_accumulation_steps", 3).having("clipnorm", 0.5)
        ),
    ),
    "averaged": Experiment(
        layers=DENSE,
        compile=replace(
            CLASSES, optimizer=SGD.having("use_ema", True).having("ema_overwrite_frequency", 4)
        ),
    ),
    "a value a class": Experiment(
        layers=DENSE,
        compile=Compile(
            SGD,
            Part("categorical_crossentropy"),
            (Part("F1Score"), Part("AUC", {"name": "auc"}), Part("accuracy")),
        ),
        data=Data("iris", one_hot=True),
    ),
    "half": Experiment(
        layers=DENSE, compile=replace(CLASSES, optimizer=SGD), fit=Fit(dtype_policy="mixed_float16")
    ),
}
SPLITS = {
    "a last batch of fewer": (50, 16),
    "a last batch of one": (49, 16),
    "whole batches": (48, 16),
    "one sample": (1, 16),
    "a batch larger than the data": (20, 64),
}


def prepared(name: str, train: int, batch_size: int, **fit: Any) -> tuple[Experiment, Arrays]:
    experiment, data = MODELS[name], arrays(train)
    if experiment.data.one_hot:
        splits = (replace(s, y=np.eye(3, dtype=np.float32)[s.y]) for s in _splits(data))
        data = Arrays(data.facts, *splits)
    fitted = replace(experiment.fit, epochs=3, batch_size=batch_size, **fit)
    return replace(experiment, fit=fitted), data


def _splits(data: Arrays) -> tuple[Split, Split, Split]:
    return data.train, data.validation, data.test


@pytest.mark.parametrize("shuffle", [True, False])
def test_samples_come_in_the_order_of_plain_keras(shuffle: bool) -> None:
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    seen: list[int] = []
    step = model.train_step

    def watched(batch: Any) -> Any:
        seen.extend(batch[1].numpy().astype(int).ravel().tolist())
        return step(batch)

    model.train_step = watched
    numbers = np.arange(23, dtype=np.float32)
    model.fit(numbers[:, None], numbers, batch_size=5, epochs=3, shuffle=shuffle, verbose=0)
    keras.utils.set_random_seed(3)
    assert seen == 3 * order(23, shuffle).tolist()
    assert sorted(seen[:23]) == list(range(23))


@pytest.mark.parametrize("split", SPLITS)
def test_any_number_of_samples_trains_as_in_plain_keras(split: str) -> None:
    experiment, data = prepared("dense", *SPLITS[split])
    plain = plainly(experiment, data)
    assert_same(fast(experiment, data)[0], plain, 1e-5)
    compiled_fit = replace(experiment, fit=replace(experiment.fit, jit_compile=True))
    assert_same(fast(compiled_fit, data)[0], plain, 1e-3)
    piecewise = replace(experiment, fit=replace(experiment.fit, resident=False))
    assert_same(fast(piecewise, data)[0], plain, 1e-5)


@pytest.mark.parametrize("name", MODELS)
def test_any_model_trains_as_in_plain_keras(name: str) -> None:
    within = 2e-2 if name == "half" else 1e-5  # Half precision keeps three digits.
    experiment, data = prepared(name, 50, 16)
    plain = plainly(experiment, data)
    assert_same(fast(experiment, data)[0], plain, within)
    if name == "dropout":
        return  # XLA draws other numbers, so it is not chosen.
    compiled_fit = replace(experiment, fit=replace(experiment.fit, jit_compile=True))
    model, fitting = fast(compiled_fit, data)
    assert "compiled by XLA: as set" in fitting.words
    assert_same(model, plain, max(within, 1e-3))


@pytest.mark.parametrize("jit", [False, True])
def test_samples_that_come_in_pieces_train_the_same(jit: bool) -> None:
    experiment, data = prepared("normalised", 107, 5, jit_compile=jit)
    whole, _ = fast(experiment, data)
    piecewise = replace(experiment, fit=replace(experiment.fit, resident=False))
    model, fitting = fast(piecewise, data)
    assert "in pieces of 5 batches" in fitting.words
    assert_same(model, whole, 0 if not jit else 1e-6)


def test_layers_of_pictures_and_of_rows_train_the_same() -> None:
    layers = (
        Part("Conv2D", {"filters": 3, "kernel_size": 2}),
        Part("MaxPooling2D"),
        Part("Reshape", {"target_shape": (3, 9)}),
        Part("LSTM", {"units": 3, "recurrent_dropout": 0.1}),
        DENSE[1],
    )
    experiment = Experiment(layers=layers, compile=CLASSES, fit=Fit(epochs=2, batch_size=8))
    data = arrays(30, shape=(7, 7, 1))
    assert_same(fast(experiment, data)[0], plainly(experiment, data), 1e-5)


def test_callbacks_hear_of_every_call_and_of_the_last_batch() -> None:
    experiment, data = prepared("dense", 50, 4, steps_per_execution=5)
    every, ours = Heard(), Heard()
    plainly(experiment, data, [every])
    fast(experiment, data, [ours])
    assert every.batches == [*range(13)] * 3 and every.tests == [0] * 3
    assert ours.batches == [4, 9, 12] * 3 and ours.tests == [0] * 3
    heard = [every.losses[batch + 13 * epoch] for epoch in range(3) for batch in (4, 9, 12)]
    assert ours.losses == pytest.approx(heard, rel=1e-5)


def test_calls_grow_as_long_as_they_are_short() -> None:
    stride = Stride()
    ends = []
    for seconds in (0.001, 0.008, 0.15, 0.075):
        first = ends[-1] if ends else 0
        ends.append(stride.end(first, 10_000))
        stride.took(first, ends[-1], seconds)
    assert ends == [1, 9, 73, 105]
    assert stride.is_done(100) and not stride.is_done(105)
    stride.begin()
    assert not stride.is_done(0)
    assert stride.end(105, 7) == 112


@pytest.mark.parametrize("jit", [False, True])
def test_callbacks_act_when_they_would(jit: bool, tmp_path: Any) -> None:
    def callbacks(name: str) -> list[Any]:
        return [
            keras.callbacks.ModelCheckpoint(tmp_path / f"{name}-{{batch}}.keras", save_freq=7),
            keras.callbacks.ReduceLROnPlateau("val_loss", patience=1, min_delta=10),
            keras.callbacks.EarlyStopping("val_loss", patience=3, min_delta=10),
            keras.callbacks.CSVLogger(tmp_path / f"{name}.csv"),
            keras.callbacks.TerminateOnNaN(),
        ]

    experiment, data = prepared("dense", 40, 4, jit_compile=jit)
    experiment = replace(experiment, fit=replace(experiment.fit, epochs=9))
    plain, ours = callbacks("plain"), callbacks("ours")
    assert_same(
        fast(experiment, data, ours)[0], plainly(experiment, data, plain), 1e-3 if jit else 1e-5
    )
    assert ours[2].stopped_epoch == plain[2].stopped_epoch == 3
    names = {
        name: sorted(p.name.removeprefix(name) for p in tmp_path.glob(f"{name}-*"))
        for name in ("plain", "ours")
    }
    assert names["plain"] == names["ours"]
    rows = [len((tmp_path / f"{name}.csv").read_text().splitlines()) for name in names]
    assert rows == [5, 5]


def test_a_loss_that_is_no_number_ends_the_training() -> None:
    experiment, data = prepared("dense", 200, 2)
    data = replace(data, train=Split(data.train.x * np.float32(np.inf), data.train.y))
    heard = Heard()
    model, _ = fast(experiment, data, [keras.callbacks.TerminateOnNaN(), heard])
    assert len(model.history.history["loss"]) == 1 and heard.batches == [0]


def test_boards_that_count_batches_hear_of_each(tmp_path: Any) -> None:
    boards = [keras.callbacks.TensorBoard(tmp_path, update_freq=freq) for freq in ("epoch", 2)]
    assert [counted_every([board]) for board in boards] == [None, 1]
    assert counted_every([keras.callbacks.ModelCheckpoint("m.keras")]) is None


class _Refused(keras.layers.Layer):  # type: ignore[misc]
    """Something that only Python can do."""

    def call(self, x: Any) -> Any:
        done = tf.numpy_function(lambda v: v * np.float32(2), [x], tf.float32)
        return tf.ensure_shape(done, x.shape)


def test_what_xla_refuses_is_done_without_it() -> None:
    data = arrays(50)
    models = []
    for ours in (False, True):
        keras.utils.set_random_seed(1)
        layers = [_Refused(trainable=False), keras.layers.Dense(3, activation="softmax")]
        model = keras.Sequential([keras.Input((6,)), *layers])
        compile_model(model, CLASSES)
        models.append(model)
        if not ours:
            model.fit(data.train.x, data.train.y, batch_size=16, epochs=2, verbose=0)
            continue
        fit = Fit(epochs=2, batch_size=16, jit_compile=True)
        fitting = Fitting(model, fit, replace(data, validation=data.validation.take(slice(0, 0))))
        fitting.prepare()
        fitting.fit(fitting.callbacks([]))
        assert "steps not compiled by XLA: it refused" in fitting.words
        assert "\n" not in fitting.words and len(fitting.words) < 300
    assert_same(models[1], models[0], 1e-5)


def test_evaluation_comes_to_the_same_at_any_batch() -> None:
    experiment, data = prepared("normalised", 50, 16)
    model, fitting = fast(experiment, data)
    feed = fitting.feed(data.test)
    ours = fitting.evaluate(feed, Heard())
    plain = model_of(model).evaluate(
        data.test.x, data.test.y, batch_size=3, return_dict=True, verbose=0
    )
    assert ours == pytest.approx(plain, rel=1e-5)


def model_of(model: Any) -> Any:
    """Return the same model as Keras would have it."""
    model.make_test_function(force=True)
    return model


@pytest.mark.parametrize(
    ("layers", "fit", "batches", "reason"),
    [
        (DENSE, Fit(), 10**6, ""),
        (DENSE, Fit(), 10, "too little to do"),
        (DENSE, Fit(jit_compile=True), 10, "as set"),
        (DENSE, Fit(jit_compile=False), 10**6, "as set"),
        ((Part("Dropout", {"rate": 0.5}), *DENSE), Fit(), 10**6, "Dropout would draw other"),
        ((Part("Dropout", {"rate": 0.0}), *DENSE), Fit(), 10**6, ""),
        (
            (Part("Reshape", {"target_shape": (6, 1)}), Part("SimpleRNN", {"units": 2}), *DENSE),
            Fit(),
            10**6,
            "",
        ),
        (
            (
                Part("Reshape", {"target_shape": (2, 3, 1)}),
                Part("RandomRotation", {"factor": 0.1}),
                *DENSE,
            ),
            Fit(),
            10**6,
            "RandomRotation does not support it",
        ),
        (
            (
                Part("Reshape", {"target_shape": (6, 1)}),
                Part("Conv1D", {"filters": 2, "kernel_size": 2}),
                Part("GlobalMaxPooling1D"),
                *DENSE,
            ),
            Fit(),
            10**6,
            "Conv1D is slower by it",
        ),
    ],
)
def test_xla_is_chosen_where_it_pays(
    layers: tuple[Part, ...], fit: Fit, batches: int, reason: str
) -> None:
    model = build(Experiment(layers=layers, fit=fit), (6,), "float32")
    choice = choose_jit(model, fit, batches, 16)
    assert choice.why.startswith(reason) and bool(choice.why) == bool(reason)
    assert choice.taken is (not reason or fit.jit_compile is True)


def test_samples_stay_on_the_device_where_they_fit() -> None:
    split = Split(np.zeros((1000, 250), np.float32), np.zeros(1000, np.float32))
    assert choose_at_once(Fit(), split, 10, "CPU") is None
    assert choose_at_once(Fit(resident=True), split, 10, "GPU:0") is None
    pieces = choose_at_once(Fit(resident=False), split, 10, "GPU:0")
    assert pieces is not None and 1 < pieces * 10 * 1004 < split.x.nbytes
    huge = Split(np.broadcast_to(np.float32(0), (10**7, 1000)), np.zeros(10**7, np.float32))
    pieces = choose_at_once(Fit(), huge, 10, "GPU:0")
    assert pieces is not None and 1e8 < pieces * 10 * 4004 < 1e9
    assert choose_at_once(Fit(resident=False), split.take(slice(0, 1)), 10, "CPU") == 1


def test_ragged_samples_are_told_in_one_line() -> None:
    ragged = np.array([np.zeros(2), np.zeros(3)], dtype=object)
    with pytest.raises(TrainerError, match="expected labels that are numbers.*received object"):
        Feed(Split(np.zeros((2, 3), np.float32), ragged), 2)
