"""The layer stack in words: the rows of its table, and what training it takes."""

from __future__ import annotations

from rich.text import Text

from tui_trainer.core.datasets import batch_of
from tui_trainer.core.experiment import Part
from tui_trainer.core.verdict import LayerSize
from tui_trainer.core.words import bytes_, memory_words, spaced, times
from tui_trainer.ui.workspace import Workspace

StackRow = tuple[Text, Text, Text, Text]
"""Number or mark, name, shape, parameters."""


def stack_rows(workspace: Workspace) -> list[StackRow]:
    """Return the input and the layers as rows; one of which something is said has a mark."""
    verdict = workspace.verdict
    shape = times(verdict.input_shape) if verdict and verdict.input_shape else ""
    rows = [(Text(""), Text("input", "dim"), _right(shape, "dim"), Text(""))]
    wrong = {p.where[1] for p in workspace.problems if p.where[:1] == ("layers",) and p.where[1:]}
    advised = {a.where[1] for a in workspace.advice if a.where[:1] == ("layers",) and a.where[1:]}
    sizes = _sizes(workspace)
    for index, layer in enumerate(workspace.document.experiment.layers):
        number = Text(str(index + 1), "dim")
        if index in wrong:
            number = Text("✗", "bold red")
        elif index in advised:
            number = Text("!", "bold yellow")
        size = sizes[index] if index < len(sizes) else None
        rows.append((number, _name(layer), *_size(size, layer.disabled)))
    return rows


def _sizes(workspace: Workspace) -> tuple[LayerSize, ...]:
    """Return what is known of the layers: all of it, or for a moment what it was before an edit."""
    verdict, judged = workspace.verdict, workspace.judged
    if not verdict or not judged:
        return ()
    if len(judged.layers) == len(workspace.document.experiment.layers):
        return verdict.layers
    pairs = zip(judged.layers, workspace.document.experiment.layers, strict=False)
    same = next((at for at, (old, new) in enumerate(pairs) if old != new), len(judged.layers))
    return verdict.layers[:same]


def totals(workspace: Workspace) -> str:
    """Return the sum of parameters."""
    verdict = workspace.verdict
    if not verdict:
        return "shapes are shown once Keras is imported"
    if not _whole(workspace):
        return "the sum is shown once every layer fits"
    trainable = f" · {spaced(verdict.trainable)} trainable"
    same = verdict.trainable == verdict.params
    return f"{spaced(verdict.params)} parameters{'' if same else trainable}"


def _whole(workspace: Workspace) -> bool:
    """Return whether every layer has a size, and there is one."""
    count = len(workspace.document.experiment.layers)
    return 0 < count == len(_sizes(workspace))


def memory(workspace: Workspace) -> str:
    """Return what a step of training takes of memory, and by what."""
    verdict, experiment = workspace.verdict, workspace.document.experiment
    if not verdict or not _whole(workspace):
        return ""
    fit, optimizer = experiment.fit, experiment.compile.optimizer.type
    entry = workspace.catalogue.find("optimizers", optimizer) if workspace.catalogue else None
    batch = batch_of(experiment)
    needed = verdict.memory(batch, fit.dtype_policy)
    return f"{bytes_(needed.total)} to train: " + memory_words(
        needed, entry.name if entry else optimizer, batch
    )


def _name(layer: Part) -> Text:
    if layer.disabled:
        return Text.assemble((layer.type, "dim strike"), (f" {layer.name}", "dim"), (" off", "dim"))
    inner = layer.params.get("layer")
    inside = f" {inner.type}" if isinstance(inner, Part) else ""
    return Text.assemble(layer.type, (inside, "dim"), (f" {layer.name}", "dim"))


def _size(size: LayerSize | None, disabled: bool) -> tuple[Text, Text]:
    if size is None:
        return Text(""), Text("")
    style = "dim" if disabled else ""
    return _right(times(size.shape), style), _right(spaced(size.params), style)


def _right(text: str, style: str = "") -> Text:
    return Text(text, style, justify="right")
