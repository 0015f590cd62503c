"""What the app asks before it opens, saves or quits, and what it explains."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual.notifications import SeverityLevel

from tui_trainer.core.fields import FIT
from tui_trainer.core.keeps import keeps
from tui_trainer.core.resume import ready_to_resume
from tui_trainer.core.values import parse
from tui_trainer.core.watch import Watch
from tui_trainer.core.words import count, listing
from tui_trainer.ui import files
from tui_trainer.ui.screens.ask import AskNumber
from tui_trainer.ui.screens.choice import Choice
from tui_trainer.ui.screens.help import Help
from tui_trainer.ui.screens.path import AskPath

if TYPE_CHECKING:
    from tui_trainer.ui.actions import ActionsApp

_EPOCHS = next(param for param in FIT if param.name == "epochs")


class Dialogs:
    """Asks on the app's screen, and does what is answered."""

    def __init__(self, app: ActionsApp) -> None:
        self._app = app
        self._bench = app.bench

    def help(self) -> None:
        """Show the keys of where the user is."""
        self._app.push_screen(Help(self._app.tab, self._app.pane.told()))

    def unless_unsaved(self, label: str, go_on: Callable[[], None]) -> None:
        """Go on at once if nothing would be lost; else ask, with saving as the first answer.

        After a save that kept the experiment it goes on, after one that did not it asks again.
        """
        if not self._bench.document.changed:
            go_on()
            return

        def saved(to: files.Targets) -> None:
            if to.experiment:
                go_on()
            else:
                self.unless_unsaved(label, go_on)

        def answered(answer: str | None) -> None:
            if answer == "save":
                self.save(saved)
            elif answer:
                go_on()

        question = f"{self._bench.document.name} has edits that are not saved."
        self._app.push_screen(Choice(question, {"save": "Save first", "lose": label}), answered)

    def load(self) -> None:
        """Ask what to open, and open it."""
        loaded: files.Loaded | None = None

        def attempt(text: str) -> str | Awaitable[None] | None:
            nonlocal loaded
            loaded = files.load(
                text, self._bench.document, self._bench.workspace.catalogue, self._app.runs
            )
            if loaded.edit:
                return None if loaded.with_weights else self._bench.try_weights(loaded.document)
            if self._bench.document.changed and asking.confirmed != text:
                return f"{self._bench.document.name} is not saved: enter again opens without saving"
            if loaded.run:
                self._app.training.watch(Watch.open(loaded.run))
            return None

        def closed(done: bool | None) -> None:
            if done and loaded:
                self._take(loaded)

        told = (
            "An experiment .toml or a run is opened.\n"
            "A .keras file: its layers, optimizer, loss; its weights if you like.\n"
            "A .weights.h5 file: what training starts from."
        )
        asking = AskPath("Load", told, "", attempt)
        self._app.push_screen(asking, closed)

    def _take(self, loaded: files.Loaded) -> None:
        """Put what was loaded on the bench; ask whether the weights of a whole model are wanted."""
        with_weights = loaded.with_weights

        def answered(answer: str | None) -> None:
            if answer:
                chosen = with_weights if answer == "both" else None
                self._bench.set_document(chosen or loaded.document)
                self._app.notify(loaded.told, title="Loaded")

        if with_weights:
            question = "Is training to start from its weights too, or from random ones?"
            answers = {"both": "Layers and weights", "layers": "Layers only"}
            self._app.push_screen(Choice(question, answers), answered)
        else:
            answered("layers")

    def save(self, then: Callable[[files.Targets], None] | None = None) -> None:
        """Ask where to, and save what that path stands for; `then` is told what was saved."""
        watched = self._app.training.watched
        model = watched if watched and (watched.live or watched.saved_model) else None
        done: files.Targets | None = None

        def attempt(text: str) -> str | None:
            nonlocal done
            to = files.targets(text, self._bench.document, model)
            existing = to.existing(self._bench.document)
            if existing and asking.confirmed != text:
                verb = "exists" if len(existing) == 1 else "exist"
                return f"{' and '.join(existing)} {verb}: enter again overwrites"
            document, told = files.save(self._bench.document, to, model)
            problem = next(iter(self._bench.workspace.problems), None) if to.script else None
            warned = f"\n{problem}; the script is written as it stands" if problem else ""
            if to.experiment:
                self._bench.set_document(document)
            severity: SeverityLevel = "warning" if warned else "information"
            self._app.notify(f"{told}{warned}", title="Saved", severity=severity)
            done = to
            return None

        def closed(_: bool | None) -> None:
            if done and then:
                then(done)

        told = (
            "NAME.toml: the experiment. NAME.py: the same as a Keras script.\n"
            f"{files.model_words(self._bench.document, model)}"
        )
        asking = AskPath("Save", told, files.suggested(self._bench.document, model), attempt)
        self._app.push_screen(asking, closed)

    def quit(self, leave: Callable[[bool], None]) -> None:
        """Ask what becomes of edits and of live runs; `leave` is told whether to stop those."""

        def answered(answer: str | None) -> None:
            if answer:
                leave(answer == "stop")

        def unchecked(answer: str | None) -> None:
            if answer and self._app.training.all_live:  # It was checked meanwhile, and has begun.
                ask_runs()
            elif answer:
                leave(False)

        def ask_runs() -> None:
            live = self._app.training.all_live
            if not live:
                if self._app.steering.waits:
                    question = f"{self._bench.document.name} is to be trained once it is checked."
                    answers = {"quit": "Quit, train nothing"}
                    self._app.push_screen(Choice(question, answers), unchecked)
                else:
                    leave(False)
                return
            one = len(live) == 1
            names = listing([watch.run.name for watch in live])
            question = f"{names} {'is' if one else 'are'} still training."
            it = "it" if one else "them"
            answers = {"leave": f"Leave {it} running", "stop": f"Stop and save {it}"}
            self._app.push_screen(Choice(question, answers), answered)

        self.unless_unsaved("Quit without saving", ask_runs)

    def epochs(self, watch: Watch, go_on: Callable[[], None]) -> None:
        """Ask how many epochs a run that ended is to have, and make it ready to go on."""
        done, planned = len(watch.curves.epochs), watch.experiment.fit.epochs
        text = planned if planned > done else done + max(1, done // 2)

        def attempt(text: str) -> None:
            epochs = parse(_EPOCHS, text)
            assert isinstance(epochs, int)
            ready_to_resume(watch.run, epochs)
            go_on()

        told = (
            f"It {keeps('resume', watch.status, watch.checkpoint)}, and has trained "
            f"{count(done, 'epoch')} of {planned}. How many is it to have in all?"
        )
        self._app.push_screen(AskNumber(f"Resume {watch.run.name}", told, str(text), attempt))
