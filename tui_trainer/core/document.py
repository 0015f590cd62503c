"""The experiment that is open: edits, undo and redo, and whether it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tui_trainer.core.experiment import Experiment, Part, Value
from tui_trainer.core.problem import Where
from tui_trainer.core.toml import dumps, merged

LISTS = ("layers", "metrics", "callbacks")
"""The places that hold several parts."""
PartPath = tuple[str, int] | tuple[str]
"""Where a part stands: `("layers", 2)`, `("optimizer",)`, `("loss",)`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is edited: an experiment, and texts in its fields that are no values yet."""

    experiment: Experiment
    rejected: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Text that was refused, by table (`data`, `options` or `fit`) and key.

    A part needs none: a text that is no value stays in its arguments, where `check` finds it.
    """


@dataclass(frozen=True, slots=True)
class Document:
    """An open experiment: every edit returns a new document that can be undone."""

    draft: Draft
    saved: Experiment
    """As it was opened, or last saved."""
    name: str = "untitled"
    """What runs are named after."""
    path: Path | None = None
    """The file that it came from, or was saved to."""
    gone: bool = False
    """Whether that file was deleted since."""
    text: str | None = None
    """What was read or saved last, if anything: a save keeps its comments."""
    past: tuple[Draft, ...] = ()
    future: tuple[Draft, ...] = ()
    typing: Where = ()
    """The field that the last edit went to: what is typed into one field is undone at once."""

    @staticmethod
    def opened(
        experiment: Experiment, name: str, path: Path | None = None, text: str | None = None
    ) -> Document:
        """Return a document without a history; `text` is what the experiment was read from."""
        return Document(Draft(experiment), experiment, name, path, text=text)

    @property
    def experiment(self) -> Experiment:
        """The experiment as it is now."""
        return self.draft.experiment

    @property
    def changed(self) -> bool:
        """Whether there is something to save."""
        return self.gone or self.experiment != self.saved or bool(self.draft.rejected)

    def become(self, experiment: Experiment) -> Document:
        """Return the document with another experiment in it: one edit, whatever it changes."""
        return self._edited(experiment)

    def undo(self) -> Document:
        """Return the document before its last edit."""
        if not self.past:
            return self
        future = (self.draft, *self.future)
        return replace(self, draft=self.past[-1], past=self.past[:-1], future=future, typing=())

    def redo(self) -> Document:
        """Return the document with an undone edit done again."""
        if not self.future:
            return self
        past = (*self.past, self.draft)
        return replace(self, draft=self.future[0], past=past, future=self.future[1:], typing=())

    def toml(self) -> str:
        """Return the experiment as TOML: the text that was read or saved last, with the edits."""
        return dumps(self.experiment) if self.text is None else merged(self.text, _steps(self))

    def saved_as(self, path: Path, text: str) -> Document:
        """Return the document, saved as a text in a file."""
        saved = replace(self, saved=self.experiment, path=path, name=path.stem, text=text)
        return replace(saved, gone=False, typing=())

    def without_file(self) -> Document:
        """Return the document after its file was deleted: all of it is to be saved."""
        return replace(self, path=None, gone=True)

    def parts(self, table: str) -> tuple[Part, ...]:
        """Return the parts of one of LISTS."""
        e = self.experiment
        return {"layers": e.layers, "metrics": e.compile.metrics, "callbacks": e.callbacks}[table]

    def part(self, where: PartPath) -> Part | None:
        """Return the part at a path, or None if there is none."""
        match where:
            case (table, int(index)):
                parts = self.parts(table)
                return parts[index] if 0 <= index < len(parts) else None
            case ("optimizer",):
                return self.experiment.compile.optimizer
            case ("loss",):
                return self.experiment.compile.loss
            case _:
                return None

    def put(self, where: PartPath, part: Part, typing: str = "") -> Document:
        """Return the document with the part at a path replaced.

        `typing` names the argument that is being typed, if one is.
        """
        field = (*where, typing) if typing else ()
        match where:
            case (table, int(index)):
                parts = self.parts(table)
                if not 0 <= index < len(parts):
                    return self
                return self._with_parts(table, (*parts[:index], part, *parts[index + 1 :]), field)
            case (name,):
                compiled = self.experiment.compile
                compiled = (
                    replace(compiled, optimizer=part)
                    if name == "optimizer"
                    else replace(compiled, loss=part)
                )
                return self._edited(replace(self.experiment, compile=compiled), typing=field)

    def insert(self, table: str, index: int, part: Part) -> Document:
        """Return the document with a part put before the one at an index of a list."""
        parts = self.parts(table)
        return self._with_parts(table, (*parts[:index], part, *parts[index:]))

    def remove(self, table: str, index: int) -> Document:
        """Return the document without a part of a list."""
        parts = self.parts(table)
        if not 0 <= index < len(parts):
            return self
        return self._with_parts(table, (*parts[:index], *parts[index + 1 :]))

    def duplicate(self, table: str, index: int) -> Document:
        """Return the document with a part twice; the second has no name, as names are unique."""
        part = self.part((table, index))
        return self.insert(table, index + 1, part.lacking("name")) if part else self

    def switch(self, table: str, index: int) -> Document:
        """Return the document with a part of a list switched off, or on again."""
        part = self.part((table, index))
        return self.put((table, index), replace(part, disabled=not part.disabled)) if part else self

    def move(self, table: str, index: int, by: int) -> Document:
        """Return the document with a part moved; at the end of its list it stays."""
        parts = list(self.parts(table))
        target = index + by
        if not (0 <= index < len(parts) and 0 <= target < len(parts)):
            return self
        parts.insert(target, parts.pop(index))
        return self._with_parts(table, tuple(parts))

    def set_field(self, table: str, key: str, value: Value) -> Document:
        """Return the document with a field of `data`, its `options`, or `fit` set.

        The title is in none of these tables: its `table` is empty.
        """
        experiment = self.experiment
        if not table:
            experiment = replace(experiment, **{key: value})  # type: ignore[arg-type]
        elif table == "options":
            data = experiment.data
            data = replace(data, options={**data.options, key: value})
            experiment = replace(experiment, data=data)
        elif (table, key) == ("data", "source"):
            data = replace(experiment.data, source=str(value), options={})
            experiment = replace(experiment, data=data)
        elif table == "data":
            data = replace(experiment.data, **{key: value})  # type: ignore[arg-type]
            experiment = replace(experiment, data=data)
        else:
            fit = replace(experiment.fit, **{key: value})  # type: ignore[arg-type]
            experiment = replace(experiment, fit=fit)
        rejected = {k: v for k, v in self.draft.rejected.items() if k != (table, key)}
        if (table, key) == ("data", "source"):
            rejected = {k: v for k, v in rejected.items() if k[0] != "options"}
        return self._edited(experiment, rejected, (table, key))

    def remove_option(self, key: str) -> Document:
        """Return the document without an option of the data set."""
        data = self.experiment.data
        data = replace(data, options={k: v for k, v in data.options.items() if k != key})
        rejected = {k: v for k, v in self.draft.rejected.items() if k != ("options", key)}
        experiment = replace(self.experiment, data=data)
        return self._edited(experiment, rejected, ("options", key))

    def reject(self, table: str, key: str, text: str) -> Document:
        """Return the document with a text kept that is no value of the field."""
        rejected = {**self.draft.rejected, (table, key): text}
        return self._edited(self.experiment, rejected, (table, key))

    def _with_parts(self, table: str, parts: tuple[Part, ...], typing: Where = ()) -> Document:
        experiment = self.experiment
        match table:
            case "layers":
                experiment = replace(experiment, layers=parts)
            case "metrics":
                compiled = replace(experiment.compile, metrics=parts)
                experiment = replace(experiment, compile=compiled)
            case "callbacks":
                experiment = replace(experiment, callbacks=parts)
        return self._edited(experiment, typing=typing)

    def _edited(
        self,
        experiment: Experiment,
        rejected: Mapping[tuple[str, str], str] | None = None,
        typing: Where = (),
    ) -> Document:
        draft = Draft(experiment, self.draft.rejected if rejected is None else rejected)
        # To the letter: 1 equals True, and a box that was ticked in its place is an edit.
        if draft == self.draft and repr(draft) == repr(self.draft):
            return self
        on = bool(typing) and typing == self.typing
        past = self.past if on else (*self.past, self.draft)
        return replace(self, draft=draft, past=past, future=(), typing=typing)


def _steps(document: Document) -> tuple[Experiment, ...]:
    """Return what was saved last, and what it became, edit by edit."""
    drafts = (*document.past, document.draft, *document.future)
    line = [draft.experiment for draft in drafts]
    here = len(document.past)
    saved = [at for at, experiment in enumerate(line) if experiment is document.saved]
    if not saved:
        return (document.saved, document.experiment)
    start = min(saved, key=lambda at: abs(at - here))
    return tuple(line[start : here + 1] if start <= here else line[here : start + 1][::-1])
