"""One tower of a network to a Core ML model: raw pixels or token ids in, unit vector out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from export.to_coreml.options import Precision, Target, TowerNames
from export.to_coreml.tools import coremltools, quiet
from export.towers import ImageTower, RawPixels, RawTokens, TextTower, Tower

# Sums of squares overflow half precision; these few operations cost nothing in single.
_IN_SINGLE = {"reduce_l2_norm", "reduce_sum_square", "real_div"}
_BITS = {Precision.PALETTE6: 6, Precision.PALETTE4: 4}
SMALLEST = 2048  # numbers; coremltools' own threshold: biases and norms cost nothing, hurt most


def convert(tower: Tower, names: TowerNames, target: Target) -> Any:
    """Convert to coremltools' `MLModel`: an mlProgram in half floats, one input, one output."""
    ct = coremltools()
    if isinstance(tower, ImageTower):
        network: nn.Module = RawPixels(tower)
        sample, given = _image_input(tower, names)
    else:
        network = RawTokens(tower)
        sample, given = _text_input(tower, names)
    with quiet(), torch.no_grad():
        traced = torch.jit.trace(network.eval(), sample, check_trace=False)  # type: ignore[no-untyped-call]
        return ct.convert(
            traced,
            inputs=[given],
            outputs=[ct.TensorType(name=names.output, dtype=np.float32)],
            convert_to="mlprogram",
            minimum_deployment_target=getattr(ct.target, target.value),
            compute_precision=ct.transform.FP16ComputePrecision(op_selector=_computes_in_half),
            skip_model_load=True,
        )


def _image_input(tower: ImageTower, names: TowerNames) -> tuple[torch.Tensor, Any]:
    """A picture to trace with, and coremltools' description of the input."""
    ct = coremltools()
    size = tower.card.input
    shape = (1, 3, size.height, size.width)
    given = ct.ImageType(
        name=names.input, shape=shape, scale=1 / 255.0, color_layout=ct.colorlayout.RGB
    )
    return torch.rand(shape, generator=torch.Generator().manual_seed(1)), given


def _text_input(tower: TextTower, names: TowerNames) -> tuple[torch.Tensor, Any]:
    shape = (1, tower.context_length)
    sample = torch.zeros(shape, dtype=torch.int32)
    sample[0, 0] = 1
    return sample, coremltools().TensorType(name=names.input, shape=shape, dtype=np.int32)


def _computes_in_half(operation: Any) -> bool:
    return operation.op_type not in _IN_SINGLE


def compress(model: Any, precision: Precision, in_half: Sequence[str] = ()) -> Any:
    """Store the converted model's weights as `precision` says.

    The weights of the operations named in `in_half` stay half floats.
    """
    if precision is Precision.FP16:
        return model
    optimize = coremltools().optimize.coreml
    with quiet():
        if precision is Precision.INT8:
            each = optimize.OpLinearQuantizerConfig(
                mode="linear_symmetric", weight_threshold=SMALLEST
            )
            store = optimize.linear_quantize_weights
        else:
            each = optimize.OpPalettizerConfig(
                mode="kmeans", nbits=_BITS[precision], weight_threshold=SMALLEST
            )
            store = optimize.palettize_weights
        config = optimize.OptimizationConfig(
            global_config=each, op_name_configs=dict.fromkeys(in_half)
        )
        return store(model, config)
