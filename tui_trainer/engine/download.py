"""Data set files in Keras' cache folder: found, checked, fetched."""

from __future__ import annotations

import hashlib
import os
import urllib.request
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

from tui_trainer.core.datasets import Dataset, File
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.places import replacing
from tui_trainer.engine.wait import Wait

_TIMEOUT = {True: 20.0, False: 4.0}
"""Seconds that a server may stay silent: for a file that is needed, and for another."""
_CHUNK = 1 << 18
_FALLBACK = Path("/tmp/.keras")


class NotCached(Exception):
    """A file is not there, and was not to be fetched."""


def folders() -> tuple[Path, ...]:
    """Return where Keras keeps data sets: its own folder, then that for a read-only one."""
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    return tuple(folder / "datasets" for folder in (home, _FALLBACK))


def cached(file: File) -> Path | None:
    """Return where a file lies, whole or not; None where it is in no folder."""
    return next((path for folder in folders() if (path := folder / file.name).is_file()), None)


def fetch(dataset: Dataset, wait: Wait) -> list[Path]:
    """Return the paths of a data set's needed files, each checked, those missing downloaded before.

    TrainerError says what could not be fetched and where a copy can be put.
    """
    paths = [_find(dataset, file, wait) for file in dataset.files if file.needed]
    for file in dataset.files:
        if not file.needed and wait.download and cached(file) is None:
            with suppress(TrainerError):
                _find(dataset, file, wait)
    return paths


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _find(dataset: Dataset, file: File, wait: Wait) -> Path:
    wait.check()
    path = cached(file)
    if path is not None and sha256(path) == file.sha256:
        return path
    if not wait.download:
        raise NotCached(file.name)
    target = _writable() / file.name
    try:
        _download(dataset, file, target, wait)
    except (OSError, ValueError, HTTPException) as error:
        cause = getattr(error, "reason", error)
        reason = getattr(cause, "strerror", None) or cause
        raise TrainerError(
            f"{_trouble(file, path, str(reason))}; put a copy at {path or target}, "
            "or use digits, which needs no download",
            "[data] source",
        ) from error
    finally:
        wait.note("")
    return target


def _trouble(file: File, path: Path | None, reason: str) -> str:
    failed = f"{file.url} could not be fetched ({reason})"
    return f"{path} is not the file that was expected, and {failed}" if path else failed


def _writable() -> Path:
    """Return the first cache folder that can be written to, made where it is missing."""
    for folder in folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise TrainerError(
        f"expected a folder that can be written to: {folders()[0]}; set KERAS_HOME to another",
        "[data] source",
    )


def _download(dataset: Dataset, file: File, target: Path, wait: Wait) -> None:
    """Fetch a file aside and put it in its place once its hash is right."""
    wait.note(f"downloading {dataset.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    hasher = hashlib.sha256()
    done = 0
    request = urllib.request.Request(file.url, headers={"User-Agent": "tui-trainer"})
    with (
        replacing(target) as aside,
        aside.open("wb") as copy,
        urllib.request.urlopen(request, timeout=_TIMEOUT[file.needed]) as answer,
    ):
        while chunk := answer.read(_CHUNK):
            wait.check()
            copy.write(chunk)
            hasher.update(chunk)
            done += len(chunk)
            whole = max(file.megabytes, done / 1e6)
            wait.note(f"downloading {dataset.name}: {done / 1e6:.1f} of {whole:.1f} MB")
        copy.flush()
        if hasher.hexdigest() != file.sha256:
            raise ValueError(f"expected sha256 {file.sha256}, received another file")
