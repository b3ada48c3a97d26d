"""Keeping the process small, where that matters more than speed (ENABLE_GC)."""

from __future__ import annotations

import ctypes
import gc
import sys
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # glibc's malloc.h
_SMALL = 131_072


def be_thrifty() -> None:
    """Have glibc give memory back at once; its habit is to keep what large blocks took.

    Encoding one picture takes and frees tens of megabytes. On other systems nothing is done.
    """
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_ARENA_MAX, 2)
        libc.mallopt(_MMAP_THRESHOLD, _SMALL)
        libc.mallopt(_TRIM_THRESHOLD, _SMALL)


def give_back() -> None:
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
