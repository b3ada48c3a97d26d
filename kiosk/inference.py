"""ONNX Runtime sessions that leave cores to the screen and the camera."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime as ort

_MAX_AUTOMATIC_THREADS = 4  # chosen by eye


def automatic_threads() -> int:
    """Return one thread for each core that this process may use, at most four."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, min(_MAX_AUTOMATIC_THREADS, len(os.sched_getaffinity(0))))
    return max(1, min(_MAX_AUTOMATIC_THREADS, os.cpu_count() or 1))


def session_options(threads: int) -> ort.SessionOptions:
    """Return options for a session of at most `threads` threads that sleep while they wait."""
    import onnxruntime as ort  # not at the top: the window opens while it is loaded

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory
    options.log_severity_level = 3
    # Spinning threads would take a core from the screen and the camera.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return options
