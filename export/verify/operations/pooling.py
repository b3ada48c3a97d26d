"""Pooling and resizing of pictures."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from export.verify.arguments import Arguments
from export.verify.operations.kind import Implementation
from export.verify.operations.padding import pad_axes, spatial_pads


def _windows(a: Arguments, fill: float) -> Tensor:
    """The pooled windows of a picture (n, c, h, w) as (n, c, windows_h, windows_w, k_h * k_w)."""
    x = a.tensor()
    if x.dim() != 4:
        raise NotImplementedError(f"{a.operation} over {x.dim() - 2} spatial axes")
    kernel = a.integers("kernel_sizes")
    strides = a.integers("strides", [1, 1])
    pads = spatial_pads(x.shape, a, kernel, strides)
    if a.flag("ceil_mode"):
        pads = [
            (before, after + _missing(size + before + after, extent, stride))
            for (before, after), size, extent, stride in zip(
                pads, x.shape[2:], kernel, strides, strict=True
            )
        ]
    padded = pad_axes(x, pads, fill)
    windows = padded.unfold(2, kernel[0], strides[0]).unfold(3, kernel[1], strides[1])
    return windows.flatten(-2)


def _missing(size: int, extent: int, stride: int) -> int:
    return -(size - extent) % stride


def _max_pool(a: Arguments) -> Tensor:
    return _windows(a, float("-inf")).amax(-1)


def _avg_pool(a: Arguments) -> Tensor:
    if a.flag("exclude_padding_from_average"):
        windows = _windows(a, float("nan"))
        return windows.nanmean(-1)
    return _windows(a, 0.0).mean(-1)


def _nearest(a: Arguments) -> Tensor:
    x = a.tensor()
    height = a.number("scale_factor_height", 1)
    width = a.number("scale_factor_width", 1)
    if height != int(height) or width != int(width):
        raise NotImplementedError("upsample_nearest_neighbor by a fraction")
    return x.repeat_interleave(int(height), -2).repeat_interleave(int(width), -1)


def _upsample_bilinear(a: Arguments) -> Tensor:
    x = a.tensor()
    size = [
        int(x.shape[-2] * a.number("scale_factor_height", 1)),
        int(x.shape[-1] * a.number("scale_factor_width", 1)),
    ]
    corners = a.flag("align_corners", True)
    if not corners and not a.flag("half_pixel_centers", True):
        return _resample(x, size, "DEFAULT")
    return functional.interpolate(x, size, mode="bilinear", align_corners=corners)


def _resize_bilinear(a: Arguments) -> Tensor:
    size = [a.integer("target_size_height"), a.integer("target_size_width")]
    return _resample(a.tensor(), size, a.text("sampling_mode", "DEFAULT"))


def _resample(x: Tensor, size: list[int], mode: str) -> Tensor:
    for axis, target in zip((-2, -1), size, strict=True):
        source = x.shape[axis]
        low, high, part = _grid(source, target, mode)
        shape = [1] * x.dim()
        shape[axis] = target
        fraction = part.reshape(shape)
        x = x.index_select(axis, low) * (1 - fraction) + x.index_select(axis, high) * fraction
    return x


def _grid(source: int, target: int, mode: str) -> tuple[Tensor, Tensor, Tensor]:
    """Where each of `target` samples lies among `source`: lower, upper index and fraction."""
    steps = torch.arange(target, dtype=torch.float32)
    if mode == "UNALIGN_CORNERS":
        position = (steps + 0.5) * (source / target) - 0.5
    elif mode in ("STRICT_ALIGN_CORNERS", "ALIGN_CORNERS"):
        position = steps * ((source - 1) / max(target - 1, 1))
    elif mode == "DEFAULT":
        position = steps * (source / target)
    else:
        raise NotImplementedError(f"resize_bilinear with sampling_mode {mode}")
    position = position.clamp(0, source - 1)
    low = position.floor().long()
    return low, (low + 1).clamp(max=source - 1), position - low


OPERATIONS: dict[str, Implementation] = {
    "max_pool": _max_pool,
    "avg_pool": _avg_pool,
    "upsample_nearest_neighbor": _nearest,
    "upsample_bilinear": _upsample_bilinear,
    "resize_bilinear": _resize_bilinear,
}
