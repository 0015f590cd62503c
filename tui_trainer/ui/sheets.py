"""Between the open document and its forms: what a form shows, and what its edits do."""

from __future__ import annotations

from tui_trainer.core.catalogue import Param
from tui_trainer.core.document import Document, PartPath
from tui_trainer.core.experiment import Part, Value
from tui_trainer.ui.widgets.field import UNSET
from tui_trainer.ui.widgets.form import Form, Sheet
from tui_trainer.ui.workspace import Workspace


def part_sheet(workspace: Workspace, where: PartPath, part: Part, group: str) -> Sheet:
    """Return the form of a part."""
    entry = workspace.catalogue.find(group, part.type) if workspace.catalogue else None
    problems = workspace.problems_at(where)
    if entry is None:
        waiting = "" if problems else "its parameters are shown once Keras is imported"
        return Sheet((*where, part.type), part.type, waiting, problems=problems)
    title = f"{part.type} {part.name}".strip()
    known = {param.name for param in entry.params}
    strange = [message for name, message in problems.items() if name and name not in known]
    if strange:
        problems = {"": strange[0], **problems}
    return Sheet((*where, entry.name), title, entry.summary, entry.params, part.params, problems)


def path_of(key: tuple[str | int, ...]) -> PartPath:
    """Return where the part of a form's key stands: the key is its path and its type."""
    match key:
        case (str(table), int(index), *_):
            return (table, index)
        case _:
            return (str(key[0]),)


def with_param(part: Part, name: str, value: object) -> Part:
    """Return a part with an argument as a form tells it: UNSET, a value, or a text that is none."""
    return part.lacking(name) if value is UNSET else part.having(name, value)  # type: ignore[arg-type]


def edit_field(
    workspace: Workspace, table: str, params: tuple[Param, ...], event: Form.Changed
) -> Document:
    """Return the document after an edit of a field of `data`, its `options`, or `fit`."""
    document = workspace.document
    if event.error:
        return document.reject(table, event.name, str(event.value))
    param = next(param for param in params if param.name == event.name)
    value: Value = param.default if event.value is UNSET else event.value  # type: ignore[assignment]
    return document.set_field(table, event.name, value)


def field_values(workspace: Workspace, table: str, params: tuple[Param, ...]) -> dict[str, object]:
    """Return what is set in a table of ours, and the texts that were refused there."""
    section = getattr(workspace.document.experiment, table, None)
    values = {param.name: getattr(section, param.name, param.default) for param in params}
    rejected = workspace.document.draft.rejected
    texts = {key: text for (where, key), text in rejected.items() if where == table}
    changed = {p.name: values[p.name] for p in params if values[p.name] != p.default}
    return {**changed, **texts}
