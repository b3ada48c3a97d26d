"""Operations that move elements without changing them."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from export.verify.operations.arguments import Arguments, Implementation


def _reshape(a: Arguments) -> Tensor:
    x = a.tensor()
    shape = [x.shape[i] if size == 0 else size for i, size in enumerate(a.integers("shape"))]
    return x.reshape(shape)


def _expand_dims(a: Arguments) -> Tensor:
    x, axes = a.tensor(), a.integers("axes")
    rank = x.dim() + len(axes)
    for axis in sorted(axis % rank for axis in axes):
        x = x.unsqueeze(axis)
    return x


def _squeeze(a: Arguments) -> Tensor:
    x = a.tensor()
    if not a.has("axes"):
        return x.squeeze()
    return x.squeeze(tuple(a.integers("axes")))


def _concat(a: Arguments) -> Tensor:
    values, axis = a.tensors("values"), a.integer("axis")
    if a.flag("interleave"):
        raise NotImplementedError("concat with interleave")
    return torch.cat([value.reshape(1) if value.dim() == 0 else value for value in values], axis)


def _split(a: Arguments) -> tuple[Tensor, ...]:
    x, axis = a.tensor(), a.integer("axis")
    if a.has("split_sizes"):
        return torch.split(x, a.integers("split_sizes"), axis)
    return torch.split(x, x.shape[axis] // a.integer("num_splits"), axis)


def _slice_by_index(a: Arguments) -> Tensor:
    x = a.tensor()
    rank = x.dim()
    begin, end = a.integers("begin"), a.integers("end")
    stride = a.integers("stride", [1] * rank)
    from_start, to_end = a.flags("begin_mask", rank), a.flags("end_mask", rank)
    squeezed = a.flags("squeeze_mask", rank)
    for axis in range(rank):
        if squeezed[axis]:
            index = torch.tensor([begin[axis] % x.shape[axis]])
        else:
            first = None if from_start[axis] else begin[axis]
            last = None if to_end[axis] else end[axis]
            chosen = range(x.shape[axis])[first : last : stride[axis]]
            index = torch.tensor(list(chosen), dtype=torch.long)
        x = x.index_select(axis, index)
    return x.squeeze(tuple(axis for axis in range(rank) if squeezed[axis]))


def _gather(a: Arguments) -> Tensor:
    x, indices = a.tensor(), a.tensor("indices").long()
    if a.integer("batch_dims"):
        raise NotImplementedError("gather with batch_dims")
    axis = a.integer("axis") % x.dim()
    indices = torch.where(indices < 0, indices + x.shape[axis], indices)
    flat = x.index_select(axis, indices.reshape(-1))
    return flat.reshape(*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :])


def _gather_nd(a: Arguments) -> Tensor:
    if a.integer("batch_dims"):
        raise NotImplementedError("gather_nd with batch_dims")
    return a.tensor()[tuple(a.tensor("indices").long().unbind(-1))]


def _pad(a: Arguments) -> Tensor:
    x, pads = a.tensor(), a.integers("pad")
    pairs = [(pads[i], pads[i + 1]) for i in range(0, len(pads), 2)]
    flat = [amount for pair in reversed(pairs) for amount in pair]
    if a.text("mode", "constant") != "constant":
        raise NotImplementedError(f"pad with mode {a.text('mode')}")
    return functional.pad(x, flat, value=a.number("constant_val"))


OPERATIONS: dict[str, Implementation] = {
    "reshape": _reshape,
    "transpose": lambda a: a.tensor().permute(a.integers("perm")),
    "expand_dims": _expand_dims,
    "squeeze": _squeeze,
    "concat": _concat,
    "stack": lambda a: torch.stack(a.tensors("values"), a.integer("axis")),
    "split": _split,
    "slice_by_index": _slice_by_index,
    "gather": _gather,
    "gather_nd": _gather_nd,
    "pad": _pad,
    "reverse": lambda a: a.tensor().flip(a.integers("axes", range(a.tensor().dim()))),
    "tile": lambda a: a.tensor().repeat(a.integers("reps")),
}
