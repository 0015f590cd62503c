"""What an experiment is: the values that one run is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from tui_trainer.core.brief import brief

Value: TypeAlias = "None | bool | int | float | str | Part | tuple[Value, ...]"
"""What a parameter may be: a plain value, another part, or several of them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A Keras class by name, and the arguments that differ from its defaults."""

    type: str
    """The class's public name, such as `Dense`, or the name Keras also takes, such as `adam`."""
    params: Mapping[str, Value] = field(default_factory=dict)
    """Arguments by name; a value may itself be a Part."""
    disabled: bool = False
    """Whether it is switched off: kept where it stands, but no part of what is trained."""

    @property
    def name(self) -> str:
        """The name that the user gave, or nothing."""
        name = self.params.get("name")
        return name if isinstance(name, str) else ""

    def having(self, name: str, value: Value) -> Part:
        """Return this part with one argument set."""
        return replace(self, params={**self.params, name: value})

    def lacking(self, name: str) -> Part:
        """Return this part with one argument left at its default."""
        return replace(self, params={k: v for k, v in self.params.items() if k != name})


@dataclass(frozen=True, slots=True)
class Data:
    """Which data, how it is divided, and how it is prepared."""

    source: str = "digits"
    """A name in the table of data sets."""
    options: Mapping[str, Value] = field(default_factory=dict)
    """Arguments of the source itself, such as `num_words` of imdb."""
    validation: int | float = 0
    """How many training samples are held out: a fraction takes the last, a count the first."""
    test: float = 0.2
    """The fraction drawn at random for the test, where the source brings no test set."""
    seed: int = 0
    """Seed of that draw."""
    scale: str = "none"
    """One of SCALES; its figures come from the training samples alone."""
    flatten: bool = False
    """Whether each sample becomes one row of numbers."""
    one_hot: bool = False
    """Whether a class label becomes a row with a single 1."""


SCALES = {
    "none": "as they are",
    "unit": "divided so that the range is 0 to 1",
    "standard": "each feature with mean 0 and standard deviation 1",
}
"""What `Data.scale` may be, and what it does to the inputs."""


@dataclass(frozen=True, slots=True)
class Compile:
    """The arguments of `model.compile`."""

    optimizer: Part = Part("rmsprop")
    loss: Part | None = None
    metrics: tuple[Part, ...] = ()


AUTO = "auto"
"""What stands in `[fit]` for a choice that is left to the program."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The arguments of `model.fit`, and where it runs."""

    epochs: int = 1
    batch_size: int = 32
    shuffle: bool = True
    seed: int = 1
    """Seed of the weights, of dropout and of the shuffle."""
    initial_weights: str | None = None
    """A `.weights.h5` or `.keras` file whose weights training starts from; None: random ones."""
    device: str = AUTO
    """`auto`, `cpu` or `gpu:N`."""
    dtype_policy: str = "float32"
    """One of DTYPE_POLICIES: the precision that layers compute in."""
    jit_compile: bool | str = AUTO
    """Whether XLA compiles the steps; `auto`: where that is faster and gives the same numbers."""
    steps_per_execution: int | str = AUTO
    """How many batches are done in one call; `auto`: as many as last a moment."""
    resident: bool | str = AUTO
    """Whether all samples stay on the device; `auto`: where they fit."""


DTYPE_POLICIES = ("float32", "mixed_float16", "mixed_bfloat16")
"""What `Fit.dtype_policy` may be, as Keras names it."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """Everything that one run is made of."""

    title: str = ""
    data: Data = Data()
    layers: tuple[Part, ...] = ()
    compile: Compile = Compile()
    fit: Fit = Fit()
    callbacks: tuple[Part, ...] = ()

    @property
    def enabled(self) -> Experiment:
        """This experiment without the layers, metrics and callbacks that are switched off."""
        compiled = replace(self.compile, metrics=enabled(self.compile.metrics))
        layers, callbacks = enabled(self.layers), enabled(self.callbacks)
        return replace(self, layers=layers, compile=compiled, callbacks=callbacks)


def enabled(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return the parts that are not switched off."""
    return tuple(part for part in parts if not part.disabled)


def value_to_plain(value: Value) -> Any:
    """Return a value as JSON and TOML hold it: a part as a table with `type`, several as a list."""
    if isinstance(value, Part):
        return {"type": value.type, **{k: value_to_plain(v) for k, v in value.params.items()}}
    return [value_to_plain(item) for item in value] if isinstance(value, tuple) else value


LEVELS = 32
"""How deep values may lie inside one another."""


def value_from_plain(plain: Any, levels: int = LEVELS) -> Value:
    """Return the value that JSON or TOML holds; ValueError, in words after `expected`, if none."""
    if levels == 0:
        raise ValueError(f"at most {LEVELS} levels of brackets; received more")
    if isinstance(plain, list):
        return tuple(value_from_plain(item, levels - 1) for item in plain)
    if isinstance(plain, Mapping):
        if not are_names(plain.get("type"), *plain):
            raise ValueError(f"a table with `type`; received {brief(dict(plain))}")
        params = {str(k): value_from_plain(v, levels - 1) for k, v in plain.items() if k != "type"}
        return Part(str(plain["type"]), params)
    if not (plain is None or isinstance(plain, bool | int | float | str)):
        kinds = "a number, text, true, false, a list or a table"
        raise ValueError(f"{kinds}; received {brief(plain)}")
    if not is_plain(plain):
        kinds = "an integer of 64 bits, or text in UTF-8 without control characters"
        raise ValueError(f"{kinds}; received {brief(plain)}")
    return plain


def are_names(*words: object) -> bool:
    """Return whether words could be names of classes and arguments."""
    return all(isinstance(word, str) and word.isprintable() for word in words)


def is_plain(value: None | bool | int | float | str) -> bool:
    """Return whether a file may hold a value: an integer of 64 bits, text in UTF-8.

    Of the control characters text may have line ends and tabs; others would steer a terminal.
    """
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return not isinstance(value, str) or value.isprintable() or not _NO_TEXT.search(value)


_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
