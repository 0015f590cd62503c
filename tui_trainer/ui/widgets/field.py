"""One parameter in a form: its name, a control, and what is said of it."""

from __future__ import annotations

from typing import TypeAlias

from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Label

from tui_trainer.core.catalogue import Kind, Param
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Part, Value
from tui_trainer.core.values import expected, parse, show
from tui_trainer.ui.choices import Choice, choices_of
from tui_trainer.ui.key_names import short
from tui_trainer.ui.widgets.pick import Pick
from tui_trainer.ui.widgets.yes_no import YesNo

Path: TypeAlias = tuple[str, ...]
"""Where a field stands in its form: `("kernel_regularizer", "l2")`."""
UNSET = object()
"""The value of a field that is left at its default."""


class Field(Container):
    """A parameter that can be edited; an empty field means the default."""

    DEFAULT_CSS = """
    Field {
        layout: grid; grid-size: 2; grid-columns: 23 1fr; grid-rows: auto; height: auto;
        & > .name { color: $text-muted; width: 23; padding: 0 1; text-overflow: ellipsis; }
        & > .name.-set { color: $foreground; }
        & > .told { display: none; color: $text-muted; padding: 0 1; text-style: dim; }
        & > .problem { column-span: 2; color: $text-error; padding: 0 1 0 2; }
        & > .advice { column-span: 2; color: $text-warning; padding: 0 1 0 2; }
        & > Checkbox { background: transparent; width: 1fr; }
        & > Input { background: $surface; width: 1fr; }
        & > Input:focus { background: $boost; }
    }
    """

    class Changed(Message):
        """The user gave the parameter another value, or a text that is none."""

        def __init__(self, field: Field, value: object, error: str, typed: bool) -> None:
            super().__init__()
            self.field = field
            self.value = value
            """UNSET, a Value, or the text that was refused."""
            self.error = error
            self.typed = typed
            """Whether it was typed, and not chosen."""

        @property
        def control(self) -> Field:
            """The field."""
            return self.field

    class Asked(Message):
        """The user wants to choose from a list; `letters` were typed already."""

        def __init__(self, field: Field, letters: str = "") -> None:
            super().__init__()
            self.field = field
            self.letters = letters

    def __init__(self, path: Path, param: Param, value: object, key: tuple[str | int, ...]) -> None:
        super().__init__(name=param.name)
        self.path = path
        self.param = param
        self.key = key
        """Of the sheet that the field belongs to."""
        self._value = value
        self._told = False
        """Whether the user's last value has not come back yet: what does come is older."""
        self._chosen = False
        """Whether that value was chosen: it may want another control than the one it came from."""

    def compose(self) -> ComposeResult:
        """Make the name, and the control that fits the kind and the value."""
        name = "  " * (len(self.path) - 1) + self.param.name
        yield Label(name, classes="name" if self._value is UNSET else "name -set", markup=False)
        yield self._control()
        yield Label(self.param.help, classes="told", markup=False)

    async def show(self, value: object, problem: str, advice: str) -> None:
        """Show a value, unless the text in the field already stands for it, and what is said."""
        same = self._or_default(value) == self._or_default(self._value)
        if self._told and not same:
            return
        exchange = not same or self._chosen or not isinstance(self.control, Input)
        self._told, self._chosen, self._value = False, False, value
        if exchange:
            await self._put()
        self.query_one(".name", Label).set_class(value is not UNSET, "-set")
        await self._say("problem", f"✗ {problem}" if problem else "")
        await self._say("advice", f"! {advice}" if advice else "")

    @property
    def control(self) -> Widget:
        """The widget that takes the keys."""
        return self.query_one("Input, Pick, Checkbox", Widget)

    @property
    def chosen(self) -> str:
        """The name of what is chosen, as the list of choices has it."""
        value = self._or_default(self._value)
        return value.type if isinstance(value, Part) else _typed(value)

    @property
    def explained(self) -> str:
        """What the parameter is for, and what enter does."""
        param = self.param
        told = param.help or expected(param).capitalize() + "."
        if not param.required:
            told += f" Default: {show(param.default)}."
        if isinstance(self.control, Pick):
            back = "" if param.required else f", {short('backspace')} the default"
            told += f" enter chooses{back}."
        elif param.kind is Kind.NUMBER_OR_PART:
            told += f" enter lists the {param.group}."
        return told

    def choose(self, choice: Choice) -> None:
        """Take what was chosen from the list."""
        value = choice.value
        same = value == self.param.default and type(value) is type(self.param.default)
        self._chosen = True
        self._tell(UNSET if same and not self.param.required else value)

    def _control(self) -> Widget:
        param, value = self.param, self._value
        if self._kind is YesNo:
            return YesNo(param.default is True if value is UNSET else value is True)
        if self._kind is Pick:
            default = "choose one" if param.required else show(param.default)
            return Pick("" if value is UNSET else self.chosen, default)
        hint = "needed" if param.required else show(param.default)
        return Input(_typed(value), placeholder=hint, select_on_focus=True, compact=True)

    @property
    def _kind(self) -> type[Widget]:
        """The kind of control that the parameter wants for the value it has."""
        param, value = self.param, self._value
        if param.kind is Kind.BOOLEAN:
            plain = value is UNSET or isinstance(value, bool)
            return YesNo if plain and not (param.optional or param.choices) else Pick
        if param.kind is Kind.NUMBER_OR_PART:
            return Pick if isinstance(value, Part) else Input
        if param.kind is Kind.PARTS:
            return Pick if value in (UNSET, None) or isinstance(value, Part) else Input
        return Pick if param.kind in (Kind.CHOICE, Kind.PART) else Input

    async def _put(self) -> None:
        """Bring the value into the control, or a control of another kind into its place."""
        control, value = self.control, self._value
        if type(control) is not self._kind:
            focused = control.has_focus
            await control.remove()
            made = self._control()
            await self.mount(made, after=self.query_one(".name"))
            if focused:
                self.screen.set_focus(made)
            return
        with self.prevent(Input.Changed, Checkbox.Changed):
            if isinstance(control, Input):
                control.value = _typed(value)
            elif isinstance(control, Checkbox):
                control.value = self.param.default is True if value is UNSET else value is True
            elif isinstance(control, Pick):
                control.text = "" if value is UNSET else self.chosen

    async def _say(self, what: str, text: str) -> None:
        """Show a line under the field, or take it away; few fields ever have one."""
        lines = self.query(f".{what}").results(Label)
        line = next(lines, None)
        if line and not text:
            await line.remove()
        elif line:
            line.update(text)
        elif text:
            await self.mount(Label(text, classes=what, markup=False))

    def _or_default(self, value: object) -> object:
        return self.param.default if value is UNSET else value

    def on_input_changed(self, event: Input.Changed) -> None:
        """Read the text; one that is no value is told as it stands."""
        event.stop()
        if event.value == _typed(self._value):
            return  # What the field shows by itself is no edit.
        if not event.value.strip():
            self._tell(UNSET, typed=True)
            return
        try:
            self._tell(parse(self.param, event.value), typed=True)
        except TrainerError as error:
            self._tell(event.value, error.message, typed=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Offer what can be chosen in the place of a number, or go on to the next field."""
        event.stop()
        if self.param.kind is Kind.NUMBER_OR_PART:
            self.post_message(self.Asked(self))
        else:
            self.screen.focus_next()

    def on_descendant_blur(self) -> None:
        """Show again whatever comes, when the cursor leaves."""
        self._told = False

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        """Take yes or no."""
        event.stop()
        self._tell(UNSET if event.value == (self.param.default is True) else event.value)

    def on_pick_asked(self, event: Pick.Asked) -> None:
        """Have the list shown."""
        event.stop()
        self.post_message(self.Asked(self, event.letters))

    def on_pick_reset(self, event: Pick.Reset) -> None:
        """Return to the default."""
        event.stop()
        if not self.param.required:
            self._tell(UNSET)

    def on_pick_stepped(self, event: Pick.Stepped) -> None:
        """Take the next of a few words; a class has arguments that would be lost."""
        event.stop()
        choices = choices_of(self.param, None)
        names = [choice.name for choice in choices]
        if choices:
            at = names.index(self.chosen) if self.chosen in names else -1
            self.choose(choices[(at + event.by) % len(choices)])

    def _tell(self, value: object, error: str = "", typed: bool = False) -> None:
        if value != self._value or type(value) is not type(self._value):
            self._told, self._value = True, value
            self.post_message(self.Changed(self, value, error, typed))


def _typed(value: object) -> str:
    """Return a value, or a text that is none, as a user types it; nothing if it is not set."""
    checked: Value = value  # type: ignore[assignment]
    return "" if value is UNSET else show(checked)
