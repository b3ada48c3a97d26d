"""Photos of the catalogue to vectors of one model; each batch is durable."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from kiosk.catalog import CatalogStore
from kiosk.domain import Image, Vectors
from kiosk.pictures import Decoded, decode_reduced, read_bytes
from kiosk.progress import Progress, no_progress
from kiosk.vision.encoders import Encoder, automatic_threads, encode_batches

log = logging.getLogger(__name__)


class Decode(Protocol):
    """Bytes to pixels, as `kiosk.pictures.decode_reduced` does it here or somewhere safer."""

    def __call__(self, data: bytes, *, shortest: int = 0) -> Decoded: ...


def decode_here(data: bytes, *, shortest: int = 0) -> Decoded:
    """Decode in this process."""
    return decode_reduced(data, shortest)


def needed_side(encoder: Encoder) -> int:
    """Pixels of a picture's shorter side beyond which the encoder sees no more; 0 = unknown."""
    card = getattr(encoder, "card", None)
    return max(card.input.width, card.input.height) if card else 0


@dataclass(slots=True)
class EncodingReport:
    """`encoded` photos got a vector; `unreadable` holds the sentence for each that could not."""

    encoded: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def encode_missing(
    store: CatalogStore,
    encoder: Encoder,
    *,
    decode: Decode = decode_here,
    on_progress: Progress = no_progress,
    stopping: Callable[[], bool] = lambda: False,
) -> EncodingReport:
    """Encode each photo that has no vector of this model yet, in batches of 16.

    A photo whose file is damaged or gone is reported, not fatal. `stopping` is asked
    between batches; the next call goes on where this one ended.
    """
    started = time.monotonic()
    report = EncodingReport()
    names = [photo.sha256 for photo in store.missing_vectors(encoder.fingerprint)]

    _store_batches(
        store, encoder, names, report, decode, on_progress=on_progress, stopping=stopping
    )
    report.seconds = time.monotonic() - started
    return report


def encode_photos(
    store: CatalogStore,
    encoder: Encoder,
    names: Sequence[str],
    report: EncodingReport,
    decode: Decode = decode_here,
) -> None:
    """Encode the stored photos `names` (SHA-256) and store their vectors, in batches of 16."""
    _store_batches(store, encoder, names, report, decode)


def encode_images(encoder: Encoder, images: Sequence[Image], batch: int = 0) -> Vectors:
    """`encoder.encode`, at most `batch` at once (0: any number), on several cores.

    Where an encoder takes one picture at a time, each thread takes the next.
    """
    if getattr(encoder, "batch", 1) == 1 and len(images) > 1:
        with ThreadPoolExecutor(automatic_threads(), "encode") as pool:
            return np.concatenate(list(pool.map(lambda image: encoder.encode([image]), images)))
    size = batch or max(1, len(images))
    parts = [encoder.encode(images[at : at + size]) for at in range(0, len(images), size)]
    return np.concatenate(parts) if parts else np.empty((0, encoder.dimension), np.float32)


def _store_batches(
    store: CatalogStore,
    encoder: Encoder,
    names: Sequence[str],
    report: EncodingReport,
    decode: Decode,
    *,
    on_progress: Progress = no_progress,
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    side = needed_side(encoder)

    def read(name: str) -> Image:
        return decode(read_bytes(store.photo_path(name)), shortest=side).image

    for batch in encode_batches(encoder, names, read, on_progress=on_progress, stopping=stopping):
        for name, error in batch.unreadable:
            log.warning("photo %s: %s", name, error)
            report.unreadable[name] = str(error)
        if batch.items:
            vectors = dict(zip(batch.items, batch.vectors, strict=True))
            store.put_vectors(encoder.fingerprint, vectors)
            report.encoded += len(vectors)
