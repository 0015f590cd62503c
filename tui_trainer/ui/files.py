"""Loading and saving: from a path to a document, and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tui_trainer.core.catalogue import Catalogue
from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError, reason
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.kerasfile import read_keras_file
from tui_trainer.core.modelfile import (
    MODEL,
    WEIGHTS,
    copy_model,
    from_anywhere,
    holds_weights,
    is_model,
    model_path,
)
from tui_trainer.core.places import atomic_write, user_path
from tui_trainer.core.presets import document_of, read_document
from tui_trainer.core.rundir import RunDir, open_run
from tui_trainer.core.toml import read_text
from tui_trainer.core.watch import Watch
from tui_trainer.ui.keymap import key


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a path held."""

    document: Document
    """Another document, or the open one with an edit."""
    told: str
    """What was done, in a sentence."""
    run: RunDir | None = None
    """The run that it came from, to be shown too."""
    edit: bool = False
    """Whether it is the open document: nothing is lost, and it can be undone."""
    with_weights: Document | None = None
    """The same, to be trained from the weights that came with it."""


def load(text: str, open_now: Document, catalogue: Catalogue | None, runs: Path) -> Loaded:
    """Return what a path or the name of a run holds, or raise TrainerError.

    A model is an edit of the open document: its layers, its weights, or both.
    """
    if is_model(text):
        return _model(model_path(text), open_now, catalogue)
    path = user_path(text)
    if path.is_file() and path.suffix == ".toml":
        return _opened(read_document(path, path.stem, path))
    if path.is_file():
        wanted = f"a .toml, {MODEL} or {WEIGHTS} file"
        raise TrainerError(f"expected {wanted}; received {path.name!r}", text)
    if not path.is_dir() and ("/" in text or path.suffix == ".toml"):
        raise TrainerError("expected a file that exists; there is none", text)
    run = open_run(runs, text)
    return _opened(document_of(run), run)


def _opened(document: Document, run: RunDir | None = None) -> Loaded:
    return Loaded(document, f"{document.name} is open.", run)


def _model(path: Path, open_now: Document, catalogue: Catalogue | None) -> Loaded:
    """Return the open document with the layers of a model, or to be trained from its weights."""
    if catalogue is None:
        told = "it can be looked at once Keras is imported: a moment"
        raise TrainerError(told, str(path))
    if path.name.endswith(WEIGHTS):
        told = f"Training starts from the weights in {path.name}; {key('undo')} takes that back."
        return Loaded(_from_weights(open_now, open_now.experiment, path), told, edit=True)
    stack, kept = read_keras_file(path, catalogue), open_now.experiment
    compiled = stack.compile if stack.compile.loss else kept.compile
    experiment = replace(kept, title=stack.title, layers=stack.layers, compile=compiled)
    weights = _from_weights(open_now, experiment, path) if holds_weights(path) else None
    told = f"{open_now.name} has the layers of {path.name}; {key('undo')} takes that back."
    return Loaded(open_now.become(experiment), told, edit=True, with_weights=weights)


def _from_weights(document: Document, experiment: Experiment, path: Path) -> Document:
    """Return a document with an experiment that is trained from the weights in a file."""
    fit = replace(experiment.fit, initial_weights=str(path.absolute()))
    return document.become(replace(experiment, fit=fit))


@dataclass(frozen=True, slots=True)
class Targets:
    """The files that a save makes."""

    experiment: Path | None = None
    model: Path | None = None
    """A whole model, or its weights alone: the suffix says which."""
    script: Path | None = None

    def existing(self, document: Document) -> list[str]:
        """Return the names of those that would be overwritten, but for the document's own file.

        That one counts too if it is no longer what was read from it.
        """
        paths = [path for path in (self.experiment, self.model, self.script) if path]
        return [path.name for path in paths if path.exists() and not _is_own(path, document)]


def _is_own(path: Path, document: Document) -> bool:
    if path != document.path:
        return False
    try:
        return read_text(path) == document.text
    except TrainerError:
        return False


def targets(text: str, document: Document, watched: Watch | None) -> Targets:
    """Return what a path stands for: its suffix decides, and without one it may be two files.

    `watched` is a run that has a model; TrainerError says why nothing can be saved there.
    """
    path = user_path(text)
    if path.is_dir() or not path.name:
        raise TrainerError("expected the name of a file; this is a folder", text)
    if not path.absolute().parent.is_dir():
        raise TrainerError("expected a folder that exists; there is none", str(path.parent))
    if path.name.endswith((MODEL, WEIGHTS)) and not watched:
        raise TrainerError("expected a run that has a model; there is none: train first", text)
    if path.name.endswith((MODEL, WEIGHTS)):
        return Targets(model=path)
    match path.suffix:
        case ".py":
            return Targets(script=path)
        case ".toml":
            return Targets(experiment=path)
        case ".h5":
            raise TrainerError(f"expected NAME{MODEL}, or NAME{WEIGHTS}; received .h5", text)
    model = path.with_name(f"{path.name}.keras") if _is_of(watched, document) else None
    return Targets(path.with_name(f"{path.name}.toml"), model)


def suggested(document: Document, watched: Watch | None) -> str:
    """Return where to save if nobody says otherwise: to the document's own file, if it has one."""
    if document.path:
        return str(document.path)
    return document.name if _is_of(watched, document) else f"{document.name}.toml"


def _is_of(watched: Watch | None, document: Document) -> bool:
    """Return whether a run was trained from exactly what is open."""
    return watched is not None and watched.experiment == from_anywhere(document.experiment)


def save(document: Document, to: Targets, watched: Watch | None) -> tuple[Document, str]:
    """Write what a path stands for; return the document, and what was done.

    A run that is going on is asked for its model, and answers with an event; TrainerError says
    what could not be written. Only who saves the experiment has saved the document.
    """
    told = []
    try:
        if to.script:
            from tui_trainer.core.script import script  # Few who save want one.

            atomic_write(to.script, script(document.experiment, to.script.stem).text)
            told.append(f"Keras script → {to.script}")
        if to.model and watched:
            what = "weights" if to.model.name.endswith(WEIGHTS) else "model"
            told.append(f"{what} → {to.model}{_save_model(to.model, watched)}")
        if to.experiment:
            text = document.toml()
            atomic_write(to.experiment, text)
            document = document.saved_as(to.experiment, text)
            told.insert(0, f"experiment → {to.experiment}")
    except OSError as error:
        folder = next(path for path in (to.script, to.experiment, to.model) if path).parent
        raise TrainerError(f"cannot be written: {reason(error)}", str(folder)) from error
    return document, "\n".join(told)


def _save_model(path: Path, watched: Watch) -> str:
    """Have the model of a run written; return what is to be said of it."""
    watched.poll()
    if watched.live:
        watched.run.send("save", path=str(path.absolute()))
        return " (the run writes it at its next batch)"
    model = watched.saved_model
    if model is None:
        raise TrainerError("ended without a model", watched.run.name)
    copy_model(model, path)
    return ""


def model_words(document: Document, watched: Watch | None) -> str:
    """Return which model a save would write, in two or three sentences."""
    if watched is None:
        return "There is no model yet: train first to save one too."
    words = f"NAME{MODEL}: the model of {watched.run.name}. NAME{WEIGHTS}: its weights."
    if _is_of(watched, document):
        return f"{words}\nNAME: the experiment and this model."
    drafts = (*document.past, *document.future)
    steps = map(from_anywhere, (document.saved, *(draft.experiment for draft in drafts)))
    when = "before your last edits" if watched.experiment in steps else "from another experiment"
    return f"{words}\nIt was trained {when}."
