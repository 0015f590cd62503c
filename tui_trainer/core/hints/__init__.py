"""What Keras' signatures do not say of a parameter: its kind, its range, and a line of help."""

from __future__ import annotations

from tui_trainer.core.hints import layers, preprocessing, scores, training
from tui_trainer.core.hints.hint import Hint, Hints

HINTS: Hints = {
    **scores.HINTS,
    **training.HINTS,
    **preprocessing.HINTS,
    **layers.HINTS,
}
"""All that is known beforehand."""


def hint_for(group: str, owner: str, name: str) -> Hint | None:
    """Return what is known of a parameter of a class in a group."""
    return next((HINTS[key] for key in _keys(group, owner, name) if key in HINTS), None)


def group_of(owner: str, name: str) -> str:
    """Return the group that a part in a parameter of a class belongs to, or nothing."""
    hint = hint_for("", owner, name)
    return hint.group if hint else ""


def order_of(group: str, owner: str, name: str) -> int:
    """Return where a parameter stands among those that a user fills in, the first with 0."""
    places = (_PLACES.get(key) for key in _keys(group, owner, name))
    return next((place for place in places if place is not None), len(_PLACES))


def _keys(group: str, owner: str, name: str) -> tuple[str, ...]:
    return f"{owner}.{name}", f"{group}.{name}", name


_PLACES = {key: place for place, key in enumerate(HINTS)}
