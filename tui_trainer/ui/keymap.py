"""Which key does what: the keys of the commands, but for those that the user's settings change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from textual._context import active_app

from tui_trainer.core.words import did_you_mean
from tui_trainer.ui.commands import COMMANDS, TABS, Command
from tui_trainer.ui.key_names import letter, read_key, spoken


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys that the user's settings give to commands, by the name of the command."""

    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def keys(self, command: Command) -> tuple[str, ...]:
        """Return the keys of a command, that which is told first."""
        return self.changed.get(command.name) or tuple(command.key.split(","))

    def typed_in_field(self, command: Command) -> str:
        """Return a key of a command that no field takes for a letter, or nothing."""
        return next((key for key in self.keys(command) if not letter(key)), "")

    @property
    def for_textual(self) -> dict[str, str]:
        """The changed keys, as Textual wants to be told."""
        return {name: ",".join(keys) for name, keys in self.changed.items()}


def keymap() -> Keymap:
    """Return the keys of the app that runs."""
    return getattr(active_app.get(None), "keys", None) or Keymap()


def key(name: str) -> str:
    """Return the key of a command of a name, as a sentence tells it."""
    return spoken(keymap().keys(_BY_NAME[name])[0])


def with_keys(text: str) -> str:
    """Return a text with the key of each command that it names: `{train} trains`."""
    return re.sub(r"\{([\w.]+)\}", lambda found: key(found[1]), text)


_BY_NAME = {command.name: command for command in COMMANDS}


def read_keys(told: Mapping[str, object]) -> tuple[Keymap, list[str]]:
    """Return the keys that settings name, and a line on each entry that is passed over."""
    changed: dict[str, tuple[str, ...]] = {}
    troubles = []
    for name, value in _flat(told):
        try:
            changed[_known(name)] = _keys(value)
        except ValueError as error:
            troubles.append(f"keys.{name}: {error}")
    while clash := _clash(Keymap(changed)):
        name, other, key = clash
        del changed[name]
        troubles.append(f"keys.{name}: expected a key of its own; {spoken(key)} is {other}")
    return Keymap(changed), troubles


def _flat(told: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield the entries by name, whether `model.add` is written as one name or as two."""
    for name, value in told.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _known(name: str) -> str:
    if name not in _BY_NAME:
        hint = did_you_mean(name, list(_BY_NAME)) or "; ? and the README list them"
        raise ValueError(f"expected the name of a command; received {name!r}{hint}")
    return name


def _keys(value: object) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(t, str) for t in texts):
        raise ValueError(f'expected a key, such as "ctrl+t", or a list; received {value!r}')
    return tuple(map(read_key, texts))


def _clash(keys: Keymap) -> tuple[str, str, str] | None:
    """Return a changed command, another one that has a key of it where both work, and the key."""
    for name in reversed([*keys.changed]):
        command = _BY_NAME[name]
        for other in COMMANDS:
            if other is not command and _meet(command, other):
                shared = {*keys.keys(command)} & {*keys.keys(other)}
                if shared:
                    return name, other.name, min(shared)
    return None


def _meet(one: Command, other: Command) -> bool:
    """Return whether two commands can be meant by one key."""
    return one.tab == other.tab or ("" in (one.tab, other.tab) and {one.tab, other.tab} <= _OPEN)


_OPEN = {"", *TABS, "list"}
