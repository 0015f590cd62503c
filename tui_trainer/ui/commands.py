"""One table of everything that can be done: keys, footer, palette and help come from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from textual.binding import Binding

from tui_trainer.core.problem import Problem
from tui_trainer.ui.key_names import spoken

TABS = ("data", "model", "compile", "train", "runs")
"""The steps of the work, left to right; number keys show them."""
PLACES = ("", *TABS, "list", "form", "choice", "dialog", "search")
"""Where a command works: everywhere, in a tab, or while something of a kind has the cursor."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something the user can do."""

    action: str
    """The Textual action that does it."""
    key: str
    """The keys that do it unless the user's settings name others; the first one is told."""
    label: str
    help: str
    tab: str = ""
    """Where its key works, one of PLACES."""
    footer: bool = True
    hint: bool = False
    """Whether the tab's own list shows its key, and not the footer."""
    held: bool = False
    """Whether one holds its key down: it never changes what the key means."""
    urgent: bool = False
    """Whether it works in a dialog too."""

    @property
    def name(self) -> str:
        """What the user's settings call it: `train`, `model.add`."""
        name = re.sub(r"\W+", "_", self.label.lower())
        return f"{self.tab}.{name}" if self.tab else name


def _hint(
    action: str,
    key: str,
    label: str,
    help: str,  # noqa: A002
    tab: str,
    held: bool = False,
) -> Command:
    return Command(action, key, label, help, tab, footer=False, hint=True, held=held)


def _quiet(action: str, key: str, label: str, help: str, tab: str = "") -> Command:  # noqa: A002
    return Command(action, key, label, help, tab, footer=False)


_RESUME = "Go on with an ended or lost run from its checkpoint."
_STOPS = (
    ("stop", "e", "Early stop", "End after this epoch: validated, tested and saved."),
    ("stop_now", "x", "Stop now", "End within this epoch: saved as it is, to be resumed."),
    ("kill", "k", "Kill", "End at once, asked first: the last checkpoint is kept."),
)


def _steering(tab: str) -> Iterator[Command]:
    for command, key, label, told in _STOPS:
        yield _quiet(f"ask('{command}')", key, label, told, tab)


COMMANDS = (
    *(
        _quiet(
            f"show_tab('{tab}')", str(number), f"Show {tab}", f"Show the tab {tab.capitalize()}."
        )
        for number, tab in enumerate(TABS, start=1)
    ),
    Command("train", "ctrl+r", "Train", "Start a run of the open experiment."),
    Command("save", "ctrl+s", "Save", "Save the experiment, the model or a script."),
    Command(
        "load",
        "ctrl+o",
        "Load",
        "Open an experiment .toml or a run; take layers of .keras, weights of .weights.h5.",
    ),
    Command("fix", "ctrl+g", "Fix", "Do what the advice in the status line says."),
    Command("undo", "ctrl+z,u", "Undo", "Take the last edit back."),
    _quiet("redo", "ctrl+y,U", "Redo", "Do the last undone edit again."),
    _quiet("to_list", "escape", "Back", "Leave a form for the list beside it."),
    _quiet("change_theme", "T", "Theme", "Choose the colours; the settings keep them."),
    Command("help", "question_mark", "Help", "Show the keys of where you are."),
    Command("command_palette", "ctrl+p,colon", "Commands", "Find any command by its name."),
    Command("quit", "ctrl+q", "Quit", "Leave the app; runs go on.", footer=False, urgent=True),
    Command("open_task", "enter", "Open", "Open the task under the cursor.", "data"),
    _hint("keep", "k", "Keep preset", "Keep the experiment as a preset of your own.", "data"),
    _hint("remove", "backspace,delete", "Delete", "Delete a preset of your own.", "data"),
    _hint("add", "a", "Add", "Add a layer below the cursor.", "model"),
    _hint("duplicate", "d", "Copy", "Put a copy of the layer below it.", "model"),
    _hint("remove", "backspace,delete", "Remove", "Remove the layer.", "model"),
    _hint("move(-1)", "K,alt+up", "Up", "Move the layer up.", "model", True),
    _hint("move(1)", "J,alt+down", "Down", "Move the layer down.", "model", True),
    _hint("switch", "space", "Off/on", "Switch the layer off, or on again.", "model"),
    _hint("rename", "r", "Name", "Give the layer a name.", "model"),
    Command("view('code')", "c", "Code", "Show the experiment as a Keras script.", "model"),
    Command("view('picture')", "p", "Picture", "Show the stack as a picture.", "model"),
    _hint("add", "a", "Add", "Add a metric or a callback.", "compile"),
    _hint("remove", "backspace,delete", "Remove", "Remove a metric or a callback.", "compile"),
    _hint("switch", "space", "Off/on", "Switch a metric or a callback off, or on.", "compile"),
    Command("view('code')", "c", "Code", "Show the experiment as a Keras script.", "compile"),
    *_steering("train"),
    _quiet("ask('pause')", "p", "Pause", "Pause the run, or let it go on.", "train"),
    _quiet("ask('resume')", "r", "Resume", _RESUME, "train"),
    Command("next_metric", "m", "Metric", "Show the next metric's curves.", "train"),
    Command("toggle_log_scale", "l", "Log", "Draw the curves on a log scale.", "train"),
    Command("toggle_smooth", "s", "Smooth", "Draw moving averages.", "train"),
    Command("next_view", "t", "View", "Show curves, epochs, or the log, in turn.", "train"),
    Command("open_run", "enter", "Show", "Show the run's curves.", "runs"),
    Command("edit_run", "o", "Open", "Open the run's experiment in the editor.", "runs"),
    Command("ask('resume')", "r", "Resume", _RESUME, "runs"),
    *_steering("runs"),
    _quiet("scroll_top", "home", "First", "Go to the first row.", "list"),
    _quiet("scroll_bottom", "end", "Last", "Go to the last row.", "list"),
    _quiet("app.focus_next", "down", "Next", "Go to the next field, as tab does.", "form"),
    _quiet("app.focus_previous", "up", "Previous", "Go to the field before.", "form"),
    _quiet("page_down", "pagedown", "Page down", "See more fields.", "form"),
    _quiet("page_up", "pageup", "Page up", "See the fields above.", "form"),
    _quiet("ask", "enter,space", "Choose", "List what can be chosen; a letter searches.", "choice"),
    _quiet("reset", "backspace,delete", "Default", "Return to the default.", "choice"),
    _quiet("step(1)", "right", "Next", "Take the next of a few words.", "choice"),
    _quiet("step(-1)", "left", "Previous", "Take the word before.", "choice"),
    _quiet("dismiss", "escape", "Cancel", "Close it, and leave all as it was.", "dialog"),
    _quiet("dismiss", "enter,q", "Close help", "Close the list of keys.", "dialog"),
    _quiet("app.focus_next", "right,down", "Next", "Go to the next answer.", "dialog"),
    _quiet("app.focus_previous", "left,up", "Previous", "Go to the answer before.", "dialog"),
    _quiet("move('cursor_down')", "down", "Down", "Go to the next line.", "search"),
    _quiet("move('cursor_up')", "up", "Up", "Go to the line above.", "search"),
    _quiet("move('page_down')", "pagedown", "Page down", "Go a page down.", "search"),
    _quiet("move('page_up')", "pageup", "Page up", "Go a page up.", "search"),
)
"""Every command; those of a tab work while it is shown."""


def bindings(tab: str = "", *names: str) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Return the key bindings of a place: all of them, or those of some names."""
    return [
        Binding(c.key, c.action, c.label, show=c.footer, priority=c.urgent, id=c.name)
        for c in COMMANDS
        if c.tab == tab and (not names or c.name in names)
    ]


def tab_of(problem: Problem) -> str:
    """Return the tab where a problem can be mended."""
    return {"data": "data", "layers": "model"}.get(str(next(iter(problem.where), "")), "compile")


def key_table() -> str:
    """Return all commands with their keys as a Markdown table: that of the README."""
    rows = [
        f"| {c.tab or 'everywhere'} | `{'`, `'.join(map(spoken, c.key.split(',')))}` | "
        f"`{c.name}` | {c.help} |"
        for c in sorted(COMMANDS, key=lambda c: PLACES.index(c.tab))
    ]
    return "\n".join(["| where | key | name | |", "|---|---|---|---|", *rows])
