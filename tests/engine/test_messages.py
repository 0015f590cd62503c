"""What is told of layers that do not fit, read as a learner reads it."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from tui_trainer.core.experiment import Compile, Data, Experiment, Part
from tui_trainer.core.starting import starting
from tui_trainer.core.values import fault
from tui_trainer.engine.answers import judge
from tui_trainer.engine.build import build
from tui_trainer.engine.introspect import catalogue
from tui_trainer.engine.messages import first_sentence, plain_message
from tui_trainer.engine.scratch import inspect, inspect_compile

SHAPES = ((8,), (8, 8), (8, 8, 3), (4, 8, 8, 3))
LAYERS = {entry.name: starting(entry) for entry in catalogue().group("layers")}
JARGON = re.compile(
    r"<class|KerasTensor|Full shape|\{\{|Exception encountered|Traceback|object has no|\bndim\b|"
    r"\w+\(\) |\.call|compute_output|np\.|NoneType|positional|index out of range|operand|None"
)
LONGEST = 260


def read(message: str) -> None:
    """Read a message as a learner does: it is one short line in plain words."""
    assert "\n" not in message
    assert len(message) <= LONGEST, message
    assert not JARGON.search(message), message
    assert message.count("`") % 2 == 0


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_behind_every_shape_either_works_or_says_in_plain_words(name: str) -> None:
    random = np.random.default_rng(0)
    for shape in SHAPES:
        experiment = Experiment(layers=(LAYERS[name],))
        stack = inspect(experiment, shape, "float32")
        for problem in stack.problems:
            read(problem.message)
        if not stack.problems:
            model = build(experiment, shape, "float32")
            samples = random.uniform(0, 1, (5, *shape)).astype(np.float32)
            assert model(samples, training=True).shape[1:] == stack.layers[0].shape


def test_a_layer_that_wants_other_dimensions_says_which_and_how() -> None:
    """Of every kind that there is for one, two and three dimensions."""
    for name, layer in LAYERS.items():
        for shape in SHAPES:
            for problem in inspect(Experiment(layers=(layer,)), shape, "float32").problems:
                if " wants " in problem.message and "dimensions" in problem.message:
                    received = f"received {len(shape) + 1} (batch, {', '.join(map(str, shape))}): "
                    wants, advice = problem.message.split(received)
                    assert wants.startswith(f"{name} wants ")
                    assert advice.startswith(("put ", "use ", "switch ", "remove "))


BAD = (
    *(None, 0, -1, 2, 7, 100, 0.0, -0.5, 1.5, True, "x", (), (1,), (0, 0), (1, 2, 3, 4), ("a",)),
    *(((1, 1), (1, 1)), Part("Dense", {"units": 2}), Part("L2"), (Part("Dense", {"units": 2}),)),
)


@pytest.mark.parametrize("group", ["layers", "optimizers", "losses", "metrics", "callbacks"])
def test_whatever_an_argument_is_the_answer_is_read_easily(group: str) -> None:
    """Those that our own check lets through: of these Keras says what is wrong.

    Each argument gets a third of the values: the next one gets the next third.
    """
    for entry in catalogue().group(group):
        usual = starting(entry)
        shape = next((one for one in SHAPES if not problems_of(usual, group, one)), (8,))
        for number, param in enumerate(entry.params):
            for value in BAD[number % 3 :: 3]:
                if fault(param, value):
                    continue
                part = usual.having(param.name, value)
                for problem in problems_of(part, group, shape):
                    read(problem)


def problems_of(part: Part, group: str, shape: tuple[int, ...]) -> list[str]:
    """Return what is told of a part in an experiment that is sound but for it."""
    sound = Experiment(compile=Compile(Part("SGD"), Part("mse")))
    compiled = {
        "optimizers": replace(sound.compile, optimizer=part),
        "losses": replace(sound.compile, loss=part),
        "metrics": replace(sound.compile, metrics=(part,)),
    }.get(group, sound.compile)
    experiment = replace(
        sound,
        layers=(part,) if group == "layers" else (Part("Dense", {"units": 1}),),
        callbacks=(part,) if group == "callbacks" else (),
        compile=compiled,
    )
    found = inspect(experiment, shape if group == "layers" else (8,), "float32").problems
    others = inspect_compile(experiment) if group != "layers" else ()
    return [problem.message for problem in (*found, *others)]


def test_what_stands_before_is_looked_at() -> None:
    """As SCREENS has it: Flatten before a convolution, and data that are flattened."""
    convolution = Part("Conv2D", {"filters": 2, "kernel_size": 3})
    pictures = Experiment(data=Data("cifar10"), layers=(Part("Flatten"), convolution))
    (problem,) = [one for one in judge(pictures).problems if one.where[0] == "layers"]
    assert str(problem) == (
        "layer 2: Conv2D wants 4 dimensions (batch, height, width, channels), "
        "received 2 (batch, 3072): remove Flatten before it, or move it up"
    )
    off = replace(pictures, layers=(Part("Flatten", disabled=True), convolution))
    assert not [one for one in judge(off).problems if one.where == ("layers", 1)]
    flat = replace(pictures, data=Data("digits", flatten=True), layers=(convolution,))
    assert "switch [data] flatten off, and put Reshape to (8, 8, 1)" in str(judge(flat).problems)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            ValueError(
                "Graph execution error:\n\nDetected at node gather defined at (most recent call "
                "last):\n<stack traces unavailable>\nindices[0,3] = 99 is not in [0, 10)\n"
                "\t [[{{node gather}}]]"
            ),
            "indices[0,3] = 99 is not in [0, 10)",
        ),
        (
            AttributeError("'str' object has no attribute 'loss_scale_factor'"),
            "Adam cannot do with these arguments together, or with what it is given",
        ),
        (
            ValueError(
                "Exception encountered when calling X.call().\n\nInput is of shape "
                "(None, 3) and type <class 'str'>; see np.int64(2) in "
                "<KerasTensor shape=(None, 8), dtype=float32, name=x>"
            ),
            "Input is of shape (batch, 3) and type text; see 2 in (batch, 8)",
        ),
        (ValueError("No output.\nError encountered:\n\n'The real one'"), "The real one"),
        (ValueError("'a' is not 'b'"), "'a' is not 'b'"),
        (
            KeyError("axis"),
            "Adam cannot do with these arguments together, or with what it is given",
        ),
        (ValueError(""), "ValueError"),
        (
            ValueError(
                "input_1 is incompatible with the layer: expected min_ndim=4, found ndim=3. "
                "Full shape received: (None, 8, 8)"
            ),
            "Adam wants at least 4 dimensions, received 3 (batch, 8, 8)",
        ),
    ],
)
def test_errors_are_told_by_their_cause(error: Exception, told: str) -> None:
    assert plain_message(error, "Adam") == told


def test_a_long_account_is_cut_at_a_sentence() -> None:
    first, note = "Found a token where none should be.", f"Note that {'all ' * 60}is so."
    assert first_sentence(f"{first} {note} Received: x=1") == f"{first} Received: x=1"
    endless = first_sentence("word " * 200)
    assert len(endless) == 200 and endless.endswith(" …")
