"""Time recognition on this machine, stage by stage and end to end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import psutil

from kiosk.domain import Image
from kiosk.pictures import decode_picture, encode_jpeg
from kiosk.progress import Progress, no_progress
from kiosk.shop import Shop
from kiosk.vision.encoders import preprocess_batch
from kiosk.vision.models import find_model

ROUNDS = 60  # a few seconds in all; chosen by eye
WARM_UP = 5  # rounds until caches and threads have settled; chosen by eye
PICTURE_SIZE = (480, 640)  # a webcam's usual frame


@dataclass(frozen=True, slots=True)
class Stage:
    """Wall-clock milliseconds of one stage for one picture: median and 95th percentile."""

    name: str
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class SpeedReport:
    """Figures of `measure`; `limit` is the slowest stage, `memory_mb` the process's RSS."""

    model: str
    photos: int
    products: int
    stages: tuple[Stage, ...]
    queries_per_second: float
    memory_mb: float
    limit: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure(
    shop: Shop, *, rounds: int = ROUNDS, on_progress: Progress = no_progress
) -> SpeedReport:
    """Time 640x480 JPEG pictures through decode, preprocess, encode, search, and all of it."""
    index = shop.index
    card = find_model(index.model_id).card
    images = [_scene(seed) for seed in range(8)]
    files = [encode_jpeg(image) for image in images]
    vectors = [shop.embed(image) for image in images]

    def whole(turn: int) -> None:
        shop.recognise(shop.embed(decode_picture(files[turn % 8])))

    stages: dict[str, Callable[[int], object]] = {
        "decode": lambda turn: decode_picture(files[turn % 8]),
        "preprocess": lambda turn: preprocess_batch([images[turn % 8]], card),
        "encode": lambda turn: shop.embed(images[turn % 8]),
        "search": lambda turn: shop.recognise(vectors[turn % 8]),
        "end to end": whole,
    }
    timed = []
    for number, (name, step) in enumerate(stages.items()):
        timed.append(_time(name, step, rounds))
        on_progress(number + 1, len(stages))
    single = [stage for stage in timed if stage.name in ("decode", "encode", "search")]
    return SpeedReport(
        model=index.model_id,
        photos=index.photos,
        products=index.products,
        stages=tuple(timed),
        queries_per_second=1000 / timed[-1].p50_ms,
        memory_mb=psutil.Process().memory_info().rss / 1e6,
        limit=max(single, key=lambda stage: stage.p50_ms).name,
    )


def _time(name: str, step: Callable[[int], object], rounds: int) -> Stage:
    for turn in range(WARM_UP):
        step(turn)
    spent = np.empty(rounds)
    for turn in range(rounds):
        begin = time.perf_counter()
        step(turn)
        spent[turn] = time.perf_counter() - begin
    p50, p95 = np.percentile(spent * 1000, (50, 95))
    return Stage(name, float(p50), float(p95))


def _scene(seed: int) -> Image:
    """Draw smooth noise with edges, which compresses and decodes like a photo."""
    rng = np.random.default_rng(seed)
    height, width = PICTURE_SIZE
    coarse = rng.integers(0, 256, (height // 20, width // 20, 3), dtype=np.uint8)
    grain = rng.integers(-12, 13, (height, width, 3))
    blown = np.kron(coarse, np.ones((20, 20, 1), np.uint8)).astype(int) + grain
    return np.clip(blown, 0, 255).astype(np.uint8)
