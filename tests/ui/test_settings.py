"""What the user chose: read at the start, told where it is wrong, written back."""

import importlib
import pkgutil

import pytest
from textual.dom import DOMNode
from textual.theme import BUILTIN_THEMES

from tests.ui.driving import burst, ready, screen_text, settled, until
from tui_trainer import ui
from tui_trainer.ui.commands import COMMANDS, TABS
from tui_trainer.ui.key_names import swallowed
from tui_trainer.ui.keymap import Keymap, read_keys
from tui_trainer.ui.looks import settings
from tui_trainer.ui.settings import Settings, remember

THEMES = tuple(BUILTIN_THEMES)


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Return where the settings of this test lie."""
    path = tmp_path / "settings" / "settings.toml"
    monkeypatch.setenv("TUI_TRAINER_SETTINGS", str(path))
    return path


def written(path, text):
    """Return the settings that a text stands for."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return settings()


def test_without_a_file_the_app_decides(path):
    assert settings() == Settings()
    assert not path.exists()


def test_what_is_written_is_taken(path):
    text = 'theme = "nord"\nmarker = "dot"\nascii = true\nmotion = "plain"\n[keys]\ntrain = "f5"\n'
    assert written(path, text) == Settings(
        "nord", "dot", True, "plain", Keymap({"train": ("f5",)}), ()
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("theme = 3", "theme: expected textual-dark, textual-light, "),
        ('theme = "nordd"', "received 'nordd'"),
        ('ascii = "yes"', "ascii: expected auto, true or false; received 'yes'"),
        ("ascii = 1", "ascii: expected auto, true or false; received 1"),
        ('marker = ["dot"]', "marker: expected auto, braille, hd or dot; received ['dot']"),
        ("motoin = 1", "expected a setting; received 'motoin'; did you mean motion?"),
        ("keys = 3", "keys: expected a table, [keys]; received 3"),
        ('keys.trian = "f5"', "keys.trian: expected the name of a command; received 'trian'"),
        ("keys.train = 5", 'keys.train: expected a key, such as "ctrl+t", or a list; received 5'),
        ("keys.train = []", "or a list; received []"),
        ('keys.train = "ctlr+t"', 'such as "ctrl+t" or "f5"; received \'ctlr+t\''),
        ('keys.train = ""', "received ''"),
        ('keys.train = "+"', ""),
        ('keys.train = "ctrl+i"', "expected a key that reaches the app; ctrl+i is tab"),
        ('keys.train = "alt+t"', "alt+t is escape and a letter to a terminal"),
        ('keys.train = "ctrl+s"', "keys.train: expected a key of its own; ctrl+s is save"),
        ('keys.train = "K"', "K is model.up"),
        ('keys.model.add = "d"', "keys.model.add: expected a key of its own; d is model.copy"),
        ('keys."model.add" = "ctrl+r"', "ctrl+r is train"),
        ('theme = "nord', "expected TOML: "),
        ("a = [" * 3000, "expected TOML: "),
        ("\x00", "expected TOML: "),
    ],
)
def test_a_wrong_entry_is_told_and_passed_over(path, text, told):
    read = written(path, f"{text}\n")
    troubles = [line for line in read.troubles if told]
    assert (read.theme, read.ascii, read.motion) == ("", "auto", "auto")
    assert len(troubles) == bool(told)
    for line in troubles:
        assert line.startswith(f"{path}: ") and told in line and "\n" not in line
        assert "train" not in read.keys.changed


def test_what_is_right_beside_what_is_wrong_is_taken(path):
    read = written(
        path, 'theme = "nord"\nmarker = 1\n[keys]\nsave = "f2"\nload = "f2"\nno = "f3"\n'
    )
    assert read.theme == "nord"
    assert read.keys == Keymap({"save": ("f2",)})
    assert len(read.troubles) == 3


def test_other_bytes_and_folders_are_told(path):
    path.parent.mkdir()
    path.write_bytes(b"theme = '\xff'")
    assert "UTF-8" in settings().troubles[0]
    path.unlink()
    path.mkdir()
    assert settings() == Settings()


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        ({"save": "ctrl+o", "load": "ctrl+s"}, {"save": ("ctrl+o",), "load": ("ctrl+s",)}),
        ({"model": {"add": ["a", "insert"]}}, {"model.add": ("a", "insert")}),
        ({"model.up": "shift+u", "redo": "ctrl+T"}, {"model.up": ("U",), "redo": ("ctrl+t",)}),
        ({"help": "?", "commands": ";"}, {"help": ("question_mark",), "commands": ("semicolon",)}),
        ({"train.log": "a", "form.next": ["down", "ctrl+n"]}, None),
    ],
)
def test_keys_that_do_not_clash(told, keys):
    keymap, troubles = read_keys(told)
    assert not troubles
    assert keymap.changed == (keys or {"train.log": ("a",), "form.next": ("down", "ctrl+n")})


def test_no_command_has_a_key_that_terminals_swallow():
    for command in COMMANDS:
        for key in command.key.split(","):
            assert not swallowed(key), command.name


def test_every_command_has_a_name_of_its_own_and_no_two_the_same_key():
    names = [command.name for command in COMMANDS]
    assert len(names) == len({*names})
    for command in COMMANDS:
        keymap, troubles = read_keys({command.name: command.key.split(",")})
        assert (troubles, [*keymap.changed]) == ([], [command.name])


def test_every_binding_of_ours_has_a_name_for_the_settings():
    """Walk all widgets and screens that have keys, and find each key in the one table."""
    names = {command.name for command in COMMANDS}
    bound = [(one, b) for one in nodes_of_ours() for b in one.__dict__.get("BINDINGS", ())]
    assert len(bound) >= len(names)
    for owner, binding in bound:
        assert binding.id in names or binding.action == "help_quit", owner


def nodes_of_ours():
    """Return the widgets, screens and apps that this program defines."""
    for module in pkgutil.walk_packages(ui.__path__, "tui_trainer.ui."):
        importlib.import_module(module.name)
    found, todo = set(), [DOMNode]
    while todo:
        for one in todo.pop().__subclasses__():
            if one not in found:
                found.add(one)
                todo.append(one)
    return [one for one in found if one.__module__.startswith("tui_trainer.")]


async def test_the_keys_of_the_settings_work_and_are_told(make_app):
    told = {"train": "f5", "model.add": "n", "undo": ["ctrl+t", "Z"], "form.next": "ctrl+n"}
    keymap, _ = read_keys(told)
    app = make_app(chosen=Settings(keys=keymap))
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        assert "f5 trains" in screen_text(pilot)
        await pilot.press("2")
        text = screen_text(pilot)
        assert "n\xa0Add" in text and "^t\xa0Undo" in text and "f5\xa0Train" in text
        await burst(pilot, "a", "n", *"drop", "enter")
        assert len(app.document.experiment.layers) == 4
        await burst(pilot, "u", "Z")
        assert len(app.document.experiment.layers) == 3
        await burst(pilot, "3", "end", "enter", *"5", "ctrl+n", *"64")
        assert (app.document.experiment.fit.epochs, app.document.experiment.fit.batch_size) == (
            5,
            64,
        )
        await burst(pilot, "ctrl+r")
        assert not app.training.all_live and not app.training.starting
        await burst(pilot, "escape", "question_mark")
        text = screen_text(pilot)
        assert "f5" in text and "^r" not in text
        await burst(pilot, "question_mark", "f5")
        await until(pilot, lambda: app.tab == "train" and app.training.watched)


async def test_wrong_settings_are_told_when_the_app_opens(make_app, path):
    told = written(path, 'theme = "nord"\nmarker = 3\n')
    app = make_app(chosen=told)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: "received 3" in screen_text(pilot))
        assert app.theme == "nord"
        assert path.read_text("utf-8") == 'theme = "nord"\nmarker = 3\n'


async def test_a_theme_chosen_in_the_palette_is_kept(make_app, path):
    told = written(path, '# Mine.\nmarker = "dot"  # no braille here\n\n[keys]\ntrain = "f5"\n')
    app = make_app(chosen=told)
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("T")
        await settled(pilot)
        await pilot.press(*"dracula")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.theme == "dracula")
        await until(pilot, lambda: "dracula" in path.read_text("utf-8"))
    assert settings() == Settings("dracula", "dot", keys=Keymap({"train": ("f5",)}))
    text = path.read_text("utf-8")
    assert text.startswith("# Mine.\n") and "# no braille here" in text


def test_a_choice_is_kept_where_the_settings_are_linked_to(path, tmp_path):
    real = tmp_path / "dotfiles.toml"
    real.write_text('theme = "nord"\n', encoding="utf-8")
    path.parent.mkdir()
    path.symlink_to(real)
    remember("theme", "gruvbox")
    assert path.is_symlink()
    assert real.read_text("utf-8") == 'theme = "gruvbox"\n'


async def test_a_choice_that_cannot_be_kept_is_told(make_app, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("TUI_TRAINER_SETTINGS", str(tmp_path / "file" / "settings.toml"))
    app = make_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await ready(pilot)
        app.theme = "nord"
        await until(pilot, lambda: "Not remembered" in screen_text(pilot))
        assert "cannot be written: " in next(iter(app._notifications)).message


async def test_nothing_is_reached_by_mouse_alone(make_app):
    """Walk what can be clicked on every tab: links name a command, widgets take the cursor."""
    app = make_app()
    actions = {f"app.{command.action}" for command in COMMANDS}
    keys = {key for command in COMMANDS for key in command.key.split(",")} | {"tab"}
    async with app.run_test(size=(160, 50)) as pilot:
        await ready(pilot)
        for number, _ in enumerate(TABS, start=1):
            await pilot.press(str(number))
            await settled(pilot)
            links = {
                segment.style.meta["@click"]
                for strip in app.screen._compositor.render_strips()
                for segment in strip
                if segment.style and "@click" in segment.style.meta
            }
            assert links
            for link in links:
                name, _, argument = link.partition("(")
                if name in ("app.press", "app.press_in_list"):
                    assert argument.strip("')") in keys, link
                else:
                    assert link in actions, link
            chain = app.screen.focus_chain
            for widget in app.screen.walk_children():
                clicked = any("on_click" in one.__dict__ for one in type(widget).__mro__)
                if clicked and widget.display and not widget.disabled and widget.region:
                    assert widget in chain, widget
