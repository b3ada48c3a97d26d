"""Speed and size on paper: what a package computes, and roughly how long a phone takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from export.verify.program import Package
from export.verify.weights import DECOMPRESS


@dataclass(frozen=True, slots=True)
class Anchor:
    """A tower that Apple timed on an iPhone 12 Pro Max, and our count of its work."""

    name: str
    multiplications: float
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """`multiplications` counts multiply-accumulates of one run; `milliseconds` is an estimate."""

    operations: int
    kinds: int
    multiplications: int
    parameters: int
    bytes: int
    milliseconds: float
    compared_with: str


# Times: the table in Apple's ml-mobileclip; work: counted by `multiplications` below.
IMAGE_ANCHORS = (
    Anchor("MobileCLIP-S0 image", 2.385e9, 1.5),
    Anchor("MobileCLIP-S1 image", 4.658e9, 2.5),
    Anchor("MobileCLIP-S2 image", 7.834e9, 3.6),
    Anchor("MobileCLIP-B image", 17.708e9, 10.4),
)
TEXT_ANCHORS = (
    Anchor("MobileCLIP-S0 text", 1.32e9, 1.6),
    Anchor("MobileCLIP-S1 text", 2.980e9, 3.3),
)


def estimate(package: Package) -> Estimate:
    """Count a package's work and estimate its time from Apple's published figures."""
    block = package.program.functions["main"]
    steps = [
        op for op in block.operations if op.op_type != "const" and op.op_type not in DECOMPRESS
    ]
    work = sum(multiplications(op) for op in steps)
    anchors = IMAGE_ANCHORS if package.tower == "image" else TEXT_ANCHORS
    milliseconds, nearest = estimate_milliseconds(work, anchors)
    return Estimate(
        operations=len(steps),
        kinds=len({op.op_type for op in steps}),
        multiplications=work,
        parameters=sum(_stored_numbers(op) for op in block.operations),
        bytes=package.bytes,
        milliseconds=milliseconds,
        compared_with=nearest.name,
    )


def multiplications(operation: Any) -> int:
    """Multiply-accumulates of one operation; those of one step an element are not counted."""
    size = prod(int(extent) for extent in operation.outputs[0].shape)
    kind = operation.op_type
    if kind == "conv":
        return size * prod(int(extent) for extent in operation.weight.shape[1:])
    if kind == "linear":
        return size * int(operation.weight.shape[-1])
    if kind == "matmul":
        shape = operation.x.shape
        transposed = operation.transpose_x is not None and bool(operation.transpose_x.val)
        return size * int(shape[-2] if transposed else shape[-1])
    if kind == "scaled_dot_product_attention":
        return 2 * size * int(operation.key.shape[-2])
    return 0


def estimate_milliseconds(work: int, anchors: Sequence[Anchor]) -> tuple[float, Anchor]:
    """Time in proportion to the timed tower whose work is nearest; an estimate, no more."""
    nearest = min(anchors, key=lambda anchor: abs(np.log(max(work, 1) / anchor.multiplications)))
    return work / nearest.multiplications * nearest.milliseconds, nearest


def _stored_numbers(operation: Any) -> int:
    if operation.op_type in DECOMPRESS:
        return prod(int(extent) for extent in operation.outputs[0].shape)
    if operation.op_type != "const" or _feeds_decompression(operation):
        return 0
    value = operation.outputs[0].val
    return int(value.size) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else 0


def _feeds_decompression(operation: Any) -> bool:
    return any(op.op_type in DECOMPRESS for op in operation.outputs[0].child_ops)
