"""What a rule of advice is given, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from tui_trainer.core.catalogue import Catalogue
from tui_trainer.core.datasets import Facts, describe
from tui_trainer.core.errors import TrainerError
from tui_trainer.core.experiment import Experiment, Part, Value
from tui_trainer.core.labels import Labels, check_labels, labels_of
from tui_trainer.core.problem import Where, place
from tui_trainer.core.stack import Layer
from tui_trainer.core.verdict import Shape, Verdict

Fix: TypeAlias = Callable[[Experiment], Experiment]
"""Returns an experiment changed in one respect, for the experiment that was advised on."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing that works, but could be better."""

    where: Where
    message: str
    """What it is and why, in a short sentence."""
    fix: Fix | None = None
    """The change that does away with it, where there is a single right one."""
    fix_words: str = ""
    """What the fix does, as a wish: `add softmax to the last layer`."""

    def __str__(self) -> str:
        said = f"{place(self.where)}: {self.message}" if self.where else self.message
        return f"{said}: {self.fix_words}" if self.fix_words else said


Rule: TypeAlias = Callable[["Case"], Iterator[Advice]]
"""Yields advice on one matter, or nothing; never raises, whatever the arguments of a part are."""


@dataclass(frozen=True)
class Case:
    """An experiment as the rules look at it; what is switched off is left out of all but indexes.

    Without a catalogue, classes are known by their own names only; without a verdict, the output
    is known only where the last layer says how many units it has.
    """

    experiment: Experiment
    catalogue: Catalogue | None = None
    verdict: Verdict | None = None

    @cached_property
    def facts(self) -> Facts | None:
        """What the model gets to see, or None where the data are wrong."""
        try:
            return describe(self.experiment.data)
        except TrainerError:
            return None

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that take part."""
        return tuple(
            Layer(index, part, self.class_name("layers", part))
            for index, part in enumerate(self.experiment.layers)
            if not part.disabled
        )

    @property
    def metrics(self) -> Iterator[tuple[int, Part]]:
        """The metrics that take part, with their indexes."""
        metrics = self.experiment.compile.metrics
        return ((index, part) for index, part in enumerate(metrics) if not part.disabled)

    @property
    def callbacks(self) -> Iterator[tuple[int, Part]]:
        """The callbacks that take part, with their indexes."""
        callbacks = self.experiment.callbacks
        return ((index, part) for index, part in enumerate(callbacks) if not part.disabled)

    def class_name(self, group: str, part: Part) -> str:
        """Return the name of a part's class, whichever of its names was used."""
        entry = self.catalogue.find(group, part.type) if self.catalogue else None
        return entry.name if entry else part.type

    def argument(self, group: str, part: Part, name: str) -> Value:
        """Return an argument of a part, or its default where the catalogue tells it."""
        if name in part.params:
            return part.params[name]
        entry = self.catalogue.find(group, part.type) if self.catalogue else None
        param = entry.param(name) if entry else None
        return param.default if param else None

    @cached_property
    def output_shape(self) -> Shape | None:
        """The shape of the last layer's output, or None where it is not known."""
        verdict, last = self.verdict, self.layers[-1] if self.layers else None
        if verdict and last and len(verdict.layers) == len(self.experiment.layers):
            return verdict.layers[last.index].shape
        units = last.part.params.get("units") if last and last.type == "Dense" else None
        return (units,) if type(units) is int else None

    @cached_property
    def units(self) -> int | None:
        """How many numbers the model gives out for each sample, or None where it is not known."""
        shape = self.output_shape
        return shape[0] if shape and len(shape) == 1 else None

    @cached_property
    def loss(self) -> Part | None:
        """The loss, or None where there is none, or none that fits output and labels."""
        loss, facts, shape = self.experiment.compile.loss, self.facts, self.output_shape
        if loss is None or facts is None or not shape:
            return None
        return None if check_labels(self.experiment, facts, shape) else loss

    @cached_property
    def labels(self) -> Labels | None:
        """What the output is compared with, or None where that is not known."""
        known = self.facts and self.units is not None
        return labels_of(self.facts, self.units) if self.facts and known else None
