"""How the app looks: as the user's settings say, and as the terminal can show it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache

from rich.terminal_theme import TerminalTheme
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tui_trainer.core.errors import TrainerError
from tui_trainer.ui.colors import readable
from tui_trainer.ui.settings import Settings, read_settings, remember

_SECONDS = 12.0
"""How long a line on the settings is shown."""
_GROUNDS = ("background", "surface", "panel")
"""What text stands on, by the names of a theme's colours."""
_WITHOUT_COLOUR = {
    "block-cursor-text-style": "bold reverse",
    "block-cursor-blurred-text-style": "underline",
    "button-focus-text-style": "bold reverse",
    "input-cursor-text-style": "reverse",
}
"""How the cursor looks where no colour says where it is."""
_INKS = ("accent", "primary", "secondary", "success", "warning", "error")


class LooksApp(App[None]):
    """An app in the colours that were chosen, else in those that the terminal has."""

    settings = Settings()

    def on_mount(self) -> None:
        """Take the theme, tell what of the settings could not be taken, and keep what is chosen."""
        chosen = self.settings.theme
        own = "" if self.is_headless else _fitting(self.console.color_system, chosen)
        self.theme = own or chosen or self.theme
        if self.no_color:
            self.ansi_color = True  # What is dim stays dim, and is not made another colour.
        self._remembered = self.theme
        for trouble in self.settings.troubles:
            self.notify(trouble, title="Settings", severity="warning", timeout=_SECONDS)
        self.theme_changed_signal.subscribe(self, self._remember)

    def get_css_variables(self) -> dict[str, str]:
        """Return a theme's colours, with those of text as strong as it takes to be read."""
        variables = super().get_css_variables()
        if not self.current_theme.ansi:
            variables.update(_readable_inks(variables))
        return {**variables, **(_WITHOUT_COLOUR if self.no_color else {})}

    @property
    def ansi_theme(self) -> TerminalTheme:
        """What `red` and `green` are on the ground of the theme."""
        return _sixteen(super().ansi_theme, self.theme)

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


def _grounds(variables: Mapping[str, str]) -> list[Color]:
    return [Color.parse(variables[name]) for name in _GROUNDS]


@lru_cache
def _sixteen(usual: TerminalTheme, theme: str) -> TerminalTheme:
    """Return the sixteen colours, each readable on the grounds of a theme that has its own."""
    if BUILTIN_THEMES[theme].ansi:
        return usual
    grounds = _grounds(BUILTIN_THEMES[theme].to_color_system().generate())
    inks = [readable(Color(*usual.ansi_colors[at]), *grounds).rgb for at in range(16)]
    return TerminalTheme(usual.background_color, usual.foreground_color, inks[:8], inks[8:])


def _readable_inks(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the colours of text that stands on the grounds of a theme, and on its cursor."""
    grounds = _grounds(variables)
    inks = {f"text-{name}": readable(Color.parse(variables[name]), *grounds) for name in _INKS}
    cursor = "block-cursor-foreground"
    if not variables[cursor].startswith("auto"):
        ground = Color.parse(variables["block-cursor-background"])
        inks[cursor] = readable(Color.parse(variables[cursor]), ground)
    return {name: ink.hex for name, ink in inks.items()}


def _fitting(color_system: str | None, chosen: str) -> str:
    """Return the theme of a terminal's own 16 colours where it has no more, else nothing.

    Themes of other colours are chosen, and remembered, on terminals that have them.
    """
    if color_system != "standard" or (chosen and BUILTIN_THEMES[chosen].ansi):
        return ""
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return "ansi-light" if background in ("7", "15") else "ansi-dark"
