"""Which item of a list was which before an edit, so that comments stay with what they are about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

Kin: TypeAlias = tuple[int | None, ...]
"""For each item of the new list its place in the old one, or None where it had none."""


def kin(old: Sequence[Any], new: Sequence[Any], kind: Callable[[Any], object]) -> Kin:
    """Return which items of a list are those of another; `kind` is what an edit leaves alone.

    The very same object comes first, then an equal one, then the nearest of the same kind, then,
    in a list as long as before, whatever stood in the same place.
    """
    found: dict[int, int] = {}
    left = dict(enumerate(old))
    same = {id(item): index for index, item in reversed(left.items())}
    for place, item in enumerate(new):
        if id(item) in same:
            found[place] = same.pop(id(item))
            del left[found[place]]

    def claim(test: Callable[[int, int], object]) -> None:
        for place in range(len(new)):
            fitting = [] if place in found else [index for index in left if test(index, place)]
            if fitting:
                found[place] = min(fitting, key=lambda index: abs(index - place))
                del left[found[place]]

    claim(lambda index, place: old[index] == new[place])
    claim(lambda index, place: kind(old[index]) == kind(new[place]))
    if len(old) == len(new):
        claim(lambda index, place: index == place)
    return tuple(found.get(place) for place in range(len(new)))


def kin_through(lists: Sequence[Sequence[Any]], kind: Callable[[Any], object]) -> Kin:
    """Return which items of the last of several lists were in the first, edit by edit."""
    known: Kin = tuple(range(len(lists[0])))
    for old, new in pairwise(lists):
        if old is not new:
            known = tuple(None if at is None else known[at] for at in kin(old, new, kind))
    return known


def staying(places: Kin) -> set[int]:
    """Return the items that can stay while the others are moved about them: as many as can be."""
    chains: dict[int, list[int]] = {-1: []}
    for place, was in enumerate(places):
        if was is not None:
            before = max((chain for last, chain in chains.items() if last < was), key=len)
            chains[was] = [*before, place]
    longest = max(chains.values(), key=len)
    return set(longest)
