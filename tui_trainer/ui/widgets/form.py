"""A form made from parameters: the common ones first, the rest folded away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.events import DescendantFocus
from textual.message import Message
from textual.widgets import Button, Static

from tui_trainer.core.catalogue import Catalogue, Kind, Param
from tui_trainer.core.values import expected, show
from tui_trainer.ui.widgets.field import UNSET, Field

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
    problems: Mapping[str, str] = field(default_factory=dict)
    """What is wrong, by name; that of the whole under an empty name."""


class Form(Vertical):
    """The parameters of one thing, to be edited."""

    DEFAULT_CSS = """
    Form {
        & > .title { padding: 0 1; height: auto; max-height: 3; }
        & > .whole { padding: 0 1; color: $text-error; display: none; height: auto; }
        & > .whole.-wrong { display: block; }
        & > VerticalScroll { height: 1fr; padding-top: 1; scrollbar-size-vertical: 1; }
        & > .help { height: auto; max-height: 4; padding: 0 1; color: $text-muted; }
        & Button.more { margin: 0 1; }
    }
    """

    class Changed(Message):
        """The user edited a field."""

        def __init__(self, form: Form, key: Key, name: str, value: object, error: str) -> None:
            super().__init__()
            self.form = form
            self.key = key
            """Of the sheet that the field belongs to, which may have been left since."""
            self.name = name
            self.value = value
            """UNSET, a Value, or the text that was refused."""
            self.error = error

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    def __init__(self) -> None:
        super().__init__()
        self.sheet: Sheet | None = None
        self.catalogue: Catalogue | None = None
        self._unfolded: set[str] = set()

    def compose(self) -> ComposeResult:
        """Make the head, the room for fields, and the line of help."""
        yield Static(classes="title", markup=False)
        yield Static(classes="whole", markup=False)
        yield VerticalScroll(can_focus=False)
        yield Static(classes="help", markup=False)

    async def show(self, sheet: Sheet) -> None:
        """Show a sheet; fields that are on the screen already only take new values."""
        same = self.sheet is not None and (self.sheet.key, self.sheet.params) == (
            sheet.key,
            sheet.params,
        )
        self.sheet = sheet
        head = Text.assemble((sheet.title, "bold"), (f"  {sheet.summary}", "dim"))
        self.query_one(".title", Static).update(head)
        whole = self.query_one(".whole", Static)
        whole.update(f"✗ {sheet.problems['']}" if sheet.problems.get("") else "")
        whole.set_class(bool(sheet.problems.get("")), "-wrong")
        if same:
            for shown in self.query(Field):
                name = shown.param.name
                shown.show(sheet.values.get(name, UNSET), sheet.problems.get(name, ""))
        else:
            await self._rebuild()

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        for shown in self.query(Field):
            self.screen.set_focus(shown.control)
            return

    async def _rebuild(self) -> None:
        sheet = self.sheet
        assert sheet is not None
        self.query_one(".help", Static).update("")
        kind = str(sheet.key[-1]) if sheet.key else ""
        set_or_wrong = {*sheet.values, *sheet.problems}
        main = [p for p in sheet.params if p.main or p.name in set_or_wrong]
        rest = [p for p in sheet.params if p not in main]
        shown = [*main, *rest] if kind in self._unfolded else main
        room = self.query_one(VerticalScroll)
        async with self.batch():
            await room.remove_children()
            fields = [
                Field(p, sheet.values.get(p.name, UNSET), sheet.key, self._names(p)) for p in shown
            ]
            more = (
                []
                if len(shown) == len(sheet.params)
                else [Button(f"▸ {len(rest)} more parameters", compact=True, classes="more")]
            )
            await room.mount_all([*fields, *more])
        for made in fields:
            made.show(
                sheet.values.get(made.param.name, UNSET), sheet.problems.get(made.param.name, "")
            )

    def _names(self, param: Param) -> tuple[str, ...]:
        if not self.catalogue or param.kind not in (Kind.PART, Kind.NUMBER_OR_PART):
            return ()
        return tuple(entry.name for entry in self.catalogue.group(param.group))

    @on(Field.Changed)
    def _field_changed(self, event: Field.Changed) -> None:
        event.stop()
        name = event.field.param.name
        self.post_message(self.Changed(self, event.field.key, name, event.value, event.error))

    @on(Button.Pressed, ".more")
    async def _unfold(self, event: Button.Pressed) -> None:
        event.stop()
        assert self.sheet is not None
        before = len(self.query(Field))
        self._unfolded.add(str(self.sheet.key[-1]))
        await self._rebuild()
        fields = list(self.query(Field))
        fields[min(before, len(fields) - 1)].control.focus()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Tell what the field under the cursor is for."""
        shown = event.widget.parent
        if isinstance(shown, Field):
            param = shown.param
            default = "" if param.required else f" Default: {show(param.default)}."
            told = f"{param.help or expected(param).capitalize() + '.'}{default}"
            self.query_one(".help", Static).update(told)
