"""Which fields a form shows, in which order: nested ones below their own, rare ones folded away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tui_trainer.core.catalogue import Catalogue, Kind, Param
from tui_trainer.core.experiment import Part
from tui_trainer.ui.widgets.field import UNSET, Path

Key: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a form is about."""

    key: Key
    """What tells one form from another; while it stays, the fields stay."""
    title: str
    summary: str = ""
    params: tuple[Param, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)
    """What is set, by name: a value, or a text that is none."""
    problems: Mapping[Path, str] = field(default_factory=dict)
    """What is wrong, by field; that of the whole under an empty path."""
    advice: Mapping[Path, str] = field(default_factory=dict)
    """What could be better, likewise."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a form: a field, or with `hidden` the line that unfolds more of them."""

    path: Path
    param: Param | None = None
    value: object = UNSET
    hidden: int = 0
    owner: str = ""
    """The class whose parameter it is, or whose parameters are unfolded."""


class Rows:
    """The lines of one sheet after another; what was shown of a sheet keeps its place."""

    def __init__(self) -> None:
        self.unfolded: set[str] = set()
        """The classes of which all parameters are shown."""
        self._key: Key = ()
        self._order: dict[tuple[Path, str], list[str]] = {}

    def of(self, sheet: Sheet, catalogue: Catalogue | None) -> list[Row]:
        """Return the lines of a sheet."""
        if sheet.key != self._key:
            self._key, self._order = sheet.key, {}
        owner = str(sheet.key[-1]) if sheet.key else ""
        return [*self._block((), owner, sheet.params, sheet.values, sheet, catalogue)]

    def _block(
        self,
        prefix: Path,
        owner: str,
        params: tuple[Param, ...],
        values: Mapping[str, object],
        sheet: Sheet,
        catalogue: Catalogue | None,
    ) -> Iterator[Row]:
        """Yield the lines of one class, with those of the parts in its parameters below them."""
        known = {param.name: param for param in (*params, *_strangers(owner, params, values))}
        for name in self._names(prefix, owner, known, {*values, *_named(sheet, prefix)}):
            param, value = known[name], values.get(name, UNSET)
            yield Row((*prefix, name), param, value, owner=owner)
            if (*prefix, name) != ("type",) and param.kind in _NESTING:
                part = Part(value) if isinstance(value, str) else value
                if catalogue and isinstance(part, Part):
                    entry = catalogue.find(param.group, part.type)
                    inner = entry.params if entry else ()
                    path = (*prefix, name)
                    yield from self._block(path, part.type, inner, part.params, sheet, catalogue)
        hidden = len(known) - len(self._order[prefix, owner])
        if hidden:
            yield Row((*prefix, ""), hidden=hidden, owner=owner)

    def _names(
        self, prefix: Path, owner: str, known: Mapping[str, Param], wanted: set[str]
    ) -> list[str]:
        order = self._order.setdefault((prefix, owner), [])
        main = [name for name, param in known.items() if param.main or name in wanted]
        rest = [name for name in known if name not in main] if owner in self.unfolded else []
        order += [name for name in (*main, *rest) if name not in order]
        order[:] = [name for name in order if name in known]
        return order


_NESTING = (Kind.PART, Kind.PARTS, Kind.NUMBER_OR_PART)


def _strangers(
    owner: str, params: tuple[Param, ...], values: Mapping[str, object]
) -> Iterator[Param]:
    """Yield what is set of a class and is no parameter of it, so that it can be taken out."""
    names = {param.name for param in params}
    for name in values:
        if name not in names:
            told = f"{owner} has no such parameter: empty the field to remove it."
            yield Param(name, Kind.TEXT, optional=True, help=told)


def _named(sheet: Sheet, prefix: Path) -> Iterator[str]:
    """Yield the fields below a path of which something is said."""
    depth = len(prefix)
    for path in (*sheet.problems, *sheet.advice):
        if len(path) > depth and path[:depth] == prefix:
            yield path[depth]
