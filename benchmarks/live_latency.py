"""Frame to changed overlay, in real time: `python -m benchmarks.live_latency [--clip dev1]`.

Plays a clip of the grocery set at its own pace through the newest-frame slot into the
worker, with the shipped encoder and the grocery catalogue. Prints one JSON object:

overlay_ms     from the arrival of the deciding frame in the slot to the new sighting
segment_ms     of a frame that is not encoded;  encode_ms  of one encode
encode_share   of one core's time that encoding took
skip_rate      frames that were not encoded, of all that the camera gave
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from kiosk.camera import CameraState, CameraStatus, Capture, Frame, FrameSlot, VideoFileSource
from kiosk.domain import Gallery, Image, Recognition, Sighting, Vectors
from kiosk.live import LivePipeline, LiveWorker
from kiosk.pictures import read_picture
from kiosk.recognition import SearchEngine
from kiosk.vision.encoders import Encoder, load_encoder

BENCH_DATA = Path(os.environ.get("SHELFLENS_BENCH_DATA", Path(__file__).parents[2] / "shared"))


class TimedRecogniser:
    """Encoder and engine, each call timed in milliseconds."""

    def __init__(self, encoder: Encoder, engine: SearchEngine) -> None:
        self._encoder = encoder
        self._engine = engine
        self.encode_ms: list[float] = []
        self.recognise_ms: list[float] = []

    def embed(self, image: Image) -> Vectors:
        start = time.perf_counter()
        vectors = self._encoder.encode([image])
        self.encode_ms.append((time.perf_counter() - start) * 1000)
        return vectors

    def recognise(
        self, vectors: Vectors, weights: NDArray[np.float32] | None = None
    ) -> Recognition:
        start = time.perf_counter()
        answer = self._engine.recognise(vectors, weights)
        self.recognise_ms.append((time.perf_counter() - start) * 1000)
        return answer


class TimedPipeline(LivePipeline):
    """Notes how long each step takes, apart for frames with and without an encode."""

    def __init__(self, recogniser: TimedRecogniser, *, every: int) -> None:
        super().__init__(recogniser, every=every)
        self._encode_ms = recogniser.encode_ms
        self.segment_ms: list[float] = []

    def step(self, frame: Frame) -> Sighting | None:
        encoded, start = len(self._encode_ms), time.perf_counter()
        sighting = super().step(frame)
        if len(self._encode_ms) == encoded:
            self.segment_ms.append((time.perf_counter() - start) * 1000)
        return sighting


class TimedSlot(FrameSlot):
    """Notes when each frame arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: dict[int, float] = {}

    def put(self, frame: Frame) -> None:
        self.arrived[frame.index] = time.perf_counter()
        super().put(frame)


def grocery_engine(encoder: Encoder, data: Path) -> SearchEngine:
    """The 65 stocked products with five photos each, tuned."""
    with (data / "grocery" / "not_stocked.csv").open() as stream:
        left_out = {row["sku"] for row in csv.DictReader(stream)}
    with (data / "grocery" / "enrol.csv").open() as stream:
        rows = [row for row in csv.DictReader(stream) if row["sku"] not in left_out]
    vectors = np.concatenate(
        [encoder.encode([read_picture(data / "grocery" / row["path"])]) for row in rows]
    )
    skus, photos = (tuple(row[key] for row in rows) for key in ("sku", "path"))
    engine = SearchEngine()
    engine.replace(Gallery(encoder.model_id, vectors, skus, photos, dict.fromkeys(skus, 100)))
    engine.refit()
    return engine


def quantiles(values: Sequence[float]) -> dict[str, float]:
    return {f"p{q}": round(float(np.percentile(values, q)), 1) for q in (50, 95)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", default="dev1")
    parser.add_argument("--every", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    encoder = load_encoder("efficientnet_lite0_int8", threads=options.threads)
    recogniser = TimedRecogniser(encoder, grocery_engine(encoder, BENCH_DATA))
    pipeline = TimedPipeline(recogniser, every=options.every)
    slot, ended = TimedSlot(), threading.Event()
    overlay_ms: list[float] = []

    def on_sighting(sighting: Sighting) -> None:
        overlay_ms.append((time.perf_counter() - slot.arrived[sighting.frame]) * 1000)

    def on_status(status: CameraStatus) -> None:
        if status.state is CameraState.ENDED:
            ended.set()

    clip = BENCH_DATA / "live" / f"{options.clip}.mp4"
    capture = Capture(lambda: VideoFileSource(clip), slot, on_status)
    worker = LiveWorker(slot, pipeline, on_sighting)
    process, start = psutil.Process(), time.perf_counter()
    cpu_before = process.cpu_times()
    worker.start()
    capture.start()
    ended.wait()
    worker.stop()
    capture.stop()
    wall_s, cpu_after = time.perf_counter() - start, process.cpu_times()
    cpu_s = cpu_after.user + cpu_after.system - cpu_before.user - cpu_before.system
    frames = len(slot.arrived)
    report = {
        "clip": options.clip,
        "frames": frames,
        "frames_per_s": round(frames / wall_s, 1),
        "every": pipeline.sampler.every,
        "overlay_ms": quantiles(overlay_ms),
        "segment_ms": quantiles(pipeline.segment_ms),
        "encode_ms": quantiles(recogniser.encode_ms),
        "recognise_ms": quantiles(recogniser.recognise_ms),
        "encode_share": round(sum(recogniser.encode_ms) / 1000 / wall_s, 3),
        "skip_rate": round(1 - len(recogniser.encode_ms) / frames, 3),
        "cpu_of_one_core": round(cpu_s / wall_s, 2),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
