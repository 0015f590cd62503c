"""The experiments to begin with, shipped ones and one's own, and how one is named and opened."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import tui_trainer
from tui_trainer.core import toml
from tui_trainer.core.brief import brief
from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError, telling
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.places import atomic_write, own_presets_dir, user_path
from tui_trainer.core.words import did_you_mean

if TYPE_CHECKING:
    from tui_trainer.core.rundir import RunDir

_ORDER = (
    *("digits", "regression", "mnist"),
    *("fashion-softmax", "fashion-sigmoid", "fashion-relu", "fashion-dropout"),
    *("imdb", "mnist-details-glorot", "mnist-details-he"),
    *("mnist-details-l1", "mnist-details-l2", "mnist-details-dropout"),
    *("mnist-details-relu", "mnist-details-batchnorm", "mnist-details-leakyrelu"),
)
"""As one would learn them; a preset that is not named here comes after these, by name."""


_OWN_NAME = re.compile(r"\w[\w .+()-]*")
_LONGEST_NAME = 60
"""Characters of a name: with those of a run's number they fit a file name in any script."""


@dataclass(frozen=True, slots=True)
class Preset:
    """An experiment to begin with."""

    name: str
    title: str
    path: Path
    own: bool = False
    """Whether the user keeps it; the others come with the program and are only ever read."""
    trouble: str = ""
    """Why it cannot be opened."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an experiment comes from, as a FILE or PRESET argument names it."""

    name: str
    """What a run of it is called."""
    file: Path
    """What to read."""
    saved: Path | None
    """What to save to; none for a preset that comes with the program."""

    @property
    def where(self) -> str:
        """What an error calls it."""
        return str(self.saved or self.name)


def presets_dir() -> Path:
    """Return the folder of shipped presets: inside an installed package, else beside it."""
    package = Path(tui_trainer.__file__).parent
    inside = package / "presets"
    return inside if inside.is_dir() else package.parent / "presets"


def all_presets() -> tuple[Preset, ...]:
    """Return the presets: the shipped ones, the one to begin with first, then the user's own."""
    return (*shipped_presets(), *own_presets())


@cache
def shipped_presets() -> tuple[Preset, ...]:
    """Return the presets that come with the program."""
    place = {name: number for number, name in enumerate(_ORDER)}
    paths = sorted(
        presets_dir().glob("*.toml"), key=lambda path: (place.get(path.stem, len(place)), path.stem)
    )
    return tuple(Preset(path.stem, _title(path), path) for path in paths)


def own_presets() -> tuple[Preset, ...]:
    """Return the presets that the user keeps, those too that cannot be read."""
    folder, shipped = own_presets_dir(), {preset.name for preset in shipped_presets()}
    try:
        names = sorted(os.listdir(folder), key=str.casefold)
    except OSError:  # There is none, or it cannot be read: keeping a preset says which.
        return ()
    wanted = (name for name in names if name.endswith(".toml") and name[0] != ".")
    paths = [folder / name for name in wanted if name.isprintable()]
    return tuple(_own(path, shipped) for path in paths if os.path.isfile(path))


def _own(path: Path, shipped: set[str]) -> Preset:
    if path.stem in shipped:
        told = "a preset of this name comes with the program: rename the file"
        return Preset(path.stem, "", path, True, told)
    try:
        return Preset(path.stem, toml.loads(toml.read_text(path)).title, path, True)
    except TrainerError as error:
        told = error.message if error.where == str(path) else str(error)
        return Preset(path.stem, "", path, True, told)


def own_preset_path(name: str) -> Path:
    """Return the file of a preset of one's own; TrainerError says why a name cannot be one."""
    if not name:
        raise TrainerError("expected a name; received nothing")
    if not _OWN_NAME.fullmatch(name) or name != name.strip(" ."):
        told = "letters, digits, blanks and . _ - + ( ), a letter or a digit first"
        raise TrainerError(f"expected a name of {told}; received {brief(name)}")
    if len(name) > _LONGEST_NAME:
        raise TrainerError(
            f"expected a name of at most {_LONGEST_NAME} characters; received {len(name)}"
        )
    if Path(name).suffix in (".toml", ".keras", ".h5", ".py"):
        raise TrainerError(f"expected a name without {Path(name).suffix}; received {name!r}")
    if name.casefold() in {preset.name.casefold() for preset in shipped_presets()}:
        raise TrainerError(f"{name} is a preset that comes with the program: choose another name")
    return own_presets_dir() / f"{name}.toml"


def keep_preset(document: Document, name: str) -> Document:
    """Write the open experiment as a preset of one's own, and return the document, saved there.

    TrainerError says why it cannot be.
    """
    path, text = own_preset_path(name), document.toml()
    with telling("cannot be written", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, text)
    return document.saved_as(path, text)


def delete_preset(preset: Preset) -> None:
    """Delete the file of a preset of one's own; TrainerError says why it cannot be."""
    if not preset.own:
        raise TrainerError(f"{preset.name} comes with the program and stays: yours can be deleted")
    with telling("cannot be deleted", preset.path):
        preset.path.unlink(missing_ok=True)


def find_preset(name: str, runs: Sequence[str] = ()) -> Preset:
    """Return a preset by name, or raise TrainerError that says which names come close.

    `runs` are names that would do as well.
    """
    presets = {preset.name: preset for preset in (*own_presets(), *shipped_presets())}
    if name in presets:
        return presets[name]
    raise TrainerError(
        f"expected {'a run, ' if runs else ''}a file.toml or one of the presets "
        f"that `tui-trainer presets` lists; "
        f"received {brief(name)}{did_you_mean(name, [*presets, *runs])}"
    )


def is_file_argument(argument: str) -> bool:
    """Return whether an argument names a file: one that exists, or whatever ends in .toml.

    Anything else is the name of a preset. TrainerError says why a path cannot be used.
    """
    path = user_path(argument)
    return path.suffix == ".toml" or path.is_file()


def find_source(argument: str) -> Source:
    """Return what a FILE or PRESET argument names, or raise TrainerError."""
    if is_file_argument(argument):
        path = user_path(argument)
        return Source(path.stem, path, path)
    preset = find_preset(argument)
    return Source(preset.name, preset.path, preset.path if preset.own else None)


def open_experiment(argument: str) -> tuple[Experiment, str, Path | None]:
    """Return the experiment of a FILE or PRESET argument, its name, and the file to save to."""
    source = find_source(argument)
    return toml.read(source.file), source.name, source.saved


def read_document(file: Path, name: str, path: Path | None) -> Document:
    """Return the experiment in a file as a document that is saved to a path, or to none yet.

    TrainerError says what is wrong with the file.
    """
    text = toml.read_text(file)
    return Document.opened(toml.loads(text, str(file)), name, path, text)


def document_of(run: RunDir) -> Document:
    """Return the experiment of a run as a document of its own."""
    stem = run.name.rpartition("-")[0] or run.name
    return read_document(run.experiment, stem, None)


def open_document(argument: str) -> Document:
    """Return what a FILE or PRESET argument names as a document."""
    source = find_source(argument)
    return read_document(source.file, source.name, source.saved)


def open_preset(preset: Preset) -> Document:
    """Return a preset as a document; one's own is saved to its file again."""
    return read_document(preset.path, preset.name, preset.path if preset.own else None)


def _title(path: Path) -> str:
    return str(tomllib.loads(path.read_text("utf-8")).get("title", ""))
