"""How long a call takes."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

WARM_UP = 3  # calls until caches and threads have settled; chosen by eye


def median_ms(call: Callable[[], object], runs: int) -> float:
    """The median of `runs` calls in wall-clock milliseconds, after a warm-up."""
    for _ in range(WARM_UP):
        call()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - started))
    return float(np.median(times))
