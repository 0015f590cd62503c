"""Every class of the installed Keras in a form: all its fields, their defaults, wrong values."""

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Checkbox, Input

from tui_trainer.core.catalogue import GROUPS, Catalogue, Entry, Kind
from tui_trainer.core.values import show
from tui_trainer.engine.introspect import catalogue as introspected
from tui_trainer.ui.rows import Sheet
from tui_trainer.ui.widgets.field import Field
from tui_trainer.ui.widgets.form import Form
from tui_trainer.ui.widgets.pick import Pick

NONSENSE = "what(1"
"""A text that is a value of no kind but text."""


class Bare(App[None]):
    """A form and nothing else; it keeps what the form tells."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[tuple[str, ...], Form.Changed] = {}

    def compose(self) -> ComposeResult:
        yield Form()

    def on_form_changed(self, event: Form.Changed) -> None:
        self.told[event.path] = event


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return introspected()


@pytest.mark.parametrize("group", GROUPS)
async def test_every_class_has_a_form_with_all_its_fields(
    catalogue: Catalogue, group: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = Bare()
    async with app.run_test(size=(100, 50)) as pilot:
        form = app.query_one(Form)
        form.catalogue = catalogue
        for entry in catalogue.group(group):
            form.unfold(entry.name)
            await form.show(Sheet((group, entry.name), entry.name, entry.summary, entry.params))
            await pilot.pause()
            fields = {field.param.name: field for field in form.query(Field)}
            assert sorted(fields) == sorted(param.name for param in entry.params), entry.name
            for field in fields.values():
                assert_shows_default(field)
            await assert_default_can_be_typed(app, pilot, entry, fields)
            await assert_nonsense_is_told(app, pilot, entry, fields)
    count = sum(len(entry.params) for entry in catalogue.group(group))
    with capsys.disabled():
        print(f"\n{group}: {len(catalogue.group(group))} classes, {count} fields", end="")


def assert_shows_default(field: Field) -> None:
    """Assert that an untouched field shows what Keras takes without it."""
    param, control = field.param, field.control
    if isinstance(control, Checkbox):
        assert control.value is param.default
    elif isinstance(control, Pick):
        assert control.text == ""
        assert param.required or show(param.default) in str(control.render().columns[0]._cells[0])
    else:
        assert isinstance(control, Input) and control.value == ""
        assert control.placeholder == ("needed" if param.required else show(param.default))


async def assert_default_can_be_typed(app, pilot, entry: Entry, fields: dict[str, Field]) -> None:
    """Assert that the text of a default, typed, is told as that very value."""
    typed = [
        field
        for field in fields.values()
        if isinstance(field.control, Input) and field.param.default is not None
    ]
    app.told.clear()
    for field in typed:
        field.query_one(Input).value = show(field.param.default)
    await pilot.pause()
    for field in typed:
        told, default = app.told[field.path], field.param.default
        where = f"{entry.name}.{field.param.name}"
        assert not told.error and told.typed, where
        assert (told.value, type(told.value)) == (default, type(default)), where


async def assert_nonsense_is_told(app, pilot, entry: Entry, fields: dict[str, Field]) -> None:
    """Assert that a text that is no value is refused with what was expected and received."""
    typed = [
        field
        for field in fields.values()
        if isinstance(field.control, Input) and field.param.kind not in (Kind.TEXT, Kind.TEXTS)
    ]
    app.told.clear()
    for field in typed:
        field.query_one(Input).value = NONSENSE
    await pilot.pause()
    for field in typed:
        told = app.told[field.path]
        where = f"{entry.name}.{field.param.name}"
        assert told.error.startswith("expected ") and NONSENSE in told.error, where
        assert told.value == NONSENSE, where
