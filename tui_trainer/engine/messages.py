"""Keras' and TensorFlow's errors → one line that a learner can act on."""

from __future__ import annotations

import re

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_RANK = re.compile(
    r"incompatible with the layer: expected (?:(min|max)_)?ndim=(\d+), found ndim=(\d+)\. "
    r"Full shape received: \((.*?)\)"
)
_MISSING = re.compile(r"missing \d+ required positional arguments?: (.*)")
_UNKNOWN = re.compile(r"Unrecognized keyword arguments passed to (\w+): \{'(\w+)'")
_UNEXPECTED = re.compile(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'")
_ACCOUNT = ("Graph execution error", "Detected at node", "<stack traces", "File ", "[[{{")
PATCH = "'s patch is larger than its input"
"""What is said of a kernel or a pool that does not fit."""
_DIMENSIONS = {
    3: "3 dimensions (batch, steps, features)",
    4: "4 dimensions (batch, height, width, channels)",
    5: "5 dimensions (batch, depth, height, width, channels)",
}


def plain_message(error: BaseException, layer: str = "it") -> str:
    """Return an error's message in one line, the commonest ones in plainer words."""
    text = _ESCAPES.sub("", str(error)).strip()
    for pattern, say in _SAYINGS:
        if match := pattern.search(text):
            return say(match, layer)
    if "output size would be zero or negative" in text:
        sizes = re.search(r"inputs?[. ]shape=[\[(](.*?)[\])]", text)
        received = f", received ({_shape(sizes[1])})" if sizes else ""
        return f"{layer}{PATCH}{received}: use a smaller one"
    return first_sentence(text) or type(error).__name__


def first_sentence(text: str) -> str:
    """Return what an error says first, without Keras' account of the call."""
    lines = [line.strip() for line in _ESCAPES.sub("", text).splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Exception encountered when calling"):
        lines = lines[1:]
    if lines and lines[0].startswith("Graph execution error"):
        lines = [line for line in lines if not line.startswith(_ACCOUNT)] or lines
    line = lines[0] if lines else ""
    if len(line) > 1 and line[0] == line[-1] and line[0] in "'\"":
        line = line[1:-1]
    return re.sub(r"^\{\{.*?\}\} ", "", line)[:300]


def _say_rank(match: re.Match[str], layer: str) -> str:
    bound, wanted, found, shape = match.groups()
    words = _DIMENSIONS.get(int(wanted), f"{wanted} dimensions")
    least = {"min": "at least ", "max": "at most "}.get(bound or "", "")
    least = "" if int(wanted) in _DIMENSIONS else least
    advice = _advice(int(wanted), int(found))
    return f"{layer} wants {least}{words}, received {found} ({_shape(shape)}): {advice}"


def _advice(wanted: int, found: int) -> str:
    if wanted < found and wanted <= 3:
        return "put Flatten or a GlobalAveragePooling layer before it"
    if wanted == 4:
        return "put Reshape before it, as (height, width, channels)"
    if wanted == 3:
        return "put Reshape or Embedding before it, as (steps, features)"
    return "put Reshape before it"


def _say_missing(match: re.Match[str], layer: str) -> str:
    return f"{layer} is missing a required positional argument: {match[1]}"


def _say_unknown(match: re.Match[str], layer: str) -> str:
    return f"expected a parameter of {match[1]}; received '{match[2]}'"


_SAYINGS = (
    (_RANK, _say_rank),
    (_MISSING, _say_missing),
    (_UNKNOWN, _say_unknown),
    (_UNEXPECTED, _say_unknown),
)


def _shape(text: str) -> str:
    """Return a shape as a user reads it, with `batch` for its first dimension."""
    first, *rest = [part for part in re.split(r"[,\s]+", text) if part]
    return ", ".join(["batch" if first == "None" else first, *rest])
