"""How the app looks: as the user's settings say, and as the terminal can show it."""

from __future__ import annotations

import os

from textual.app import App
from textual.theme import BUILTIN_THEMES, Theme

from tui_trainer.core.errors import TrainerError
from tui_trainer.ui.settings import Settings, read_settings, remember

_SECONDS = 12.0
"""How long a line on the settings is shown."""


class LooksApp(App[None]):
    """An app in the colours that were chosen, else in those that the terminal has."""

    settings = Settings()

    def on_mount(self) -> None:
        """Take the theme, tell what of the settings could not be taken, and keep what is chosen."""
        own = "" if self.is_headless else _fitting(self.console.color_system)
        self.theme = self.settings.theme or own or self.theme
        self._remembered = self.theme
        for trouble in self.settings.troubles:
            self.notify(trouble, title="Settings", severity="warning", timeout=_SECONDS)
        self.theme_changed_signal.subscribe(self, self._remember)

    def _remember(self, theme: Theme) -> None:
        if theme.name == self._remembered:
            return
        self._remembered = theme.name
        try:
            remember("theme", theme.name)
        except TrainerError as error:
            self.notify(str(error), title="Not remembered", severity="warning")


def settings() -> Settings:
    """Return what the user has chosen, as far as it can be used."""
    return read_settings(tuple(BUILTIN_THEMES))


def _fitting(color_system: str | None) -> str:
    """Return the theme of a terminal's own 16 colours where it has no more, else nothing."""
    if color_system != "standard":
        return ""
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return "ansi-light" if background in ("7", "15") else "ansi-dark"
