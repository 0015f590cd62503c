"""Another experiment in a TOML text: only what differs is written, all else stays as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from tui_trainer.core.kin import Kin
from tui_trainer.core.toml_blocks import Blocks
from tui_trainer.core.toml_text import Entry, Path, Section
from tui_trainer.core.toml_value import edited, key, written

Tree: TypeAlias = Mapping[str, Any]
"""Tables, lists and plain values, as they are read from TOML."""
Kins: TypeAlias = Mapping[Path, Kin]
"""Of the lists of parts, by path, which item was which."""
Order: TypeAlias = Mapping[Path, Sequence[str]]
"""The keys of tables, by path, as one would write them; under () the outermost ones."""
_PART = ("type", "disabled")
"""The keys with which any other table begins."""
_GONE = object()


def merge(text: str, old: Tree, new: Tree, kins: Kins, order: Order) -> str:
    """Return a text that holds other values than it held."""
    return _Merge(text, old, new, kins, order).text()


class _Merge:
    """One text on its way to hold other values."""

    def __init__(self, text: str, old: Tree, new: Tree, kins: Kins, order: Order) -> None:
        self._old, self._new, self._kins, self._order = old, new, kins, order
        self._blocks = Blocks(text, order[()])
        self._newline = self._blocks.newline
        self._keys: set[Path] = set()
        """What has a key of its own."""
        self._tables: set[Path] = set()
        """What has a table, or holds something that has one."""
        self._dotted: set[Path] = set()
        """What holds something that has a key."""

    def text(self) -> str:
        """Return the text that holds the new values."""
        for table, places in self._kins.items():
            self._place(table, places)
        self._blocks.keep(lambda section: isinstance(_find(self._new, section.to), Mapping))
        for section in self._blocks:
            self._edit(section)
        self._look()
        self._complete((), self._new)
        return self._blocks.text()

    def _place(self, table: Path, places: Kin) -> None:
        """Bring the parts of a list into their order, if they are tables, or are to be."""
        olds = _find(self._old, table)
        if not self._blocks.has_items(table) and (olds is not _GONE or len(table) > 1):
            return
        news = _find(self._new, table)

        def twin(place: int) -> int | None:
            found = enumerate(olds if olds is not _GONE else ())
            return next((at for at, old in found if _alike(old, news[place])), None)

        self._blocks.place(table, places, twin)

    def _edit(self, section: Section) -> None:
        """Give the keys of a table their new values, and take out those that are gone."""
        entries, stay = [], ""
        for entry in section.entries:
            path = (*section.to, *entry.names)
            new = _find(self._new, path)
            entry.stay = stay + entry.stay
            stay = entry.stay if new is _GONE else ""
            if new is not _GONE:
                old = _find(self._old, (*section.path, *entry.names))
                entry.value = edited(entry.value, old, new, self._newline, self._kins, path)
                entries.append(entry)
        section.entries, section.end = entries, stay + section.end

    def _complete(self, path: Path, table: Tree) -> None:
        """Write what the text does not hold yet."""
        for name, value in table.items():
            at = (*path, name)
            if at in self._keys:
                continue
            if isinstance(value, list) and at in self._tables:
                places = {s.to[len(at)] for s in self._blocks if s.to[: len(at)] == at}
                if places == set(range(len(value))):
                    for place, item in enumerate(value):
                        self._complete((*at, place), item)
                    continue
                self._blocks.keep(lambda section, at=at: section.to[: len(at)] != at)  # type: ignore[misc]
                self._look()
            if isinstance(value, Mapping) and at in self._tables | self._dotted:
                self._complete(at, value)
            elif value or len(path) > 1 or not isinstance(value, list | Mapping):
                self._put(path, name, value)

    def _put(self, path: Path, name: str, value: Any) -> None:
        """Write a key that is new."""
        if not path and isinstance(value, Mapping):
            self._blocks.add_table((name,))
            self._look()
            self._complete((name,), value)
            return
        home = next((section for section in self._blocks if section.to == path), None)
        if home is None and path in self._dotted:
            self._add_dotted(path, name, value)
            return
        if home is None:
            home = self._blocks.add_table(path)
        order = [*self._order.get(path, _PART)]
        ranks = [_rank(entry.names[0], order) for entry in home.entries]
        number = max((n for n, r in enumerate(ranks, 1) if r <= _rank(name, order)), default=0)
        self._add(home, (name,), value, number)

    def _add_dotted(self, path: Path, name: str, value: Any) -> None:
        """Write a key behind the last one that says something of the same table."""
        for section in reversed([*self._blocks]):
            for number, entry in reversed([*enumerate(section.entries, 1)]):
                if (*section.to, *entry.names)[: len(path)] == path:
                    names = tuple(map(str, path[len(section.to) :]))
                    self._add(section, (*names, name), value, number)
                    return

    def _add(self, section: Section, names: tuple[str, ...], value: Any, number: int) -> None:
        others = section.entries
        indent = others[0].head[: -len(others[0].head.lstrip())] if others else ""
        head = f"{indent}{'.'.join(map(key, names))} = "
        entry = Entry(names, head, written(value, self._newline), self._newline)
        if not others:
            entry.stay, section.end = section.end, ""
        elif not number:
            entry.stay, others[0].stay = others[0].stay, ""
        others.insert(number, entry)

    def _look(self) -> None:
        """See what has a place in the text."""
        keys = {(*section.to, *e.names) for section in self._blocks for e in section.entries}
        self._keys = keys
        self._tables = {part for section in self._blocks for part in _heads(section.to)}
        self._dotted = {part for path in keys for part in _heads(path[:-1])}


def _heads(path: Path) -> list[Path]:
    return [path[:length] for length in range(1, len(path) + 1)]


def _rank(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)


def _find(tree: Any, path: Path) -> Any:
    """Return what stands at a path, or _GONE."""
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return _GONE
    return tree


def _alike(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Return whether a part is another one but for its name, as a copy is."""
    return _less(old) == _less(new)


def _less(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in ("name", "disabled")}
