"""Memory and threads of a process that runs for months on a small machine."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # glibc's malloc.h
_ARENAS = 2  # heaps for all threads; chosen by eye
_KEPT_BYTES = 4_000_000  # free memory that one heap keeps; measured by benchmarks/kiosk_window.py
_LOW_PRIORITY = 15  # of 19: a thread of normal priority gets thirty times as much (sched(7))
_NEW_OBJECTS = 20_000  # before garbage is looked for, Python's own number is 700; chosen by eye
_SMALL_BYTES = 131_072  # glibc's own initial threshold, which it raises when it is not set


def limit_blas_threads() -> None:
    """Let OpenBLAS compute in the calling thread; call it before numpy is imported.

    Its threads spin while they wait: on busy cores an eigh of 512 x 512 took 11 s with two
    of them and 0.05 s with one.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def start_quickly() -> None:
    """Spare a starting process what takes a sixth of the imports; call it before them.

    Nothing that imports creates is garbage, and no plugin of pydantic is looked for.
    """
    gc.set_threshold(_NEW_OBJECTS)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def limit_malloc(*, at_once: bool = False) -> None:
    """Let glibc return freed pictures and activations instead of keeping them for its threads.

    By default it raises its threshold with every large block that is freed, up to 32 MB, and
    keeps a heap for each thread: a third of the kiosk's memory was free memory. The price is
    page faults: about 10 ms more for one encode. `at_once` returns every larger block as soon
    as it is freed, where memory matters more than speed. On other systems nothing is done.
    """
    libc = _glibc()
    if libc is None:
        return
    libc.mallopt(_ARENA_MAX, _ARENAS)
    libc.mallopt(_TRIM_THRESHOLD, _SMALL_BYTES if at_once else _KEPT_BYTES)
    if at_once:
        libc.mallopt(_MMAP_THRESHOLD, _SMALL_BYTES)
    libc.malloc_trim(0)


def trim() -> None:
    """Collect garbage, and return free memory to the system."""
    gc.collect()
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def lower_thread_priority() -> None:
    """Let the calling thread compute only when no other wants to; Linux alone has such threads."""
    if sys.platform.startswith("linux"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOW_PRIORITY)


def _glibc() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:
        return None  # another C library
    return libc if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None
