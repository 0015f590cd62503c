"""An experiment as a Keras script: its lines, its layout, and what a user typed in it."""

from __future__ import annotations

import ast
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tui_trainer.core.datasets import DATASETS
from tui_trainer.core.experiment import Compile, Data, Experiment, Fit, Part, Value
from tui_trainer.core.presets import all_presets, open_experiment
from tui_trainer.core.script import Script, script
from tui_trainer.core.script.source import quoted

NAMES = [preset.name for preset in all_presets()]
DENSE = Part("Dense", {"units": 10, "activation": "softmax"})
NASTY = (
    '""" + __import__(\'os\').system(\'touch owned\') + """',
    "'); import os; os.abort() #",
    "line\nbreak\r\nand\x0cform\x00null\u2028separator",
    "back\\slash\\",
    "\\",
    '"',
    "# fmt: off",
    "coding: utf-7",
    "\u202egnp\ud800",
    "{x} %s \\N{BULLET} \\x41",
)


def of(name: str) -> Script:
    return script(open_experiment(name)[0], name)


def of_layers(*layers: Part) -> str:
    return script(Experiment(layers=layers), "m").text


def of_data(data: Data) -> str:
    return script(Experiment(data=data, layers=(DENSE,)), "m").text


def shown(found: Script, *where: str | int) -> str:
    """Return the lines of a place, as one text."""
    lines = found.text.splitlines()
    return "\n".join(lines[number].strip() for number in found.at(where))


def arrange(tmp_path: Path, texts: dict[str, str]) -> None:
    """Have ruff object to a layout that is not its own, and to imports that are not used."""
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8", newline="")
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    for rule in (["format", "--diff"], ["check", "--select", "F,E4,E7,E9,I"]):
        words = [ruff, *rule, "--isolated", "--no-cache", "--line-length", "88", "."]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_whole_of_digits() -> None:
    found = of("digits")
    assert found.text.startswith('"""Digits: read handwriting of 8×8 pixels"""\n\nimport keras\n')
    assert shown(found, "layers", 0) == 'layers.Dense(64, activation="relu"),'
    assert shown(found, "layers", 1, "rate") == "layers.Dropout(0.2),"
    assert shown(found, "optimizer") == "optimizer=keras.optimizers.Adam(),"
    assert shown(found, "loss") == 'loss="sparse_categorical_crossentropy",'
    assert shown(found, "metrics", 0) == 'metrics=["accuracy"],'
    assert shown(found, "fit", "epochs") == "epochs=20,"
    assert shown(found, "fit", "seed") == "keras.utils.set_random_seed(1)"
    assert shown(found, "fit").startswith("history = model.fit(")
    assert "std[std == 0] = 1" in shown(found, "data", "scale")
    assert "x_train[split:]" in shown(found, "data", "validation")
    assert shown(found, "data").startswith("x, y = load_digits(return_X_y=True)")
    assert shown(found, "title") == '"""Digits: read handwriting of 8×8 pixels"""'
    assert found.text.endswith('model.evaluate(x_test, y_test)\nmodel.save("digits.keras")\n')


def test_a_place_without_lines_of_its_own_has_those_round_it_or_none() -> None:
    found = of("digits")
    assert found.at(("fit", "device")) == found.lines[("fit",)]
    assert found.at(("callbacks", 0)) == range(0)
    assert found.at(()) == range(0)


@pytest.mark.parametrize("name", NAMES)
def test_every_range_lies_inside_the_text(name: str) -> None:
    found = of(name)
    lines = found.text.splitlines()
    for where, places in found.lines.items():
        assert 0 <= places.start < places.stop <= len(lines), where
        assert "".join(lines[number] for number in places), where


def test_what_is_not_set_is_not_said() -> None:
    text = of_layers(Part("Flatten"), Part("Dense", {"units": 10}))
    assert "layers.Flatten(), layers.Dense(10)]" in text
    for word in ("activation", "callbacks", "shuffle", "dtype", "tensorflow", "metrics", '"""'):
        assert word not in text


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (
            Part("Conv2D", {"filters": 32, "kernel_size": 3, "strides": (2, 2)}),
            "layers.Conv2D(32, 3, strides=(2, 2))",
        ),
        (Part("Conv2D", {"kernel_size": 3}), "layers.Conv2D(kernel_size=3)"),
        (Part("Dense", {"activation": "relu", "units": 3}), 'layers.Dense(3, activation="relu")'),
        (Part("Embedding", {"input_dim": 9, "output_dim": 2}), "layers.Embedding(9, 2)"),
        (Part("Reshape", {"target_shape": 64}), "layers.Reshape((64,))"),
        (Part("MaxPooling2D", {"pool_size": (2, 2)}), "layers.MaxPooling2D((2, 2))"),
        (Part("LeakyReLU", {"negative_slope": 0.2}), "layers.LeakyReLU(negative_slope=0.2)"),
        (
            Part("Bidirectional", {"layer": Part("LSTM", {"units": 8})}),
            "layers.Bidirectional(layers.LSTM(8))",
        ),
        (
            Part("Dense", {"units": 1, "kernel_regularizer": Part("l2", {"l2": 1e-5})}),
            "layers.Dense(1, kernel_regularizer=keras.regularizers.L2(l2=1e-5))",
        ),
        (
            Part("Dense", {"units": 1, "kernel_initializer": "he_normal"}),
            'layers.Dense(1, kernel_initializer="he_normal")',
        ),
        (
            Part("Dense", {"units": 1, "bias_initializer": Part("he_normal")}),
            "layers.Dense(1, bias_initializer=keras.initializers.HeNormal())",
        ),
        (Part("Dense", {"units": 1, "use_bias": False, "name": "a"}), "use_bias=False"),
        (Part("ReLU", {"max_value": None}), "layers.ReLU(max_value=None)"),
        (Part("ReLU", {"max_value": float("inf")}), 'layers.ReLU(max_value=float("inf"))'),
    ],
)
def test_layers_as_one_would_write_them(part: Part, code: str) -> None:
    assert code in of_layers(part)


def test_what_is_off_is_left_out_and_the_rest_keeps_its_places() -> None:
    off = replace(DENSE, disabled=True)
    found = script(
        Experiment(
            layers=(off, Part("Flatten"), DENSE, off),
            compile=Compile(metrics=(Part("mae", disabled=True), Part("mse"))),
            callbacks=(Part("TerminateOnNaN", disabled=True),),
        ),
        "m",
    )
    assert found.text.count("Dense") == 1
    assert "mae" not in found.text
    assert "callbacks" not in found.text
    assert found.at(("layers", 0)) == found.lines[("layers",)]
    assert "layers.Flatten()" in shown(found, "layers", 1)
    assert 'metrics=["mse"]' in shown(found, "metrics", 1)


def test_names_stay_names_until_they_have_arguments() -> None:
    def compiled(optimizer: Part, loss: Part | None = None) -> str:
        return script(Experiment(compile=Compile(optimizer, loss)), "m").text

    assert 'model.compile(optimizer="adam")' in compiled(Part("adam"))
    text = compiled(Part("rmsprop", {"learning_rate": 0.01}), Part("mse", {"reduction": "sum"}))
    assert "keras.optimizers.RMSprop(learning_rate=0.01)" in text
    assert 'keras.losses.MeanSquaredError(reduction="sum")' in text


def test_a_schedule_inside_an_optimizer() -> None:
    schedule = Part("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 100})
    experiment = Experiment(compile=Compile(Part("SGD", {"learning_rate": schedule})))
    text = script(experiment, "m").text
    assert "keras.optimizers.schedules.CosineDecay(" in text
    assert "decay_steps=100" in text


def test_callbacks_write_where_a_run_would_let_them() -> None:
    parts = (
        Part("ModelCheckpoint", {"save_best_only": True, "filepath": "best.keras"}),
        Part("ModelCheckpoint", {"save_weights_only": True}),
        Part("CSVLogger"),
    )
    text = script(Experiment(callbacks=parts), "m").text
    assert 'keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True)' in text
    assert '"checkpoints/model-checkpoint.weights.h5"' in text
    assert 'keras.callbacks.CSVLogger("epochs.csv")' in text


def test_precision_and_device() -> None:
    fit = Fit(dtype_policy="mixed_float16", device="gpu:1", shuffle=False)
    off = replace(DENSE, disabled=True)
    text = script(Experiment(layers=(Part("Flatten"), DENSE, off), fit=fit), "m").text
    assert 'keras.config.set_dtype_policy("mixed_float16")' in text
    assert 'layers.Dense(10, activation="softmax", dtype="float32")' in text
    assert 'tf.config.list_physical_devices("GPU")[1]' in text
    assert "import tensorflow as tf" in text
    assert "shuffle=False" in text
    assert "jit_compile" not in text and "steps_per_execution" not in text
    fast = script(Experiment(fit=Fit(jit_compile=False, steps_per_execution=9)), "m").text
    assert "jit_compile=False" in fast and "steps_per_execution=9" in fast
    cpu = script(Experiment(fit=Fit(device="cpu")), "m").text
    assert 'tf.config.set_visible_devices([], "GPU")' in cpu


def test_weights_to_start_from_are_loaded_before_the_model_is_compiled() -> None:
    found = script(Experiment(layers=(DENSE,), fit=Fit(initial_weights='my "first".keras')), "x")
    loaded, compiled = "model.load_weights('my \"first\".keras')\n", "\nmodel.compile("
    assert found.text.index(loaded) < found.text.index(compiled)
    (line,) = found.at(("fit", "initial_weights"))
    assert found.text.splitlines()[line] == loaded.strip()


def test_only_the_steps_that_the_data_need() -> None:
    plain = of_data(Data("iris", test=0))
    assert "x_train, y_train = load_iris(return_X_y=True)\n\n" in plain
    assert "train_test_split" not in plain
    assert "evaluate" not in plain
    held = of_data(Data("mnist", validation=0.2, scale="unit"))
    assert "validation_split=0.2" in held
    assert "x_val" not in held
    counted = of_data(Data("mnist", validation=5000, scale="none"))
    assert "x_val, x_train = x_train[:5000], x_train[5000:]" in counted
    assert "validation_data=(x_val, y_val)" in counted
    assert "255" not in counted
    fitted = of_data(Data("mnist", validation=0.2, scale="standard", flatten=True))
    assert fitted.index("reshape") < fitted.index("split = ") < fitted.index("mean = x_train")
    assert "x_val = (x_val - mean) / std" in fitted
    images = of_data(Data("digits", scale="unit"))
    assert "x, y = loaded.images, loaded.target" in images
    assert "low = x_train.min()" in images
    assert "low = x_train.min(axis=0)" in of_data(Data("wine", scale="unit"))
    words = of_data(Data("reuters", {"num_words": 500}, one_hot=True))
    assert "load_data(num_words=500)" in words
    assert "pad_sequences(x_test, maxlen=256" in words
    assert "y_test = keras.utils.to_categorical(y_test, 46)" in words
    assert 'keras.Input(shape=(256,), dtype="int32")' in words


def variants() -> dict[str, Experiment]:
    """Return experiments of every data set and preparation, and with parts of many lengths."""
    found = {name: open_experiment(name)[0] for name in NAMES}
    for source in DATASETS:
        for scale in ("none", "unit", "standard"):
            for validation in (0, 3, 0.35):
                data = Data(
                    source, {}, validation, 0.3, 11, scale, validation == 3, scale == "unit"
                )
                name = f"{source}-{scale}-{validation}".replace(".", "-")
                found[name] = Experiment(data=data, layers=(DENSE,))
    for length in range(1, 90, 3):
        word = "w" * length
        inner: Value = Part("L1L2", {"l1": 0.1, "l2": 0.2})
        layer = Part("Dense", {"units": 1, "name": word, "kernel_regularizer": inner})
        wrapped = Part("Bidirectional", {"layer": Part("LSTM", {"units": 3, "name": word})})
        found[f"long-{length}"] = Experiment(
            title=word,
            layers=(layer, Part("Reshape", {"target_shape": (1,) * length}), wrapped),
            compile=Compile(
                Part("Adam", {"learning_rate": 10.0**-length, "name": word}),
                Part(word),
                tuple(Part(word[:9]) for _ in range(length // 9)),
            ),
            callbacks=(Part("CSVLogger", {"filename": word}), Part("TerminateOnNaN")),
        )
    return found


def test_a_formatter_finds_nothing_to_do(tmp_path: Path) -> None:
    arrange(tmp_path, {name: script(e, name).text for name, e in variants().items()})


@pytest.mark.parametrize("source", [*DATASETS, "mars"])
def test_every_data_set_makes_a_script_that_compiles(source: str) -> None:
    for data in (Data(source), Data(source, {"odd one": 3}, 0.5, 0, 1, "standard", True, True)):
        text = of_data(data)
        compile(text, source, "exec")
        assert "x_train, y_train" in text


@pytest.mark.parametrize("text", NASTY)
def test_nothing_that_was_typed_gets_out_of_its_literal(text: str) -> None:
    hostile = Part(text, {"name": text, text: (text, Part(text, {text: text}))})
    experiment = Experiment(
        title=text,
        data=Data("imdb", {"num_words": text, text: text}),
        layers=(hostile, Part("Dense", {"units": text, "activation": Part(text)})),
        compile=Compile(hostile, Part(text), (hostile, Part(text))),
        fit=Fit(device=text, dtype_policy=text),
        callbacks=(hostile, Part("ModelCheckpoint", {"filepath": text})),
    )
    found = script(experiment, text)
    source = found.text.encode("utf-8")
    tree = ast.parse(source)  # As Python reads a file: by the encoding that its head declares.
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    known = ("keras.", "layers.", "model.", "getattr(", "tf.config.")
    assert all(name.startswith(known) or name == "getattr" for name in called), called
    saved = tree.body[-1]
    assert isinstance(saved, ast.Expr) and isinstance(saved.value, ast.Call)
    assert ast.literal_eval(saved.value.args[0]) == f"{text}.keras"
    assert found.text.count("import") - found.text.count("__import__") >= 2
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert len(imports) == 2
    assert found.text.splitlines() == found.text.split("\n")[:-1]


def test_text_is_quoted_as_a_formatter_would_quote_it(tmp_path: Path) -> None:
    rng = random.Random(1)
    texts = [
        "".join(rng.choices("ab\"'\\\n\t\x1b é\u200b{}#", k=rng.randint(0, 9))) for _ in range(300)
    ]
    for text in texts:
        assert ast.literal_eval(quoted(text)) == text
    arrange(tmp_path, {"quoted": "".join(f"a = {quoted(text)}\n" for text in texts)})


def test_an_empty_experiment_has_a_script_too() -> None:
    text = script(Experiment(), "nothing").text
    compile(text, "nothing", "exec")
    assert "layers" not in text
