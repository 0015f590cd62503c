"""What the user has chosen for the app: a TOML file, read at the start and written back."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tui_trainer.core.brief import brief
from tui_trainer.core.errors import TrainerError, reason
from tui_trainer.core.places import atomic_write, settings_path
from tui_trainer.core.toml import read_text
from tui_trainer.core.words import did_you_mean
from tui_trainer.ui.keymap import Keymap, read_keys

MARKERS = ("auto", "braille", "hd", "dot")
"""What curves are drawn with: dots of braille, quarters of a cell, or a dot in each."""
_CHOICES: Mapping[str, tuple[object, ...]] = {
    "marker": MARKERS,
    "ascii": ("auto", True, False),
    "motion": ("auto", "full", "plain"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user has chosen; where nothing is, the app decides."""

    theme: str = ""
    marker: str = "auto"
    ascii: bool | str = "auto"
    """Whether to draw with ASCII characters alone."""
    motion: str = "auto"
    """`plain` draws seldom, for a slow line."""
    keys: Keymap = field(default_factory=Keymap)
    troubles: tuple[str, ...] = ()
    """A line on each entry that was passed over, or on the file if that cannot be read."""


def read_settings(themes: tuple[str, ...]) -> Settings:
    """Return what the user's file says, as far as that can be used."""
    path = settings_path()
    try:
        told = tomllib.loads(read_text(path)) if path.is_file() else {}
    except (TrainerError, OSError, ValueError, RecursionError) as error:
        reason = error.message if isinstance(error, TrainerError) else f"expected TOML: {error}"
        return Settings(troubles=(f"{path}: {reason}",))
    settings, troubles = _read(told, {"theme": themes, **_CHOICES})
    return replace(settings, troubles=tuple(f"{path}: {trouble}" for trouble in troubles))


def _read(
    told: Mapping[str, Any], choices: Mapping[str, tuple[object, ...]]
) -> tuple[Settings, list[str]]:
    settings = Settings()
    troubles: list[str] = []
    for name, value in told.items():
        if name == "keys" and isinstance(value, dict):
            keys, more = read_keys(value)
            settings, troubles = replace(settings, keys=keys), troubles + more
        elif name not in (*choices, "keys"):
            names = (*choices, "keys")
            hint = did_you_mean(name, names) or f"; there are {', '.join(names)}"
            troubles.append(f"expected a setting; received {brief(name)}{hint}")
        elif any(type(value) is type(one) and value == one for one in choices.get(name, ())):
            settings = replace(settings, **{name: value})
        else:
            expected = "a table, [keys]" if name == "keys" else _listed(choices[name])
            troubles.append(f"{name}: expected {expected}; received {brief(value)}")
    return settings, troubles


def _listed(choices: tuple[object, ...]) -> str:
    words = [str(one).lower() if isinstance(one, bool) else str(one) for one in choices]
    return f"{', '.join(words[:-1])} or {words[-1]}"


def remember(name: str, value: str) -> None:
    """Write a choice into the user's file, all else in it as it stands, or raise TrainerError."""
    import tomlkit  # Only now: the first frame does not wait for it.

    path = settings_path()
    try:
        document = tomlkit.parse(read_text(path)) if path.is_file() else tomlkit.document()
        document[name] = value
        file = Path(os.path.realpath(path))  # It may be a link into a folder of settings.
        file.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(file, document.as_string())
    except OSError as error:
        raise TrainerError(f"cannot be written: {reason(error)}", str(path)) from error
    except ValueError as error:
        raise TrainerError(f"expected TOML: {error}", str(path)) from error
