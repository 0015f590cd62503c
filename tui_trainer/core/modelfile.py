"""Files that hold a model or its weights: what is refused of one before anything else reads it."""

from __future__ import annotations

import io
import lzma
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from tui_trainer.core.brief import brief
from tui_trainer.core.errors import TrainerError, reason
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.local import check_readable, local_path
from tui_trainer.core.places import replacing
from tui_trainer.core.words import bytes_, count

MODEL, WEIGHTS = ".keras", ".weights.h5"
"""How the names of the files end that are read and written."""
CONFIG, VARIABLES = "config.json", "model.weights.h5"
"""What is read of a .keras file: the layers, and an HDF5 file with their weights."""
_LARGEST, _LARGEST_CONFIG = 64_000_000_000, 4_000_000
_LARGEST_READ = 1_000_000
"""Bytes that are read at once: so many names may be in a table of contents."""
_MOST = 1_000
"""Members of an archive; Keras makes three, and one for each asset."""
_OTHERS = {
    **dict.fromkeys((".h5", ".hdf5"), "a whole model of Keras 2"),
    **dict.fromkeys((".pkl", ".pickle", ".joblib"), "a pickle, which may run code"),
    **dict.fromkeys((".pt", ".pth", ".bin"), "a model of PyTorch"),
    ".pb": "a SavedModel",
}
"""What else models come in, and what that is."""
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error),
    *(KeyError, ValueError, NotImplementedError, RuntimeError),
)
"""What `zipfile` raises for a file that is damaged, or never was one."""


def is_model(name: str) -> bool:
    """Return whether a name is that of a model, of weights, or of what others keep them in."""
    return "://" in name or name.endswith(MODEL) or Path(name).suffix in _OTHERS


def has_weights(name: str) -> bool:
    """Return whether a name ends as those of files do that weights are read from."""
    return name.endswith((MODEL, WEIGHTS))


def model_path(text: str) -> Path:
    """Return the path of a file that may be read, or raise TrainerError that says what may."""
    wanted, path = f"a {MODEL} or {WEIGHTS} file", local_path(text)
    if not has_weights(path.name):
        received = _OTHERS.get(path.suffix) or brief(path.name)
        raise TrainerError(f"expected {wanted}; received {received}", text)
    check_readable(path, wanted, _LARGEST)
    return path


def read_config(path: Path) -> bytes:
    """Return the configuration in a .keras file, or raise TrainerError."""
    with _archive(path) as archive:
        size = archive.getinfo(CONFIG).file_size
        if size > _LARGEST_CONFIG:
            most = f"expected a {CONFIG} of at most {bytes_(_LARGEST_CONFIG)}"
            raise TrainerError(f"{most}; received {bytes_(size)}", str(path))
        return b"".join(_pieces(archive, CONFIG))


def holds_weights(path: Path) -> bool:
    """Return whether there are weights in a .keras file; TrainerError if it is none."""
    with _archive(path) as archive:
        return VARIABLES in archive.namelist()


def weights_in(path: Path) -> tuple[int, int]:
    """Return where in a file its HDF5 part begins, and how many bytes that has.

    A .weights.h5 file is nothing else. In a .keras file it lies as it is, not compressed, and its
    checksum is right; TrainerError if not.
    """
    if not path.name.endswith(MODEL):
        return 0, path.stat().st_size
    for _ in _weights(path):  # To its end, where the checksum is compared.
        pass
    with _archive(path) as archive, path.open("rb") as file:
        member = archive.getinfo(VARIABLES)
        file.seek(member.header_offset)
        name, extra = struct.unpack("<26x2H", file.read(30))
        return member.header_offset + 30 + name + extra, member.file_size


def copy_model(saved: Path, path: Path) -> None:
    """Copy a .keras file, or only its weights to a path that ends in .weights.h5.

    No reader ever sees half of it. Raises OSError, or TrainerError where the file is damaged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as aside:
        if not path.name.endswith(WEIGHTS):
            shutil.copyfile(saved, aside)
            return
        with aside.open("wb") as file:
            file.writelines(_weights(saved))


def from_anywhere(experiment: Experiment) -> Experiment:
    """Return an experiment that means the same in every folder: its path begins at the root."""
    weights = experiment.fit.initial_weights
    try:
        path = model_path(weights) if weights is not None else None
    except TrainerError:  # It means nothing anywhere.
        path = None
    if path is None:
        return experiment
    return replace(experiment, fit=replace(experiment.fit, initial_weights=str(path.absolute())))


class _Sparing(io.FileIO):
    """A file that is read in pieces: a table of contents of millions of names is not one."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return what is read; a large piece at once is refused."""
        if size is not None and size > _LARGEST_READ:
            raise zipfile.BadZipFile("a table of contents that is too large")
        return super().read(size)


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a .keras file whose table of contents is in order; TrainerError if it is not."""
    try:
        with _Sparing(path) as file, zipfile.ZipFile(file) as archive:
            _check_members(archive.infolist(), str(path))
            yield archive
    except OSError as error:
        raise TrainerError(f"cannot be read: {reason(error)}", str(path)) from error
    except _DAMAGED as error:
        raise TrainerError("expected a whole .keras file; this is none", str(path)) from error


def _check_members(members: list[zipfile.ZipInfo], where: str) -> None:
    if len(members) > _MOST:
        raise TrainerError(
            f"expected at most {_MOST} members; received {count(len(members), 'member')}", where
        )
    seen: set[str] = set()
    expected = "expected members inside the archive, each once"
    for member in members:
        name = member.filename
        parts = PurePosixPath(name).parts
        if not parts or name[0] == "/" or ".." in parts or "\\" in name or ":" in parts[0]:
            raise TrainerError(f"{expected}; received {brief(name)}", where)
        if name in seen:
            raise TrainerError(f"{expected}; received {brief(name)} twice", where)
        seen.add(name)
    size = sum(member.file_size for member in members)
    if size > _LARGEST:
        raise TrainerError(
            f"expected at most {bytes_(_LARGEST)} in it; received {bytes_(size)}", where
        )


def _weights(path: Path) -> Iterator[bytes]:
    """Yield the HDF5 file in a .keras file, in pieces; nothing may have compressed it."""
    with _archive(path) as archive:
        if VARIABLES not in archive.namelist():
            raise TrainerError(f"expected weights, in {VARIABLES}; received none", str(path))
        member = archive.getinfo(VARIABLES)
        if member.compress_type != zipfile.ZIP_STORED or member.file_size != member.compress_size:
            stored = f"expected {VARIABLES} as Keras stores it"
            raise TrainerError(f"{stored}; received it compressed", str(path))
        yield from _pieces(archive, VARIABLES)


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a member in pieces; at its end its checksum is compared."""
    with archive.open(name) as file:
        while piece := file.read(_LARGEST_READ // 2):
            yield piece
