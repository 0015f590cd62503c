"""What a user edits is in the document, is checked, and is never lost."""

from textual.widgets import Input

from tests.ui.driving import ready, screen_text, settled, type_text, until
from tui_trainer.core.experiment import Part
from tui_trainer.ui.screens.model import ModelPane
from tui_trainer.ui.widgets.field import Field
from tui_trainer.ui.widgets.form import Form


def layers(app):
    """Return the types of the open layers."""
    return [layer.type for layer in app.document.experiment.layers]


async def test_enter_opens_the_task_under_the_cursor(make_app):
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await ready(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.document.name == "regression")
        assert "A noisy straight line" in screen_text(pilot)


async def test_an_edit_in_a_form_is_in_the_document_and_changes_the_shapes(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "enter")
        await type_text(pilot, "32")
        await until(pilot, lambda: app.document.experiment.layers[0].params["units"] == 32)
        await ready(pilot)
        await settled(pilot)
        assert "2 080" in screen_text(pilot)  # 64 inputs and a bias for each of 32 units
        assert app.document.changed


async def test_text_that_is_no_value_stays_is_explained_and_keeps_the_run_from_starting(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "enter")
        await type_text(pilot, "many")
        told = "expected a positive integer; received 'many'"
        await until(pilot, lambda: screen_text(pilot).count(told) >= 2)  # at the field, in the line
        await pilot.press("ctrl+r")
        await pilot.pause(0.3)
        assert app.tab == "model"
        assert not (app.runs).exists()
        await pilot.press("escape", "down", "up")
        await settled(pilot)
        assert app.query_one(ModelPane).query_one(Input).value == "many"


async def test_a_refused_text_in_fit_stays_when_the_tab_is_left(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("3", "end", "enter")
        await type_text(pilot, "ten")
        told = "[fit] epochs: expected an integer from 1 to 1000000; received 'ten'"
        await until(pilot, lambda: told in screen_text(pilot))
        assert app.document.experiment.fit.epochs == 20
        await pilot.press("escape", "2", "3")
        await settled(pilot)
        field = next(f for f in app.query("#compile Field").results(Field) if f.name == "epochs")
        assert field.query_one(Input).value == "ten"
        await pilot.press("u")
        await until(pilot, lambda: not app.document.draft.rejected)


async def test_emptying_a_field_returns_to_the_default(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        app.bench.set_document(
            app.document.put(("optimizer",), Part("Adam", {"learning_rate": 0.5}))
        )
        await pilot.press("3", "enter", "tab")
        await pilot.press("backspace")
        await until(pilot, lambda: app.document.experiment.compile.optimizer == Part("Adam"))


async def test_a_layer_is_added_by_a_few_letters_moved_copied_and_removed(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "a")
        await type_text(pilot, "fla")
        await pilot.press("enter")
        await until(pilot, lambda: layers(app) == ["Dense", "Flatten", "Dropout", "Dense"])
        await pilot.press("K")
        await until(pilot, lambda: layers(app) == ["Flatten", "Dense", "Dropout", "Dense"])
        await pilot.press("d")
        await until(pilot, lambda: layers(app)[:2] == ["Flatten", "Flatten"])
        await pilot.press("delete")
        await until(pilot, lambda: len(layers(app)) == 4)
        for _ in range(4):
            await pilot.press("u")
        await until(pilot, lambda: layers(app) == ["Dense", "Dropout", "Dense"])
        assert not app.document.changed
        await pilot.press("U")
        await until(pilot, lambda: "Flatten" in layers(app))


async def test_a_new_layer_has_values_to_begin_with(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "a")
        await type_text(pilot, "dense")
        await pilot.press("enter")
        await until(pilot, lambda: len(layers(app)) == 4)
        assert app.document.experiment.layers[1].params["units"] == 64
        await ready(pilot)
        assert not app.bench.workspace.problems


async def test_escape_in_the_search_changes_nothing(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        before = app.document
        await pilot.press("2", "a", "d", "escape")
        await settled(pilot)
        assert app.document is before


async def test_another_optimizer_is_chosen_and_has_its_own_parameters(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("3", "enter", "enter", "down", "enter")
        await until(pilot, lambda: app.document.experiment.compile.optimizer.type == "SGD")
        form = app.query_one("#compile Form", Form)
        await until(pilot, lambda: form.sheet and form.sheet.title == "SGD")


async def test_metrics_and_callbacks_are_added_and_removed_but_not_the_optimizer(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("3", "a")
        await type_text(pilot, "early")
        await pilot.press("enter")
        await until(pilot, lambda: app.document.experiment.callbacks)
        assert app.document.experiment.callbacks[0].type == "EarlyStopping"
        await pilot.press("end", "delete")
        await until(pilot, lambda: app.document.experiment.callbacks == ())
        await pilot.press("home", "delete")
        await settled(pilot)
        assert app.document.experiment.compile.optimizer.type.lower() == "adam"


async def test_an_option_of_the_data_changes_what_the_data_are_said_to_be(make_app):
    app = make_app("regression")
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("tab", "tab", "tab")
        await type_text(pilot, "1000")
        await until(pilot, lambda: app.document.experiment.data.options["n_samples"] == 1000)
        await until(pilot, lambda: "800 train" in screen_text(pilot))


async def test_opening_a_task_over_unsaved_edits_asks_first(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "delete")
        await until(pilot, lambda: app.document.changed)
        await pilot.press("1", "end", "enter")
        await settled(pilot)
        await pilot.press("escape")
        assert app.document.name == "digits" and app.document.changed
        await pilot.press("enter")
        await settled(pilot)
        assert "Save first" in screen_text(pilot)
        await pilot.press("right", "enter")
        await until(pilot, lambda: app.document.name != "digits")


async def test_a_number_that_begins_with_the_default_can_be_typed(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("3", "end", "enter", "ctrl+u")
        for digit in "12":
            await pilot.press(digit)
            await settled(pilot)
        assert app.document.experiment.fit.epochs == 12


async def test_keys_in_a_drop_down_do_nothing_to_the_layers(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "enter", "tab", "enter")
        await pilot.press("backspace", "a", "d", "backspace")
        await pilot.press("escape")
        await pilot.press("delete", "d", "K")
        await settled(pilot)
        assert layers(app) == ["Dense", "Dropout", "Dense"]


async def test_quitting_with_edits_that_are_not_saved_asks_first(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("2", "delete")
        await until(pilot, lambda: app.document.changed)
        await pilot.press("ctrl+q")
        await settled(pilot)
        assert "Quit without saving" in screen_text(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "Save" in screen_text(pilot) and app.is_running
