"""What a field can be set to by choosing: the words and the classes that a parameter takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_trainer.core.catalogue import Catalogue, Entry, Kind, Param
from tui_trainer.core.experiment import Value
from tui_trainer.core.starting import starting

_FIRST = (
    *("Dense", "Dropout", "BatchNormalization", "Flatten", "Conv2D", "MaxPooling2D"),
    *("Embedding", "GlobalAveragePooling1D", "LSTM", "Activation", "ReLU", "LeakyReLU"),
    *("accuracy", "EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint"),
    *("Adam", "SGD", "RMSprop", "AdamW"),
    *("SparseCategoricalCrossentropy", "CategoricalCrossentropy", "BinaryCrossentropy"),
    *("MeanSquaredError", "MeanAbsoluteError", "GlorotUniform", "HeNormal"),
    *("relu", "softmax", "sigmoid", "tanh", "linear"),
)
"""What most people look for; the rest follows as Keras groups it."""
_COMMON = "common"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen."""

    name: str
    value: Value
    """What the field is set to: a part is one to begin with."""
    family: str = ""
    """The heading that it stands under."""
    words: str = ""
    aliases: tuple[str, ...] = ()
    group: str = ""
    """Of a part, its group in the catalogue."""


def choices_of(param: Param, catalogue: Catalogue | None) -> tuple[Choice, ...]:
    """Return what a parameter can be set to by choosing; nothing for one that is typed."""
    words: dict[str, Value] = {word: word for word in param.choices}
    match param.kind:
        case Kind.CHOICE:
            pass
        case Kind.BOOLEAN:
            words |= {"yes": True, "no": False}
        case Kind.PART | Kind.PARTS | Kind.NUMBER_OR_PART if catalogue:
            none = [Choice("none", None, words="nothing here")] if param.optional else []
            return (*none, *part_choices(catalogue, (param.group,)))
        case _:
            return ()
    if param.optional:
        words["none"] = None
    return _sorted(Choice(word, value) for word, value in words.items())


def part_choices(catalogue: Catalogue, groups: Sequence[str]) -> tuple[Choice, ...]:
    """Return the classes of some groups, those that most people look for first."""
    entries = [entry for group in groups for entry in catalogue.group(group)]
    many = len(groups) > 1
    return _sorted(
        Choice(
            entry.name,
            starting(entry),
            _family(entry, many),
            entry.summary,
            entry.aliases,
            entry.group,
        )
        for entry in entries
    )


def _family(entry: Entry, many: bool) -> str:
    if entry.name in _FIRST and entry.group == "layers":
        return _COMMON
    return entry.group if many else entry.family.replace("_", " ")


def _sorted(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Return choices with the common ones first, and each family in one piece."""
    found = list(choices)
    first = {name: place for place, name in enumerate(_FIRST)}
    families = {_COMMON: -1}
    for choice in found:
        families.setdefault(choice.family, len(families))
    return tuple(sorted(found, key=lambda c: (families[c.family], first.get(c.name, len(first)))))


def ranked(choices: Iterable[Choice], letters: str) -> list[Choice]:
    """Return the choices that letters stand for, the best match first."""
    wanted = letters.strip().lower()
    ranks = [(_rank(choice, wanted), choice) for choice in choices]
    return [choice for rank, choice in sorted(ranks, key=lambda at: at[0]) if rank < _NO_MATCH]


_NO_MATCH = 9


def _rank(choice: Choice, wanted: str) -> int:
    """Return how well a choice matches: 0 best, _NO_MATCH not at all."""
    name = choice.name.lower()
    capitals = "".join(c for c in choice.name if c.isupper() or c.isdigit()).lower()
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if wanted in name or any(alias.lower().startswith(wanted) for alias in choice.aliases):
        return 2
    if capitals.startswith(wanted):
        return 3
    return 4 if wanted in choice.words.lower() else _NO_MATCH
