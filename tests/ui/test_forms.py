"""Forms: what is chosen, what is nested, and what is no value."""

from dataclasses import replace

from textual.widgets import Input

from tests.ui.driving import burst, ready, screen_text, settled, type_text, until
from tui_trainer.core.experiment import Part
from tui_trainer.ui.screens.picker import Picker
from tui_trainer.ui.widgets.field import Field
from tui_trainer.ui.widgets.form import Form
from tui_trainer.ui.widgets.pick import Pick

SIZE = (120, 40)


def form(app):
    """Return the form of the tab that is shown."""
    return app.pane.query_one(Form)


def fields(app):
    """Return the paths of the fields that are shown, top to bottom."""
    return [field.path for field in form(app).query(Field)]


def field(app, *path):
    """Return one field."""
    return next(field for field in form(app).query(Field) if field.path == path)


def focused(app):
    """Return the path of the field that has the cursor."""
    return app.focused.parent.path


async def open_layer(pilot, layer):
    """Show the form of a first layer, its first field under the cursor."""
    app = pilot.app
    await ready(pilot)
    layers = (layer, *app.document.experiment.layers)
    app.bench.set_document(app.document.become(replace(app.document.experiment, layers=layers)))
    await pilot.press("2", "enter")
    await until(pilot, lambda: isinstance(app.focused.parent, Field))


def first(app):
    """Return the first layer."""
    return app.document.experiment.layers[0]


async def test_a_regularizer_is_chosen_by_letters_and_has_fields_of_its_own(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await open_layer(pilot, Part("Dense", {"units": 8}))
        await pilot.press("tab", "tab")
        await type_text(pilot, "l2")
        await pilot.press("enter")
        await until(pilot, lambda: first(app).params.get("kernel_regularizer") == Part("L2"))
        await until(pilot, lambda: ("kernel_regularizer", "l2") in fields(app))
        assert field(app, "kernel_regularizer").query_one(Pick).text == "L2"
        await pilot.press("tab")
        assert focused(app) == ("kernel_regularizer", "l2")
        await type_text(pilot, "0.5")
        wanted = Part("L2", {"l2": 0.5})
        await until(pilot, lambda: first(app).params["kernel_regularizer"] == wanted)
        await pilot.press("shift+tab", "backspace")
        await until(pilot, lambda: "kernel_regularizer" not in first(app).params)
        await until(pilot, lambda: ("kernel_regularizer", "l2") not in fields(app))
        assert focused(app) == ("kernel_regularizer",)


async def test_a_layer_inside_a_layer_is_edited_in_place(make_app):
    app = make_app()
    inner = Part("Dense", {"units": 4})
    async with app.run_test(size=SIZE) as pilot:
        await open_layer(pilot, Part("Bidirectional", {"layer": inner}))
        await pilot.press("tab")
        assert focused(app) == ("layer", "units")
        await type_text(pilot, "16")
        wanted = Part("Dense", {"units": 16})
        await until(pilot, lambda: first(app).params["layer"] == wanted)
        await pilot.press("escape", "u")
        await until(pilot, lambda: first(app).params["layer"] == inner)


async def test_a_number_gives_way_to_a_schedule_and_comes_back(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)
        await pilot.press("3", "enter", "tab", "enter")
        await pilot.press("enter")
        rate = lambda: app.document.experiment.compile.optimizer.params.get("learning_rate")  # noqa: E731
        await until(pilot, lambda: isinstance(rate(), Part))
        assert rate().params["decay_steps"] > 0
        await until(pilot, lambda: ("learning_rate", "staircase") in fields(app))
        assert focused(app) == ("learning_rate",) and isinstance(app.focused, Pick)
        await pilot.press("backspace")
        await until(pilot, lambda: rate() is None and isinstance(app.focused, Input))
        await type_text(pilot, "0.01")
        await until(pilot, lambda: rate() == 0.01)


async def test_a_wrong_value_of_an_inner_part_is_told_at_its_field_and_stays(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await open_layer(pilot, Part("Dense", {"units": 8, "kernel_regularizer": Part("L2")}))
        await pilot.press("tab", "tab", "tab")
        await type_text(pilot, "much")
        told = "expected a number, 0 or more; received 'much'"
        await until(pilot, lambda: screen_text(pilot).count(told) >= 2)
        await pilot.press("escape", "1", "2")
        await settled(pilot)
        shown = field(app, "kernel_regularizer", "l2")
        assert shown.query_one(Input).value == "much"
        await pilot.press("ctrl+r")
        await pilot.pause(0.3)
        assert not app.runs.exists()


async def test_a_parameter_that_the_class_has_not_can_be_taken_out(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await open_layer(pilot, Part("Dense", {"units": 8, "unitz": 9}))
        await until(pilot, lambda: ("unitz",) in fields(app))
        form(app).focus_field(("unitz",))
        await pilot.press("ctrl+u")
        await until(pilot, lambda: first(app) == Part("Dense", {"units": 8}))


async def test_a_layer_that_keras_has_not_can_be_replaced(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await open_layer(pilot, Part("Denze", {"units": 8}))
        assert "did you mean Dense" in screen_text(pilot)
        await type_text(pilot, "flat")
        await pilot.press("enter")
        await until(pilot, lambda: first(app) == Part("Flatten"))


async def test_arrows_go_through_the_words_of_a_choice(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await open_layer(pilot, Part("Dense", {"units": 8}))
        await pilot.press("tab", "right")
        seen = set()
        for _ in range(4):
            seen.add(first(app).params.get("activation"))
            await pilot.press("right")
            await settled(pilot)
        assert seen == {"relu", "softmax", "linear", None}


async def test_text_in_the_place_of_yes_or_no_is_shown_as_it_is(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await open_layer(pilot, Part("Dense", {"units": 8, "use_bias": "perhaps"}))
        await until(pilot, lambda: "perhaps" in screen_text(pilot))
        assert "expected yes or no; received 'perhaps'" in screen_text(pilot)
        form(app).focus_field(("use_bias",))
        await pilot.press("n")
        await pilot.press("enter")
        await until(pilot, lambda: first(app).params["use_bias"] is False)


async def test_letters_that_come_at_once_are_all_searched_for(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await open_layer(pilot, Part("Dense", {"units": 8}))
        await pilot.press("tab")
        await burst(pilot, *"soft")
        await until(pilot, lambda: isinstance(app.screen, Picker))
        assert len(app.screen_stack) == 2
        assert app.screen.query_one(Input).value == "soft"
        await pilot.press("enter")
        await until(pilot, lambda: first(app).params.get("activation") == "softmax")


async def test_each_choice_is_undone_by_itself_and_typing_as_one(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await open_layer(pilot, Part("Dense", {"units": 8}))
        await type_text(pilot, "123")
        await until(pilot, lambda: first(app).params["units"] == 123)
        await pilot.press("tab", "right", "right")
        await until(pilot, lambda: first(app).params.get("activation") == "softmax")
        await pilot.press("escape", "u")
        await until(pilot, lambda: first(app).params.get("activation") == "relu")
        await pilot.press("u")
        await until(pilot, lambda: "activation" not in first(app).params)
        await pilot.press("u")
        await until(pilot, lambda: first(app).params["units"] == 8)


async def test_a_learning_rate_may_begin_with_a_letter_by_mistake(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)
        await pilot.press("3", "enter", "tab")
        await type_text(pilot, "o.01")
        await until(pilot, lambda: "received 'o.01'" in screen_text(pilot))
        assert isinstance(app.focused, Input) and app.focused.value == "o.01"


async def test_rare_parameters_unfold_and_the_cursor_goes_to_the_first(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await open_layer(pilot, Part("Dense", {"units": 8}))
        assert ("use_bias",) not in fields(app)
        await pilot.press("shift+tab")
        form(app).query("More").first().focus()
        await pilot.press("enter")
        await until(pilot, lambda: ("use_bias",) in fields(app))
        assert focused(app) == ("use_bias",)
        await pilot.press("space")
        await until(pilot, lambda: first(app).params.get("use_bias") is False)
        assert fields(app)[-1] == ("use_bias",)


async def test_a_layer_is_switched_off_and_named_from_the_list(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)
        await pilot.press("2", "space")
        await until(pilot, lambda: first(app).disabled)
        await until(pilot, lambda: "off" in screen_text(pilot))
        await pilot.press("space", "r")
        await type_text(pilot, "hidden")
        await until(pilot, lambda: first(app).name == "hidden")
        assert not first(app).disabled


async def test_the_experiment_is_seen_as_code_beside_its_form(make_app):
    app = make_app()
    async with app.run_test(size=(160, 50)) as pilot:
        await ready(pilot)
        await pilot.press("2", "c")
        await until(pilot, lambda: "keras.Sequential(" in screen_text(pilot))
        await pilot.press("enter")
        await type_text(pilot, "77")
        await until(pilot, lambda: "layers.Dense(77" in screen_text(pilot))
        await pilot.press("escape", "c")
        await settled(pilot)
        assert "keras.Sequential(" not in screen_text(pilot)


async def test_code_gives_way_to_the_form_in_a_small_window(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("2", "c")
        await until(pilot, lambda: "layers.Dense(64" in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.focused, Input))
        assert focused(app) == ("units",)


async def test_ctrl_r_on_a_wrong_value_goes_to_its_field(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)
        await pilot.press("2", "enter")
        await type_text(pilot, "many")
        await pilot.press("escape", "end", "3", "ctrl+r")
        await until(pilot, lambda: app.tab == "model" and isinstance(app.focused, Input))
        assert focused(app) == ("units",) and app.focused.value == "many"
        await pilot.press("ctrl+z")
        await until(pilot, lambda: first(app).params["units"] == 64)


async def test_a_look_at_a_form_is_no_edit(make_app):
    app = make_app()
    strange = Part("Dense", {"units": 8, "unitz": 9, "foo": (1, 2), "kernel_regularizer": "l9"})
    async with app.run_test(size=SIZE) as pilot:
        await open_layer(pilot, strange)
        await until(pilot, lambda: ("foo",) in fields(app))
        await settled(pilot)
        assert first(app) == strange


async def test_another_type_leaves_the_cursor_where_it_was(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)
        await pilot.press("3", "enter", "s")
        await type_text(pilot, "gd")
        await pilot.press("enter")
        await until(pilot, lambda: app.document.experiment.compile.optimizer == Part("SGD"))
        await until(pilot, lambda: app.focused and focused(app) == ("type",))


async def test_what_is_added_to_compile_is_under_the_cursor(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)
        await pilot.press("3", "a")
        await type_text(pilot, "early")
        await pilot.press("enter")
        await until(pilot, lambda: app.document.experiment.callbacks)
        await until(pilot, lambda: form(app).sheet.title == "EarlyStopping")


async def test_a_layer_moves_past_its_like(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)
        await pilot.press("2", "down", "d", "K", "K")
        await until(pilot, lambda: first(app).type == "Dropout")


async def test_a_key_below_the_list_that_is_clicked_is_no_text(make_app):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)
        await pilot.press("2", "enter")
        app.action_press_in_list("d")
        await until(pilot, lambda: len(app.document.experiment.layers) == 4)
        assert first(app).params["units"] == 64
