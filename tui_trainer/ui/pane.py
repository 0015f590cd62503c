"""What every tab is: a widget that is drawn from what is open and what is trained."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from textual.widget import Widget

from tui_trainer.core.problem import Where
from tui_trainer.ui.bench import Bench
from tui_trainer.ui.widgets.parts_table import PartsTable
from tui_trainer.ui.workspace import Workspace

if TYPE_CHECKING:
    from tui_trainer.ui.training import Training


class Pane(Widget):
    """A tab's content."""

    DEFAULT_CSS = "Pane { width: 1fr; height: 1fr; }"
    BLANK = True
    """Nothing is drawn on it but what is in it."""

    bench: Bench
    """What is open, to be drawn and edited; given by `make_pane`."""
    LIST_ACTIONS = ("add", "duplicate", "remove", "move", "switch", "rename", "view", "keep")
    """What works in a tab's list alone: in a form, delete and letters belong to the field."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the actions of the list alone while the cursor is in a form."""
        return action not in self.LIST_ACTIONS or isinstance(self.screen.focused, PartsTable)

    def on_descendant_focus(self) -> None:
        """Know where the cursor is."""
        self._give_room()

    def on_resize(self) -> None:
        """Know how much room there is."""
        self._give_room()

    def _give_room(self) -> None:
        """In a low window, give what is beside the list its room while the cursor is there.

        In others no class is set: that would style the whole tab anew.
        """
        focused = self.screen.focused
        beside = focused and self in focused.ancestors and not isinstance(focused, PartsTable)
        self.set_class(bool(beside) and self.screen.has_class("-short"), "-inside")

    def place(self) -> Where:
        """Return where in the experiment the cursor stands; nothing for nowhere in particular."""
        return ()

    def told(self) -> Mapping[str, str]:
        """Return what an action would do now, where that is more than the commands' table says."""
        return {}

    async def reveal(self, where: Where) -> None:
        """Put the cursor where something is to be mended."""
        self.focus_first()

    async def show(self, workspace: Workspace, training: Training) -> None:
        """Draw what is true now."""
        raise NotImplementedError

    async def show_progress(self, workspace: Workspace, training: Training) -> None:
        """Draw what a run changed; called four times a second while something does."""

    def focus_first(self) -> None:
        """Put the cursor where the tab's work begins, before the next key is handled."""
        raise NotImplementedError


async def import_pane(tab: str) -> None:
    """Import what a tab is made of, such as plotext; keys are heard meanwhile."""
    await asyncio.to_thread(import_module, f"tui_trainer.ui.screens.{tab}")


def make_pane(tab: str, runs: Path, bench: Bench) -> Pane:
    """Return the pane of a tab, over what is open."""
    pane = _make(tab, runs)
    pane.bench = bench
    return pane


def _make(tab: str, runs: Path) -> Pane:
    """Return the pane of a tab.

    Its module is imported here and not before: the first frame does not wait for plotext.
    """
    match tab:
        case "model":
            from tui_trainer.ui.screens.model import ModelPane

            return ModelPane()
        case "compile":
            from tui_trainer.ui.screens.compile import CompilePane

            return CompilePane()
        case "train":
            from tui_trainer.ui.screens.train import TrainPane

            return TrainPane()
        case "runs":
            from tui_trainer.ui.screens.runs import RunsPane

            return RunsPane(runs)
        case _:
            from tui_trainer.ui.screens.data import DataPane

            return DataPane()
