"""What a process needs that shares two cores with a screen and runs for months."""

from __future__ import annotations

import ctypes
import os
import sys

# Of glibc's <malloc.h>.
_M_TRIM_THRESHOLD, _M_ARENA_MAX = -1, -8
_KEPT_BYTES = 4_000_000


def leave_cores_to_others() -> None:
    """Let OpenBLAS compute in the calling thread; call it before numpy is imported.

    Its threads spin while they wait: on busy cores an eigh of 512 x 512 took 11 s with two
    of them and 0.05 s with one.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def return_freed_memory() -> None:
    """Let glibc give pictures and activations back instead of keeping them for its threads.

    By default it raises its threshold with every large block that is freed, up to 32 MB, and
    keeps a heap for each thread: a third of the kiosk's memory was free memory. The price is
    page faults: about 10 ms more for one encode.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # musl has none
        libc.mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
        libc.mallopt(_M_ARENA_MAX, 2)
        libc.malloc_trim(0)
