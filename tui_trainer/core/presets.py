"""The experiments that come with the program, and how one is named on the command line."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import tui_trainer
from tui_trainer.core import toml
from tui_trainer.core.brief import brief
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.places import user_path
from tui_trainer.core.words import did_you_mean

_ORDER = (
    *("digits", "regression", "mnist"),
    *("fashion-softmax", "fashion-sigmoid", "fashion-relu", "fashion-dropout"),
    *("imdb", "mnist-details-glorot", "mnist-details-he"),
    *("mnist-details-l1", "mnist-details-l2", "mnist-details-dropout"),
    *("mnist-details-relu", "mnist-details-batchnorm", "mnist-details-leakyrelu"),
)
"""As one would learn them; a preset that is not named here comes after these, by name."""


@dataclass(frozen=True, slots=True)
class Preset:
    """An experiment that comes with the program."""

    name: str
    title: str
    path: Path


@dataclass(frozen=True, slots=True)
class Source:
    """Where an experiment comes from, as a FILE or PRESET argument names it."""

    name: str
    """What a run of it is called."""
    file: Path
    """What to read."""
    saved: Path | None
    """What to save to; none for a preset, which is only ever read."""

    @property
    def where(self) -> str:
        """What an error calls it."""
        return str(self.saved or self.name)


def presets_dir() -> Path:
    """Return the folder of presets: inside an installed package, beside it in a checkout."""
    package = Path(tui_trainer.__file__).parent
    inside = package / "presets"
    return inside if inside.is_dir() else package.parent / "presets"


def all_presets() -> tuple[Preset, ...]:
    """Return the presets, the one to begin with first."""
    place = {name: number for number, name in enumerate(_ORDER)}
    paths = sorted(
        presets_dir().glob("*.toml"), key=lambda path: (place.get(path.stem, len(place)), path.stem)
    )
    return tuple(Preset(path.stem, _title(path), path) for path in paths)


def find_preset(name: str) -> Preset:
    """Return a preset by name, or raise TrainerError that says which names come close."""
    presets = {preset.name: preset for preset in all_presets()}
    if name in presets:
        return presets[name]
    raise TrainerError(
        f"expected a file.toml or one of the presets that `tui-trainer presets` lists; "
        f"received {brief(name)}{did_you_mean(name, presets)}"
    )


def find_source(argument: str) -> Source:
    """Return what a FILE or PRESET argument names, or raise TrainerError.

    An existing file, or whatever ends in .toml, is a file; anything else is the name of a preset.
    """
    path = user_path(argument)
    if path.suffix == ".toml" or path.is_file():
        return Source(path.stem, path, path)
    preset = find_preset(argument)
    return Source(preset.name, preset.path, None)


def open_experiment(argument: str) -> tuple[Experiment, str, Path | None]:
    """Return the experiment of a FILE or PRESET argument, its name, and the file to save to."""
    source = find_source(argument)
    return toml.read(source.file), source.name, source.saved


def _title(path: Path) -> str:
    return str(tomllib.loads(path.read_text("utf-8")).get("title", ""))
