"""What is known beforehand of the parameters of losses and metrics, and of what shapes weights."""

from __future__ import annotations

from tui_trainer.core.catalogue import Kind
from tui_trainer.core.hints.hint import (
    DTYPES,
    Hint,
    Hints,
    choice,
    flag,
    integer,
    integers,
    number,
    numbers,
    rare,
    share,
    words,
)

_LOSSES: Hints = {
    "from_logits": flag("Whether the outputs are raw, without softmax or sigmoid."),
    "label_smoothing": share("How far labels are moved towards uncertainty."),
    "BinaryFocalCrossentropy.alpha": share("The weight of class 1; class 0 has the rest."),
    "CategoricalFocalCrossentropy.alpha": numbers(
        "One weight for all classes, or one for each.", 0
    ),
    "Tversky.alpha": number("How much a false positive counts."),
    "Tversky.beta": number("How much a false negative counts."),
    "gamma": number("How strongly easy samples are passed over."),
    "Circle.gamma": number("How strongly samples are pulled apart."),
    "margin": number("How far apart classes are to be."),
    "q": share("Near 0 it is like cross-entropy; near 1 it forgives wrong labels."),
    "delta": number("Where the loss turns from a parabola into a line."),
    "apply_class_balancing": flag("Whether the classes are weighted by `alpha`."),
    **rare(
        {
            "remove_diagonal": flag("Whether a sample is not compared with itself."),
            "reduction": choice(
                "How the losses of a batch become one number; none leaves them.",
                *("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight"),
                optional=True,
            ),
            **{
                f"{name}.axis": integer("The dimension that holds the classes.", None)
                for name in (
                    *("BinaryCrossentropy", "BinaryFocalCrossentropy"),
                    *("CategoricalCrossentropy", "CategoricalFocalCrossentropy"),
                    *("SparseCategoricalCrossentropy", "MeanIoU", "IoU"),
                    *("OneHotIoU", "OneHotMeanIoU"),
                )
            },
            "losses.axis": integers("The dimensions it is computed along; none is all.", None),
            "CosineSimilarity.axis": integer("The dimension it is computed along.", None),
            "metrics.axis": integer("The dimension it is computed along.", None),
            "losses.dtype": choice("The precision that it computes in.", *DTYPES),
        }
    ),
}

_METRICS: Hints = {
    "num_classes": integer("How many classes there are.", 2),
    "target_class_ids": integers("The classes that count, from 0.", 0, many=True),
    "beta": number("How much more recall counts than precision."),
    "threshold": share("From which output on the answer is yes."),
    **{
        f"{name}.threshold": share("From which output on the answer is yes; none takes the best.")
        for name in ("F1Score", "FBetaScore")
    },
    "thresholds": numbers("From which output on the answer is yes.", 0, 1),
    **dict.fromkeys(
        ("recall", "precision", "sensitivity", "specificity"),
        share("The value that the other one is measured at."),
    ),
    "k": integer("How many of the highest outputs count."),
    "average": choice(
        "How the classes' scores are joined.", "micro", "macro", "weighted", optional=True
    ),
    "curve": choice("Which curve the area lies under.", "ROC", "PR"),
    "multi_label": flag("Whether each label has an area of its own."),
    "class_aggregation": choice(
        "How the outputs' scores are joined.",
        *("uniform_average", "variance_weighted_average"),
        optional=True,
    ),
    "sparse_y_true": flag("Whether the labels are integers, not one-hot rows."),
    "sparse_y_pred": flag("Whether the outputs are integers, not one number for each class."),
    **rare(
        {
            "AUC.thresholds": numbers(
                "The thresholds that the area is computed from.", 0, 1, many=True
            ),
            "num_thresholds": integer("How many thresholds it is computed from.", 2),
            "num_labels": integer("How many labels there are, with `multi_label`."),
            "label_weights": numbers("How much each label counts.", 0, many=True),
            "summation_method": choice(
                "How the area is summed.", "interpolation", "minoring", "majoring"
            ),
            "top_k": integer("How many of the highest outputs count."),
            "class_id": integer("The one class that counts.", 0),
            "ignore_class": integer("A label that does not count.", None),
            "from_sorted_ids": flag("Whether the outputs are class numbers, the best first."),
            "num_regressors": integer("How many inputs an adjusted score allows for.", 0),
            "metrics.name": words("The name under which it is logged and drawn."),
            "metrics.dtype": choice("The precision that it computes in.", *DTYPES),
        }
    ),
}

_WEIGHTS: Hints = {
    "mean": number("The mean.", None),
    "stddev": number("The standard deviation."),
    "minval": number("The lowest value.", None),
    "maxval": number("The highest value.", None),
    "value": number("The value.", None),
    "gain": number("What the values are multiplied by.", None),
    "VarianceScaling.scale": number("What the variance is multiplied by."),
    "VarianceScaling.mode": choice("Which connections count.", "fan_in", "fan_out", "fan_avg"),
    "distribution": choice(
        "How values are drawn.", "truncated_normal", "untruncated_normal", "uniform"
    ),
    "side": choice("Which part of the transform it computes.", "real", "imag"),
    "STFT.window": Hint(
        Kind.TEXT, "How a frame fades in and out, such as hann or hamming.", optional=True
    ),
    "OrthogonalRegularizer.factor": number("How strong the penalty is."),
    "OrthogonalRegularizer.mode": choice("What is to be orthogonal.", "rows", "columns"),
    "min_value": number("The smallest length."),
    "max_value": number("The largest length."),
    "MinMaxNorm.rate": share("How much of the way is gone at each step."),
    **rare(
        {
            "input_axes": integers("The dimensions that count as inputs.", None, many=True),
            "output_axes": integers("The dimensions that count as outputs.", None, many=True),
            "constraints.axis": integers("The dimensions that a length is measured along.", None),
        }
    ),
}

HINTS: Hints = {**_LOSSES, **_METRICS, **_WEIGHTS}
"""By parameter name."""
