"""Between the open document and its forms: what a form shows, and what its edits do."""

from __future__ import annotations

from tui_trainer.core.catalogue import Kind, Param
from tui_trainer.core.document import Document, PartPath
from tui_trainer.core.experiment import Part, Value
from tui_trainer.ui.rows import Sheet
from tui_trainer.ui.widgets.field import UNSET, Path
from tui_trainer.ui.widgets.form import Form
from tui_trainer.ui.workspace import Workspace

TYPE = "type"
"""The field of a form that says which class it is about."""


def part_sheet(workspace: Workspace, where: PartPath, part: Part, group: str) -> Sheet:
    """Return the form of a part; of one that stands alone, and of an unknown one, with its type."""
    catalogue = workspace.catalogue
    problems, advice = workspace.problems_at(where), workspace.advice_at(where)
    if catalogue is None:
        waiting = "its parameters are shown once Keras is imported"
        return Sheet((*where, part.type), part.type, waiting, (), {}, problems, advice)
    entry = catalogue.find(group, part.type)
    name = entry.name if entry else part.type
    title = f"{name} {part.name}".strip() + (" · off" if part.disabled else "")
    params, values = entry.params if entry else (), dict(part.params)
    if len(where) == 1 or entry is None:
        params = (_type_param(group), *params)
        values = {TYPE: Part(name), **values}
    summary = entry.summary if entry else ""
    return Sheet((*where, name), title, summary, params, values, problems, advice)


def _type_param(group: str) -> Param:
    return Param(TYPE, Kind.PART, required=True, group=group, help=f"Which of Keras' {group}.")


def path_of(key: tuple[str | int, ...]) -> PartPath:
    """Return where the part of a form's key stands: the key is its path and its type."""
    match key:
        case (str(table), int(index), *_):
            return (table, index)
        case _:
            return (str(key[0]),)


def edit_part(document: Document, event: Form.Changed) -> Document:
    """Return the document after an edit in the form of a part."""
    where = path_of(event.key)
    part = document.part(where)
    if event.path == (TYPE,):
        return document.put(where, event.value) if isinstance(event.value, Part) else document
    if part is None:
        return document
    typing = ".".join(event.path) if event.typed else ""
    return document.put(where, _with_value(part, event.path, event.value), typing)


def _with_value(part: Part, path: Path, value: object) -> Part:
    """Return a part with an argument, of itself or of a part inside it, as a form tells it."""
    name, *rest = path
    if rest:
        inner = part.params.get(name)
        inner = inner if isinstance(inner, Part) else Part(str(inner))
        return part.having(name, _with_value(inner, tuple(rest), value))
    return part.lacking(name) if value is UNSET else part.having(name, value)  # type: ignore[arg-type]


def edit_field(
    workspace: Workspace, table: str, params: tuple[Param, ...], event: Form.Changed
) -> Document:
    """Return the document after an edit of a field of `data`, its `options`, or `fit`."""
    document = workspace.document
    name = event.path[0]
    if event.error:
        return document.reject(table, name, str(event.value))
    param = next(param for param in params if param.name == name)
    value: Value = param.default if event.value is UNSET else event.value  # type: ignore[assignment]
    return document.set_field(table, name, value)


def field_values(workspace: Workspace, table: str, params: tuple[Param, ...]) -> dict[str, object]:
    """Return what is set in a table of ours, and the texts that were refused there."""
    section = getattr(workspace.document.experiment, table, None)
    values = {param.name: getattr(section, param.name, param.default) for param in params}
    rejected = workspace.document.draft.rejected
    texts = {key: text for (where, key), text in rejected.items() if where == table}
    changed = {p.name: values[p.name] for p in params if values[p.name] != p.default}
    return {**changed, **texts}
