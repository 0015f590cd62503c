"""What the model will get to see of the data, in a few lines."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tui_trainer.core.datasets import Facts, describe
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Data
from tui_trainer.core.words import spaced, times

_LONG = 150
"""Characters of a list of classes that is not shown whole."""


def facts_of(data: Data) -> RenderableType:
    """Return the shapes, the classes and the counts of the data, or what is wrong with them."""
    try:
        facts = describe(data)
    except TrainerError as error:
        return Text(f"✗ {error}", "bold red")
    dataset = facts.dataset
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True, min_width=len("samples"))
    table.add_column()
    table.add_row("input", _line((times(facts.shape), ""), (f"  {facts.dtype}", "dim")))
    label = _label(facts)
    table.add_row("label", Text(label) if len(label) < _LONG else _line((label, "")))
    table.add_row("samples", _line((_counts(facts), "")))
    origin = f"{dataset.source} · {dataset.licence}".strip(" ·")
    table.add_row("from", Text(origin, "dim"))
    return Group(Text.assemble((dataset.title, "bold"), (f"  {dataset.name}", "dim")), table)


def _line(*parts: tuple[str, str]) -> Text:
    return Text.assemble(*parts, no_wrap=True, overflow="ellipsis")


def _counts(facts: Facts) -> str:
    counts = {"train": facts.train, "validation": facts.validation, "test": facts.test}
    return ", ".join(f"{spaced(number)} {what}" for what, number in counts.items())


def _label(facts: Facts) -> str:
    classes = facts.dataset.classes
    if not classes:
        return "a number"
    names = ", ".join(classes)
    how = "one-hot of " if facts.one_hot else ""
    return f"{how}{len(classes)} classes: {names}"
