"""How weights are stored, and what each way may cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from export.coreml.tools import coremltools, quiet


class Precision(StrEnum):
    """Weights as half floats, as 8-bit integers, or as palettes of 64 or 16 values."""

    FP16 = "fp16"
    INT8 = "int8"
    PALETTE6 = "palette6"
    PALETTE4 = "palette4"


class Target(StrEnum):
    """The oldest iOS that shall run the package."""

    IOS16 = "iOS16"
    IOS17 = "iOS17"
    IOS18 = "iOS18"


@dataclass(frozen=True, slots=True)
class Bound:
    """The smallest cosine that an export may have; None only reports it."""

    cosine: float | None


BOUNDS = {
    Precision.FP16: Bound(0.9999),
    Precision.INT8: Bound(0.999),
    Precision.PALETTE6: Bound(None),
    Precision.PALETTE4: Bound(None),
}
_BITS = {Precision.PALETTE6: 6, Precision.PALETTE4: 4}
# Smaller weights (biases, norms) stay as they are: they cost nothing and hurt most.
SMALLEST = 2048


def compress(model: Any, precision: Precision, in_half: Sequence[str] = ()) -> Any:
    """The converted model with its weights stored as `precision` says.

    The weights of the operations named in `in_half` stay half floats.
    """
    if precision is Precision.FP16:
        return model
    optimize = coremltools().optimize.coreml
    kept = dict.fromkeys(in_half)
    with quiet():
        if precision is Precision.INT8:
            each = optimize.OpLinearQuantizerConfig(
                mode="linear_symmetric", weight_threshold=SMALLEST
            )
            config = optimize.OptimizationConfig(global_config=each, op_name_configs=kept)
            return optimize.linear_quantize_weights(model, config)
        each = optimize.OpPalettizerConfig(
            mode="kmeans", nbits=_BITS[precision], weight_threshold=SMALLEST
        )
        config = optimize.OptimizationConfig(global_config=each, op_name_configs=kept)
        return optimize.palettize_weights(model, config)
