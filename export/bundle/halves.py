"""Half floats with an optional correction of one byte each.

A half float carries 11 bits: enough for a similarity, but two products whose similarities
differ by less than 1e-5 may change places. The correction tells where between two half
floats a number lies, in 254ths of their distance; with it the order is that of the
original numbers, for one byte more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Vectors

STEPS = 254
Halves = NDArray[np.float16]
Corrections = NDArray[np.int8]


def split(numbers: Vectors) -> tuple[Halves, Corrections]:
    """Half floats and corrections of finite numbers within half precision's range."""
    halves = numbers.astype(np.float16)
    rest = numbers.astype(np.float64) - halves.astype(np.float64)
    return halves, np.rint(rest / spacing(halves) * STEPS).clip(-127, 127).astype(np.int8)


def join(halves: Halves, corrections: Corrections) -> Vectors:
    """The numbers again, to about 19 bits."""
    fine = corrections.astype(np.float64) * spacing(halves) / STEPS
    numbers: Vectors = (halves.astype(np.float64) + fine).astype(np.float32)
    return numbers


def spacing(halves: Halves) -> NDArray[np.float64]:
    """Distance to the next half float of the same exponent: 2^(max(exponent bits, 1) - 25)."""
    exponents = (halves.view(np.uint16) >> 10) & 0x1F
    distance: NDArray[np.float64] = np.ldexp(1.0, np.maximum(exponents, 1).astype(np.int32) - 25)
    return distance
