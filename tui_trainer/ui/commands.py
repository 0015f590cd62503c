"""One table of everything that can be done: keys, footer, palette and help come from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.binding import Binding

from tui_trainer.core.problem import Problem

TABS = ("data", "model", "compile", "train", "runs")
"""The steps of the work, left to right; number keys show them."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something the user can do."""

    action: str
    """The Textual action that does it."""
    key: str
    label: str
    help: str
    tab: str = ""
    """Where its key works; everywhere if empty."""
    shown: str = ""
    """The key as the footer writes it, where Textual's own way is too long."""
    footer: bool = True
    hint: bool = False
    """Whether the tab's own list shows its key, and not the footer."""


def _hint(action: str, key: str, label: str, help: str, tab: str, shown: str = "") -> Command:  # noqa: A002
    return Command(action, key, label, help, tab, shown, footer=False, hint=True)


_RESUME = "Go on with an ended or lost run from its checkpoint."
_STOPS = (
    ("stop", "e", "Early stop", "End after this epoch: validated, tested and saved."),
    ("stop_now", "x", "Stop now", "End within this epoch: saved as it is, to be resumed."),
    ("kill", "k", "Kill", "End at once, asked first: the last checkpoint is kept."),
)


def _steering(tab: str) -> Iterator[Command]:
    for command, key, label, told in _STOPS:
        yield Command(f"ask('{command}')", key, label, told, tab, footer=False)


COMMANDS = (
    *(
        Command(f"show_tab('{tab}')", str(number), tab.capitalize(), f"Show {tab}.", footer=False)
        for number, tab in enumerate(TABS, start=1)
    ),
    Command("train", "ctrl+r", "Train", "Start a run of the open experiment.", shown="^r"),
    Command("save", "ctrl+s", "Save", "Save the experiment, the model or a script.", shown="^s"),
    Command(
        "load",
        "ctrl+o",
        "Load",
        "Open an experiment .toml or a run; take layers of .keras, weights of .weights.h5.",
        shown="^o",
    ),
    Command("fix", "ctrl+g", "Fix", "Do what the advice in the status line says.", shown="^g"),
    Command("undo", "ctrl+z,u", "Undo", "Take the last edit back; u in a list.", shown="^z"),
    Command("redo", "ctrl+y,U", "Redo", "Do it again; U in a list.", "", "^y", False),
    Command("help", "question_mark", "Help", "Show the keys of where you are.", shown="?"),
    Command("open_task", "enter", "Open", "Open the task under the cursor.", "data"),
    _hint("keep", "k", "Keep preset", "Keep the experiment as a preset of your own.", "data"),
    _hint("remove", "delete,backspace", "Delete", "Delete a preset of your own.", "data", "⌫"),
    _hint("add", "a", "Add", "Add a layer below the cursor.", "model"),
    _hint("duplicate", "d", "Copy", "Put a copy of the layer below it.", "model"),
    _hint("remove", "delete,backspace", "Remove", "Remove the layer.", "model", "⌫"),
    _hint("move(-1)", "K,alt+up", "Up", "Move the layer up.", "model", "K"),
    _hint("move(1)", "J,alt+down", "Down", "Move the layer down.", "model", "J"),
    _hint("switch", "space", "Off/on", "Switch the layer off, or on again.", "model"),
    _hint("rename", "r", "Name", "Give the layer a name.", "model"),
    Command("view('code')", "c", "Code", "Show the experiment as a Keras script.", "model"),
    Command("view('picture')", "p", "Picture", "Show the stack as a picture.", "model"),
    _hint("add", "a", "Add", "Add a metric or a callback.", "compile"),
    _hint("remove", "delete,backspace", "Remove", "Remove a metric or a callback.", "compile", "⌫"),
    _hint("switch", "space", "Off/on", "Switch a metric or a callback off, or on.", "compile"),
    Command("view('code')", "c", "Code", "Show the experiment as a Keras script.", "compile"),
    *_steering("train"),
    Command("ask('pause')", "p", "Pause", "Pause the run, or let it go on.", "train", footer=False),
    Command("ask('resume')", "r", "Resume", _RESUME, "train", footer=False),
    Command("next_metric", "m", "Metric", "Show the next metric's curves.", "train"),
    Command("toggle_log_scale", "l", "Log", "Draw the curves on a log scale.", "train"),
    Command("toggle_smooth", "s", "Smooth", "Draw moving averages.", "train"),
    Command("next_view", "t", "View", "Show curves, epochs, or the log, in turn.", "train"),
    Command("open_run", "enter", "Show", "Show the run's curves.", "runs"),
    Command("edit_run", "o", "Open", "Open the run's experiment in the editor.", "runs"),
    Command("ask('resume')", "r", "Resume", _RESUME, "runs"),
    *_steering("runs"),
)
"""Every command; those of a tab work while it is shown."""


def bindings(tab: str = "") -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Return the key bindings of a tab, or of everywhere."""
    return [
        Binding(c.key, c.action, c.label, show=c.footer, key_display=c.shown or None)
        for c in COMMANDS
        if c.tab == tab
    ]


def tab_of(problem: Problem) -> str:
    """Return the tab where a problem can be mended."""
    return {"data": "data", "layers": "model"}.get(str(next(iter(problem.where), "")), "compile")


def key_table() -> str:
    """Return all keys as a Markdown table: that of the README."""
    rows = [
        f"| {c.tab or 'everywhere'} | `{c.shown or c.key}` | {c.help} |"
        for c in sorted(COMMANDS, key=lambda c: TABS.index(c.tab) if c.tab else -1)
    ]
    return "\n".join(["| where | key | |", "|---|---|---|", *rows])
