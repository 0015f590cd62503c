"""What is open and what is known of it: the value that every tab is drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tui_trainer.core.catalogue import Catalogue
from tui_trainer.core.check import check
from tui_trainer.core.datasets import find_dataset
from tui_trainer.core.document import Document
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.fields import DATA, FIT
from tui_trainer.core.problem import Problem, Where
from tui_trainer.core.values import parse

if TYPE_CHECKING:
    from tui_trainer.core.advice import Advice
    from tui_trainer.core.verdict import Verdict


@dataclass(frozen=True)
class Workspace:
    """The open document, what Keras offers, and what the engine said of it last."""

    document: Document
    catalogue: Catalogue | None = None
    verdict: Verdict | None = None
    judged: Experiment | None = None
    """The experiment that the verdict is about."""
    preview: Mapping[str, Any] | None = None
    """The engine's answer to `preview`: samples of the training data, if they are here."""
    trouble: str = ""
    """Why the engine could not judge the experiment."""
    slow: bool = False
    """Whether its verdict has been waited for so long that it should be said."""

    @property
    def fresh(self) -> bool:
        """Whether the verdict is about the experiment as it is now."""
        return self.judged == self.document.experiment

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """All that is known to be wrong, ours first, each once."""
        ours = [*self._rejected()]
        if self.catalogue:
            ours += check(self.document.experiment, self.catalogue)
        theirs = self.verdict.problems if self.verdict and self.fresh else ()
        return tuple(dict.fromkeys((*ours, *theirs)))

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """All that could be better, the most important first; nothing while something is wrong."""
        if self.problems or not self.fresh:
            return ()
        from tui_trainer.core.advice import advise  # Not before the first frame.

        return advise(self.document.experiment, self.catalogue, self.verdict)

    @property
    def good_words(self) -> str:
        """What is right of the output, or nothing."""
        from tui_trainer.core.advice import good_words  # Not before the first frame.

        return good_words(self.document.experiment, self.verdict)

    def advice_for(self, where: Where) -> Advice | None:
        """Return the advice to be followed first: of a place, with a fix, the most important."""
        here = [one for one in self.advice if where and one.where[: len(where)] == where]
        for some in (here, self.advice):
            for one in some:
                if one.fix:
                    return one
        return next(iter(self.advice), None)

    def problems_at(self, where: Where) -> Mapping[tuple[str, ...], str]:
        """Return what is wrong at a place, by the path that follows it."""
        return _at(where, self.problems)

    def advice_at(self, where: Where) -> Mapping[tuple[str, ...], str]:
        """Return what could be better at a place, by the path that follows it."""
        return _at(where, self.advice)

    def _rejected(self) -> list[Problem]:
        data = self.document.experiment.data
        try:
            options = find_dataset(data.source).options
        except TrainerError:
            options = ()
        tables = {"data": DATA, "fit": FIT, "options": options}
        problems = []
        for (table, key), text in self.document.draft.rejected.items():
            param = next((param for param in tables[table] if param.name == key), None)
            try:
                if param:
                    parse(param, text)
            except TrainerError as error:
                where = ("data", "options", key) if table == "options" else (table, key)
                problems.append(Problem(where, error.message))
        return problems


def _at(where: Where, said: Iterable[Problem | Advice]) -> Mapping[tuple[str, ...], str]:
    """Return what is said of a place and below it, by the path that follows; the first of each."""
    found: dict[tuple[str, ...], str] = {}
    for one in said:
        if one.where[: len(where)] == where:
            rest = tuple(map(str, one.where[len(where) :]))
            found.setdefault(rest, one.message)
    return found
