"""Many pictures at once: decoded in parallel, encoded in batches, in bounded memory."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

import numpy as np

from kiosk.domain import Image, Vectors
from kiosk.errors import PictureError
from kiosk.vision.encoder import BATCH, Encoder
from kiosk.vision.runtimes import automatic_threads

T = TypeVar("T")
_AHEAD = 2  # batches that are decoded while one is encoded


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """`rate` is pictures a second so far; `remaining_s` is None while it is unknown."""

    done: int
    total: int
    rate: float
    remaining_s: float | None


@dataclass(frozen=True, slots=True)
class EncodedBatch(Generic[T]):
    """Row i of `vectors` belongs to `items[i]`; what could not be read is in `unreadable`."""

    items: tuple[T, ...]
    vectors: Vectors
    unreadable: tuple[tuple[T, PictureError], ...]


def encode_batches(
    encoder: Encoder,
    items: Sequence[T],
    read: Callable[[T], Image],
    *,
    batch: int = BATCH,
    workers: int = 0,
    on_progress: Callable[[BatchProgress], None] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Iterator[EncodedBatch[T]]:
    """Read and encode `items` in their order; at most three batches are in memory.

    Args:
        read: decodes one item, in a worker thread; a PictureError leaves the item out.
        workers: threads that decode; 0 = automatic.
        on_progress: called after each batch.
        stopping: asked before each batch.
    """
    started = time.monotonic()
    done = 0
    with ThreadPoolExecutor(workers or automatic_threads(), "decode") as pool:
        for part in _read_ahead(pool, items, read, batch * _AHEAD, batch):
            if stopping():
                pool.shutdown(wait=False, cancel_futures=True)
                return
            yield _encode(encoder, part)
            done += len(part)
            if on_progress is not None:
                on_progress(_progress(done, len(items), time.monotonic() - started))


def _read_ahead(
    pool: ThreadPoolExecutor, items: Iterable[T], read: Callable[[T], Image], ahead: int, batch: int
) -> Iterator[list[tuple[T, Future[Image]]]]:
    """Lists of `batch` items with their futures; at most `ahead` more are being decoded."""
    source = iter(items)
    waiting: deque[tuple[T, Future[Image]]] = deque(
        (item, pool.submit(read, item)) for item in islice(source, ahead)
    )
    while waiting:
        part = [waiting.popleft() for _ in range(min(batch, len(waiting)))]
        waiting.extend((item, pool.submit(read, item)) for item in islice(source, len(part)))
        yield part


def _encode(encoder: Encoder, part: Sequence[tuple[T, Future[Image]]]) -> EncodedBatch[T]:
    read: list[tuple[T, Image]] = []
    unreadable: list[tuple[T, PictureError]] = []
    for item, future in part:
        try:
            read.append((item, future.result()))
        except PictureError as error:
            unreadable.append((item, error))
    vectors = encoder.encode([image for _, image in read])
    return EncodedBatch(tuple(item for item, _ in read), vectors, tuple(unreadable))


def _progress(done: int, total: int, seconds: float) -> BatchProgress:
    rate = done / seconds if seconds > 0 else 0.0
    remaining = (total - done) / rate if rate > 0 else None
    return BatchProgress(done, total, rate, remaining)


class CachedEncoder:
    """An encoder that remembers recent pictures by their content; thread-safe."""

    def __init__(self, encoder: Encoder, capacity: int = 256) -> None:
        self._encoder = encoder
        self.model_id = encoder.model_id
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension
        self._capacity = capacity
        self._known: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, images: Sequence[Image]) -> Vectors:
        """See `Encoder.encode`; equal pictures are encoded once while they are remembered."""
        keys = [_content(image) for image in images]
        with self._lock:
            found = {key: self._known[key] for key in keys if key in self._known}
        new = {key: image for key, image in zip(keys, images, strict=True) if key not in found}
        if new:
            vectors = self._encoder.encode(list(new.values()))
            found |= dict(zip(new, vectors, strict=True))
        self._remember(found)
        return np.array([found[key] for key in keys], dtype=np.float32).reshape(-1, self.dimension)

    def close(self) -> None:
        with self._lock:
            self._known.clear()
        self._encoder.close()

    def _remember(self, found: dict[bytes, Vectors]) -> None:
        with self._lock:
            for key, vector in found.items():
                self._known[key] = vector
                self._known.move_to_end(key)
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)


def _content(image: Image) -> bytes:
    digest = hashlib.blake2b(str(image.shape).encode(), digest_size=16)
    digest.update(np.ascontiguousarray(image).data)
    return digest.digest()
