"""What becomes of files: bytes flip, lines tear, values turn into others that nobody expects."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Sequence
from random import Random
from typing import Any

_ODD = (
    *(None, True, False, 0, -1, 1, 3, 2**31, -(2**63), 10**30, 10**400, 0.5, -0.0, 1e-300, 1e308),
    *("", "none", "nan", "-inf", "1e999", "\0", "a\nb", "\ud800", "é" * 300, "../../etc/passwd"),
    *([], {}, [[]], [None], [1, "a", {}], {"": {}}, {"class_name": "Dense"}, {"type": "Adam"}),
)
"""Values in the place of any other; those that JSON knows."""
_WORDS = (
    *(b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n", b"\n\n", b" ", b"\x1b[2J"),
    *(b'"', b"'", b'"""', b"{", b"}", b"[", b"]", b"[[", b"=", b",", b".", b"#", b"\\", b"\\u0000"),
    *(b"null", b"NaN", b"-Infinity", b"inf", b"nan", b"true", b"1e999", b"-1", b"0x10", b"1_0"),
    *(b"9" * 400, b"9" * 5000, b"[" * 3000, b'{"a":' * 3000, b"x" * 5000, b"1979-05-27T07:32:00Z"),
    *(b"\xed\xa0\x80", "é".encode(), "漢字".encode(), "\u202e".encode(), b"\\ud800"),
)
_DAMAGES = 4
"""The most that happens to one file."""


def mutated_bytes(content: bytes, random: Random, others: Sequence[bytes] = ()) -> bytes:
    """Return bytes with some damage: torn, doubled, flipped, or with words of another in them."""
    for _ in range(random.randint(1, _DAMAGES)):
        start = random.randint(0, len(content))
        end = min(len(content), start + random.choice((0, 1, 2, 8, 64, 1024)))
        before, piece, after = content[:start], content[start:end], content[end:]
        match random.randrange(8):
            case 0:
                content = before
            case 1:
                content = before + after
            case 2:
                content = before + piece * random.choice((2, 3, 50)) + after
            case 3 | 4:
                content = before + random.choice(_WORDS) + after
            case 5:
                content = before + random.randbytes(len(piece)) + after
            case 6:
                flipped = bytes(byte ^ 1 << random.randrange(8) for byte in piece[:1])
                content = before + flipped + piece[1:] + after
            case 7:
                lines = content.splitlines(keepends=True)
                random.shuffle(lines)
                content = b"".join(lines)
        if others and random.random() < 0.1:
            content = content[: len(content) // 2] + random.choice(others)
    return content


def mutated_record(record: Any, random: Random) -> Any:
    """Return a tree of JSON in which some values are others, are gone, or stand elsewhere."""
    record = copy.deepcopy(record)
    for _ in range(random.randint(1, _DAMAGES)):
        places = list(_places(record))
        if not places:
            return random.choice(_ODD)
        holder, key = random.choice(places)
        match random.randrange(6):
            case 0:
                del holder[key]
            case 1:
                other, name = random.choice(places)
                holder[key] = copy.deepcopy(other[name]) if name in _keys(other) else None
            case 2 if isinstance(holder, dict):
                holder[random.choice(("", "extra", "config", "name", "\0", "event"))] = holder[key]
            case _:
                holder[key] = copy.deepcopy(random.choice(_ODD))
    return record


def mutated_lines(lines: Sequence[Any], random: Random) -> bytes:
    """Return records as lines of JSON: some changed, some in another order, some torn."""
    told = [mutated_record(line, random) if random.random() < 0.4 else line for line in lines]
    if random.random() < 0.3:
        random.shuffle(told)
    content = b"".join(json.dumps(line).encode() + b"\n" for line in told)
    return mutated_bytes(content, random) if random.random() < 0.5 else content


def mutated_toml(text: str, random: Random) -> bytes:
    """Return TOML in which some values are others, or bytes that were TOML once."""
    for _ in range(random.randint(0, _DAMAGES)):
        found = list(re.finditer(r"(?<== )\S.*$", text, re.MULTILINE))
        if found:
            at = random.choice(found)
            text = text[: at.start()] + random.choice(_TOML) + text[at.end() :]
    content = text.encode()
    return mutated_bytes(content, random) if random.random() < 0.5 else content


_TOML = (
    *("0", "-1", "1", "3.5", "1e308", "nan", "-inf", "true", '""', '"none"', '"\\u0000"', "[]"),
    *("{}", "[[]]", "[1, 'a']", "{ type = 'Adam' }", "{ type = 3 }", "1979-05-27", "07:32:00"),
    *("9" * 30, "9" * 5000, "[" * 500 + "]" * 500, "'" + "x" * 3000 + "'", "0xff", '"a\\nb"'),
    *("[{ type = 'Dense' }, 'Dense']", "{ a = { b = { c = 1 } } }", '"gpu:999999999999"'),
)
"""Values in the place of any other, as TOML writes them."""


def _places(tree: Any) -> Any:
    """Yield each container in a tree with each of its keys."""
    for key in _keys(tree):
        yield tree, key
        yield from _places(tree[key])


def _keys(tree: Any) -> Sequence[Any]:
    if isinstance(tree, dict):
        return list(tree)
    return range(len(tree)) if isinstance(tree, list) else ()
