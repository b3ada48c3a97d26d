"""Which layers 8 bits harm: they stay half floats where the others suffice.

Each layer's weight alone is rounded to 8 bits, and what that does to the embeddings is
measured; the most harmful layers stay as they are, as few as the bound allows. (Layer-wise
sensitivity, as in Dong et al., "HAWQ", ICCV 2019, measured rather than estimated.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from export.parity import SAMPLE_TEXTS
from export.to_coreml.convert import SMALLEST
from export.towers import ImageTower, Tower
from export.verify.interpreter import TorchProgram
from export.verify.reference import fit_pictures, sample_pictures
from kiosk.domain import Image

SAMPLES = 3  # chosen: each costs a run of the program for each layer
SAFETY = 0.7  # of the error allowed; chosen: other pictures may be harmed more than the samples


def sample_inputs(tower: Tower, pictures: Sequence[Image]) -> list[Tensor]:
    """A few inputs as the program takes them."""
    if isinstance(tower, ImageTower):
        fitted = fit_pictures(pictures[:SAMPLES], tower.card)
        fitted = fitted or sample_pictures(tower.card, SAMPLES)
        return [torch.from_numpy(p.transpose(2, 0, 1)[None].astype("float32")) for p in fitted]
    return [torch.from_numpy(row[None]) for row in tower.tokenize(SAMPLE_TEXTS[:SAMPLES])]


def harmed_layers(model: Any, samples: Sequence[Tensor], bound: float) -> list[str]:
    """Names of the operations whose weights should stay half floats, as few as suffice.

    `model` is the converted model in half floats; `bound` the smallest cosine wanted.
    """
    program = TorchProgram(model._mil_program)
    weights = program.weights(SMALLEST)
    rounded = {name: rounded_to_int8(value) for name, (value, _) in weights.items()}
    wanted = _vectors(program, samples)
    harm = {
        name: _error(program, {name: value}, samples, wanted) for name, value in rounded.items()
    }
    worst = sorted(harm, key=lambda name: -harm[name])
    allowed = SAFETY * (1 - bound)
    low, high = 0, len(worst)
    while low < high:
        kept = (low + high) // 2
        changed = {name: rounded[name] for name in worst[kept:]}
        if _error(program, changed, samples, wanted) <= allowed:
            high = kept
        else:
            low = kept + 1
    return [user for name in worst[:low] for user in weights[name][1]]


def rounded_to_int8(weight: Tensor) -> Tensor:
    """As coremltools stores it: symmetric, one scale for each output channel."""
    flat = weight.reshape(weight.shape[0], -1)
    scale = flat.abs().amax(1, keepdim=True).clamp(min=1e-12) / 127
    return (torch.round(flat / scale).clamp(-127, 127) * scale).reshape(weight.shape)


def _vectors(program: TorchProgram, samples: Sequence[Tensor]) -> Tensor:
    rows = [next(iter(program.run({program.input: sample}).values())) for sample in samples]
    return torch.nn.functional.normalize(torch.cat([row.reshape(1, -1) for row in rows]), dim=1)


def _error(
    program: TorchProgram,
    constants: Mapping[str, Tensor],
    samples: Sequence[Tensor],
    wanted: Tensor,
) -> float:
    """One minus the smallest cosine."""
    found = _vectors(program.replaced(constants), samples)
    return float(1 - (found * wanted).sum(1).min())
