"""Operations that reduce axes."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from export.verify.arguments import Arguments
from export.verify.operations.kind import Implementation

Reduction = Callable[[Tensor, list[int], bool], Tensor]


def _reduce(function: Reduction) -> Implementation:
    def run(a: Arguments) -> Tensor:
        x = a.tensor()
        axes = a.integers("axes", range(x.dim()))
        return function(x, axes, a.flag("keep_dims"))

    return run


def _arg(function: Callable[[Tensor, int, bool], Tensor]) -> Implementation:
    def run(a: Arguments) -> Tensor:
        index = function(a.tensor(), a.integer("axis", -1), a.flag("keep_dims"))
        return index.to(torch.int32)

    return run


def _product(x: Tensor, axes: list[int], keep: bool) -> Tensor:
    for axis in sorted((axis % x.dim() for axis in axes), reverse=True):
        x = x.prod(axis, keepdim=keep)
    return x


OPERATIONS: dict[str, Implementation] = {
    "reduce_mean": _reduce(lambda x, axes, keep: x.mean(axes, keepdim=keep)),
    "reduce_sum": _reduce(lambda x, axes, keep: x.sum(axes, keepdim=keep)),
    "reduce_max": _reduce(lambda x, axes, keep: x.amax(axes, keepdim=keep)),
    "reduce_min": _reduce(lambda x, axes, keep: x.amin(axes, keepdim=keep)),
    "reduce_prod": _reduce(_product),
    "reduce_l1_norm": _reduce(lambda x, axes, keep: x.abs().sum(axes, keepdim=keep)),
    "reduce_l2_norm": _reduce(lambda x, axes, keep: x.square().sum(axes, keepdim=keep).sqrt()),
    "reduce_sum_square": _reduce(lambda x, axes, keep: x.square().sum(axes, keepdim=keep)),
    "reduce_log_sum": _reduce(lambda x, axes, keep: x.sum(axes, keepdim=keep).log()),
    "reduce_log_sum_exp": _reduce(lambda x, axes, keep: x.logsumexp(axes, keepdim=keep)),
    "reduce_argmax": _arg(lambda x, axis, keep: x.argmax(axis, keepdim=keep)),
    "reduce_argmin": _arg(lambda x, axis, keep: x.argmin(axis, keepdim=keep)),
}
