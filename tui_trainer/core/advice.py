"""What works but could be better: one table of rules, and the words for what is right."""

from __future__ import annotations

from tui_trainer.core import (
    advice_callbacks,
    advice_data,
    advice_fit,
    advice_layers,
    advice_loss,
    advice_output,
)
from tui_trainer.core.advice_case import Advice, Case, Fix, Rule
from tui_trainer.core.catalogue import Catalogue
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.verdict import Verdict

__all__ = ["RULES", "Advice", "Fix", "advise", "good_words"]

RULES: tuple[Rule, ...] = (
    # What learns nothing, or not what is meant.
    advice_layers.nothing_to_train,
    advice_output.softmax_on_one_unit,
    advice_data.words_as_amounts,
    advice_output.activation_beside_loss,
    advice_loss.loss_of_rows_for_one_number,
    advice_loss.loss_of_numbers_for_classes,
    advice_output.softmax_twice,
    advice_layers.dropout_after_output,
    # What learns badly.
    advice_data.inputs_far_from_one,
    advice_data.features_of_different_scale,
    advice_fit.learning_rate_far_out,
    advice_layers.no_activation_between,
    advice_layers.softmax_inside,
    advice_fit.batch_of_one_normalised,
    advice_fit.batch_of_everything,
    advice_layers.dropout_of_nearly_all,
    # What does nothing, or tells nothing.
    advice_callbacks.schedule_and_plateau,
    advice_callbacks.no_validation_to_watch,
    advice_callbacks.no_such_metric,
    advice_callbacks.patience_of_all_epochs,
    advice_fit.metric_without_meaning,
    advice_fit.accuracy_of_logits,
    advice_fit.no_metric_of_classes,
    # What could be a little better.
    advice_output.more_units_than_classes,
    advice_layers.normalised_after_activation,
    advice_output.logits_of_probabilities,
    advice_fit.half_precision_on_a_cpu,
)
"""Every rule, those first whose advice matters most."""


def advise(
    experiment: Experiment, catalogue: Catalogue | None = None, verdict: Verdict | None = None
) -> tuple[Advice, ...]:
    """Return what could be better, the most important first; where something is wrong, nothing.

    The verdict is that on this very experiment; without it less can be told, and without a layer
    nothing. Advice keeps nobody from training.
    """
    case = Case(experiment, catalogue, verdict)
    if not case.layers:
        return ()
    wrong = [problem.where for problem in verdict.problems] if verdict else []
    return tuple(
        advice
        for rule in RULES
        for advice in rule(case)
        if not any(advice.where[: len(where)] == where for where in wrong)
    )


def good_words(experiment: Experiment, verdict: Verdict | None) -> str:
    """Return what is right of the output: `linear · 1 fits numbers with mse`, or nothing.

    Nothing is said before the engine has judged, and where it found something wrong.
    """
    case = Case(experiment, None, verdict)
    activation, loss = advice_output.fitting(case), case.loss
    if verdict is None or verdict.problems or not activation or loss is None:
        return ""
    if advice_loss.loss_is_for_numbers(case):
        return ""
    logits = " from logits" if advice_output.from_logits(loss) else ""
    return f"{activation} · {case.units} fits {case.labels} with {loss.type}{logits}"
