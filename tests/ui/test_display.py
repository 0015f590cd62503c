"""What reaches the terminal is the screen that Textual itself would have drawn, cell for cell."""

import asyncio
import inspect
import random
import time
from pathlib import Path

import pyte
import pytest
from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.screen import Screen
from textual.widgets import Label, Static
from wcwidth import wcwidth

from tests.ui.conftest import FAKE
from tests.ui.driving import ready, rows, until
from tui_trainer.core.presets import open_document
from tui_trainer.ui.app import TrainerApp
from tui_trainer.ui.display import PatientScreen, ThinApp

KEYS = (
    *("1", "2", "3", "4", "5", "tab", "shift+tab", "up", "down", "left", "right", "enter"),
    *("escape", "home", "end", "pageup", "pagedown", "space", "backspace", "question_mark"),
    *("a", "c", "d", "l", "m", "p", "s", "t", "u", "9", "0", "J", "K"),
    *("ctrl+p", "ctrl+o", "ctrl+s", "ctrl+g", "ctrl+z"),
)


class Recorder(HeadlessDriver):
    """A driver that keeps what is written, and lags when told to."""

    is_headless = False
    behind = False
    waiting = None
    written = ""

    def write(self, data):
        self.written += data

    def when_drained(self, call):
        self.waiting = call

    def catch_up(self):
        self.behind, call = False, self.waiting
        self.waiting = None
        if call:
            call()


class Halving(pyte.Screen):
    """A terminal that blanks the rest of a wide character of which a half is written over."""

    def draw(self, data):
        for character in data:
            line, x = self.buffer[self.cursor.y], self.cursor.x
            for at, torn in ((x, x - 1), (x + wcwidth(character), x + wcwidth(character))):
                if wcwidth(character) > 0 and at < self.columns and not line[at].data:
                    line[torn] = line[torn]._replace(data=" ")
            super().draw(character)


class Twin:
    """Draws each frame twice, as Textual does and as we do, each on a terminal of its own."""

    def watch(self, size, terminal=pyte.Screen):
        self.driver_class = Recorder
        # The same for all tests of a process: Textual's styles remember what they were drawn with.
        self.console._color_system = ColorSystem.TRUECOLOR
        self.terminals = {name: terminal(*size) for name in ("stock", "thin")}
        self.sent = dict.fromkeys(self.terminals, 0)
        self.frames = 0
        return self

    def _display(self, screen, renderable):
        self.frames += 1
        self.drain("thin")
        App._display(self, screen, renderable)
        self.drain("stock")
        super()._display(screen, renderable)
        self.drain("thin")

    def drain(self, name):
        text, self._driver.written = self._driver.written, ""
        self.sent[name] += len(text.encode())
        pyte.Stream(self.terminals[name]).feed(text)

    def assert_same(self, after):
        self.drain("thin")
        stock, thin = self.terminals["stock"], self.terminals["thin"]
        for y in range(stock.lines):
            theirs, ours = stock.buffer[y], thin.buffer[y]
            cells = [(x, ours[x], theirs[x]) for x in range(stock.columns)]
            differing = [cell for cell in cells if cell[1] != cell[2]]
            assert not differing, f"line {y} after {after}: {differing[:2]}\n{thin.display[y]}"
        assert (stock.cursor.x, stock.cursor.y) == (thin.cursor.x, thin.cursor.y), after


class TwinTrainer(Twin, TrainerApp):
    CSS_PATH = Path(inspect.getfile(TrainerApp)).with_name("app.tcss")


@pytest.fixture
def make_twin(make_app, tmp_path):
    def make(size):
        return TwinTrainer(open_document("digits"), tmp_path / "runs", FAKE).watch(size)

    return make


def test_textual_draws_as_this_module_expects():
    """What `ui/display.py` overrides and reads is private: another Textual may have it changed."""
    assert list(inspect.signature(App._display).parameters) == ["self", "screen", "renderable"]
    source = inspect.getsource(Screen._compositor_refresh)
    assert source.count("app._display(") == 2, "for the whole screen, and inline"
    everywhere = Path(inspect.getfile(App)).parent.rglob("*.py")
    calls = sum(path.read_text("utf-8").count("._display(") for path in everywhere)
    assert calls == 2, "something else draws"
    assert list(inspect.signature(Screen._screen_resized).parameters) == ["self", "size"]
    assert list(inspect.signature(App._handle_exception).parameters) == ["self", "error"]
    assert list(inspect.signature(Compositor._get_renders).parameters) == ["self", "crop"]
    whole, part = ([*inspect.signature(kind).parameters] for kind in (LayoutUpdate, ChopsUpdate))
    assert whole == ["strips", "region"]
    assert part == ["chops", "spans", "chop_ends"]
    assert {"_running", "_closed", "_exit", "_batch_count", "_sync_available"} <= vars(App()).keys()


async def press_and_compare(pilot, *keys):
    for key in keys:
        await pilot.press(key)
        await pilot.pause(0.05)
        pilot.app.assert_same(key)


def opened(app, size):
    return app.run_test(headless=False, size=size, tooltips=True, notifications=True)


async def test_every_tab_every_dialog_a_run_and_themes(make_twin):
    size = (120, 40)
    app = make_twin(size)
    async with opened(app, size) as pilot:
        await ready(pilot)
        await press_and_compare(pilot, "2", "enter", "4", "8", "tab", "tab", "escape", "c")
        await press_and_compare(pilot, "p", "escape", "a", "d", "r", "escape", "3", "end", "enter")
        await press_and_compare(pilot, "escape", "4", "5", "question_mark", "pagedown", "escape")
        await press_and_compare(pilot, "ctrl+o", "x", "enter", "escape", "ctrl+s", "escape")
        await press_and_compare(pilot, "ctrl+r")
        await until(pilot, lambda: rows(app) == 20)
        await press_and_compare(pilot, "l", "s", "t", "t", "5", "enter")
        await press_and_compare(pilot, "ctrl+p", "t", "h", "e", "m", "down", "escape")
        for theme in ("textual-light", "ansi-dark", "monokai", "textual-dark"):
            app.theme = theme
            await press_and_compare(pilot, "1", "4")
        await pilot.hover("#train-button")
        await pilot.pause(0.6)
        app.notify("a toast", timeout=60)
        await press_and_compare(pilot, "1", "tab", "2", "ctrl+q", "escape")
    assert app.frames > 50
    assert app.sent["thin"] < app.sent["stock"] / 3


@pytest.mark.parametrize("seed", [1, 2])
async def test_keys_at_random_while_the_terminal_lags_now_and_then(make_twin, seed):
    """Whatever is skipped, the newest screen is there as soon as the terminal takes it."""
    chance, size = random.Random(seed), (100, 30)
    app = make_twin(size)
    async with opened(app, size) as pilot:
        await ready(pilot)
        if seed == 2:
            await pilot.press("ctrl+r")
        for _ in range(40):
            app._driver.behind = chance.random() < 0.5
            keys = chance.choices(KEYS, k=chance.randint(1, 3))
            await pilot.press(*keys)
            await pilot.pause(0.02)
            sent = app.sent["thin"]
            app._driver.catch_up()
            app.assert_same(keys)
            assert app.sent["thin"] - sent < 30_000


async def test_another_size(make_twin):
    size = (120, 40)
    app = make_twin(size)
    async with opened(app, size) as pilot:
        await ready(pilot)
        await pilot.press("2")
        for size in ((80, 24), (160, 50), (60, 20), (120, 40)):
            for screen in app.terminals.values():
                screen.resize(size[1], size[0])
                screen.reset()
            await pilot.resize_terminal(*size)
            await pilot.pause(0.1)
            await press_and_compare(pilot, "1", "2")


class Shapes(Twin, ThinApp):
    """Wide, combining and controlling characters, cut by overlays."""

    CSS = """
    #over { layer: top; offset: 5 1; width: 9; height: 4; border: round red; }
    Screen { layers: base top; }
    """
    TEXTS = (
        *("plain", "日本語 in a line", "語plain", "a日b本c語d", "", "e\u0301te\u0301", "👍 up 👍"),
        *("●▲★━⠿", "[b]bold[/] [i]it[/] [u]un[/] [s]st[/] [r]re[/]", "日本", "日", "x" * 90),
        *("[dim]d[/][b]b[/][dim b]db[/]", '[link="https://keras.io"]a link[/] and text', "🔎 mn"),
    )

    def compose(self) -> ComposeResult:
        for number in range(8):
            yield Label(id=f"line-{number}")
        yield Static("over", id="over")

    async def shuffle(self, chance):
        for label in self.query(Label):
            if chance.random() < 0.7:
                label.update(chance.choice(self.TEXTS))
        self.query_one("#over").offset = (chance.randint(0, 20), chance.randint(0, 5))


async def test_wide_and_odd_characters_under_overlays():
    chance, size = random.Random(7), (40, 12)
    app = Shapes().watch(size, Halving)
    async with opened(app, size) as pilot:
        for _ in range(60):
            await app.shuffle(chance)
            await pilot.pause(0.03)
            app.assert_same("")


class Count(Static):
    """Changes what it shows, but never its size."""

    DEFAULT_CSS = "Count { dock: bottom; }"
    number = 0

    def render(self):
        return f"number {self.number}"

    def go_on(self):
        self.number += 1
        self.refresh()


class PatientShapes(Shapes):
    """Paints in as many steps as there are widgets."""

    def get_default_screen(self):
        return PatientScreen()

    def compose(self) -> ComposeResult:
        yield Count()
        yield from super().compose()


async def test_what_changes_while_a_frame_is_painted_is_shown(monkeypatch):
    monkeypatch.setattr("tui_trainer.ui.display._MUCH", 0)
    monkeypatch.setattr("tui_trainer.ui.display._PATIENCE", 1e-6)
    chance, size = random.Random(11), (40, 12)
    app = PatientShapes().watch(size, Halving)
    async with opened(app, size) as pilot:
        count, shown = app.query_one(Count), app.terminals["thin"]
        for _ in range(20):
            for _ in range(chance.randint(1, 5)):
                await app.shuffle(chance)
                count.go_on()
                await asyncio.sleep(chance.choice((0, 0, 0.01)))
            await pilot.pause(0.1)
            app.assert_same("")
            lines = shown.display
            assert lines[-1].startswith(f"number {count.number} ")
            app.screen.refresh(layout=True)
            await pilot.pause(0.1)
            assert lines == shown.display


class Slow(Static):
    """Takes its time to be painted, and notes when that was."""

    DEFAULT_CSS = "Slow { height: 1; }"

    def render(self):
        time.sleep(0.01)
        self.app.painted_at.append(self.app.turns)
        return super().render()


class SlowApp(Twin, ThinApp):
    turns = 0

    def get_default_screen(self):
        return PatientScreen()

    def compose(self) -> ComposeResult:
        self.painted_at = []
        yield from (Slow("slow") for _ in range(20))


async def test_the_loop_goes_on_while_a_large_frame_is_painted():
    size = (80, 20)
    app = SlowApp().watch(size)
    async with opened(app, size):
        app.painted_at.clear()
        app.screen.query(Slow).refresh()
        while len(app.painted_at) < 20:
            await asyncio.sleep(0)
            app.turns += 1
        assert len(set(app.painted_at)) == 20, "each in a turn of its own"


async def test_what_is_painted_in_a_batch_is_shown_after_it():
    size = (80, 20)
    app = SlowApp().watch(size)
    async with opened(app, size) as pilot:
        app.painted_at.clear()
        app.screen.query_one("Slow:first-of-type", Slow).update("quick", layout=False)
        app.screen.query(Slow).refresh()
        while not app.painted_at:
            await asyncio.sleep(0)
        with app.batch_update():
            await asyncio.sleep(0.5)
        await pilot.pause(0.1)
        assert app.terminals["thin"].display[0].startswith("quick")
