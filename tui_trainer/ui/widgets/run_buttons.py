"""The buttons that steer a run, and below them what each would do now."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from tui_trainer.core.keeps import keeps
from tui_trainer.core.problem import Problem
from tui_trainer.core.watch import Watch
from tui_trainer.ui.commands import COMMANDS
from tui_trainer.ui.keymap import key

_HERE = socket.gethostname()
_STEERING = {"early-stop": "stop", "stop-now": "stop_now", "kill": "kill", "go-on": "pause"}
ACTIONS = {
    "train-button": "app.train",
    **{name: f"ask('{command}')" for name, command in _STEERING.items()},
    "save-button": "app.save",
    "load-button": "app.load",
}
"""What each button does, by its id: an action of the app or of the pane."""
_LABELS = ("Train", "Early stop", "Stop now", "Kill", "Pause", "Save", "Load")


class RunButtons(Vertical):
    """A row of buttons over a line that says what the one under focus or mouse does."""

    DEFAULT_CSS = """
    RunButtons {
        height: 2; padding: 0 1;
        & Button { margin-right: 1; min-width: 6; }
        & #go-on { min-width: 8; }
        & Static {
            height: 1; color: $text-muted; text-overflow: ellipsis; text-wrap: nowrap;
        }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._watched: Watch | None = None
        self._reasons: dict[str, str] = {}
        """Why a button can do nothing now, by its id."""
        self._hovered = ""
        self._said = ""

    def compose(self) -> ComposeResult:
        """Make the buttons and the line."""
        with Horizontal():
            for name, label in zip(ACTIONS, _LABELS, strict=True):
                button = Button(label, id=name, compact=True)
                button.set_class(name == "train-button", "-primary")
                yield button
        yield Static(markup=False)

    def show(self, watched: Watch | None, problems: Sequence[Problem]) -> None:
        """Disable each button that can do nothing now, and say what there is to say."""
        self._watched, reasons = watched, _reasons(watched, problems)
        if reasons != self._reasons:
            self._reasons = reasons
            for name, reason in reasons.items():
                button = self.query_one(f"#{name}", Button)
                button.disabled = bool(reason)
                button.tooltip = Text(reason) if reason else None
        toggle = self.query_one("#go-on", Button)
        if toggle.label != self._toggle:
            toggle.label = self._toggle
        self._say()

    @property
    def _toggle(self) -> str:
        """What the button that pauses is called now."""
        if self._watched and not self._watched.live:
            return "Resume"
        return "Go on" if self._watched and self._watched.state == "paused" else "Pause"

    def _say(self) -> None:
        focused = next((button.id for button in self.query(Button) if button.has_focus), "")
        name = self._hovered or focused
        said = self._sentence(name) if name else self._first()
        if said != self._said:
            self._said = said
            self.query_one(Static).update(said, layout=False)

    def _sentence(self, name: str) -> str:
        if self._reasons.get(name):
            return self._reasons[name]
        watched, command = self._watched, _STEERING.get(name, "")
        if watched and command:
            if command == "pause" and self._toggle != "Pause":
                command = "resume"
            return keeps(command, watched.status, watched.checkpoint)
        return next((c.help for c in COMMANDS if f"app.{c.action}" == ACTIONS[name]), "")

    def _first(self) -> str:
        """Return what is to be said of none: what could go on, or what cannot be done."""
        watched = self._watched
        if watched and watched.state in ("stopped", "failed", "lost"):
            told = keeps("resume", watched.status, watched.checkpoint)
            return f"{key('train.resume')} resumes it: {told}"
        return next(filter(None, self._reasons.values()), "")

    def on_enter(self, event: events.Enter) -> None:
        """Say what the button under the mouse does."""
        self._hovered = event.node.id or "" if isinstance(event.node, Button) else ""
        self._say()

    def on_leave(self, event: events.Leave) -> None:
        """Say what there was to say before."""
        self._hovered = ""
        self._say()

    def on_descendant_focus(self) -> None:
        """Say what the button does that has the focus."""
        self._say()

    def on_descendant_blur(self) -> None:
        """Say what there was to say before."""
        self._say()


def _reasons(watched: Watch | None, problems: Sequence[Problem]) -> dict[str, str]:
    status = watched.status if watched and watched.live else None
    none = "" if status else "no run to stop"
    waiting = "the run has not begun yet" if status and status.state == "starting" else ""
    away = f"it is trained on {status.host}" if status and status.host != _HERE else ""
    return {
        "train-button": f"Train: {problems[0]}" if problems else "",
        "early-stop": none,
        "stop-now": none,
        "kill": none or waiting or away,
        "go-on": waiting if watched else "no run to pause or resume",
    }
