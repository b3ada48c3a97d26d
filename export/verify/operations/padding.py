"""How a program pads before it convolves or pools."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional

from export.verify.arguments import Arguments


def spatial_pads(
    shape: Sequence[int], a: Arguments, kernel: Sequence[int], strides: Sequence[int]
) -> list[tuple[int, int]]:
    """(before, after) for each spatial axis of an input of `shape` (n, c, ...)."""
    pad_type = a.text("pad_type", "valid")
    if pad_type == "custom":
        pads = a.integers("pad", [0] * 2 * len(kernel))
        return [(pads[2 * i], pads[2 * i + 1]) for i in range(len(kernel))]
    if pad_type not in ("same", "same_lower"):
        return [(0, 0)] * len(kernel)
    result = []
    for size, extent, stride in zip(shape[2:], kernel, strides, strict=True):
        total = max((-(-size // stride) - 1) * stride + extent - size, 0)
        less, more = total // 2, total - total // 2
        result.append((less, more) if pad_type == "same" else (more, less))
    return result


def pad_spatially(
    x: Tensor, a: Arguments, kernel: Sequence[int], strides: Sequence[int], fill: float = 0.0
) -> Tensor:
    pads = spatial_pads(x.shape, a, kernel, strides)
    return pad_axes(x, pads, fill)


def pad_axes(x: Tensor, pads: Sequence[tuple[int, int]], fill: float = 0.0) -> Tensor:
    """Pad the last `len(pads)` axes with a constant."""
    if not any(before or after for before, after in pads):
        return x
    flat = [amount for pair in reversed(pads) for amount in pair]
    return functional.pad(x, flat, value=fill)
