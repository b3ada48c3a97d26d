"""One tower of a network to a Core ML model: raw pixels or token ids in, unit vector out."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from export.coreml.names import TowerNames
from export.coreml.precision import Target
from export.coreml.tools import coremltools, quiet
from export.coreml.tower import ImageTower, TextTower

# Sums of squares overflow half precision; these few operations cost nothing in single.
_IN_SINGLE = {"reduce_l2_norm", "reduce_sum_square", "real_div"}
_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as the kiosk's preprocessing


class RawPixels(nn.Module):
    """From pixels scaled to 0..1 to the embedding; mean, std and L2 are in the graph."""

    luma: torch.Tensor
    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, tower: ImageTower) -> None:
        super().__init__()
        self.network = tower.network
        self.gray = tower.card.colour == "gray"
        self.plain = set(tower.card.mean) == {0.0} and set(tower.card.std) == {1.0}
        shape = (1, 3, 1, 1)
        self.register_buffer("luma", torch.tensor(_LUMA).reshape(shape))
        self.register_buffer("mean", torch.tensor(tower.card.mean).reshape(shape))
        self.register_buffer("std", torch.tensor(tower.card.std).reshape(shape))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        if self.gray:
            pixels = (pixels * self.luma).sum(1, keepdim=True).expand(-1, 3, -1, -1)
        if not self.plain:
            pixels = (pixels - self.mean) / self.std
        return unit(self.network(pixels))


class RawTokens(nn.Module):
    """From token ids int32 (1, length) to the embedding of norm 1."""

    def __init__(self, tower: TextTower) -> None:
        super().__init__()
        self.network = tower.network

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return unit(self.network(tokens))


def unit(vectors: torch.Tensor) -> torch.Tensor:
    result: torch.Tensor = vectors / torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
    return result


def convert(tower: ImageTower | TextTower, names: TowerNames, target: Target) -> Any:
    """The tower as coremltools' `MLModel`: an mlProgram in half floats, one input, one output."""
    if isinstance(tower, ImageTower):
        return _convert_image(tower, names, target)
    return _convert_text(tower, names, target)


def _convert_image(tower: ImageTower, names: TowerNames, target: Target) -> Any:
    ct = coremltools()
    size = tower.card.input
    shape = (1, 3, size.height, size.width)
    given = ct.ImageType(
        name=names.input, shape=shape, scale=1 / 255.0, color_layout=ct.colorlayout.RGB
    )
    generator = torch.Generator().manual_seed(1)
    sample = torch.rand(shape, generator=generator)
    return _run(RawPixels(tower), sample, given, names, target)


def _convert_text(tower: TextTower, names: TowerNames, target: Target) -> Any:
    given = coremltools().TensorType(
        name=names.input, shape=(1, tower.context_length), dtype=np.int32
    )
    sample = torch.zeros((1, tower.context_length), dtype=torch.int32)
    sample[0, 0] = 1
    return _run(RawTokens(tower), sample, given, names, target)


def in_half(operation: Any) -> bool:
    """Whether an operation computes in half precision."""
    return operation.op_type not in _IN_SINGLE


def _run(
    network: nn.Module, sample: torch.Tensor, given: Any, names: TowerNames, target: Target
) -> Any:
    ct = coremltools()
    with quiet(), torch.no_grad():
        traced = torch.jit.trace(network.eval(), sample, check_trace=False)  # type: ignore[no-untyped-call]
        return ct.convert(
            traced,
            inputs=[given],
            outputs=[ct.TensorType(name=names.output, dtype=np.float32)],
            convert_to="mlprogram",
            minimum_deployment_target=getattr(ct.target, target.value),
            compute_precision=ct.transform.FP16ComputePrecision(op_selector=in_half),
            skip_model_load=True,
        )
