"""What the installed Keras offers: classes, their parameters, and what each of those may be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any
from zlib import crc32

from tui_trainer import __version__
from tui_trainer.core.experiment import Value, value_from_plain, value_to_plain
from tui_trainer.core.places import atomic_write, cache_dir

FORMAT = 2
"""Counts the shapes of the JSON form: a cache of another one is not read."""


class Kind(StrEnum):
    """What a parameter's value may be."""

    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    TEXT = "text"
    INTEGERS = "integers"
    """An integer, or several of them, such as a kernel size."""
    PAIRS = "integers or pairs"
    """An integer, several, or two for each dimension, such as a cropping."""
    SHAPE = "shape"
    """An integer, or several of them, each of which may be None."""
    NUMBERS = "numbers"
    """A float, or several of them, such as the lowest and the highest."""
    TEXTS = "texts"
    """A text, or several of them."""
    PART = "part"
    """A class of the group `Param.group`, by name or with arguments."""
    PARTS = "parts"
    """A class of the group `Param.group`, or several of them."""
    NUMBER_OR_PART = "number or part"
    """A float or a part, such as a learning rate."""
    SHARE = "count or fraction"
    """An integer from 0, or a fraction below 1."""


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a class."""

    name: str
    kind: Kind
    default: Value = None
    required: bool = False
    optional: bool = False
    """Whether `none` is a value of it."""
    choices: tuple[str, ...] = ()
    """The words that it takes; beside what its kind is, unless that is CHOICE."""
    group: str = ""
    least: float | None = None
    most: float | None = None
    """The range of each number, both ends included."""
    main: bool = True
    """Whether a form shows it at once, or under `more parameters`."""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One class that Keras offers."""

    name: str
    group: str
    """One of GROUPS."""
    family: str = ""
    """Where Keras files a layer, such as `convolutional`."""
    summary: str = ""
    aliases: tuple[str, ...] = ()
    """Other names that Keras takes for it, such as `adam`."""
    params: tuple[Param, ...] = ()
    """In the order of a form: what is needed, what is common, the name, what is rare."""

    def param(self, name: str) -> Param | None:
        """Return a parameter by name."""
        return next((param for param in self.params if param.name == name), None)


GROUPS = (
    "layers",
    "optimizers",
    "schedules",
    "losses",
    "metrics",
    "initializers",
    "regularizers",
    "constraints",
    "callbacks",
    "cells",
)
"""The kinds of class in the catalogue, named as Keras' modules; cells are parts of RNN layers."""


@dataclass(frozen=True)
class Catalogue:
    """All that the installed Keras offers, by group."""

    keras: str
    """The version that it describes."""
    entries: tuple[Entry, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Why a form has not some class, or some parameter as `Class.name`, which Keras has."""

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], Entry]:
        names = {(e.group, alias): e for e in self.entries for alias in e.aliases}
        return names | {(entry.group, entry.name): entry for entry in self.entries}

    def find(self, group: str, name: str) -> Entry | None:
        """Return an entry by its name or by one of its aliases."""
        return self._by_name.get((group, name))

    def group(self, group: str) -> tuple[Entry, ...]:
        """Return the entries of a group, in Keras' order."""
        return tuple(entry for entry in self.entries if entry.group == group)

    def to_json(self) -> str:
        """Return the catalogue as JSON text."""
        record = {
            "format": FORMAT,
            "keras": self.keras,
            "left_out": dict(self.left_out),
            "entries": [
                {**asdict(e), "params": [_param_to_json(p) for p in e.params]} for e in self.entries
            ],
        }
        return json.dumps(record)

    @staticmethod
    def from_json(text: str) -> Catalogue:
        """Return the catalogue that JSON text holds, or raise ValueError."""
        try:
            record = json.loads(text)
            if record["format"] != FORMAT:
                raise ValueError(f"expected format {FORMAT}, received {record['format']}")
            entries = tuple(
                Entry(
                    **{
                        **entry,
                        "aliases": tuple(entry["aliases"]),
                        "params": tuple(_param_from_json(p) for p in entry["params"]),
                    }
                )
                for entry in record["entries"]
            )
            return Catalogue(str(record["keras"]), entries, dict(record["left_out"]))
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError(f"expected a catalogue: {error!r}") from error


def read_cached(keras: str) -> Catalogue | None:
    """Return the catalogue that was kept of a version of Keras, or None."""
    try:
        return Catalogue.from_json(_cache(keras).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def write_cached(catalogue: Catalogue) -> None:
    """Keep a catalogue for the next start; a folder that cannot be written to is no error."""
    with suppress(OSError):
        path = _cache(catalogue.keras)
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, catalogue.to_json())


def _cache(keras: str) -> Path:
    """Return where the catalogue of a version of Keras lies, as this program describes it."""
    core = Path(__file__).parent
    # What makes a catalogue is read, not imported: it would take Keras with it.
    makers = [core.parent / "engine" / f"{name}.py" for name in _MAKERS]
    files = (*sorted((core / "hints").glob("*.py")), *makers)
    made_by = crc32(b"".join(path.read_bytes() for path in files))
    return cache_dir() / f"catalogue-{keras}-{__version__}-{made_by:08x}-{FORMAT}.json"


_MAKERS = ("classes", "docstrings", "introspect")
"""The engine's modules that look at Keras for the catalogue."""


def _param_to_json(param: Param) -> dict[str, Any]:
    return {**asdict(param), "default": value_to_plain(param.default)}


def _param_from_json(record: Mapping[str, Any]) -> Param:
    fields = {
        **record,
        "kind": Kind(record["kind"]),
        "default": value_from_plain(record["default"]),
        "choices": tuple(record["choices"]),
    }
    return Param(**fields)
