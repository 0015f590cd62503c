"""A walk through the whole catalogue: text, file, Keras and back, for every class that it has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import keras
import pytest

from tui_trainer.core import toml
from tui_trainer.core.callback_paths import with_path
from tui_trainer.core.catalogue import GROUPS, Catalogue, Entry, Kind, Param
from tui_trainer.core.check import check_part
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Compile, Experiment, Part, Value
from tui_trainer.core.starting import starting
from tui_trainer.core.values import parse, show
from tui_trainer.engine.build import inspect
from tui_trainer.engine.classes import (
    ACTIVATIONS_LEFT_OUT,
    LEFT_OUT,
    PARAMS_LEFT_OUT,
    activation_names,
)
from tui_trainer.engine.introspect import catalogue
from tui_trainer.engine.parts import PartError, make

CATALOGUE: Catalogue = catalogue()
DRAWN = {("RandomCrop", "seed")}
"""What Keras draws where it is None, and then tells as if it had been given."""
OPEN_ENDS = {
    *(("RandomZoom", "height_factor", -1), ("RandomZoom", "width_factor", -1)),
    *(("CategoricalGeneralizedCrossEntropy", "q", 0), ("FBetaScore", "beta", 0)),
    *(("CategoricalGeneralizedCrossEntropy", "q", 1), ("ReduceLROnPlateau", "factor", 1)),
    *(("VarianceScaling", "scale", 0), ("Lion", "beta_1", 0)),
    *(("F1Score", "threshold", 0), ("FBetaScore", "threshold", 0)),
}
"""The ends of ranges that Keras itself refuses, and says so when a model is built."""
TOGETHER: Mapping[str, Mapping[str, Value]] = {
    "IntegerLookup.salt": {"oov_method": "farmhash"},
    **{
        f"{name}.{param}": {"vocabulary": vocabulary, **more}
        for name, vocabulary in (
            ("IntegerLookup", (7,)),
            ("StringLookup", ("yes",)),
            ("TextVectorization", ("yes",)),
        )
        for param, more in {
            "idf_weights": {"output_mode": "tf_idf", "idf_weights": (0.5,)},
            "output_mode=tf_idf": {"idf_weights": (0.5,)},
            "max_tokens": {"output_mode": "one_hot"},
        }.items()
    },
    "RandomErasing.scale": {"scale": (0.0, 1.0)},
    "STFTSpectrogram.fft_length": {"frame_length": 1},
    "PiecewiseConstantDecay.boundaries": {"values": (1.0, 0.5)},
    "PiecewiseConstantDecay.values": {"values": (0.0, 0.0, 0.0)},
    "AUC.num_labels": {"multi_label": True},
}
"""What else has to be set for Keras to take a parameter, or a value of it."""
SHAPES = ((16, 16, 3), (8,), (8, 4), (8, 8, 8, 3), (4, 8, 8, 3), (4, 4, 8, 8, 3), (4096,), (512, 1))
"""Inputs, one of which every layer takes."""


def entries(group: str) -> list[Entry]:
    """Return the classes of a group; `accuracy` is none: Keras picks one when it compiles."""
    return [entry for entry in CATALOGUE.group(group) if entry.name != "accuracy"]


def needed(entry: Entry) -> Part:
    """Return the part of a class that sets only what Keras wants to have set."""
    names = {param.name for param in entry.params if param.required}
    values = {name: value for name, value in starting(entry).params.items() if name in names}
    return Part(entry.name, values)


def written_out(entry: Entry) -> Part:
    """Return the same part with every default written out."""
    defaults = {param.name: param.default for param in entry.params if not param.required}
    return Part(entry.name, {**defaults, **needed(entry).params})


def made(part: Part, group: str) -> Any:
    return make(with_path(part) if group == "callbacks" else part, group)


def problems(part: Part, group: str) -> list[tuple[tuple[str | int, ...], str]]:
    return [(p.where, p.message) for p in check_part(part, group, CATALOGUE, ())]


def through_a_file(part: Part, group: str) -> Part | None:
    """Return what is read of a file in which a part was written."""
    table = {"initializers": "kernel_initializer", "regularizers": "kernel_regularizer"}
    match group:
        case "layers":
            found = Experiment(layers=(part,))
        case "metrics":
            found = Experiment(compile=Compile(metrics=(part,)))
        case "callbacks":
            found = Experiment(callbacks=(part,))
        case "optimizers":
            found = Experiment(compile=Compile(optimizer=part))
        case "losses":
            found = Experiment(compile=Compile(loss=part))
        case _:
            found = Experiment(layers=(Part("Dense", {table.get(group, "kernel"): part}),))
    read = toml.loads(toml.dumps(found))
    inner = read.layers[0].params if read.layers else {}
    stand: tuple[object, ...] = (
        *(read.layers if group == "layers" else inner.values()),
        *read.compile.metrics,
        *read.callbacks,
        read.compile.loss if group == "losses" else read.compile.optimizer,
    )
    return next(item for item in stand if isinstance(item, Part))


def told(thing: Any, entry: Entry) -> dict[str, Any]:
    """Return what Keras tells of an object, by parameter, and all else in its configuration."""
    config = thing.get_config() if hasattr(thing, "get_config") else {}
    hidden = getattr(thing, "_fn_kwargs", {})
    for param in entry.params:
        for where in (vars(thing).get(param.name), vars(thing).get(f"_{param.name}")):
            if param.name not in config and plain(where):
                config[param.name] = hidden.get(param.name, where)
    drawn = {name for owner, name in DRAWN if owner == entry.name}
    return {name: unnumbered(value, name) for name, value in config.items() if name not in drawn}


def plain(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float | str | tuple | list)


def unnumbered(value: Any, key: str = "") -> Any:
    """Return a configuration without the numbers that Keras gives to names and objects."""
    if key == "name" and isinstance(value, str):
        return re.sub(r"_\d+$", "", value)
    if isinstance(value, Mapping):
        rest = {name: item for name, item in value.items() if name != "shared_object_id"}
        return {name: unnumbered(item, name) for name, item in rest.items()}
    return [unnumbered(item) for item in value] if isinstance(value, list | tuple) else value


def test_what_the_catalogue_has_and_has_not(record_property: Callable[[str, object], None]) -> None:
    params = sum(len(entry.params) for entry in CATALOGUE.entries)
    groups = ", ".join(f"{len(CATALOGUE.group(group))} {group}" for group in GROUPS)
    told = f"{len(CATALOGUE.entries)} classes with {params} parameters: {groups}"
    record_property("catalogue", told)
    print(f"\n{told}")
    for table in (LEFT_OUT, PARAMS_LEFT_OUT, ACTIVATIONS_LEFT_OUT):
        for name, reason in table.items():
            assert reason
            record_property("left out", f"{name} {reason}")
            print(f"left out: {name} {reason}")


@pytest.mark.parametrize("group", GROUPS)
def test_every_default_is_shown_as_a_text_that_means_it(group: str) -> None:
    for entry in CATALOGUE.group(group):
        for param in entry.params:
            if not param.required:
                found = parse(param, show(param.default))
                assert repr(found) == repr(param.default), (entry.name, param.name)


@pytest.mark.parametrize("group", GROUPS)
def test_defaults_written_to_a_file_make_the_same_object(group: str) -> None:
    for entry in entries(group):
        part = written_out(entry)
        assert problems(part, group) == []
        read = through_a_file(part, group)
        assert repr(read) == repr(part)
        assert read is not None
        assert told(made(read, group), entry) == told(made(needed(entry), group), entry)


@pytest.mark.parametrize("group", GROUPS)
def test_every_word_that_can_be_chosen_survives_a_file_and_is_taken_by_keras(group: str) -> None:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for entry in entries(group):
        for param in entry.params:
            if not param.choices or (param.name, param.choices) in seen:
                continue
            seen.add((param.name, param.choices))
            words = (*param.choices, *(("none",) if param.optional else ()))
            values = [parse(param, word) for word in words]
            part = Part(entry.name, {f"value_{i}": value for i, value in enumerate(values)})
            assert through_a_file(part, group) == part
            for value in values:
                more = TOGETHER.get(f"{entry.name}.{param.name}={value}", {})
                made(Part(entry.name, {**needed(entry).params, **more, param.name: value}), group)


@pytest.mark.parametrize("name", activation_names())
def test_every_activation_keeps_the_shape(name: str) -> None:
    layer = made(Part("Activation", {"activation": name}), "layers")
    assert layer(keras.ops.ones((2, 8))).shape == (2, 8)


@pytest.mark.parametrize("group", GROUPS)
def test_what_is_added_lacks_nothing(group: str) -> None:
    for entry in entries(group):
        assert problems(starting(entry), group) == []
        made(starting(entry), group)


@pytest.mark.parametrize("group", GROUPS)
def test_every_wrong_value_is_told_at_its_parameter(group: str) -> None:
    for entry in CATALOGUE.group(group):
        for param in entry.params:
            for value in wrong_values(param):
                found = problems(starting(entry).having(param.name, value), group)
                assert len(found) == 1, (entry.name, param.name, value, found)
                ((where, message),) = found
                assert where[0] == param.name
                assert re.match("expected .+; received ", message), message
            for text in wrong_texts(param):
                with pytest.raises(TrainerError, match="^expected .+; received "):
                    parse(param, text)
        missing = [param.name for param in entry.params if param.required]
        assert [where for where, _ in problems(Part(entry.name), group)] == [
            (name,) for name in missing
        ]


def wrong_values(param: Param) -> Iterator[Value]:
    """Yield values that a parameter does not take, as a file may have them."""
    if not param.optional:
        yield None
    nothing = Part("NoSuchClass")
    one: dict[Kind, tuple[Value, ...]] = {
        Kind.INTEGER: ("no such word", 1.5, True, (1,)),
        Kind.FLOAT: ("no such word", False, (0.5,), float("nan")),
        Kind.BOOLEAN: ("no such word", 1),
        Kind.CHOICE: ("no such word", 1),
        Kind.TEXT: (1, "", ("a",)),
        Kind.INTEGERS: ("no such word", 1.5, (1, "a"), (), ((1, 1), 1)),
        Kind.PAIRS: ("no such word", (1, 0.5), ((1, "a"), 1), (((1,),),)),
        Kind.SHAPE: ("no such word", 1.5, (1, "a")),
        Kind.NUMBERS: ("no such word", (0.5, "a"), ((0.5,),), True),
        Kind.TEXTS: (1, ("a", 1), ""),
        Kind.PART: (1, nothing, "NoSuchClass", Part("L2", {"no_such_parameter": 1})),
        Kind.PARTS: (1, (nothing,), (1,), ()),
        Kind.NUMBER_OR_PART: ("no such word", nothing, True),
    }
    yield from one[param.kind]
    if param.least is not None:
        yield param.least - 1 if param.kind is not Kind.FLOAT else param.least - 1e-9
    if param.most is not None:
        yield param.most + 1


def wrong_texts(param: Param) -> Iterator[str]:
    """Yield what a user may type and a parameter does not take."""
    if param.kind not in (Kind.TEXT, Kind.TEXTS, Kind.PART, Kind.PARTS):
        yield "no such word"
    if param.kind not in (Kind.NUMBER_OR_PART,):
        yield ""


@pytest.mark.parametrize("group", GROUPS)
def test_keras_takes_both_ends_of_every_range(group: str) -> None:
    for entry in entries(group):
        for param in entry.params:
            for end in {param.least, param.most} - {None}:
                if (entry.name, param.name, end) in OPEN_ENDS:
                    continue
                more = TOGETHER.get(f"{entry.name}.{param.name}", {})
                values = {**needed(entry).params, param.name: int(end or 0), **more}
                made(Part(entry.name, values), group)


def test_open_ends_are_refused_by_keras() -> None:
    for name, param, end in OPEN_ENDS:
        entry = next(entry for entry in CATALOGUE.entries if entry.name == name)
        with pytest.raises(PartError) as caught:
            made(needed(entry).having(param, end), entry.group)
        assert caught.value.path


@pytest.mark.filterwarnings("ignore:.*unbuilt state")
@pytest.mark.parametrize("entry", entries("layers"), ids=lambda entry: entry.name)
def test_every_layer_fits_into_a_stack(entry: Entry) -> None:
    experiment = Experiment(layers=(starting(entry),))
    dtype = "string" if entry.name in ("StringLookup", "TextVectorization") else "float32"
    assert any(not inspect(experiment, shape, dtype).problems for shape in SHAPES)
