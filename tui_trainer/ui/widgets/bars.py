"""The lines above and below a tab: where am I, what is true now."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui_trainer.core.problem import Where, place
from tui_trainer.core.words import shortened
from tui_trainer.ui.commands import TABS
from tui_trainer.ui.key_names import short
from tui_trainer.ui.keymap import key
from tui_trainer.ui.means import colourless
from tui_trainer.ui.widgets.links import Links, read
from tui_trainer.ui.workspace import Workspace

_DOT = " · "
"""What stands between the parts of a state, the first of which matters most."""
_BRANDED = 76
"""Columns of a window that has room for the program's own name."""
_SHORT = 16
"""Columns that a name may take in any window."""


class TitleBar(Static):
    """What is open, and what the engine and the run are doing."""

    DEFAULT_CSS = """
    TitleBar {
        height: 1; padding: 0 1; background: $panel; color: $foreground;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    document_name = reactive("")
    changed = reactive(False)
    state = reactive("")

    def render(self) -> Text:
        """Draw the name at the left, and at the right of the state what there is room for."""
        width = self.content_size.width
        name = Text.assemble(
            *((("tui-trainer", "bold"), (" · ", "dim")) if width >= _BRANDED else ()),
            shortened(self.document_name, max(_SHORT, width // 4)),
            (" ● not saved" if self.changed else "", "dim"),
        )
        state = self.state.split(_DOT)
        while len(state) > 1 and name.cell_len + 2 + len(_DOT.join(state)) > width:
            state.pop()
        words = _DOT.join(state)
        gap = max(2, width - name.cell_len - cell_len(words))
        return Text.assemble(name, " " * gap, (words, "dim"))


_CHOSEN = "bold $block-cursor-foreground on $block-cursor-background"


class TabRow(Links):
    """The steps of the work; the one that is shown is the bright one."""

    DEFAULT_CSS = """
    TabRow { height: 1; padding: 0 1; background: $panel; }
    """

    shown = reactive("data")

    def render(self) -> Content:
        """Draw the tabs, each of which can be clicked."""
        labels = []
        chosen = f"{_CHOSEN} reverse" if colourless() else _CHOSEN
        for number, tab in enumerate(TABS, start=1):
            style = chosen if tab == self.shown else "$text-muted"
            label = f"[{style}] {number} {tab.capitalize()} [/]"
            labels.append(f"[@click=app.show_tab('{tab}')]{label}[/]")
        return read(" ".join(labels))


class StatusLine(Static):
    """Whether the experiment can be trained, and if not, the first reason."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown = Text()

    def show(self, text: Text | None) -> None:
        """Show a text, if there is one and it is another one."""
        if text is not None and text != self._shown:
            self._shown = text
            self._fit()

    def on_resize(self) -> None:
        """Have room for the text at another width."""
        self._fit()

    def _fit(self) -> None:
        """Take as many lines as the text needs, up to a sixth of the window.

        By its own measure: an automatic height can stay that of the text before, when two come
        between two idle moments.
        """
        width, height = self.app.size
        lines = self._shown.wrap(self.app.console, width - self.gutter.width)
        most = height // 6
        if len(lines) > most:
            lines[most - 1].truncate(width - self.gutter.width - 1)
            lines[most - 1].append("…")
        self.update(Text("\n").join(lines[:most]), layout=False)
        self.styles.height = min(len(lines), most)


def status_text(
    workspace: Workspace, where: Where, engine: str, trouble: str, held: str = "", hint: str = ""
) -> Text | None:
    """Return whether the experiment can be trained, and what keeps it from that or would help.

    `held` is what other processes hold of the GPUs that it would be trained on, `hint` what
    somebody who is new may do.

    For the moment that a verdict takes there is nothing to say: what was said before stays.
    """
    problems = workspace.problems
    if problems:
        more = f"  (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return Text.assemble(("✗ ", "bold red"), str(problems[0]), (more, "dim"))
    if trouble or workspace.trouble:
        return Text.assemble(("✗ ", "bold red"), trouble or workspace.trouble)
    if not workspace.fresh:
        if workspace.verdict is None:
            return Text.assemble((f"… {engine}   ", "dim"), hint)
        return Text("… checking", "dim") if workspace.slow else None
    ready = Text.assemble(("✓ ", "bold green"), "ready to train   ")
    ready += Text(f"{hint}   ") if hint else Text(f"{key('train')} trains   ", "dim")
    if held and workspace.document.experiment.fit.device != "cpu":
        ready += Text.assemble(("! ", "bold yellow"), held, "   ")
    if hint and not workspace.advice:
        return ready
    return ready + _advice_text(workspace, where)


def _advice_text(workspace: Workspace, where: Where) -> Text:
    """Return the advice that matters most at a place, or else what is good."""
    first = workspace.advice_for(where)
    if not first:
        return Text(workspace.good_words, "dim")
    others = len(workspace.advice) - 1
    more = f"  (and {others} more)" if others else ""
    fix = f"  {short(key('fix'))}: {first.fix_words}" if first.fix else ""
    told = f"{place(first.where)}: {first.message}"
    return Text.assemble(("! ", "bold yellow"), told, (fix, "bold"), (more, "dim"))
