"""What a layer of the stack does to the numbers, told by its class alone."""

from __future__ import annotations

from dataclasses import dataclass

from tui_trainer.core.experiment import Part

_DIMENSIONS = ("1D", "2D", "3D")


def _each(*names: str) -> frozenset[str]:
    """Return classes that there are for one, two and three dimensions."""
    return frozenset(f"{name}{dimension}" for name in names for dimension in _DIMENSIONS)


CONVOLUTIONS = _each("Conv", "DepthwiseConv", "SeparableConv") | {
    f"Conv{dimension}Transpose" for dimension in _DIMENSIONS
}
SUMS = CONVOLUTIONS | {"Dense", "EinsumDense"}
"""Weighted sums of their inputs, and an activation after it if they are told one."""
ACTIVATIONS = {
    "Softmax": "softmax",
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "PReLU": "prelu",
    "ELU": "elu",
}
"""Layers that are nothing but an activation, by its name; but for `Activation` itself."""
DROPOUTS = _each("SpatialDropout") | {"Dropout", "AlphaDropout", "GaussianDropout"}
"""What acts in training only, by a rate."""
RESHAPING = (
    _each("ZeroPadding", "Cropping", "UpSampling")
    | {"Flatten", "Reshape", "Permute", "RepeatVector"}
    | {"Identity", "Masking", "ActivityRegularization"}
)
"""What gives on the numbers that it gets."""
LINEAR = (
    RESHAPING
    | DROPOUTS
    | _each("AveragePooling", "GlobalAveragePooling", "AdaptiveAveragePooling")
    | {"GaussianNoise", "BatchNormalization", "Rescaling", "Normalization"}
)
"""What adds and multiplies only: no more than a weighted sum could do."""
SCALING = frozenset(
    {"Rescaling", "Normalization", "BatchNormalization", "LayerNormalization"}
    | {"GroupNormalization", "RMSNormalization", "UnitNormalization"}
)
"""What brings its inputs to a common range."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer that takes part, and where it stands."""

    index: int
    """Among all layers of the experiment, from 0."""
    part: Part
    type: str
    """The name of its class, whichever of its names was used."""

    @property
    def activation(self) -> str:
        """The name of its activation; `linear` where it has none, nothing where that is unknown."""
        if self.type in ACTIVATIONS:
            return ACTIVATIONS[self.type]
        if self.type in SUMS or self.type == "Activation":
            named = self.part.params.get("activation")
            return named if isinstance(named, str) else "linear" if named is None else ""
        return ""

    @property
    def is_activation(self) -> bool:
        """Whether it is nothing but an activation."""
        return self.type in ACTIVATIONS or self.type == "Activation"

    def activated(self, activation: str) -> Part:
        """Return the layer with another activation."""
        name = {"name": self.part.name} if self.part.name else {}
        if self.type in ACTIVATIONS:
            return Part("Activation", {"activation": activation, **name})
        if activation == "linear" and self.type != "Activation":
            return self.part.lacking("activation")
        return self.part.having("activation", activation)
