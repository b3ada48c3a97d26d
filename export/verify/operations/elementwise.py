"""Operations on each element, activations, and reductions of axes."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from export.verify.operations.arguments import Arguments, Implementation

DTYPES = {
    "fp16": torch.float32,  # computed in float32; the interpreter rounds the result
    "fp32": torch.float32,
    "int8": torch.int32,
    "uint8": torch.int32,
    "int16": torch.int32,
    "uint16": torch.int32,
    "int32": torch.int32,
    "bool": torch.bool,
}


def _unary(function: Callable[[Tensor], Tensor]) -> Implementation:
    return lambda a: function(a.tensor())


def _binary(function: Callable[[Tensor, Tensor], Tensor]) -> Implementation:
    return lambda a: function(a.tensor("x"), a.tensor("y"))


def _gelu(a: Arguments) -> Tensor:
    x, mode = a.tensor(), a.text("mode", "EXACT")
    if mode == "SIGMOID_APPROXIMATION":
        return x * torch.sigmoid(1.702 * x)
    return functional.gelu(x, approximate="none" if mode == "EXACT" else "tanh")


def _cast(a: Arguments) -> Tensor:
    return a.tensor().to(DTYPES[a.text("dtype")])


def _reduce(function: Callable[[Tensor, list[int], bool], Tensor]) -> Implementation:
    def run(a: Arguments) -> Tensor:
        x = a.tensor()
        axes = a.integers("axes", range(x.dim()))
        return function(x, axes, a.flag("keep_dims"))

    return run


def _argmax(a: Arguments) -> Tensor:
    index = a.tensor().argmax(a.integer("axis", -1), keepdim=a.flag("keep_dims"))
    return index.to(torch.int32)


OPERATIONS: dict[str, Implementation] = {
    "add": _binary(torch.add),
    "sub": _binary(torch.sub),
    "mul": _binary(torch.mul),
    "real_div": _binary(torch.true_divide),
    "maximum": _binary(torch.maximum),
    "minimum": _binary(torch.minimum),
    "greater_equal": _binary(torch.ge),
    "abs": _unary(torch.abs),
    "sqrt": _unary(torch.sqrt),
    "relu": _unary(torch.relu),
    "sigmoid": _unary(torch.sigmoid),
    "silu": _unary(functional.silu),
    "clip": lambda a: a.tensor().clamp(a.number("alpha"), a.number("beta")),
    "thresholded_relu": lambda a: a.tensor() * (a.tensor() >= a.number("alpha")),
    "sigmoid_hard": lambda a: (a.number("alpha") * a.tensor() + a.number("beta")).clamp(0, 1),
    "softmax": lambda a: torch.softmax(a.tensor(), a.integer("axis", -1)),
    "select": lambda a: torch.where(a.tensor("cond").bool(), a.tensor("a"), a.tensor("b")),
    "gelu": _gelu,
    "cast": _cast,
    "reduce_mean": _reduce(lambda x, axes, keep: x.mean(axes, keepdim=keep)),
    "reduce_sum": _reduce(lambda x, axes, keep: x.sum(axes, keepdim=keep)),
    "reduce_l2_norm": _reduce(lambda x, axes, keep: x.square().sum(axes, keepdim=keep).sqrt()),
    "reduce_argmax": _argmax,
}
