"""One parameter in a form: its name, a control, and what is wrong with it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Label, Select

from tui_trainer.core.catalogue import Kind, Param
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Value
from tui_trainer.core.values import parse, show

UNSET = object()
"""The value of a field that is left at its default."""


class YesNo(Checkbox):
    """A box that says by a mark and a word, not by colour alone, whether it is on."""

    def __init__(self, value: bool) -> None:
        super().__init__("", value, compact=True)
        self._say(value)

    def watch_value(self) -> None:
        """Say the new value."""
        self._say(self.value)
        super().watch_value()

    def _say(self, value: bool) -> None:
        self.BUTTON_INNER = "■" if value else " "
        self.label = "yes" if value else "no"


class Field(Container):
    """A parameter that can be edited; an empty field means the default."""

    DEFAULT_CSS = """
    Field {
        layout: grid; grid-size: 2; grid-columns: 23 1fr; grid-rows: auto; height: auto;
        & > .name { color: $text-muted; width: 23; padding: 0 1; text-overflow: ellipsis; }
        & > .name.-set { color: $foreground; }
        & > .problem { column-span: 2; color: $text-error; display: none; padding: 0 1 0 2; }
        &.-wrong > .problem { display: block; }
        & > Input, & > Select, & > Checkbox { width: 1fr; }
        & > Checkbox { background: transparent; }
        & > Input, & > Select > SelectCurrent { background: $surface; }
        & > Input:focus { background: $boost; }
        & SelectCurrent Static { text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    class Changed(Message):
        """The user gave the parameter another value, or a text that is none."""

        def __init__(self, field: Field, value: object, error: str) -> None:
            super().__init__()
            self.field = field
            self.value = value
            """UNSET, a Value, or the text that was refused."""
            self.error = error

        @property
        def control(self) -> Field:
            """The field."""
            return self.field

    def __init__(
        self, param: Param, value: object, key: tuple[str | int, ...], names: tuple[str, ...] = ()
    ) -> None:
        super().__init__(name=param.name)
        self.param = param
        self.key = key
        """Of the sheet that the field belongs to."""
        self._names = names
        self._value = value

    def compose(self) -> ComposeResult:
        """Make the name, the control that fits the kind, and the line for a problem."""
        yield Label(self.param.name, classes="name", markup=False)
        yield self._control()
        yield Label("", classes="problem", markup=False)

    def on_mount(self) -> None:
        """Show whether the parameter is set."""
        self._mark()

    def show(self, value: object, problem: str) -> None:
        """Show a value, unless the text in the field already stands for it, and its problem."""
        if self._or_default(value) != self._or_default(self._value):
            self._put(value)
        self._value = value
        self._mark()
        self.set_class(bool(problem), "-wrong")
        self.query_one(".problem", Label).update(f"✗ {problem}" if problem else "")

    @property
    def control(self) -> Widget:
        """The widget that takes the keys."""
        return self.query_one("Input, Select, Checkbox", Widget)

    def _control(self) -> Widget:
        param, value = self.param, self._value
        if param.kind is Kind.BOOLEAN:
            return YesNo(param.default is True if value is UNSET else value is True)
        if param.kind is Kind.CHOICE:
            return Select(
                [(name, name) for name in self._choices(value)],
                prompt=f"{show(param.default)} (default)" if not param.required else "choose one",
                allow_blank=not param.required,
                value=Select.NULL if value is UNSET else str(show_any(value)),
                compact=True,
            )
        return Input(
            "" if value is UNSET else show_any(value),
            placeholder="needed" if param.required else show(param.default),
            suggester=SuggestFromList(self._names, case_sensitive=False) if self._names else None,
            select_on_focus=True,
            compact=True,
        )

    def _choices(self, value: object) -> list[str]:
        names = [*self.param.choices]
        if self.param.optional:
            names.append("none")
        text = None if value is UNSET else show_any(value)
        return names if text is None or text in names else [text, *names]

    def _put(self, value: object) -> None:
        control = self.control
        with self.prevent(Input.Changed, Select.Changed, Checkbox.Changed):
            if isinstance(control, Input):
                control.value = "" if value is UNSET else show_any(value)
            elif isinstance(control, Checkbox):
                control.value = self.param.default is True if value is UNSET else value is True
            elif isinstance(control, Select):
                control.set_options([(name, name) for name in self._choices(value)])
                control.value = Select.NULL if value is UNSET else show_any(value)

    def _or_default(self, value: object) -> object:
        return self.param.default if value is UNSET else value

    def _mark(self) -> None:
        self.query_one(".name", Label).set_class(self._value is not UNSET, "-set")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Read the text; one that is no value is told as it stands."""
        event.stop()
        self._read(event.value)

    def on_select_changed(self, event: Select.Changed) -> None:
        """Take the choice; a blank one is the default."""
        event.stop()
        self._read("" if event.value is Select.NULL else str(event.value))

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        """Take yes or no."""
        event.stop()
        self._tell(UNSET if event.value == (self.param.default is True) else event.value)

    def _read(self, text: str) -> None:
        if not text.strip():
            self._tell(UNSET)
            return
        try:
            self._tell(parse(self.param, text))
        except TrainerError as error:
            self._tell(text, error.message)

    def _tell(self, value: object, error: str = "") -> None:
        if value != self._value or type(value) is not type(self._value):
            self._value = value
            self.post_message(self.Changed(self, value, error))


def show_any(value: object) -> str:
    """Return a value, or a text that is none, as a user types it."""
    checked: Value = value  # type: ignore[assignment]
    return show(checked)
