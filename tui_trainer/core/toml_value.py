"""A value as TOML text: written anew, or changed where it stands and otherwise left as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tui_trainer.core.kin import Kin, kin
from tui_trainer.core.toml_text import Path
from tui_trainer.core.toml_tokens import Item, Items, items, pair

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONG = 80
"""Characters above which a list takes a line for each item."""


class Named(dict[str, Any]):
    """A table of which nothing but a `type` may be written as a bare name."""


def exact(value: object) -> str:
    """Return a text that two plain values share only if they are the same: 1 is not True."""
    return json.dumps(value, sort_keys=True)


def key(name: str) -> str:
    """Return a name as a key."""
    return name if _BARE.fullmatch(name) else _quoted(name)


def written(value: Any, newline: str = "") -> str:
    """Return a plain value as TOML; a long list takes several lines if it is told how they end."""
    match value:
        case Named() if set(value) == {"type"}:
            return _quoted(value["type"])
        case Mapping():
            pairs = (f"{key(name)} = {written(item)}" for name, item in value.items())
            return f"{{ {', '.join(pairs)} }}" if value else "{}"
        case list():
            line = f"[{', '.join(map(written, value))}]"
            if not newline or len(line) <= _LONG:
                return line
            lines = (f"    {written(item)},{newline}" for item in value)
            return f"[{newline}{''.join(lines)}]"
        case str():
            return _quoted(value)
        case bool():
            return "true" if value else "false"
        case _:
            return repr(value)


def edited(
    text: str, old: Any, new: Any, newline: str, kins: Mapping[Path, Kin], path: Path
) -> str:
    """Return the text of a value at a path after it has become another one."""
    if exact(old) == exact(new):
        return text
    if text[0] == "{" and isinstance(new, Mapping):
        return _table(text, old, new, newline, kins, path)
    if text[0] == "[" and isinstance(new, list):
        return _list(text, old, new, newline, kins, path)
    return written(new, newline)


def _table(
    text: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    newline: str,
    kins: Mapping[Path, Kin],
    path: Path,
) -> str:
    inside = items(text)
    kept: list[Item] = []
    left = dict(new)
    for item in inside.items:
        names, head, value, _ = pair(item.value)
        if len(names) > 1:
            return written(new)
        if names[0] in left:
            at = (*path, names[0])
            value = edited(value, old[names[0]], left.pop(names[0]), newline, kins, at)
            kept.append(Item(item.above, head + value, item.tail))
    kept += [Item("", f"{key(name)} = {written(value)}") for name, value in left.items()]
    return _text(inside, kept, newline) if kept else "{}"


def _list(
    text: str,
    old: Sequence[Any],
    new: Sequence[Any],
    newline: str,
    kins: Mapping[Path, Kin],
    path: Path,
) -> str:
    inside = items(text)
    changed: list[Item] = []
    for place, was in enumerate(kins.get(path) or kin(old, new, _kind)):
        if was is None:
            changed.append(Item("", written(new[place])))
        else:
            item, at = inside.items[was], (*path, place)
            value = edited(item.value, old[was], new[place], newline, kins, at)
            changed.append(Item(item.above, value, item.tail))
    return _text(inside, changed, newline)


def _text(inside: Items, changed: list[Item], newline: str) -> str:
    """Return what stands between two brackets with other items, laid out as those before."""
    before = inside.items
    first = before[0].above if before else ""
    other = before[1].above if len(before) > 1 else first if inside.long else " "
    indent = newline + other.rpartition("\n")[2]
    pieces = [(inside.opening, True)]
    for place, item in enumerate(changed):
        above = item.above or indent
        if not inside.long:
            above = other if place else first
        comma = "," if inside.comma or place < len(changed) - 1 else ""
        pieces += [(above, False), (item.value + comma, False), (item.tail, True)]
    return _lined([*pieces, (inside.closing, False)], newline)


def _lined(pieces: Sequence[tuple[str, bool]], newline: str) -> str:
    """Return pieces as one text; one that may end in a comment must not swallow the next."""
    text, comment = "", False
    for piece, may_end_in_comment in pieces:
        if piece:
            text += newline if comment and piece[0] not in "\r\n" else ""
            comment = may_end_in_comment and "#" in piece.rpartition("\n")[2]
            text += piece
    return text


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _kind(item: object) -> object:
    return item.get("type") if isinstance(item, Mapping) else type(item)
