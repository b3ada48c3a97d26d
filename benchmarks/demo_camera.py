"""What the demo camera costs: a frame, memory.

    python benchmarks/demo_camera.py [--frames 900]

`read` is the time that the caller waits; `all` is the processor time of the whole process for
each frame.
"""

from __future__ import annotations

import argparse
import json
import time

import cv2
import numpy as np
import psutil

from kiosk.demo import FRAMES_PER_S, DemoCamera


def camera_cost(frames: int, width: int, height: int) -> dict[str, float]:
    camera = DemoCamera(width=width, height=height)
    camera.open()
    process, reads = psutil.Process(), []
    before = process.cpu_times()
    begun = time.perf_counter()
    for k in range(frames):
        due = begun + k / FRAMES_PER_S
        time.sleep(max(0.0, due - time.perf_counter()))
        start = time.perf_counter()
        camera.read()
        reads.append(1000 * (time.perf_counter() - start))
    after = process.cpu_times()
    camera.close()
    busy = after.user + after.system - before.user - before.system
    return {
        "read_ms_p50": round(float(np.percentile(reads, 50)), 2),
        "read_ms_p95": round(float(np.percentile(reads, 95)), 2),
        "read_ms_max": round(max(reads), 1),
        "all_cpu_ms_a_frame": round(1000 * busy / frames, 2),
        "late_frames_share": round(float(np.mean(np.array(reads) > 1000 / FRAMES_PER_S)), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=900)
    frames = parser.parse_args().frames
    cv2.setNumThreads(1)
    report = {
        "landscape_1280x720": camera_cost(frames, 1280, 720),
        "portrait_720x1280": camera_cost(frames, 720, 1280),
        "memory_mib": round(psutil.Process().memory_info().rss / 2**20),
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
