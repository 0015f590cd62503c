"""The one table of commands reaches every place that tells of keys."""

from pathlib import Path

from tests.ui.driving import ready, screen_text, settled, until
from tui_trainer.ui.commands import COMMANDS, key_table

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_has_the_key_table_of_the_app():
    assert key_table() in README.read_text("utf-8")


async def test_help_tells_the_keys_of_the_tab_that_is_shown(make_app):
    app = make_app()
    async with app.run_test(size=(120, 50)) as pilot:
        await ready(pilot)
        for number, tab in enumerate(("data", "model", "compile", "train", "runs"), start=1):
            await pilot.press(str(number), "question_mark")
            await settled(pilot)
            text = screen_text(pilot)
            for command in COMMANDS:
                if command.tab == tab:
                    assert command.help in text
            await pilot.press("escape")


async def test_the_palette_runs_a_command_of_another_tab(make_app):
    app = make_app()
    async with app.run_test(size=(120, 50)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+p")
        await settled(pilot)
        await pilot.press(*"copy")
        await until(pilot, lambda: "model: Copy" in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: len(app.document.experiment.layers) == 4)
        assert app.tab == "model"
