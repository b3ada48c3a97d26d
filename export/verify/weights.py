"""Stored weights to numbers: affine, palettes, blocks.

The formulas are those of Apple's MIL specification of the `constexpr_` operations
(coremltools documentation, "MIL operations", iOS 16 and iOS 18); they are written here
a second time on purpose, so that the packages are not checked with the code that made them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Inputs = Mapping[str, Array]


def _affine(inputs: Inputs) -> Array:
    data = inputs["quantized_data"].astype(np.float32)
    shape = [1] * data.ndim
    shape[int(inputs["axis"])] = -1
    scale = np.asarray(inputs["scale"], np.float32)
    zero = np.asarray(inputs["zero_point"], np.float32)
    scale = scale.reshape(shape) if scale.ndim else scale
    zero = zero.reshape(shape) if zero.ndim else zero
    return scale * (data - zero)


def _palette(inputs: Inputs) -> Array:
    return _packed_palette(inputs) if "shape" in inputs else _grouped_palette(inputs)


def _packed_palette(inputs: Inputs) -> Array:
    """iOS 16: one table for the tensor; indices packed from the least significant bit."""
    table = inputs["lut"]
    shape = [int(size) for size in inputs["shape"]]
    count = int(np.prod(shape))
    bits = int(table.size).bit_length() - 1
    stream = np.unpackbits(inputs["indices"].view(np.uint8), bitorder="little")[: count * bits]
    powers = 1 << np.arange(bits)
    return table[stream.reshape(count, bits) @ powers].reshape(shape)


def _grouped_palette(inputs: Inputs) -> Array:
    """iOS 18: `lut` is (groups of each axis..., palette, 1)."""
    indices, table = inputs["indices"].astype(np.int64), inputs["lut"]
    groups = np.stack(
        [
            axis_index * table.shape[axis] // indices.shape[axis]
            for axis, axis_index in enumerate(np.indices(indices.shape))
        ]
    )
    return np.asarray(table[(*groups, indices)][..., 0])


def _blockwise(inputs: Inputs) -> Array:
    data = inputs["data"].astype(np.float32)
    scale = _spread(inputs["scale"].astype(np.float32), data.shape)
    if "offset" in inputs:
        data = data - _spread(inputs["offset"].astype(np.float32), data.shape)
    return scale * data


def _spread(values: Array, shape: tuple[int, ...]) -> Array:
    for axis, size in enumerate(shape):
        values = np.repeat(values, size // values.shape[axis], axis)
    return values


# From the inputs of each compressed weight to the float array that it stands for.
DECOMPRESS: Mapping[str, Callable[[Inputs], Array]] = {
    "constexpr_affine_dequantize": _affine,
    "constexpr_lut_to_dense": _palette,
    "constexpr_blockwise_shift_scale": _blockwise,
}
