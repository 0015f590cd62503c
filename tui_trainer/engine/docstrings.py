"""What the docstrings of Keras say: its sentences, without markup, and its words for kinds."""

from __future__ import annotations

import inspect
import re
from typing import Any

from tui_trainer.core.catalogue import Kind

_KINDS = {
    "int": Kind.INTEGER,
    "integer": Kind.INTEGER,
    "float": Kind.FLOAT,
    "bool": Kind.BOOLEAN,
    "boolean": Kind.BOOLEAN,
    "whether": Kind.BOOLEAN,
    "if": Kind.BOOLEAN,
}
"""The first word of what is said of a parameter → its kind."""
_TYPES = "optional|an?|the|python|int|integer|float|bool|boolean|string|str|tuple|list|value"
_TYPE = re.compile(rf"(?:\((?:{_TYPES})\)|(?:(?:{_TYPES})\b ?)+(?=[.,:;])[.,:;])\s*", re.I)
"""What stands before the sentence itself: `Integer, `, `(Optional)`, `Boolean.`."""
_PASSED_OVER = ("optional", "a", "an", "the", "positive", "non", "negative", "single", "scalar")
_LONGEST = 150


def summary(cls: type[Any]) -> str:
    """Return the first sentence on a class."""
    return sentence(inspect.getdoc(cls) or "")


def arguments(cls: type[Any]) -> dict[str, str]:
    """Return what is said of the parameters of a class, by name."""
    found: dict[str, str] = {}
    for source in (inspect.getdoc(cls), inspect.getdoc(cls.__init__)):
        _, _, rest = (source or "").partition("Args:\n")
        name, indent = "", 0
        for line in rest.splitlines():
            match = re.match(r"( +)`?\*{0,2}(\w+)`?(?: ?\(.*?\))?: ?(.*)", line)
            depth = len(line) - len(line.lstrip())
            if line.strip() and not depth:
                break
            if match and (not indent or depth == indent):
                name, indent = match[2], depth
                found.setdefault(name, match[3].strip())
            elif name and line.strip():
                found[name] = f"{found[name]} {line.strip()}".strip()
    return found


def kind(text: str) -> Kind:
    """Return the kind of a parameter by what is said of it; text where nothing is."""
    words = re.findall(r"[a-z]+", text.lower()[:60])
    words = [word for word in words if word not in _PASSED_OVER]
    return _KINDS.get(words[0], Kind.TEXT) if words else Kind.TEXT


def sentence(text: str) -> str:
    """Return the first sentence of a text, whole, in one line and without markup."""
    line = " ".join(text.strip().split("\n\n")[0].split())
    line = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", line).replace("``", "`").replace("*", "")
    line = _TYPE.sub("", line, count=1) if _TYPE.match(line) else line
    first = re.split(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!et al\.)\s", line)[0].strip(" `")
    first = re.split(r"\s+-\s|:$|\s\(?(?:one of|defaults to)\b", first, flags=re.I)[0].rstrip(
        " ,:;"
    )
    if len(first) > _LONGEST:
        first = re.split(r"[,;(]\s?", first)[0].rstrip()
    if not first or len(first) > _LONGEST:
        return ""
    return first[0].upper() + first[1:].rstrip(".") + "."
