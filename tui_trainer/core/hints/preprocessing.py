"""What is known beforehand of the parameters of preprocessing layers."""

from __future__ import annotations

from tui_trainer.core.catalogue import Kind
from tui_trainer.core.hints.hint import (
    POLICIES,
    Hint,
    Hints,
    choice,
    flag,
    integer,
    integers,
    number,
    numbers,
    rare,
    required,
    share,
    words,
)

_UP_TO = "How strong it is at most from 0 to 1, or the least and the most."
_CHANCE = "How likely it is from 0 to 1, or the least and the most."
_WAYS = "one number goes both ways"
_ENCODINGS = ("int", "one_hot", "multi_hot", "count")

_IMAGES: Hints = {
    "factor": numbers(_UP_TO, 0, 1),
    "RandomBrightness.factor": numbers(
        "How much lighter or darker, from -1 to 1; one number goes both ways.", -1, 1
    ),
    "RandomRotation.factor": numbers(
        f"How far it is turned, as a share of a full turn; {_WAYS}.", -1, 1
    ),
    **{
        f"{name}.factor": numbers(_CHANCE, 0, 1)
        for name in ("RandomElasticTransform", "RandomErasing", "RandomInvert", "RandomPerspective")
    },
    "RandomGrayscale.factor": share("The share of images that lose their colours."),
    **{
        f"{name}.factor": share("How strong the changes are.") for name in ("AugMix", "RandAugment")
    },
    "RandomPosterization.factor": numbers("How many bits each colour keeps.", 1, 8),
    "RandomSaturation.factor": numbers("0 is grey, 0.5 changes nothing, 1 is vivid.", 0, 1),
    "RandomColorDegeneration.factor": numbers("How far towards grey: 1 has no colour.", 0, 1),
    "RandomSharpness.factor": numbers("0 blurs, 0.5 changes nothing, 1 sharpens.", 0, 1),
    "height_factor": numbers(
        f"How far down or, if negative, up, as a share of the height; {_WAYS}.", -1, 1
    ),
    "RandomZoom.height_factor": numbers(
        f"How much farther or, if negative, nearer, as a share; {_WAYS}.", -1, 1
    ),
    "width_factor": numbers(
        f"How far right or, if negative, left, as a share of the width; {_WAYS}.", -1, 1
    ),
    "RandomZoom.width_factor": numbers(
        "The same for the width; none keeps the proportions.", -1, 1
    ),
    "x_factor": numbers("How far rows are shifted against one another, as a share.", 0, 1),
    "y_factor": numbers("How far columns are shifted against one another, as a share.", 0, 1),
    "brightness_factor": numbers("How much lighter or darker, from -1 to 1.", -1, 1),
    "contrast_factor": numbers("How much more or less contrast, from 0 to 1.", 0, 1),
    "saturation_factor": numbers("0 is grey, 0.5 changes nothing, 1 is vivid.", 0, 1),
    "hue_factor": numbers("How far the hues are turned, from 0 to 1.", 0, 1),
    "addition_factor": numbers("How much is added before, as a share of the range.", 0, 1),
    "threshold_factor": numbers("Above which share of the range values are inverted.", 0, 1),
    "RandomFlip.mode": choice(
        "Which way images are flipped.", "horizontal", "vertical", "horizontal_and_vertical"
    ),
    "RandomElasticTransform.scale": numbers("How far points are moved, from 0 to 1.", 0, 1),
    "RandomErasing.scale": numbers(
        "The least and the most that is erased, as a share.", 0, 1, True
    ),
    "RandomPerspective.scale": share("How far the corners are moved."),
    "RandomGaussianBlur.kernel_size": integers("Over how many pixels it blurs; an odd number."),
    "RandomGaussianBlur.sigma": numbers("How strongly it blurs, or the least and the most.", 0, 1),
    "value_range": numbers("The lowest and the highest value of the images.", many=True),
    "height": integer("Rows of the output."),
    "width": integer("Columns of the output."),
    "num_ops": integer("How many changes each image goes through."),
    "num_chains": integer("How many series of changes are mixed."),
    "chain_depth": integer("How many changes a series has at most."),
    "clip_limit": number("How much contrast is added at most where little is to be seen."),
    "crop_to_aspect_ratio": flag("Whether edges are cut off rather than the image distorted."),
    "pad_to_aspect_ratio": flag("Whether edges are added rather than the image distorted."),
    "Rescaling.scale": numbers("What every input is multiplied by."),
    "Rescaling.offset": numbers("What is added after that."),
    **rare(
        {
            "AugMix.alpha": number("How evenly the series are mixed."),
            "all_ops": flag("Whether brightness, contrast, colour and sharpness change too."),
            "tile_grid_size": integers("Into how many tiles the image is divided.", many=True),
            "interpolation": choice("How values between pixels are found.", "nearest", "bilinear"),
            "Resizing.interpolation": choice(
                "How values between pixels are found.",
                *("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"),
            ),
            "fill_mode": choice(
                "What stands beyond the edge.", "reflect", "constant", "wrap", "nearest"
            ),
            "Resizing.fill_mode": choice("What stands in edges that are added.", "constant"),
            "fill_value": number("The value beyond the edge.", None),
            "RandomErasing.fill_value": number("What is put there; none takes noise.", None),
            "antialias": flag("Whether fine patterns are smoothed when it shrinks."),
        }
    ),
}

_CATEGORIES: Hints = {
    "Normalization.mean": required(numbers("What is taken away: the mean of the inputs.")),
    "Normalization.variance": required(numbers("The variance of the inputs.", 0)),
    "Normalization.axis": integers("The dimensions that keep figures of their own.", None),
    "Normalization.invert": flag("Whether it turns normalized values back."),
    "bin_boundaries": required(numbers("The values between which the bins lie.", many=True)),
    "num_bins": integer("How many bins there are."),
    "num_tokens": required(integer("How many different numbers come in.")),
    "vocabulary": required(
        Hint(Kind.TEXTS, "The words that are known; a single one is a file of them.")
    ),
    "IntegerLookup.vocabulary": required(integers("The numbers that are known.", None, many=True)),
    "output_mode": choice("What is put out for each input.", *_ENCODINGS),
    "CategoryEncoding.output_mode": choice("What is put out for each input.", *_ENCODINGS[1:]),
    **{
        f"{name}.output_mode": choice("What is put out for each input.", *_ENCODINGS, "tf_idf")
        for name in ("IntegerLookup", "StringLookup", "TextVectorization")
    },
    "max_tokens": integer("How many different inputs are told apart at most.", 2),
    "standardize": choice(
        "What is done to a text before.",
        *("lower_and_strip_punctuation", "lower", "strip_punctuation"),
        optional=True,
    ),
    "split": choice("What a text is split into.", "whitespace", "character", optional=True),
    "output_sequence_length": integer("To how many words every text is cut or padded."),
    **rare(
        {
            "Hashing.mask_value": integer("An input that always goes to bin 0.", None),
            "StringLookup.mask_token": words("The word that means padding."),
            "IntegerLookup.mask_token": integer("The number that means padding.", None),
            "StringLookup.oov_token": words("What stands for unknown words, if it is inverted."),
            "IntegerLookup.oov_token": integer("What stands for unknown numbers.", None),
            "oov_method": choice("How unknown inputs are spread.", "floormod", "farmhash"),
            "num_oov_indices": integer("How many outputs stand for unknown inputs.", 0),
            "invert": flag("Whether it turns numbers back into what they stand for."),
            "vocabulary_dtype": choice("How the vocabulary is held.", "int64"),
            "idf_weights": numbers("How rare each input is, for `tf_idf`.", 0, many=True),
            "pad_to_max_tokens": flag("Whether the output is as wide as `max_tokens` allows."),
            "salt": integers("Numbers that change how inputs are spread.", 0),
            "ngrams": integers("How many words in a row count as one; 2 also keeps single ones."),
            "sparse": flag("Whether the output leaves out its zeros."),
            "ragged": flag("Whether texts keep their own lengths."),
            "encoding": words("How the bytes of a text are read."),
            **{
                f"{name}.dtype": choice(
                    "The kind of number that it puts out.", *POLICIES, "int32", "int64"
                )
                for name in (
                    *("CategoryEncoding", "Discretization", "Hashing", "TextVectorization"),
                )
            },
        }
    ),
}

_SOUND: Hints = {
    "STFTSpectrogram.mode": choice(
        "What is put out for each frequency.",
        *("log", "magnitude", "psd", "real", "imag", "angle", "stft"),
    ),
    "fft_length": integer("How many samples each spectrum is computed from."),
    "STFTSpectrogram.fft_length": integer(
        "From how many samples: a power of 2, the frame's or more."
    ),
    "frame_length": integer("How many samples a frame has."),
    "frame_step": integer("How many samples lie between two frames; none is half a frame."),
    "sequence_stride": integer("How many samples lie between two spectra."),
    "sampling_rate": integer("Samples a second of the sound."),
    "num_mel_bins": integer("How many bands of pitch there are."),
    **rare(
        {
            "sequence_length": integer("How many samples the window covers; none is all."),
            "window": choice("How a frame fades in and out.", "hann", "hamming", optional=True),
            "min_freq": number("The lowest frequency, in Hz."),
            "max_freq": number("The highest frequency, in Hz; none is half the sampling rate."),
            "power_to_db": flag("Whether the loudness is given in decibels."),
            "top_db": number("How many decibels below the loudest are kept."),
            "mag_exp": number("1 gives the magnitude, 2 the power."),
            "min_power": number("Less power than this counts as this much."),
            "ref_power": number("The power that counts as 0 decibels."),
            "periodic": flag("Whether the window is one period of a longer wave."),
            "scaling": choice(
                "What the window keeps: the power, or its density.",
                *("density", "spectrum"),
                optional=True,
            ),
            "expand_dims": flag("Whether the output is an image, for Conv2D."),
        }
    ),
}

HINTS: Hints = {**_IMAGES, **_CATEGORIES, **_SOUND}
"""By parameter name."""
