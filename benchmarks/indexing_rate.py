"""How many stored pictures of 640 x 480 a second get a vector.

    python benchmarks/indexing_rate.py [--model ID] [--pictures 300]

Decoded in parallel and encoded in batches, against one picture after the other.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from kiosk.pictures import encode_jpeg, read_picture
from kiosk.vision.encoders import encode_batches, load_encoder


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--model", default="efficientnet_lite0_int8")
    options.add_argument("--runtime", default="auto")
    options.add_argument("--pictures", type=int, default=300)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = _pictures(Path(folder), given.pictures)
        encoder = load_encoder(given.model, runtime=given.runtime)
        encoder.encode([read_picture(paths[0])])
        few = paths[: max(1, given.pictures // 4)]
        started = time.perf_counter()
        for path in few:
            encoder.encode([read_picture(path)])
        single = len(few) / (time.perf_counter() - started)
        started = time.perf_counter()
        count = sum(len(batch.items) for batch in encode_batches(encoder, paths, read_picture))
        together = count / (time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{given.model}, {given.runtime}, {count} JPEG files of 640 x 480")
    print(f"  one after the other  {single:7.1f} pictures/s")
    print(f"  in batches           {together:7.1f} pictures/s   {together / single:.2f}x")
    print(f"  peak memory          {peak:7.0f} MB")


def _pictures(folder: Path, count: int) -> list[Path]:
    """Pictures with shapes at several scales and some noise: they compress like photos."""
    rng = np.random.default_rng(3)
    paths = []
    for number in range(count):
        layers = [rng.integers(0, 255, (n * 3, n * 4, 3), dtype=np.uint8) for n in (1, 5, 30)]
        grown = [cv2.resize(layer, (640, 480), interpolation=cv2.INTER_CUBIC) for layer in layers]
        mixed = np.average(grown, axis=0, weights=(3, 2, 1)) + rng.normal(0, 3, (480, 640, 3))
        path = folder / f"{number:05}.jpg"
        path.write_bytes(encode_jpeg(np.clip(mixed, 0, 255).astype(np.uint8), quality=90))
        paths.append(path)
    return paths


if __name__ == "__main__":
    main()
