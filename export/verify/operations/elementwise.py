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


def _floor_div(x: Tensor, y: Tensor) -> Tensor:
    return torch.div(x, y, rounding_mode="floor")


def _reduce(function: Callable[[Tensor, list[int], bool], Tensor]) -> Implementation:
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
    "add": _binary(torch.add),
    "sub": _binary(torch.sub),
    "mul": _binary(torch.mul),
    "real_div": _binary(torch.true_divide),
    "floor_div": _binary(_floor_div),
    "mod": _binary(torch.remainder),
    "pow": _binary(torch.pow),
    "maximum": _binary(torch.maximum),
    "minimum": _binary(torch.minimum),
    "equal": _binary(torch.eq),
    "not_equal": _binary(torch.ne),
    "less": _binary(torch.lt),
    "less_equal": _binary(torch.le),
    "greater": _binary(torch.gt),
    "greater_equal": _binary(torch.ge),
    "logical_and": _binary(torch.logical_and),
    "logical_or": _binary(torch.logical_or),
    "logical_not": _unary(torch.logical_not),
    "abs": _unary(torch.abs),
    "ceil": _unary(torch.ceil),
    "cos": _unary(torch.cos),
    "erf": _unary(torch.erf),
    "exp": _unary(torch.exp),
    "floor": _unary(torch.floor),
    "identity": _unary(torch.clone),
    "round": _unary(torch.round),
    "sign": _unary(torch.sign),
    "sin": _unary(torch.sin),
    "sqrt": _unary(torch.sqrt),
    "square": _unary(torch.square),
    "relu": _unary(torch.relu),
    "relu6": _unary(functional.relu6),
    "sigmoid": _unary(torch.sigmoid),
    "silu": _unary(functional.silu),
    "tanh": _unary(torch.tanh),
    "softsign": _unary(functional.softsign),
    "softplus": _unary(functional.softplus),
    "log": lambda a: torch.log(a.tensor() + a.number("epsilon")),
    "inverse": lambda a: 1.0 / (a.tensor() + a.number("epsilon")),
    "rsqrt": lambda a: torch.rsqrt(a.tensor() + a.number("epsilon")),
    "clip": lambda a: a.tensor().clamp(a.number("alpha"), a.number("beta")),
    "threshold": lambda a: a.tensor().clamp(min=a.number("alpha")),
    "thresholded_relu": lambda a: a.tensor() * (a.tensor() >= a.number("alpha")),
    "elu": lambda a: functional.elu(a.tensor(), a.number("alpha")),
    "leaky_relu": lambda a: functional.leaky_relu(a.tensor(), a.number("alpha")),
    "prelu": lambda a: functional.prelu(a.tensor(), a.tensor("alpha")),
    "linear_activation": lambda a: a.number("alpha") * a.tensor() + a.number("beta"),
    "sigmoid_hard": lambda a: (a.number("alpha") * a.tensor() + a.number("beta")).clamp(0, 1),
    "softmax": lambda a: torch.softmax(a.tensor(), a.integer("axis", -1)),
    "cumsum": lambda a: torch.cumsum(a.tensor(), a.integer("axis")),
    "select": lambda a: torch.where(a.tensor("cond").bool(), a.tensor("a"), a.tensor("b")),
    "gelu": _gelu,
    "cast": _cast,
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
