"""What a process needs that runs for months on a small machine, beside others."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # glibc's malloc.h
_SMALL = 131_072
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
    page faults: about 10 ms more for one encode. On other systems nothing is done.
    """
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        libc.mallopt(_ARENA_MAX, 2)
        libc.malloc_trim(0)


def limit_malloc() -> None:
    """As `return_freed_memory`, at once: where memory matters more than speed (ENABLE_GC).

    Encoding one picture takes and frees tens of megabytes.
    """
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_ARENA_MAX, 2)
        libc.mallopt(_MMAP_THRESHOLD, _SMALL)
        libc.mallopt(_TRIM_THRESHOLD, _SMALL)


def trim() -> None:
    """Collect garbage, and return what is free to the system."""
    gc.collect()
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def _glibc() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:
        return None  # another C library
    return libc if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None
