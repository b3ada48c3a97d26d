"""Convolutions, matrix products, normalisations, attention and pooling."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from export.verify.operations.arguments import Arguments, Implementation


def _conv(a: Arguments) -> Tensor:
    weight = a.tensor("weight")
    strides, dilations = a.integers("strides", [1, 1]), a.integers("dilations", [1, 1])
    padded = functional.pad(_picture(a), _spatial_pads(a))
    return functional.conv2d(
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


def _windows(a: Arguments, fill: float) -> Tensor:
    """The pooled windows of a picture (n, c, h, w) as (n, c, windows_h, windows_w, k_h * k_w)."""
    if a.flag("ceil_mode"):
        raise NotImplementedError(f"{a.operation} with ceil_mode")
    height, width = a.integers("kernel_sizes")
    down, right = a.integers("strides", [1, 1])
    padded = functional.pad(_picture(a), _spatial_pads(a), value=fill)
    return padded.unfold(2, height, down).unfold(3, width, right).flatten(-2)


def _max_pool(a: Arguments) -> Tensor:
    return _windows(a, float("-inf")).amax(-1)


def _avg_pool(a: Arguments) -> Tensor:
    if a.flag("exclude_padding_from_average"):
        return _windows(a, float("nan")).nanmean(-1)
    return _windows(a, 0.0).mean(-1)


def _picture(a: Arguments) -> Tensor:
    """The input, a batch of pictures (n, c, h, w)."""
    x = a.tensor()
    if x.dim() != 4:
        raise NotImplementedError(f"{a.operation} over {x.dim() - 2} spatial axes")
    return x


def _spatial_pads(a: Arguments) -> list[int]:
    """Left, right, top, bottom: in the order that torch pads in."""
    pad_type = a.text("pad_type", "valid")
    if pad_type == "valid":
        return [0, 0, 0, 0]
    if pad_type != "custom":
        raise NotImplementedError(f"{a.operation} with pad_type {pad_type}")
    top, bottom, left, right = a.integers("pad", [0, 0, 0, 0])
    return [left, right, top, bottom]


OPERATIONS: dict[str, Implementation] = {
    "conv": _conv,
    "linear": _linear,
    "matmul": _matmul,
    "scaled_dot_product_attention": _attention,
    "batch_norm": _batch_norm,
    "layer_norm": _layer_norm,
    "max_pool": _max_pool,
    "avg_pool": _avg_pool,
}
