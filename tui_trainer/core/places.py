"""Where files lie, and how they are written so that no reader ever sees half of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident

import platformdirs

from tui_trainer.core.brief import cut
from tui_trainer.core.errors import TrainerError


def cache_dir() -> Path:
    """Return the user's cache folder of this program."""
    return Path(platformdirs.user_cache_dir("tui-trainer", appauthor=False))


def runs_dir() -> Path:
    """Return the folder of runs: `TUI_TRAINER_RUNS`, else `./runs`."""
    return Path(os.environ.get("TUI_TRAINER_RUNS") or "runs")


def own_presets_dir() -> Path:
    """Return the folder of the user's presets: `TUI_TRAINER_PRESETS`, else with their settings."""
    told = os.environ.get("TUI_TRAINER_PRESETS")
    return Path(told) if told else _settings_dir() / "presets"


def settings_path() -> Path:
    """Return the file of the user's settings: `TUI_TRAINER_SETTINGS`, else in their own folder."""
    told = os.environ.get("TUI_TRAINER_SETTINGS")
    return Path(told) if told else _settings_dir() / "settings.toml"


def _settings_dir() -> Path:
    return Path(platformdirs.user_config_dir("tui-trainer", appauthor=False))


def user_path(text: str) -> Path:
    """Return the path that a user typed, `~` written out, or raise TrainerError.

    There need not be anything, but it can be asked: `is_file` and `is_dir` do not raise.
    """
    try:
        path = Path(text).expanduser()
        with suppress(FileNotFoundError, NotADirectoryError):
            path.stat()
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: ~ of nobody.
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise TrainerError(f"expected a path that can be used: {reason}", cut(text)) from error
    return path


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to, beside the target and with its suffixes; then put it in its place.

    The file is flushed to the disk before it takes the name, and the folder after: at any moment
    the name holds the old content or the new one, whole. On an error the old content stays.
    """
    aside = path.with_name(f".tmp-{os.getpid()}-{get_ident()}-{path.name}")
    try:
        yield aside
        _flush(aside)
        os.replace(aside, path)
        with suppress(OSError):  # Not every file system flushes a folder.
            _flush(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def atomic_write(path: Path, text: str) -> None:
    """Write a text file whole or not at all, its line ends as they are."""
    with replacing(path) as aside:
        aside.write_text(text, encoding="utf-8", newline="")


def quick_replace(path: Path, text: str) -> None:
    """Write a text file whole for any reader, without waiting for the disk."""
    aside = path.with_name(f".{path.name}.tmp-{os.getpid()}-{get_ident()}")
    try:
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
