"""Encode photos of the catalogue with one model; each batch is durable."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np

from kiosk.catalog import CatalogStore
from kiosk.domain import Image, Vectors
from kiosk.fitting import Fitting, decode_fitted
from kiosk.inference import automatic_threads
from kiosk.pictures import Decoded, read_bytes
from kiosk.progress import Progress, no_progress
from kiosk.vision.encoders import Encoder, encode_batches

log = logging.getLogger(__name__)


class Decode(Protocol):
    """Decode a picture file, as `decode_fitted`, here or in another process."""

    def __call__(self, data: bytes, fitting: Fitting) -> Decoded: ...


def encode_photos(
    store: CatalogStore,
    encoder: Encoder,
    names: Sequence[str],
    *,
    decode: Decode = decode_fitted,
    model_id: str = "",
    view: Callable[[Image], Image] = lambda photo: photo,
    fitting: Fitting | None = None,
    on_progress: Progress = no_progress,
    stopping: Callable[[], bool] = lambda: False,
) -> dict[str, str]:
    """Encode the stored photos `names` (SHA-256) and store their vectors, in batches of 16.

    What is encoded is `view` of each photo, decoded to `fitting` (default: the encoder's), and
    stored under `model_id` (empty: the encoder's own).
    `stopping` is asked between batches; what is stored by then stays.

    Returns:
        A sentence for each photo whose file is damaged or gone.
    """
    unreadable = dict[str, str]()

    def read(name: str) -> Image:
        return view(decode(read_bytes(store.photo_path(name)), fitting or encoder.fitting).image)

    for batch in encode_batches(encoder, names, read, on_progress=on_progress, stopping=stopping):
        for name, error in batch.unreadable:
            log.warning("photo %s: %s", name, error)
            unreadable[name] = str(error)
        if batch.items:
            vectors = dict(zip(batch.items, batch.vectors, strict=True))
            store.put_vectors(model_id or encoder.fingerprint, vectors)
    return unreadable


def encode_images(encoder: Encoder, images: Sequence[Image], batch: int = 0) -> Vectors:
    """Encode pictures on several cores, at most `batch` at once (0: any number).

    Where the encoder takes one picture at a time, each thread takes the next.
    """
    if encoder.batch_size == 1 and len(images) > 1:
        with ThreadPoolExecutor(automatic_threads(), "encode") as pool:
            return np.concatenate(list(pool.map(lambda image: encoder.encode([image]), images)))
    size = batch or max(1, len(images))
    parts = [encoder.encode(images[at : at + size]) for at in range(0, len(images), size)]
    return np.concatenate(parts) if parts else np.empty((0, encoder.dimension), np.float32)
