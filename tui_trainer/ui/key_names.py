"""What keys are called, and which of them reach a program in a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from textual.keys import Keys, _character_to_key, key_to_character

from tui_trainer.ui.means import ascii_only

SWALLOWED: Mapping[str, str] = MappingProxyType(
    {
        "ctrl+i": "tab to a terminal",
        "ctrl+m": "enter to a terminal",
        "ctrl+h": "backspace to a terminal",
        "ctrl+left_square_bracket": "escape to a terminal",
        "ctrl+@": "ctrl+space to some terminals, nothing to others",
        "ctrl+space": "ctrl+@ to some terminals, nothing to others",
        "ctrl+b": "what tmux itself waits for",
        "ctrl+c": "what copies, and what one presses to quit",
        "ctrl+enter": "enter to most terminals",
        "shift+enter": "enter to most terminals",
        "alt+enter": "enter to some terminals, and makes others fill the screen",
        "ctrl+tab": "what a terminal shows its next tab with",
        "ctrl+shift+tab": "what a terminal shows its tabs with",
        "shift+pageup": "what a terminal scrolls with",
        "shift+pagedown": "what a terminal scrolls with",
        "ctrl+pageup": "what a terminal shows its tabs with",
        "ctrl+pagedown": "what a terminal shows its tabs with",
        "f1": "the help of some terminals",
        "f10": "the menu of some terminals",
        "f11": "what makes a terminal fill the screen",
    }
)
"""Keys that terminals and tmux do not hand on, or not as what they are, and why."""
_SWALLOWED = (
    (re.compile(r"ctrl\+shift\+.+"), "kept by terminals, for copying and tabs"),
    (re.compile(r"ctrl\+\d"), "kept by terminals, or sent as a digit"),
    (re.compile(r"alt\+(shift\+)?.$"), "escape and a letter to a terminal"),
    (re.compile(r"(super|hyper|meta)\+.+"), "kept by the desktop"),
)
_SHORT = {"delete": "del", "escape": "esc", "pageup": "pgup", "pagedown": "pgdn"}
_SIGNS = {"backspace": "⌫", "up": "↑", "down": "↓", "left": "←", "right": "→"}
_MODIFIERS = {"ctrl", "alt", "shift"}
_NAMED = {key.value for key in Keys} - {"<ignore>"}


def short(key: str) -> str:
    """Return a key as the bars write it: `^r`, `?`, `⌫`."""
    if key.startswith("ctrl+"):
        return f"^{short(key.removeprefix('ctrl+'))}"
    *modifiers, last = key.split("+")
    names = _SHORT if ascii_only() else {**_SHORT, **_SIGNS}
    return "+".join([*modifiers, names.get(last) or spoken(last)])


def spoken(key: str) -> str:
    """Return a key as a sentence names it: `ctrl+r`, `?`."""
    return key if key == "space" else letter(key) or key


def letter(key: str) -> str:
    """Return the character that a key types, or nothing."""
    character = key_to_character(key) or ""
    return character if character.isprintable() else ""


def read_key(text: str) -> str:
    """Return a key as Textual names it, or raise ValueError."""
    *modifiers, last = text.split("+") if len(text) > 1 else [text]
    if len(last) == 1:
        last = _character_to_key(last.lower() if modifiers else last)
    if modifiers == ["shift"] and len(last) == 1:
        modifiers, last = [], last.upper()
    name = "+".join([*modifiers, last])
    known = last and (last in _NAMED or key_to_character(last)) and {*modifiers} <= _MODIFIERS
    if not (known or swallowed(name)):
        raise ValueError(f'expected a key, such as "ctrl+t" or "f5"; received {text!r}')
    reason = swallowed(name)
    if reason:
        raise ValueError(f"expected a key that reaches the app; {text} is {reason}")
    return name


def swallowed(key: str) -> str:
    """Return what becomes of a key that does not reach the app as it is; nothing if it does."""
    patterns = (reason for pattern, reason in _SWALLOWED if pattern.fullmatch(key))
    return SWALLOWED.get(key) or next(patterns, "")
