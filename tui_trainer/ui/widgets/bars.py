"""The lines above and below a tab: where am I, what is true now."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text
from textual.reactive import reactive
from textual.widgets import Static

from tui_trainer.ui.commands import COMMANDS, TABS
from tui_trainer.ui.workspace import Workspace


class TitleBar(Static):
    """What is open, and what the engine and the run are doing."""

    DEFAULT_CSS = """
    TitleBar { height: 1; padding: 0 1; background: $panel; color: $foreground; }
    """

    document_name = reactive("")
    changed = reactive(False)
    state = reactive("")

    def render(self) -> Table:
        """Draw the name at the left and the state at the right."""
        table = Table.grid(expand=True)
        table.add_column(no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True, overflow="ellipsis")
        name = Text.assemble(
            ("tui-trainer", "bold"),
            (" · ", "dim"),
            self.document_name,
            (" ● not saved" if self.changed else "", "dim"),
        )
        table.add_row(name, Text(self.state, "dim"))
        return table


class TabRow(Static):
    """The steps of the work; the one that is shown is the bright one."""

    DEFAULT_CSS = """
    TabRow {
        height: 1; padding: 0 1; background: $panel;
        link-style: none; link-style-hover: none; link-background-hover: $boost;
    }
    """

    shown = reactive("data")

    def render(self) -> str:
        """Draw the tabs, each of which can be clicked."""
        labels = []
        for number, tab in enumerate(TABS, start=1):
            style = "bold $text on $primary" if tab == self.shown else "$text-muted"
            label = f"[{style}] {number} {tab.capitalize()} [/]"
            labels.append(f"[@click=app.show_tab('{tab}')]{label}[/]")
        return " ".join(labels)


class KeyBar(Static):
    """The keys of where you are; each can be clicked."""

    DEFAULT_CSS = """
    KeyBar {
        height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis;
        link-style: none; link-style-hover: none; link-background-hover: $boost;
        link-color: $foreground; link-color-hover: $foreground;
    }
    """

    shown = reactive("data")
    in_form = reactive(False)
    """Whether the cursor is in a form, whose fields take the letters."""

    def render(self) -> str:
        """Draw the tab's own keys first, and those that work in a form."""
        own = [c for c in COMMANDS if c.footer and c.tab == self.shown and not self.in_form]
        everywhere = [c for c in COMMANDS if c.footer and not c.tab]
        keys = [(c.key.split(",")[0], c.shown or c.key, c.label) for c in (*own, *everywhere)]
        if self.in_form:
            keys = [key for key in keys if key[0].startswith("ctrl+")]
            keys = [("escape", "esc", "List"), ("tab", "tab", "Next field"), *keys]
        keys.append(("ctrl+p", "^p", "Commands"))
        gap = "  " if self.size.width >= 100 else " "
        return gap.join(
            f"[@click=app.press('{key}')][b $accent]{shown}[/] {label}[/]"
            for key, shown, label in keys
        )


class StatusLine(Static):
    """Whether the experiment can be trained, and if not, the first reason."""

    DEFAULT_CSS = """
    StatusLine { height: auto; max-height: 2; padding: 0 1; background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown = Text()

    def show(self, text: Text) -> None:
        """Show a text, if it is another one."""
        if text != self._shown:
            self._shown = text
            self.update(text)


def status_text(workspace: Workspace, engine: str, trouble: str) -> Text:
    """Return whether the open experiment can be trained, and if not, the first reason."""
    problems = workspace.problems
    if problems:
        more = f"  (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return Text.assemble(("✗ ", "bold red"), str(problems[0]), (more, "dim"))
    if trouble or workspace.trouble:
        return Text.assemble(("✗ ", "bold red"), trouble or workspace.trouble)
    if not workspace.fresh:
        return Text(f"… {engine}" if workspace.verdict is None else "… checking", "dim")
    return Text.assemble(("✓ ", "bold green"), "ready to train", ("   ctrl+r trains", "dim"))
