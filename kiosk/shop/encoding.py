"""Photos of the catalogue to vectors of one model; each batch is durable."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kiosk.catalog.store import CatalogStore
from kiosk.errors import PictureError
from kiosk.pictures import read_picture
from kiosk.vision.encoder import Encoder

log = logging.getLogger(__name__)

BATCH = 16
Progress = Callable[[int, int], None]


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
    on_progress: Progress | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> EncodingReport:
    """Encode each photo that has no vector of this model yet, in batches of 16.

    A photo whose file is damaged or gone is reported, not fatal. `stopping` is asked
    between batches; the next call goes on where this one ended.
    """
    started = time.monotonic()
    report = EncodingReport()
    names = [photo.sha256 for photo in store.missing_vectors(encoder.fingerprint)]
    for start in range(0, len(names), BATCH):
        if stopping():
            break
        encode_photos(store, encoder, names[start : start + BATCH], report)
        if on_progress:
            on_progress(min(start + BATCH, len(names)), len(names))
    report.seconds = time.monotonic() - started
    return report


def encode_photos(
    store: CatalogStore, encoder: Encoder, names: Sequence[str], report: EncodingReport
) -> None:
    """Encode the stored photos `names` (SHA-256) and store their vectors in one step."""
    readable = {}
    for name in names:
        try:
            readable[name] = read_picture(store.photo_path(name))
        except PictureError as error:
            log.warning("photo %s: %s", name, error)
            report.unreadable[name] = str(error)
    if readable:
        vectors = encoder.encode(list(readable.values()))
        store.put_vectors(encoder.fingerprint, dict(zip(readable, vectors, strict=True)))
        report.encoded += len(readable)
