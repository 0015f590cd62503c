"""Keras' and TensorFlow's errors → one line that a learner can act on."""

from __future__ import annotations

import re
from collections.abc import Callable

PATCH = "'s patch is larger than its input"
"""What is said of a kernel or a pool that does not fit."""


def plain_message(error: BaseException, layer: str = "it") -> str:
    """Return an error's message in one line, the commonest ones in plainer words.

    `layer` is the name of the class that did not do what it should.
    """
    text = _ESCAPES.sub("", str(error)).strip()
    for pattern, say in _SAYINGS:
        if match := pattern.search(text):
            return say(match, layer)
    if isinstance(error, _OF_PYTHON) and _PYTHON.search(text):
        return f"{layer} cannot do with these arguments together, or with what it is given"
    return first_sentence(text) or type(error).__name__


def first_sentence(text: str) -> str:
    """Return what an error says first, without Keras' account of the call."""
    text = _ESCAPES.sub("", text).rpartition("Error encountered:")[2]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Exception encountered when calling"):
        lines = lines[1:]
    if lines and lines[0].startswith("Graph execution error"):
        lines = [line for line in lines if not line.startswith(_ACCOUNT)] or lines
    line = lines[0] if lines else ""
    if len(line) > 1 and line[0] == line[-1] and line[0] in "'\"" and line.count(line[0]) == 2:
        line = line[1:-1]
    for pattern, words in _PLAINER:
        line = pattern.sub(words, line)
    return _shortened(line)


def _shortened(line: str) -> str:
    """Return as many whole sentences as a line holds, or the beginning of a very long one."""
    if len(line) <= _LINE:
        return line
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z])", line)
    received = next((one for one in sentences[1:] if one.startswith("Received")), "")
    short = " ".join(filter(None, (sentences[0], received)))
    short = short if len(short) <= _LINE else sentences[0]
    return short if len(short) <= _LINE else f"{short[: _LINE - 2]} …"


def _say_rank(match: re.Match[str], layer: str) -> str:
    bound, wanted, found, shape = match.groups()
    least = {"min": "at least ", "max": "at most "}.get(bound or "", "")
    return f"{layer} wants {least}{wanted} dimensions, received {found} ({_shape(shape)})"


def _say_patch(match: re.Match[str], layer: str) -> str:
    sizes = re.search(r"inputs?[. ]shape=[\[(](.*?)[\])]", match.string)
    received = f", received ({_shape(sizes[1])})" if sizes else ""
    return f"{layer}{PATCH}{received}: use a smaller one"


def _say_missing(match: re.Match[str], layer: str) -> str:
    return f"{layer} is missing a required positional argument: {match[1]}"


def _say_unknown(match: re.Match[str], layer: str) -> str:
    return f"expected a parameter of {match[1]}; received '{match[2]}'"


def _say_sizes(match: re.Match[str], layer: str) -> str:
    name, wanted, received = match.groups()
    return f"expected `{name}` to be one integer, or {wanted} of them; received {received}"


def _say_reshape(match: re.Match[str], layer: str) -> str:
    given, wanted = (tuple(map(int, re.findall(r"-?\d+", sizes))) for sizes in match.groups())
    whole = 1
    for size in given:
        whole *= size
    received = " × ".join(map(str, wanted))
    return f"expected a `target_shape` for {whole} numbers; received {received}"


def _shape(text: str) -> str:
    """Return a shape as a user reads it, with `batch` for its first dimension."""
    first, *rest = [part for part in re.split(r"[,\s]+", text) if part]
    return ", ".join(["batch" if first == "None" else first, *rest])


_LINE = 200
"""Characters that a message may have, but for what we say ourselves."""
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_ACCOUNT = ("Graph execution error", "Detected at node", "<stack traces", "File ", "[[{{")
_OF_PYTHON = (AttributeError, IndexError, KeyError, TypeError, AssertionError, ZeroDivisionError)
_PYTHON = re.compile(
    r"object has no attribute|not supported between|unsupported operand|index out of range|"
    r"must be real number|object is not|cannot unpack|takes \d+ positional|can't multiply|"
    r"NoneType|division by zero|must be str|cannot be interpreted|^$|^\W?\w+\W?$"
)
"""What Python says of a value that Keras has not looked at."""
_SAYINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], str]], ...] = (
    (
        re.compile(
            r"incompatible with the layer: expected (?:(min|max)_)?ndim=(\d+), "
            r"found ndim=(\d+)\. Full shape received: \((.*?)\)"
        ),
        _say_rank,
    ),
    (re.compile("output size would be zero or negative"), _say_patch),
    (re.compile(r"missing \d+ required positional arguments?: (.*)"), _say_missing),
    (re.compile(r"Unrecognized keyword arguments passed to (\w+): \{'(\w+)'"), _say_unknown),
    (re.compile(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'"), _say_unknown),
    (re.compile(r"`(\w+)` argument must be a tuple of (\d+) integers?\..*?=([^a-z]*)"), _say_sizes),
    (
        re.compile(
            r"total size of the tensor must be unchanged\. Received: "
            r"input_shape=\(([\d, ]+)\), target_shape=\((-?[\d, -]+)\)"
        ),
        _say_reshape,
    ),
)
"""Errors that are common, and what to say in their place."""
_PLAINER: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^\{\{.*?\}\} "), ""),
    (re.compile(r" ?\(full input shape is \(.*?\)\)"), ""),
    (re.compile(r" of type <class '.*?'>"), ""),
    (re.compile(r"<class '(tuple|list)'>"), "several values"),
    (re.compile(r"<class 'str'>"), "text"),
    (re.compile(r"<class '(?:\w+\.)*(\w+)'>"), r"\1"),
    (re.compile(r"\bnp\.\w+\((.*?)\)"), r"\1"),
    (re.compile(r"<KerasTensor shape=\((.*?)\).*?>"), r"(\1)"),
    (re.compile(r"\(None,"), "(batch,"),
    (re.compile(r"\bNone\b"), "none"),
)
"""What Python writes for itself, and how it reads better."""
