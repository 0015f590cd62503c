"""What works but could be better: one table of rules, and the words for what is right."""

from __future__ import annotations

from tui_trainer.core.advice import callbacks, data, fit, layers, loss, output
from tui_trainer.core.advice.case import Advice, Case, Fix, Rule
from tui_trainer.core.catalogue import Catalogue
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.verdict import Verdict

__all__ = ["RULES", "Advice", "Fix", "advise", "good_words"]

RULES: tuple[Rule, ...] = (
    # What learns nothing, or not what is meant.
    layers.nothing_to_train,
    output.softmax_on_one_unit,
    data.words_as_amounts,
    output.activation_beside_loss,
    loss.loss_of_rows_for_one_number,
    loss.loss_of_numbers_for_classes,
    output.softmax_twice,
    layers.dropout_after_output,
    # What learns badly.
    data.inputs_far_from_one,
    data.features_of_different_scale,
    fit.learning_rate_far_out,
    layers.no_activation_between,
    layers.softmax_inside,
    fit.batch_of_one_normalised,
    fit.batch_of_everything,
    layers.dropout_of_nearly_all,
    # What does nothing, or tells nothing.
    callbacks.no_validation_to_watch,
    callbacks.no_such_metric,
    callbacks.patience_of_all_epochs,
    fit.metric_without_meaning,
    fit.accuracy_of_logits,
    fit.no_metric_of_classes,
    # What could be a little better.
    output.more_units_than_classes,
    layers.normalised_after_activation,
    output.logits_of_probabilities,
    fit.half_precision_on_a_cpu,
)
"""Every rule, those first whose advice matters most."""


def advise(
    experiment: Experiment, catalogue: Catalogue | None = None, verdict: Verdict | None = None
) -> tuple[Advice, ...]:
    """Return what could be better of an experiment that has no problem, the most important first.

    The verdict is that on this very experiment; without it less can be told, and without a layer
    nothing. Advice keeps nobody from training.
    """
    case = Case(experiment, catalogue, verdict)
    return tuple(advice for rule in RULES for advice in rule(case)) if case.layers else ()


def good_words(experiment: Experiment, verdict: Verdict | None) -> str:
    """Return what is right of the output: `linear · 1 fits numbers with mse`, or nothing.

    Nothing is said before the engine has judged, and where it found something wrong.
    """
    case = Case(experiment, None, verdict)
    activation, part = output.fitting(case), case.loss
    if verdict is None or verdict.problems or not activation or part is None:
        return ""
    if loss.loss_is_for_numbers(case):
        return ""
    logits = " from logits" if output.from_logits(part) else ""
    return f"{activation} · {case.units} fits {case.labels} with {part.type}{logits}"
