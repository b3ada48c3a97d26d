"""Convolutions, matrix products, normalisations and attention."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from export.verify.arguments import Arguments
from export.verify.operations.kind import Implementation
from export.verify.operations.padding import pad_spatially

CONVOLUTIONS = {3: functional.conv1d, 4: functional.conv2d, 5: functional.conv3d}


def _conv(a: Arguments) -> Tensor:
    x, weight = a.tensor(), a.tensor("weight")
    spatial = x.dim() - 2
    strides = a.integers("strides", [1] * spatial)
    dilations = a.integers("dilations", [1] * spatial)
    kernel = [d * (k - 1) + 1 for k, d in zip(weight.shape[2:], dilations, strict=True)]
    padded = pad_spatially(x, a, kernel, strides)
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
}
