"""Convolutions, matrix products, normalisations, attention; pooling and resizing."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from export.verify.operations.arguments import Arguments, Implementation

CONVOLUTIONS = {3: functional.conv1d, 4: functional.conv2d, 5: functional.conv3d}


def _conv(a: Arguments) -> Tensor:
    x, weight = a.tensor(), a.tensor("weight")
    spatial = x.dim() - 2
    strides = a.integers("strides", [1] * spatial)
    dilations = a.integers("dilations", [1] * spatial)
    kernel = [d * (k - 1) + 1 for k, d in zip(weight.shape[2:], dilations, strict=True)]
    padded = _pad_axes(x, _spatial_pads(x.shape, a, kernel, strides))
    return CONVOLUTIONS[x.dim()](
        padded, weight, a.optional("bias"), strides, 0, dilations, a.integer("groups", 1)
    )


def _linear(a: Arguments) -> Tensor:
    return functional.linear(a.tensor(), a.tensor("weight"), a.optional("bias"))


def _matmul(a: Arguments) -> Tensor:
    x, y = a.tensor("x"), a.tensor("y")
    if a.flag("transpose_x"):
        x = x.transpose(-1, -2)
    if a.flag("transpose_y"):
        y = y.transpose(-1, -2)
    return torch.matmul(x, y)


def _einsum(a: Arguments) -> Tensor:
    return torch.einsum(a.text("equation"), *a.tensors("values"))


def _attention(a: Arguments) -> Tensor:
    query, key = a.tensor("query"), a.tensor("key")
    scores = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5
    mask = a.optional("attn_mask")
    if mask is not None and mask.dtype == torch.bool:
        scores = scores.masked_fill(~mask, float("-inf"))
    elif mask is not None:
        scores = scores + mask
    return torch.softmax(scores, -1) @ a.tensor("value")


def _batch_norm(a: Arguments) -> Tensor:
    return functional.batch_norm(
        a.tensor(),
        a.tensor("mean"),
        a.tensor("variance"),
        a.optional("gamma"),
        a.optional("beta"),
        eps=a.number("epsilon", 1e-5),
    )


def _layer_norm(a: Arguments) -> Tensor:
    x = a.tensor()
    axes = a.integers("axes", range(x.dim()))
    mean = x.mean(axes, keepdim=True)
    variance = (x - mean).square().mean(axes, keepdim=True)
    result = (x - mean) / torch.sqrt(variance + a.number("epsilon", 1e-5))
    shape = [x.shape[i] if i in {axis % x.dim() for axis in axes} else 1 for i in range(x.dim())]
    if a.has("gamma"):
        result = result * a.tensor("gamma").reshape(shape)
    return result + a.tensor("beta").reshape(shape) if a.has("beta") else result


def _instance_norm(a: Arguments) -> Tensor:
    return functional.instance_norm(
        a.tensor(),
        weight=a.optional("gamma"),
        bias=a.optional("beta"),
        eps=a.number("epsilon", 1e-5),
    )


def _l2_norm(a: Arguments) -> Tensor:
    x = a.tensor()
    axes = list(range(-3, 0)) if x.dim() >= 3 else [-1]
    squares = x.square().sum(axes, keepdim=True)
    return x / torch.sqrt(squares + a.number("epsilon", 1e-6))


def _windows(a: Arguments, fill: float) -> Tensor:
    """The pooled windows of a picture (n, c, h, w) as (n, c, windows_h, windows_w, k_h * k_w)."""
    x = a.tensor()
    if x.dim() != 4:
        raise NotImplementedError(f"{a.operation} over {x.dim() - 2} spatial axes")
    kernel = a.integers("kernel_sizes")
    strides = a.integers("strides", [1, 1])
    pads = _spatial_pads(x.shape, a, kernel, strides)
    if a.flag("ceil_mode"):
        pads = [
            (before, after + _missing(size + before + after, extent, stride))
            for (before, after), size, extent, stride in zip(
                pads, x.shape[2:], kernel, strides, strict=True
            )
        ]
    padded = _pad_axes(x, pads, fill)
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


def _spatial_pads(
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


def _pad_axes(x: Tensor, pads: Sequence[tuple[int, int]], fill: float = 0.0) -> Tensor:
    """Pad the last `len(pads)` axes with a constant."""
    if not any(before or after for before, after in pads):
        return x
    flat = [amount for pair in reversed(pads) for amount in pair]
    return functional.pad(x, flat, value=fill)


OPERATIONS: dict[str, Implementation] = {
    "conv": _conv,
    "linear": _linear,
    "matmul": _matmul,
    "einsum": _einsum,
    "scaled_dot_product_attention": _attention,
    "batch_norm": _batch_norm,
    "layer_norm": _layer_norm,
    "instance_norm": _instance_norm,
    "l2_norm": _l2_norm,
    "max_pool": _max_pool,
    "avg_pool": _avg_pool,
    "upsample_nearest_neighbor": _nearest,
    "upsample_bilinear": _upsample_bilinear,
    "resize_bilinear": _resize_bilinear,
}
