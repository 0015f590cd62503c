"""An experiment as a plain Keras script: what one would write by hand to train the same model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tui_trainer.core.callback_paths import with_path
from tui_trainer.core.experiment import AUTO, Experiment, Part
from tui_trainer.core.marks import Marked
from tui_trainer.core.script.data import (
    data_imports,
    data_statements,
    has_test,
    input_code,
    validation_items,
)
from tui_trainer.core.script.parts import call_code, object_code, value_code
from tui_trainer.core.script.source import Item, Page, call, listed, quoted
from tui_trainer.core.values import DEVICE


@dataclass(frozen=True, slots=True)
class Script(Marked):
    """A script, and which of its lines stand for what."""

    text: str


def script(experiment: Experiment, name: str) -> Script:
    """Return the script of an experiment; `name` is that of the model file it saves.

    There is one for each experiment, also for one that cannot be trained: nothing that a user
    typed is more than a literal in it.
    """
    page = Page()
    _head(page, experiment)
    _data(page, experiment)
    _model(page, experiment)
    _compile(page, experiment)
    _fit(page, experiment)
    page.gap()
    if has_test(experiment.data):
        page.add("model.evaluate(x_test, y_test)")
    page.add("", call("model.save", quoted(f"{name}.keras")))
    return Script(page.marks, "\n".join(page.lines) + "\n")


def _head(page: Page, experiment: Experiment) -> None:
    fit = experiment.fit
    title = _docstring(experiment.title)
    if title:
        page.add(title, "", [("title",)])
        page.gap()
    own_device = fit.device != "auto" and DEVICE.fullmatch(fit.device) is not None
    for line in _imports(experiment, own_device):
        page.add(line)
    page.gap()
    page.add(f"keras.utils.set_random_seed({fit.seed!r})", "", [("fit", "seed")])
    if fit.dtype_policy != "float32":
        policy = f"keras.config.set_dtype_policy({quoted(fit.dtype_policy)})"
        page.add(policy, "", [("fit", "dtype_policy")])
    if own_device:
        kind, _, index = fit.device.partition(":")
        seen = f'tf.config.list_physical_devices("GPU")[{index}]' if kind == "gpu" else "[]"
        page.add("", call("tf.config.set_visible_devices", seen, '"GPU"'), [("fit", "device")])


def _docstring(title: str) -> str:
    """Return a title as what a file begins with; as a comment, it could set the file's encoding."""
    plain = "".join(c if c.isprintable() else " " for c in title.replace('"', "'"))
    text = " ".join(plain.split()).replace("\\", "\\\\")
    return f'"""{text}"""' if text else ""


def _imports(experiment: Experiment, own_device: bool) -> Iterable[str]:
    yield "import keras"
    if own_device:
        yield "import tensorflow as tf"
    if experiment.enabled.layers:
        yield "from keras import layers"
    yield from data_imports(experiment.data)


def _data(page: Page, experiment: Experiment) -> None:
    page.gap()
    for statement in data_statements(experiment.data):
        fields = (("data", field) for field in statement.fields)
        page.add(statement.before, statement.code, [("data",), *fields])


def _model(page: Page, experiment: Experiment) -> None:
    taking_part = [index for index, part in enumerate(experiment.layers) if not part.disabled]
    mixed = experiment.fit.dtype_policy != "float32"
    items = [Item(input_code(experiment))]
    for index in taking_part:
        part = experiment.layers[index]
        if mixed and index == taking_part[-1] and "dtype" not in part.params:
            part = part.having("dtype", "float32")
        key = ("layers", index)
        items.append(Item(call_code(part, "layers", key), key=key))
    page.gap()
    page.add("model = ", call("keras.Sequential", Item(listed(items), key=("layers",))))
    page.add("model.summary()")
    weights = experiment.fit.initial_weights
    if weights is not None:
        page.add("", call("model.load_weights", quoted(weights)), [("fit", "initial_weights")])


def _compile(page: Page, experiment: Experiment) -> None:
    compiled = experiment.compile
    arguments = [_argument("optimizer", compiled.optimizer, "optimizers")]
    if compiled.loss is not None:
        arguments.append(_argument("loss", compiled.loss, "losses"))
    metrics = _listed(compiled.metrics, "metrics")
    if metrics:
        arguments.append(Item(listed(metrics), "metrics=", ("metrics",)))
    for name in ("jit_compile", "steps_per_execution"):
        value = getattr(experiment.fit, name)
        if value != AUTO:
            arguments.append(Item(value_code(value), f"{name}=", ("fit", name)))
    page.gap()
    page.add("", call("model.compile", *arguments), [("compile",)])


def _fit(page: Page, experiment: Experiment) -> None:
    fit = experiment.fit
    arguments = [
        *(Item("x_train"), Item("y_train")),
        Item(value_code(fit.batch_size), "batch_size=", ("fit", "batch_size")),
        Item(value_code(fit.epochs), "epochs=", ("fit", "epochs")),
        *([] if fit.shuffle else [Item("False", "shuffle=", ("fit", "shuffle"))]),
        *validation_items(experiment.data),
    ]
    callbacks = _listed(map(with_path, experiment.callbacks), "callbacks")
    if callbacks:
        arguments.append(Item(listed(callbacks), "callbacks=", ("callbacks",)))
    page.gap()
    page.add("history = ", call("model.fit", *arguments), [("fit",)])


def _argument(name: str, part: Part, group: str) -> Item:
    return Item(object_code(part, group, (name,)), f"{name}=", (name,))


def _listed(parts: Iterable[Part], group: str) -> list[Item]:
    """Return the parts that take part, each with its place among all of them."""
    return [
        Item(object_code(part, group, (group, index)), key=(group, index))
        for index, part in enumerate(parts)
        if not part.disabled
    ]
