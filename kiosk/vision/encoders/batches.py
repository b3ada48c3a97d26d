"""Many pictures at once: decoded in parallel, encoded in batches, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

import numpy as np

from kiosk.domain import Image, Vectors
from kiosk.errors import PictureError
from kiosk.inference import automatic_threads
from kiosk.progress import Progress, no_progress
from kiosk.vision.encoders.image_encoder import Encoder

T = TypeVar("T")
R = TypeVar("R")
BATCH = 16  # items of a result, which is stored at once; chosen by eye
_AHEAD = 2  # batches that are worked on while the caller takes one; chosen by eye


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
    on_progress: Progress = no_progress,
    stopping: Callable[[], bool] = lambda: False,
) -> Iterator[EncodedBatch[T]]:
    """Read and encode `items` in their order; at most three batches of pictures are held.

    Worker threads decode; where the encoder takes one picture at a time they encode
    too, and no picture waits for another.

    Args:
        read: decodes one item, in a worker thread; a PictureError leaves the item out.
        batch: how many items a result holds.
        workers: threads; 0 = automatic.
        on_progress: called after each batch.
        stopping: asked before each batch.
    """
    done = 0
    is_single = encoder.batch_size == 1

    def work(item: T) -> Image | Vectors:
        image = read(item)
        return encoder.encode([image])[0] if is_single else image

    with ThreadPoolExecutor(workers or automatic_threads(), "encode") as pool:
        for part in _work_ahead(pool, items, work, batch):
            if stopping():
                pool.shutdown(wait=False, cancel_futures=True)
                return
            yield _gather(encoder, part, is_single=is_single)
            done += len(part)
            on_progress(done, len(items))


def _work_ahead(
    pool: ThreadPoolExecutor, items: Iterable[T], work: Callable[[T], R], batch: int
) -> Iterator[list[tuple[T, Future[R]]]]:
    """Lists of `batch` items with their futures; two more lists are being worked on."""
    source = iter(items)
    waiting: deque[tuple[T, Future[R]]] = deque(
        (item, pool.submit(work, item)) for item in islice(source, batch * _AHEAD)
    )
    while waiting:
        part = [waiting.popleft() for _ in range(min(batch, len(waiting)))]
        waiting.extend((item, pool.submit(work, item)) for item in islice(source, len(part)))
        yield part


def _gather(
    encoder: Encoder, part: Sequence[tuple[T, Future[Image | Vectors]]], *, is_single: bool
) -> EncodedBatch[T]:
    results: list[tuple[T, Image | Vectors]] = []
    unreadable: list[tuple[T, PictureError]] = []
    for item, future in part:
        try:
            results.append((item, future.result()))
        except PictureError as error:
            unreadable.append((item, error))
    values = [value for _, value in results]
    if is_single:
        vectors = np.array(values, dtype=np.float32).reshape(-1, encoder.dimension)
    else:
        vectors = encoder.encode(values)  # type: ignore[arg-type]
    return EncodedBatch(tuple(item for item, _ in results), vectors, tuple(unreadable))
