"""A form made from parameters: the common ones first, the rest folded away."""

from __future__ import annotations

import asyncio
from typing import TypeAlias

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.events import DescendantFocus
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Static

from tui_trainer.core.catalogue import Catalogue, Kind
from tui_trainer.core.words import count
from tui_trainer.ui.choices import Choice, choices_of
from tui_trainer.ui.commands import bindings
from tui_trainer.ui.rows import Key, Row, Rows, Sheet
from tui_trainer.ui.screens.picker import Picker
from tui_trainer.ui.widgets.field import Field, Path

_AT_ONCE = 2
"""Lines that are mounted in one go."""

Line: TypeAlias = tuple[Key, Path, str]
"""What tells a line from another: its sheet, its field, and the class that it is of."""


class Fields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The room for fields: up and down go from one to the next."""

    BINDINGS = bindings("form")


class More(Button):
    """The line that unfolds the rest of a class's parameters."""

    def __init__(self, row: Row) -> None:
        super().__init__(classes="more", compact=True)
        self.show(row)

    def show(self, row: Row) -> None:
        """Say how many there are."""
        self.row = row
        indent = "  " * (len(row.path) - 1)
        self.label = f"{indent}▸ {count(row.hidden, 'more parameter')} of {row.owner}"


class Form(Vertical):
    """The parameters of one thing, to be edited."""

    DEFAULT_CSS = """
    Form {
        & > .title { padding: 0 1; height: auto; max-height: 3; }
        & > .problem { padding: 0 1; color: $text-error; height: auto; }
        & > .advice { padding: 0 1; color: $text-warning; height: auto; }
        & > Fields { height: 1fr; padding-top: 1; scrollbar-size-vertical: 1; }
        & > .help { height: auto; max-height: 4; padding: 0 1; color: $text-muted; }
        & Button.more { margin: 0 1; }
    }
    """

    class Changed(Message):
        """The user edited a field."""

        def __init__(self, form: Form, change: Field.Changed) -> None:
            super().__init__()
            self.form = form
            self.key = change.field.key
            """Of the sheet that the field belongs to, which may have been left since."""
            self.path = change.field.path
            """The field in the sheet: its name, after those of the parts round it."""
            self.value = change.value
            """UNSET, a Value, or the text that was refused."""
            self.error = change.error
            self.typed = change.typed
            """Whether it was typed: that is undone as one, and each choice by itself."""

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    def __init__(self) -> None:
        super().__init__()
        self.sheet: Sheet | None = None
        self.catalogue: Catalogue | None = None
        self._rows = Rows()
        self._drawing = asyncio.Lock()
        """Held while lines come and go: the app, the tab and the form itself all ask for it."""
        self._shown: dict[Line, Widget] = {}
        """The lines on the screen, top to bottom."""

    def compose(self) -> ComposeResult:
        """Make the head, the room for fields, and the line of help."""
        yield Static(classes="title", markup=False)
        yield Static(classes="problem", markup=False)
        yield Static(classes="advice", markup=False)
        yield Fields()
        yield Static(classes="help", markup=False)

    async def show(self, sheet: Sheet) -> None:
        """Show a sheet; fields that are on the screen already only take new values."""
        if self.sheet is None or self.sheet.key != sheet.key:
            self.query_one(".help", Static).update("")
        self.sheet = sheet
        head = Text.assemble((sheet.title, "bold"), (f"  {sheet.summary}", "dim"))
        self.query_one(".title", Static).update(head)
        self._say("problem", "✗", sheet.problems.get((), ""))
        self._say("advice", "!", sheet.advice.get((), ""))
        await self._show_rows()

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        for shown in self.query(Field):
            self.screen.set_focus(shown.control)
            return

    def focus_field(self, path: Path) -> None:
        """Put the cursor into a field, if it is shown."""
        for shown in self.query(Field):
            if shown.path == path:
                self.screen.set_focus(shown.control)

    def unfold(self, owner: str) -> None:
        """Show all parameters of a class from now on."""
        self._rows.unfolded.add(owner)

    def _say(self, what: str, mark: str, text: str) -> None:
        line = self.query_one(f".{what}", Static)
        line.update(f"{mark} {text}" if text else "")
        line.display = bool(text)

    async def _show_rows(self) -> None:
        """Bring the lines on the screen up to what the sheet has, touching only what differs."""
        async with self._drawing:
            await self._draw_rows()

    async def _draw_rows(self) -> None:
        sheet = self.sheet
        assert sheet is not None
        rows = self._rows.of(sheet, self.catalogue)
        focused = self._focused
        wanted = {(sheet.key, row.path, row.owner): row for row in rows}
        room = self.query_one(Fields)
        async with self.batch():
            gone = [widget for line, widget in self._shown.items() if line not in wanted]
            if gone:
                await room.remove_children(gone)
            self._shown = await self._mounted(room, wanted)
        for line, row in wanted.items():
            widget = self._shown[line]
            if isinstance(widget, More):
                widget.show(row)
            elif isinstance(widget, Field):
                path = row.path
                await widget.show(
                    row.value, sheet.problems.get(path, ""), sheet.advice.get(path, "")
                )
        if focused and not self._focused:  # Its field made room for another one of that name.
            self.focus_field(focused)

    @property
    def _focused(self) -> Path:
        """The path of the field that has the cursor, or nothing."""
        fields = [field for field in self.query(Field) if field.has_focus_within]
        return fields[0].path if fields else ()

    async def _mounted(self, room: Fields, wanted: dict[Line, Row]) -> dict[Line, Widget]:
        """Return the lines; those that were not there are mounted in their places, few at a time.

        Each takes a while to be made, and between them keys are heard.
        """
        shown = {line: self._shown.get(line) or self._widget(row) for line, row in wanted.items()}
        new: list[Widget] = []
        above: Widget | None = None
        for line, widget in shown.items():
            if line not in self._shown:
                new.append(widget)
            if new and (line in self._shown or len(new) == _AT_ONCE):
                above = await self._mount(room, new, above)
            if line in self._shown:
                above = widget
        if new:
            await self._mount(room, new, above)
        return shown

    async def _mount(self, room: Fields, new: list[Widget], above: Widget | None) -> Widget:
        """Mount the new lines below another one, or at the top, and return the last of them."""
        if above:
            await room.mount_all(new, after=above)
        else:
            await room.mount_all(new, before=0 if room.children else None)
        last = new[-1]
        new.clear()
        return last

    def _widget(self, row: Row) -> Widget:
        assert self.sheet is not None
        if row.param is None:
            return More(row)
        return Field(row.path, row.param, row.value, self.sheet.key)

    @on(Field.Changed)
    def _field_changed(self, event: Field.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self, event))

    @on(Field.Asked)
    def _asked(self, event: Field.Asked) -> None:
        """Show what a field can be set to, and take what is chosen."""
        event.stop()
        field = event.field

        def take(choice: Choice | None) -> None:
            if choice and field.is_mounted:
                field.choose(choice)

        choices = choices_of(field.param, self.catalogue)
        if choices:
            picker = Picker(field.param.name, choices, event.letters, field.chosen)
            self.app.push_screen(picker, take)
        elif field.param.kind is Kind.PART:
            self.notify("These are known once Keras is imported: a moment.", title="Not yet")

    @on(More.Pressed, ".more")
    async def _unfold(self, event: More.Pressed) -> None:
        event.stop()
        assert isinstance(event.button, More)
        row = event.button.row
        before = {field.path for field in self.query(Field)}
        self.unfold(row.owner)
        await self._show_rows()
        new = [field for field in self.query(Field) if field.path not in before]
        if new:
            self.screen.set_focus(new[0].control)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Tell what the field under the cursor is for."""
        shown = event.widget.parent
        if isinstance(shown, Field):
            told = Text.assemble((shown.param.name, "bold"), " · ", shown.explained)
            self.query_one(".help", Static).update(told)
