"""Which characters a terminal can show, and what stands for the others."""

from __future__ import annotations

import codecs
import json
import os
import re
import sys
import unicodedata
from functools import lru_cache

_ALIKE = {
    "-": "─┄┈╌╴╶·–—−‑▔",
    "=": "━┅┉╍═╸╺╼╾",
    "|": "│┃║╵╷╹╻╽╿▏▎▍▌▋▊▉▐▕",
    ":": "┆┇┊┋╎╏▒",
    "/": "╱⁄",
    "\\": "╲",
    "_": "▁▂▃▄",
    "#": "█▅▆▇▓■▪◼▖▗▘▙▚▛▜▝▞▟",
    '"': "▀“”",
    "'": "‘’°",
    ".": "•░∙⋅",
    "o": "●○◉◌⬤⭘",
    "^": "▲△▴↑",
    "v": "▼▽▾▿↓",
    ">": "▶▷▸▹►→🔎",
    "<": "◀◁◂◃◄←⌫",
    "+": "✓✔",
    "x": "×✗✘✖╳",
    "*": "★☆",
    "~": "…≈",
    "s": "ß",
    " ": "\u2800",
}
_STANDS = {character: stand for stand, alike in _ALIKE.items() for character in alike}
_BOXES = range(0x2500, 0x2580)
_BRAILLE = range(0x2801, 0x2900)
_LONGER = {"…": "...", "→": "->", "⌫": "backspace"}
"""What stands for a character where there is room for more than one."""
_FEW_GLYPHS = re.compile(r"linux|vt\d+.*")
"""What TERM is for terminals that have no more than letters and a few lines."""
STAND_IN, ESCAPE = "tui-trainer-stand-in", "tui-trainer-escape"
"""What a text stream does with characters that it cannot write; the second one is for JSON."""


@lru_cache(4096)
def stand_in(character: str) -> str:
    """Return the one ASCII character that stands for a character, or for one with accents."""
    character = character[:1]
    if character.isascii():
        return character
    if character in _STANDS:
        return _STANDS[character]
    if ord(character) in _BOXES:
        return "+"
    if ord(character) in _BRAILLE:
        return "."
    folded = unicodedata.normalize("NFKD", character)[0]
    return folded if folded.isascii() else "?"


def in_ascii(text: str) -> str:
    """Return a text in ASCII characters, for a place where it may become longer."""
    if text.isascii():
        return text
    plain = (_LONGER.get(c) or stand_in(c) for c in text if not unicodedata.combining(c))
    return "".join(plain)


def why_ascii() -> str:
    """Return why the terminal is to get ASCII characters alone; nothing if it can have all."""
    encoding = (sys.stdout and sys.stdout.encoding) or "utf-8"
    named = ("LC_ALL", "LC_CTYPE", "LANG")
    name = next((name for name in named if os.environ.get(name)), "")
    locale, terminal = os.environ.get(name, "utf-8"), os.environ.get("TERM", "")
    if not _is_utf8(locale):
        return f"{name}={locale}"
    if _FEW_GLYPHS.fullmatch(terminal):
        return f"TERM={terminal}"
    return "" if _is_utf8(encoding) else f"the encoding {encoding}"


def _is_utf8(name: str) -> bool:
    return "utf8" in name.lower().replace("-", "").replace("_", "")


def _written(error: UnicodeError) -> tuple[str, int]:
    """Return what is written for what a stream's encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return in_ascii(error.object[error.start : error.end]), error.end


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Return JSON's escapes for what a stream's encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error(STAND_IN, _written)
codecs.register_error(ESCAPE, _escaped)
