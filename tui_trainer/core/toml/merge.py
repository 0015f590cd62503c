"""Other values in a TOML text: tomlkit writes what differs, all else stays as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import tomlkit
from tomlkit.items import Array, InlineTable, Item

from tui_trainer.core.toml.blocks import LISTS, Blocks, Path
from tui_trainer.core.toml.kin import Kin

Tree: TypeAlias = Mapping[str, Any]
"""Tables, lists and plain values, as they are read from TOML."""
_LONG = 80
"""Characters above which a list takes a line for each item."""
_GAP = re.compile(r"(?:[\s,]|#.*)*")
_COMMA = re.compile(r"((?:\s|#.*\n)*),")
"""A comma after blanks and comments, which may have others."""


class Named(dict[str, Any]):
    """A table of which nothing but a `type` may be written as a bare name."""


class Parts(list[Named]):
    """A list of parts, of which it is known where they were."""

    def __init__(self, parts: Sequence[Named], places: Kin) -> None:
        super().__init__(parts)
        self.places = places


def exact(value: object) -> str:
    """Return a text that two plain values share only if they are the same: 1 is not True."""
    return json.dumps(value, sort_keys=True)


def merge(text: str, new: Tree) -> str:
    """Return a text that holds other values than it held."""
    lines = text.replace("\r\n", "\n")
    blocks = Blocks(lines if lines.endswith("\n") or not lines else lines + "\n")
    left = {name: dict(v) if isinstance(v, dict) else v for name, v in new.items()}
    for path in LISTS:
        if blocks.items(path):
            _place(blocks, path, _find(left, path[:-1]).pop(path[-1]))
    _write(blocks, left, new)
    merged = blocks.text()
    return merged.replace("\n", "\r\n") if "\r\n" in text else merged


def _place(blocks: Blocks, path: Path, parts: Parts) -> None:
    """Write a list of parts, each of which is a table."""
    for block, part in zip(blocks.place(path, parts.places), parts, strict=True):
        document = tomlkit.parse(block.body)
        _fill(_find(document, path)[0], (), part)
        block.body = document.as_string()


def _write(blocks: Blocks, left: dict[str, Any], new: Tree) -> None:
    """Write all but the lists that are tables already."""
    top, *others = blocks.all
    documents = {top: tomlkit.parse(top.body)}
    for block in others:
        if block.path not in LISTS and not isinstance(_find(new, block.path), Mapping):
            blocks.drop(block)
        elif block.path not in LISTS:
            documents[block] = tomlkit.parse(block.body)
    for document in documents.values():
        left = _edit(document, (), left, is_shared=True)
    for name, value in left.items():
        if isinstance(value, Parts):
            _place(blocks, (name,), value)
        elif not isinstance(value, Mapping):
            _put(documents[top], (), name, value)
        elif value:
            own = next((block for block in documents if block.path == (name,)), None)
            home = top if name in documents[top] else own or blocks.add(name)
            document = documents.setdefault(home, tomlkit.parse(home.body))
            for key, item in value.items():
                _put(document, (name,), key, item)
    for block, document in documents.items():
        block.body = document.as_string()


def _edit(document: Any, path: Path, new: Tree, is_shared: bool = False) -> dict[str, Any]:
    """Give the keys of a table their values; return those that it has no key for.

    The outermost tables and those in them are shared by several texts: there, what one has no
    key for another may have.
    """
    left = dict(new)
    for name in [*_find(document, path)]:
        old, value = _find(document, path)[name], left.get(name)
        if name not in left:
            if name != "disabled" or old is not False:  # To be on is the default.
                del _find(document, path)[name]
        elif is_shared and isinstance(value, Mapping):
            left[name] = _edit(document, (name,), value)
        else:
            del left[name]
            if _is_same(old, value):
                continue
            if isinstance(old, Mapping) and isinstance(value, Mapping):
                _fill(document, (*path, name), value)
            elif isinstance(old, Array) and isinstance(value, Parts):
                _find(document, path)[name] = tomlkit.value(_rearranged(old, value))
            else:
                _put(document, path, name, value)
    return left


def _fill(document: Any, path: Path, new: Tree) -> None:
    """Give a table other values."""
    for name, value in _edit(document, path, new).items():
        _put(document, path, name, value)


def _put(document: Any, path: Path, name: str, value: Any) -> None:
    text = written(value)
    if isinstance(value, list) and len(text) > _LONG:
        lines = (f"    {written(item)},\n" for item in value)
        text = f"[\n{''.join(lines)}]"
    table, item = _find(document, path), tomlkit.value(text)
    if isinstance(table, InlineTable) and table.as_string().startswith("{ "):
        item.trivia.trail = " "  # So that the bracket stays apart.
    table[name] = item


def _rearranged(array: Array, new: Parts) -> str:
    """Return the text of a list in brackets with other items, each with its comments."""
    gaps = _gaps(array)
    is_long = any("\n" in gap for gap in gaps)
    belows, aboves = zip(*map(_parted, gaps), strict=True)
    indent = "\n" + (aboves[0].rpartition("\n")[2] if array else "    ")
    text = f"[{belows[0]}"
    for place, (was, part) in enumerate(zip(new.places, new, strict=True)):
        above = " " if place else aboves[0]
        if is_long:
            above = indent if was is None else aboves[was]
        text += above if above.startswith("\n") or not is_long else indent
        text += written(part) if was is None else _item(array[was], part)
        text += "," if place < len(new) - 1 or _COMMA.match(gaps[-1]) else ""
        text += "" if was is None else belows[was + 1]
    end = aboves[-1].removeprefix("\n")
    return f"{text}\n{end}]" if is_long else f"{text}{end}]"


def _gaps(array: Array) -> list[str]:
    """Return what stands between the items of a list, and before and after them."""
    text, gaps = array.as_string()[1:-1], []
    for item in (*(old.as_string() for old in array), ""):
        end = len(text) - len(_GAP.sub("", text, count=1))
        gaps.append(text[:end])
        text = text[end:].removeprefix(item)
    return gaps


def _parted(gap: str) -> tuple[str, str]:
    """Return the comments behind an item, without the comma, and what stands above the next."""
    comma = _COMMA.match(gap)
    head, rest = (comma[1], gap[comma.end() :]) if comma else ("", gap)
    line, newline, more = rest.partition("\n")
    return (head + line, newline + more) if newline else (head, rest)


def _item(old: Any, new: Named) -> str:
    """Return the text of a part that stood in a list in brackets."""
    if not _is_same(old, new):
        if not isinstance(old, InlineTable):
            return written(new)
        _fill(old, (), new)
    return str(old.as_string())


def _is_same(old: Any, new: Any) -> bool:
    if isinstance(new, Parts):
        same = new.places == tuple(range(len(old)))
        return same and all(map(_is_same, old, new))
    plain = old.unwrap() if isinstance(old, Item) else old  # tomlkit gives a bool as it is.
    return exact(plain) in (exact(new), exact(_short(new)))


def _short(value: Any) -> Any:
    """Return the name of a part that may be written as no more."""
    return value["type"] if isinstance(value, Named) and set(value) == {"type"} else value


def _find(tree: Any, path: Path) -> Any:
    """Return what stands at a path, or None."""
    for name in path:
        tree = tree.get(name) if isinstance(tree, Mapping) else None
    return tree


def written(value: Any) -> str:
    """Return a plain value as TOML, on one line."""
    match _short(value):
        case str(name):
            return str(tomlkit.item(name).as_string())
        case Mapping():
            pairs = (f"{tomlkit.key(k).as_string()} = {written(v)}" for k, v in value.items())
            return f"{{ {', '.join(pairs)} }}" if value else "{}"
        case list():
            return f"[{', '.join(map(written, value))}]"
        case _:
            return str(tomlkit.item(value).as_string())
