"""Model files: written aside and renamed; a checkpoint holds all that an exact resume needs."""

from __future__ import annotations

import shutil
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from tui_trainer.core.errors import TrainerError, reason
from tui_trainer.core.modelfile import WEIGHTS
from tui_trainer.core.places import replacing
from tui_trainer.engine.data.arrays import Array
from tui_trainer.engine.hdf5 import list_numbers
from tui_trainer.engine.messages import first_sentence
from tui_trainer.engine.state import State, dumps, loads

Held: TypeAlias = Mapping[int, Array]
"""Values of variables by their numbers, which are the same in every model of an experiment."""

_MEMBER = "tui-trainer.state"
"""What our part is called in the archive that a .keras file is; Keras passes it over."""


class Unusable(Exception):
    """A checkpoint cannot be gone on from; the message says why."""


def save_model(model: Any, path: Path) -> None:
    """Write a model, or its weights alone to a path that ends in .weights.h5; raises OSError.

    No reader ever sees half of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as aside:
        _save(model, aside)


def save_checkpoint(model: Any, path: Path, state: State) -> int:
    """Write a model with the state of its run, and return the digest of the model; or OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rest = tuple(variable.numpy() for variable in _others(model))
    whole = replace(state, digest=digest(model), variables=rest)
    with replacing(path) as aside:
        _save(model, aside)
        with zipfile.ZipFile(aside, "a") as archive:
            archive.writestr(_MEMBER, dumps(whole))
    return whole.digest


def write_whole(model: Any) -> None:
    """Let what callbacks write of a model appear whole or not at all."""
    for name in ("save", "save_weights"):
        setattr(model, name, partial(_write_aside, getattr(model, name)))


def _write_aside(write: Callable[..., None], filepath: str | Path, *args: Any, **more: Any) -> None:
    with replacing(Path(filepath)) as aside:  # Whoever names the argument, names it as Keras does.
        write(aside, *args, **more)


def link_model(saved: Path, path: Path) -> None:
    """Give a model file a second name, by a copy where the file system has no links."""
    with replacing(path) as aside:
        try:
            aside.hardlink_to(saved)
        except OSError:
            shutil.copyfile(saved, aside)


def read_state(path: Path) -> State:
    """Return the state in a checkpoint; raises Unusable."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(_MEMBER).file_size > path.stat().st_size:
                raise Unusable("its state is packed")  # By others: it may be of any size.
            return loads(archive.read(_MEMBER))
    except Unusable:
        raise
    except KeyError as error:
        raise Unusable("it holds a model alone") from error
    except OSError as error:
        raise Unusable(reason(error)) from error
    except Exception as error:  # A damaged archive may be anything.
        raise Unusable("the file is damaged") from error


def restore(model: Any, path: Path, state: State) -> None:
    """Give every variable the value it had, or raise Unusable and change nothing."""
    before = values(model)
    try:
        list_numbers(path)  # Refuses what is no plain number, and what is not whole.
        model.load_weights(path)
        assign_rest(model, state)
        if digest(model) != state.digest:
            raise Unusable("it holds other weights than were saved")
    except Exception as error:  # Whatever Keras says of a file that is not of this model.
        assign(model, before)
        if isinstance(error, Unusable):
            raise
        if isinstance(error, TrainerError):
            raise Unusable(error.message) from error
        traceback.print_exc()
        raise Unusable(first_sentence(str(error)) or type(error).__name__) from error


def values(model: Any) -> Held:
    """Return copies of what all variables hold."""
    return {number: variable.numpy() for number, variable in enumerate(_all(model))}


def untrained_values(model: Any) -> Held:
    """Return copies of what those variables hold that change without a step of training."""
    changing = set(map(id, (*model.non_trainable_weights, *_others(model))))
    numbered = enumerate(_all(model))
    return {number: one.numpy() for number, one in numbered if id(one) in changing}


def assign(model: Any, held: Held) -> None:
    """Give variables other values."""
    variables = _all(model)
    for number, value in held.items():
        variables[number].assign(value)


def assign_rest(model: Any, state: State) -> None:
    """Give the variables their values that a model file does not hold; raises Unusable."""
    for variable, value in zip(_others(model), state.variables, strict=True):
        if (value.shape, value.dtype) != (tuple(variable.shape), np.dtype(variable.dtype)):
            raise Unusable(f"{variable.path} has another shape in it")
        variable.assign(value)


@contextmanager
def holding(model: Any, held: Held) -> Iterator[None]:
    """Let variables have other values for a while."""
    now = values(model)
    assign(model, held)
    try:
        yield
    finally:
        assign(model, now)


def is_finite(model: Any) -> bool:
    """Return whether all weights are numbers."""
    return all(np.isfinite(weight).all() for weight in model.get_weights())


def digest(model: Any) -> int:
    """Return a checksum of what the model's file would hold."""
    found = 0
    for variable in _filed(model):
        found = zlib.crc32(variable.numpy().tobytes(), found)
    return found


def _all(model: Any) -> list[Any]:
    """Return every variable of a model, its optimizer and its metrics, always in one order."""
    return [*_filed(model), *_others(model)]


def _filed(model: Any) -> list[Any]:
    """Return the variables that Keras writes into a model file."""
    return [*model.weights, *model.optimizer.variables]


def _others(model: Any) -> list[Any]:
    """Return the variables that it does not: what layers draw by, and metrics."""
    weights = set(map(id, model.weights))
    seeds = [variable for variable in model.variables if id(variable) not in weights]
    return [*seeds, *model.metrics_variables]


def _save(model: Any, path: Path) -> None:
    cls = type(model)  # Its own methods may be those of `write_whole`.
    (cls.save_weights if path.name.endswith(WEIGHTS) else cls.save)(model, path)
