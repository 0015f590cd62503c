"""What each class of Keras does, in one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping

SUMMARIES: Mapping[str, str] = {
    # Core, activations
    "Dense": "Every unit sees every input.",
    "EinsumDense": "A Dense layer along dimensions of your choice.",
    "Embedding": "Looks up a learned row of numbers for each integer, such as a word.",
    "ReversibleEmbedding": "An Embedding that can also lead back from the rows to the integers.",
    "layers.Identity": "Puts out what comes in.",
    "Masking": "Marks steps of a sequence as padding, so that later layers pass over them.",
    "Activation": "Applies a function such as relu to each value.",
    "ReLU": "Sets negative values to 0, and leaves the others.",
    "LeakyReLU": "Makes negative values small, and leaves the others.",
    "PReLU": "A LeakyReLU that learns how small negative values become.",
    "ELU": "Bends negative values towards a lower limit, and leaves the others.",
    "Softmax": "Turns scores into probabilities that sum to 1.",
    # Convolutional
    **{
        f"Conv{n}D": f"Learns patterns that it finds anywhere in {what}."
        for n, what in ((1, "a sequence"), (2, "an image"), (3, "a volume or a film"))
    },
    **{
        f"Conv{n}DTranspose": f"A convolution backwards: makes {what} larger."
        for n, what in ((1, "a sequence"), (2, "an image"), (3, "a volume or a film"))
    },
    **{f"DepthwiseConv{n}D": "A convolution that looks at each channel by itself." for n in (1, 2)},
    **{
        f"SeparableConv{n}D": "Looks at each channel by itself, then mixes them: few weights."
        for n in (1, 2)
    },
    # Pooling
    **{f"MaxPooling{n}D": "Keeps the largest value of each patch." for n in (1, 2, 3)},
    **{f"AveragePooling{n}D": "Keeps the mean of each patch." for n in (1, 2, 3)},
    **{f"GlobalMaxPooling{n}D": "Keeps the largest value of each channel." for n in (1, 2, 3)},
    **{f"GlobalAveragePooling{n}D": "Keeps the mean of each channel." for n in (1, 2, 3)},
    **{
        f"AdaptiveMaxPooling{n}D": "Keeps the largest values, for an output of a given size."
        for n in (1, 2, 3)
    },
    **{
        f"AdaptiveAveragePooling{n}D": "Keeps means, for an output of a given size."
        for n in (1, 2, 3)
    },
    # Recurrent
    "LSTM": "Reads a sequence step by step, with a long and a short memory.",
    "GRU": "Reads a sequence step by step, with a memory that gates guard.",
    "SimpleRNN": "Reads a sequence step by step, and remembers its last output.",
    "RNN": "Reads a sequence step by step with a cell of your choice.",
    "LSTMCell": "One step of an LSTM.",
    "GRUCell": "One step of a GRU.",
    "SimpleRNNCell": "One step of a SimpleRNN.",
    "StackedRNNCells": "Several cells, each reading what the last one puts out.",
    "Bidirectional": "Reads a sequence from both ends with a layer such as LSTM.",
    "TimeDistributed": "Applies a layer to each step of a sequence.",
    **{
        f"ConvLSTM{n}D": f"An LSTM that reads {what}, by convolution."
        for n, what in ((1, "several sequences"), (2, "a film"), (3, "a film of volumes"))
    },
    # Normalization, regularization
    "BatchNormalization": "Keeps the mean of a batch near 0 and its spread near 1.",
    "LayerNormalization": "Keeps the mean of each sample near 0 and its spread near 1.",
    "GroupNormalization": "Keeps the mean of each group of channels near 0 and its spread near 1.",
    "RMSNormalization": "Keeps the size of each sample near 1.",
    "UnitNormalization": "Scales each sample to length 1.",
    "SpectralNormalization": "Keeps the weights of a layer from growing.",
    "Dropout": "Sets a random share of the values to 0 while training, against overfitting.",
    "AlphaDropout": "A Dropout that keeps mean and spread, for selu.",
    "GaussianDropout": "Multiplies by random noise while training.",
    "GaussianNoise": "Adds random noise while training.",
    **{f"SpatialDropout{n}D": "A Dropout that drops whole channels." for n in (1, 2, 3)},
    "ActivityRegularization": "Adds a penalty on what passes through to the loss.",
    # Reshaping
    "Flatten": "Makes one row of numbers of each sample.",
    "Reshape": "Gives each sample another shape.",
    "Permute": "Puts the dimensions into another order.",
    "RepeatVector": "Repeats a row of numbers, to make a sequence of it.",
    **{f"Cropping{n}D": "Cuts off the edges." for n in (1, 2, 3)},
    **{f"ZeroPadding{n}D": "Puts zeros round the edges." for n in (1, 2, 3)},
    **{f"UpSampling{n}D": "Makes larger by repeating values." for n in (1, 2, 3)},
    # Preprocessing
    "Pipeline": "Several layers as one, such as changes to images.",
    "Rescaling": "Multiplies and adds, such as 1/255 for pixels.",
    "Normalization": "Takes away a mean and divides by the spread.",
    "Discretization": "Puts numbers into bins.",
    "CategoryEncoding": "Turns integers into rows with a 1 for each.",
    "Hashing": "Spreads any values over a fixed number of bins.",
    "IntegerLookup": "Numbers known integers from 0 on.",
    "StringLookup": "Numbers known words from 0 on.",
    "TextVectorization": "Turns a text into the numbers of its words.",
    "MelSpectrogram": "Turns sound into loudness by time and pitch.",
    "STFTSpectrogram": "Turns sound into strength by time and frequency.",
    "CenterCrop": "Cuts out the middle of an image.",
    "Resizing": "Makes images larger or smaller.",
    "RandomCrop": "Cuts out a random part of each image while training.",
    "RandomFlip": "Mirrors random images while training.",
    "RandomRotation": "Turns each image a little while training.",
    "RandomZoom": "Moves each image nearer or farther while training.",
    "RandomTranslation": "Shifts each image a little while training.",
    "RandomShear": "Slants each image a little while training.",
    "RandomPerspective": "Tilts each image a little while training.",
    "RandomElasticTransform": "Bends each image like rubber while training.",
    "RandomBrightness": "Makes each image lighter or darker while training.",
    "RandomContrast": "Gives each image more or less contrast while training.",
    "RandomHue": "Turns the colours of each image while training.",
    "RandomSaturation": "Makes the colours of each image stronger or weaker while training.",
    "RandomColorDegeneration": "Takes some colour out of each image while training.",
    "RandomColorJitter": "Changes brightness, contrast and colours while training.",
    "RandomGrayscale": "Takes the colours out of random images while training.",
    "RandomInvert": "Inverts the colours of random images while training.",
    "RandomSharpness": "Sharpens or blurs each image while training.",
    "RandomGaussianBlur": "Blurs each image while training.",
    "RandomPosterization": "Leaves each image fewer shades while training.",
    "RandomErasing": "Covers a random part of each image while training.",
    "AutoContrast": "Stretches each image over the whole range of brightness.",
    "ContrastLimitedAdaptiveHistogramEqualization": "Brings out contrast in each part of an image.",
    "Solarization": "Inverts the bright parts of each image.",
    "AugMix": "Mixes several changed copies of each image while training.",
    "RandAugment": "Makes some random changes to each image while training.",
    # Optimizers and schedules
    "SGD": "Steps against the gradient, if you like with momentum.",
    "Adam": "Steps of its own for each weight, with momentum: a good first choice.",
    "AdamW": "Adam that also shrinks the weights a little at each step.",
    "RMSprop": "Divides each step by how large gradients have been of late.",
    "Adagrad": "Divides each step by how large gradients have been so far.",
    "Adadelta": "An Adagrad that forgets old gradients; wants a learning rate near 1.",
    "Adamax": "An Adam that goes by the largest gradient rather than the mean square.",
    "Nadam": "An Adam that looks one step ahead.",
    "Adafactor": "Like Adam with much less memory, for large models.",
    "Lamb": "An Adam for very large batches.",
    "Lion": "Steps of one size by the sign of the momentum: needs a small learning rate.",
    "Muon": "Makes the steps of weight matrices orthogonal; Adam does the rest.",
    "Ftrl": "Made for large and sparse linear models.",
    "ScheduleFreeAdamW": "An AdamW that needs no schedule for its learning rate.",
    "LossScaleOptimizer": "Scales the loss so that float16 does not lose small gradients.",
    "ExponentialDecay": "Multiplies the rate by the same number again and again.",
    "InverseTimeDecay": "Divides the rate by the time that has passed.",
    "PolynomialDecay": "Brings the rate down in a line or a curve, to an end.",
    "PiecewiseConstantDecay": "One rate after another, each for so many batches.",
    "CosineDecay": "Brings the rate down slowly, fast, slowly; if you like after a warm-up.",
    "CosineDecayRestarts": "A CosineDecay that begins again and again.",
    # Losses and metrics
    "accuracy": "The share of right answers; binary, categorical or sparse, as the labels want it.",
    "Accuracy": "How often output and label are exactly equal; `accuracy` is what classes want.",
    "BinaryCrossentropy": "For two classes, and one output from 0 to 1.",
    "CategoricalCrossentropy": "For several classes, and labels that are one-hot rows.",
    "SparseCategoricalCrossentropy": "For several classes, and labels that are integers.",
    "BinaryFocalCrossentropy": "A BinaryCrossentropy that looks at hard samples more.",
    "CategoricalFocalCrossentropy": "A CategoricalCrossentropy that looks at hard samples more.",
    "CategoricalGeneralizedCrossEntropy": "For several classes, and labels that may be wrong.",
    "MeanSquaredError": "For numbers: large errors count much more than small ones.",
    "MeanAbsoluteError": "For numbers: the mean error, in their own unit.",
    "MeanAbsolutePercentageError": "For numbers: the mean error in percent of each.",
    "MeanSquaredLogarithmicError": "For numbers above 0 of very different sizes.",
    "RootMeanSquaredError": "For numbers: the root of the mean squared error, in their own unit.",
    "Huber": "For numbers: small errors count squared, large ones as they are.",
    **dict.fromkeys(("LogCosh", "LogCoshError"), "For numbers: like Huber, but smooth."),
    "Poisson": "For counts of events.",
    "KLDivergence": "How far one distribution is from another.",
    "CosineSimilarity": "How alike two directions are, whatever their lengths.",
    "Hinge": "For two classes, labelled -1 and 1, with a margin between them.",
    "SquaredHinge": "A Hinge in which large errors count more.",
    "CategoricalHinge": "A Hinge for several classes, and labels that are one-hot rows.",
    "CTC": "For sequences whose labels are shorter and not aligned, such as speech.",
    "Circle": "Puts samples of one class close together, and others apart.",
    "Dice": "How much two areas overlap, for segmentation.",
    "Tversky": "A Dice in which false positives and negatives count differently.",
    "AUC": "The area under the curve over all thresholds: 1 is perfect, 0.5 is chance.",
    "BinaryAccuracy": "The share of right answers of two classes.",
    "CategoricalAccuracy": "The share of right answers, for labels that are one-hot rows.",
    "SparseCategoricalAccuracy": "The share of right answers, for labels that are integers.",
    **dict.fromkeys(
        ("TopKCategoricalAccuracy", "SparseTopKCategoricalAccuracy"),
        "How often the right class is among the k highest outputs.",
    ),
    "Precision": "Of what was found, the share that is right.",
    "Recall": "Of what was to be found, the share that was.",
    "PrecisionAtRecall": "The best precision at which recall is still as given.",
    "RecallAtPrecision": "The best recall at which precision is still as given.",
    "SensitivityAtSpecificity": "The best sensitivity at which specificity is still as given.",
    "SpecificityAtSensitivity": "The best specificity at which sensitivity is still as given.",
    "F1Score": "Precision and recall in one number.",
    "FBetaScore": "Precision and recall in one number, one of them counting more.",
    "TruePositives": "How many were rightly found.",
    "TrueNegatives": "How many were rightly passed over.",
    "FalsePositives": "How many were wrongly found.",
    "FalseNegatives": "How many were missed.",
    **{
        name: f"How much areas overlap, as a share of both together, {what}."
        for name, what in (
            ("IoU", "for some classes"),
            ("MeanIoU", "for all classes"),
            ("BinaryIoU", "for two classes"),
            ("OneHotIoU", "for labels that are one-hot rows"),
            ("OneHotMeanIoU", "for all classes and one-hot labels"),
        )
    },
    "R2Score": "How much of the spread is explained: 1 is perfect, 0 is the mean.",
    "PearsonCorrelation": "How well the outputs lie on a line with the labels.",
    "ConcordanceCorrelation": "How well the outputs lie on the labels themselves.",
    # What shapes weights
    "Zeros": "All 0.",
    "Ones": "All 1.",
    "Constant": "All the same value.",
    "initializers.Identity": "1 on the diagonal, 0 elsewhere.",
    "Orthogonal": "Random, with rows at right angles: good for recurrent weights.",
    "RandomNormal": "Random round a mean.",
    "RandomUniform": "Random between two values.",
    "TruncatedNormal": "Random round a mean, without outliers.",
    "VarianceScaling": "Random, as large as the number of connections wants it.",
    **dict.fromkeys(("GlorotNormal", "GlorotUniform"), "Random; fits most layers."),
    **dict.fromkeys(("HeNormal", "HeUniform"), "Random; fits layers before relu."),
    **dict.fromkeys(("LecunNormal", "LecunUniform"), "Random; fits layers before selu."),
    "STFT": "The waves of a short-time Fourier transform.",
    "L1": "A penalty on the sum of absolute weights: many become 0.",
    "L2": "A penalty on the sum of squared weights: all stay small.",
    "L1L2": "Both penalties at once.",
    "OrthogonalRegularizer": "A penalty on rows or columns that are alike.",
    "MaxNorm": "Keeps the weights of each unit below a length.",
    "MinMaxNorm": "Keeps the weights of each unit between two lengths.",
    "NonNeg": "Keeps weights from being negative.",
    "UnitNorm": "Keeps the weights of each unit at length 1.",
    # Callbacks
    "EarlyStopping": "Stops when a metric no longer improves.",
    "ReduceLROnPlateau": "Makes smaller steps when a metric no longer improves.",
    "ModelCheckpoint": "Saves the model as it trains.",
    "BackupAndRestore": "Keeps a backup, to go on from after a crash.",
    "CSVLogger": "Writes a table with a row for each epoch.",
    "TensorBoard": "Writes files for TensorBoard.",
    "TerminateOnNaN": "Stops when the loss is no number any more.",
    "SwapEMAWeights": "Puts the averaged weights in place for validation.",
    "RemoteMonitor": "Sends the figures of each epoch to a server.",
}
"""By class name, or by `group.Name` where two groups have the name."""


def summary_of(group: str, name: str) -> str:
    """Return our own sentence on a class, or nothing."""
    return SUMMARIES.get(f"{group}.{name}") or SUMMARIES.get(name, "")
