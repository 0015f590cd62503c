"""Weights in an HDF5 file, read as plain numbers; whatever else HDF5 can do is refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import h5py
import numpy as np

from tui_trainer.core.brief import brief, cut
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.modelfile import weights_in
from tui_trainer.core.words import bytes_
from tui_trainer.engine.limit import memory_limit

_MOST, _DEEPEST = 10_000, 32
"""Groups and datasets in a file, and how deep they may lie inside one another."""
_PLAIN = (h5py.h5d.COMPACT, h5py.h5d.CONTIGUOUS)
"""How Keras lays out numbers: all of them, one after another, in the file itself."""
_NUMBERS, LONGEST = "fiubV", 8
"""Kinds of numbers, as numpy calls them, and bytes of one; V is what bfloat16 is stored as."""
_DAMAGED = (OSError, RuntimeError, ValueError, TypeError, KeyError, AttributeError, OverflowError)
"""What h5py raises for a file that is damaged, or never was one."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """An array in a file: what it says of itself."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]


Listed: TypeAlias = Mapping[str, Numbers]
"""The arrays in a file by their paths."""


def list_numbers(path: Path) -> Listed:
    """Return what arrays there are in a file, none of them read; or raise TrainerError."""
    with _opened(path) as datasets:
        return _listed(datasets)


def read_numbers(
    path: Path, choose: Callable[[Listed], Iterable[str]], needed: int
) -> dict[str, Any]:
    """Return those arrays of a file that are chosen, `needed` bytes in all; or raise TrainerError.

    What was listed is what is read: nobody can exchange the file between.
    """
    with _opened(path, needed) as datasets:
        return {name: datasets[name][()] for name in choose(_listed(datasets))}


def _listed(datasets: Mapping[str, h5py.Dataset]) -> Listed:
    return {name: Numbers(found.shape, found.dtype) for name, found in datasets.items()}


@contextmanager
def _opened(path: Path, needed: int = 0) -> Iterator[dict[str, h5py.Dataset]]:
    """Open the arrays of a file that holds nothing else, with memory for `needed` bytes."""
    try:
        start, size = weights_in(path)
        with (
            memory_limit(needed),
            _Section(path, start, size) as section,
            h5py.File(section, "r") as file,
        ):
            yield _datasets(file)
    except TrainerError as error:
        raise TrainerError(error.message, error.where or str(path)) from error
    except MemoryError as error:
        told = "expected a file of weights; it takes far more memory than they do"
        raise TrainerError(told, str(path)) from error
    except _DAMAGED as error:
        told = "expected a whole HDF5 file of weights; this is none"
        raise TrainerError(told, str(path)) from error


def _datasets(file: h5py.File) -> dict[str, h5py.Dataset]:
    """Return all arrays by their paths; TrainerError for a file with anything but arrays in it."""
    found: dict[str, h5py.Dataset] = {}
    groups, seen = [("", file)], 0
    while groups:
        path, group = groups.pop()
        seen += len(group)
        if seen > _MOST or path.count("/") > _DEEPEST:
            most = f"at most {_MOST} groups and arrays, {_DEEPEST} deep"
            raise TrainerError(f"expected {most}; received more")
        for name in group:
            at = f"{path}/{name}" if path else name
            item = _item(group, name, at)
            if isinstance(item, h5py.Group):
                groups.append((at, item))
            else:
                found[at] = item
    return found


def _item(group: h5py.Group, name: str, at: str) -> h5py.Group | h5py.Dataset:
    link = group.get(name, getlink=True)
    if not isinstance(link, h5py.HardLink):
        raise _refused(at, "a link to something else")
    item = group[name]
    if isinstance(item, h5py.Group):
        return item
    if not isinstance(item, h5py.Dataset):
        raise _refused(at, "a type")
    made = item.id.get_create_plist()
    if made.get_external_count() or item.is_virtual:
        raise _refused(at, "numbers of another file")
    if made.get_layout() not in _PLAIN:
        raise _refused(at, "numbers in chunks")
    if item.dtype.kind not in _NUMBERS or item.dtype.names or item.dtype.itemsize > LONGEST:
        raise _refused(at, cut(str(item.dtype)))
    if item.shape is None or item.id.get_storage_size() != item.size * item.dtype.itemsize:
        raise _refused(at, f"{bytes_(item.id.get_storage_size())} for a shape of {item.shape}")
    return item


def _refused(at: str, received: str) -> TrainerError:
    return TrainerError(f"{brief(at)}: expected numbers as Keras stores them; received {received}")


class _Section(io.RawIOBase):
    """A part of a file that is read like a file of its own."""

    def __init__(self, path: Path, start: int, size: int) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._start, self._size, self._at = start, size, 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def seekable(self) -> bool:
        """Return that it can be read from any place."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, counted from the start, from here, or from the end."""
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        """Return the place."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, with zeros from the end of the part on, and return how long it is."""
        view = memoryview(buffer).cast("B")
        self._file.seek(self._start + self._at)
        read = self._file.readinto(view[: max(0, self._size - self._at)])
        view[read:] = bytes(len(view) - read)
        self._at += len(view)
        return len(view)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
