"""A folder of pictures kept in the catalogue: only what is new or changed is encoded.

A picture in a sub-folder belongs to the product with the sub-folder's path as SKU, one at
the top to the product named like the file. Pictures stay where they are.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from kiosk.catalog.photos import NewPhoto
from kiosk.catalog.store import CatalogStore
from kiosk.catalog.sync.folder_lock import only_one
from kiosk.catalog.sync.folder_scan import FileState, Scan, differs, looks_unplugged, scan, vanished
from kiosk.catalog.sync.rows import SyncBatch
from kiosk.catalog.validation import MAX_NAME, MAX_SKU, clean_sku
from kiosk.domain import Image, Vectors
from kiosk.errors import KnownError, PictureError
from kiosk.pictures import Decoded, decode_reduced
from kiosk.progress import Progress, no_progress

BATCH: Final = 32
_AHEAD: Final = 16
LOCK_NAME: Final = "sync.lock"
MAX_FILE_BYTES: Final = 64 * 2**20
Encode = Callable[[Sequence[Image]], Vectors]
Decode = Callable[[bytes], Decoded]


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that could not become a photo; `path` is relative to the folder."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, in files.

    `total` are there now; `new`, `changed` and `removed` are what it took in and out;
    `encoded` had no vector yet. `held_back` are gone from the folder but stay in the
    catalogue, since so many at once look like a missing disk. `problems` lists every file
    that is not searchable, also from earlier syncs. `complete` is False if it was stopped.
    """

    total: int = 0
    new: int = 0
    changed: int = 0
    removed: int = 0
    encoded: int = 0
    held_back: int = 0
    problems: tuple[FileProblem, ...] = ()
    seconds: float = 0.0
    complete: bool = True


def sync_pictures(
    store: CatalogStore,
    folder: Path,
    *,
    model_id: str,
    encode: Encode,
    currency: str,
    decode: Decode = lambda data: decode_reduced(data, 0),
    workers: int = 2,
    max_products: int = 0,
    full: bool = False,
    accept_loss: bool = False,
    on_progress: Progress = no_progress,
    stopping: Callable[[], bool] = lambda: False,
) -> SyncReport:
    """Bring the catalogue to what `folder` holds now.

    Files are compared by size and time, then by content; `full` reads every file. Each
    batch of 32 is durable when `on_progress(done, total)` tells of it, and a sync that was
    killed or stopped goes on where it ended. `accept_loss` removes also when much is gone.
    `workers` threads read and `decode` while earlier pictures are encoded. What would make
    more than `max_products` active products (0: any number) is a problem, until there is room.

    Raises:
        StorageError: the folder cannot be read, or the disk is full.
        CatalogError: another sync is running.
    """
    started = time.monotonic()
    root = folder.resolve()
    with only_one(store.data_dir / LOCK_NAME):
        before = store.synced_files(str(root))
        found = scan(root)
        work = _Work(store, root, model_id, encode, decode, currency, before)
        todo = _to_read(found, before, set() if full else work.unencoded, full)
        if max_products:
            work.limit(todo, max_products)
        done = 0
        for batch in work.read_ahead([(path, found.files[path]) for path in todo], workers):
            if stopping():
                break
            work.take_in(batch)
            done += len(batch)
            on_progress(done, len(todo))
        gone = vanished(found, before)
        held = looks_unplugged(len(gone), len(before), len(found.files)) and not accept_loss
        if not held:
            store.forget_synced(str(root), {path: before[path] for path in gone})
        states = store.synced_files(str(root))
    problems = work.refused + [
        FileProblem(path, s.problem) for path, s in states.items() if s.problem
    ]
    return SyncReport(
        total=len(found.files),
        new=work.new,
        changed=work.changed,
        removed=0 if held else len(gone),
        encoded=work.encoded,
        held_back=len(gone) if held else 0,
        problems=tuple(sorted(problems, key=lambda problem: problem.path)),
        seconds=time.monotonic() - started,
        complete=done == len(todo),
    )


def watch(
    sync: Callable[[], SyncReport],
    stop: threading.Event,
    *,
    interval_s: float = 5.0,
    on_report: Callable[[SyncReport], None],
    on_error: Callable[[KnownError], None],
) -> None:
    """Call `sync` again and again until `stop` is set; a failure is told, then tried anew."""
    while not stop.is_set():
        try:
            on_report(sync())
        except KnownError as error:
            on_error(error)
        stop.wait(interval_s)


def product_of(path: str) -> tuple[str, str]:
    """SKU and name of the product that the picture at a relative path shows.

    Raises:
        PictureError: the path makes no usable SKU.
    """
    inner = PurePosixPath(path)
    sku = clean_sku(str(inner.parent) if len(inner.parts) > 1 else inner.stem)
    name = " ".join(PurePosixPath(sku).name.replace("_", " ").split()) or sku
    if not sku or len(sku) > MAX_SKU:
        raise PictureError(
            f"The path makes an SKU of {len(sku)} characters; 1 to {MAX_SKU} are possible.",
            next_step="Rename the file or its folder.",
        )
    return sku, name[:MAX_NAME]


def _to_read(
    found: Scan, before: Mapping[str, FileState], unencoded: set[str], full: bool
) -> list[str]:
    def needed(path: str, now: FileState) -> bool:
        known = before.get(path)
        return full or differs(now, known) or (known is not None and known.sha256 in unencoded)

    return [path for path, now in found.files.items() if needed(path, now)]


def _sku_or_none(path: str) -> str | None:
    try:
        return product_of(path)[0]
    except PictureError:
        return None  # told when it is read


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read: its state, and the photo and pixels if it is a good picture."""

    state: FileState
    photo: NewPhoto | None = None
    image: Image | None = None
    name: str = ""


_NO_ROOM: Final = _Read(FileState(0, 0))


class _Work:
    """One sync on its way."""

    def __init__(
        self,
        store: CatalogStore,
        root: Path,
        model_id: str,
        encode: Encode,
        decode: Decode,
        currency: str,
        before: Mapping[str, FileState],
    ) -> None:
        self._store = store
        self._root = root
        self._model_id = model_id
        self._encode = encode
        self._decode = decode
        self._currency = currency
        self._before = before
        self.unencoded = {photo.sha256 for photo in store.missing_vectors(model_id)}
        self._has_vector = {s.sha256 for s in before.values() if s.sha256} - self.unencoded
        self._most = self._room = 0
        self._known: set[str] = set()
        self.refused: list[FileProblem] = []
        self.new = self.changed = self.encoded = 0

    def limit(self, paths: Sequence[str], most: int) -> None:
        """Make no more than `most` active products."""
        skus = [sku for path in paths if (sku := _sku_or_none(path))]
        self._most, self._room = most, most - self._store.counts().products
        self._known = set(self._store.existing(skus))

    def read_ahead(
        self, files: Sequence[tuple[str, FileState]], workers: int
    ) -> Iterator[dict[str, _Read]]:
        """Batches of files that were read; a few of the next batch are read meanwhile."""
        source = iter(files)
        waiting: deque[tuple[str, Future[_Read]]] = deque()
        with ThreadPoolExecutor(workers, "sync") as pool:

            def begin(count: int) -> None:
                for path, now in islice(source, count):
                    waiting.append((path, pool.submit(self._read, path, now)))

            try:
                begin(_AHEAD)
                while waiting:
                    batch: dict[str, _Read] = {}
                    while waiting and len(batch) < BATCH:
                        path, future = waiting.popleft()
                        begin(1)
                        batch[path] = future.result()
                    yield batch
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def take_in(self, found: Mapping[str, _Read]) -> None:
        """Encode and store one batch, in one step."""
        read = {path: one for path, one in found.items() if self._admits(path, one)}
        images = {
            r.photo.sha256: r.image
            for r in read.values()
            if r.photo and r.image is not None and r.photo.sha256 not in self._has_vector
        }
        vectors = self._encode(list(images.values())) if images else ()
        self._store.put_synced(
            SyncBatch(
                folder=str(self._root),
                states={path: r.state for path, r in read.items()},
                before={path: self._before[path] for path in read if path in self._before},
                photos=[r.photo for r in read.values() if r.photo],
                names={r.photo.sku: r.name for r in read.values() if r.photo},
                currency=self._currency,
                model_id=self._model_id,
                vectors=dict(zip(images, vectors, strict=True)),
            )
        )
        self._has_vector |= set(images)
        self.encoded += len(images)
        self._count(read)

    def _admits(self, path: str, one: _Read) -> bool:
        """False for a picture of a product too many: nothing of it is remembered."""
        if one is not _NO_ROOM and (
            not self._most or one.photo is None or one.photo.sku in self._known
        ):
            return True
        if one.photo is None or self._room <= 0:
            reason = f"The shop may hold at most {self._most} products."
            self.refused.append(FileProblem(path, reason))
            return False
        self._room -= 1
        self._known.add(one.photo.sku)
        return True

    def _count(self, read: Mapping[str, _Read]) -> None:
        for path, one in read.items():
            before = self._before.get(path)
            if one.state.problem:
                continue
            if before is None or before.problem:
                self.new += 1
            elif before.sha256 != one.state.sha256:
                self.changed += 1

    def _read(self, path: str, now: FileState) -> _Read:
        try:
            sku, name = product_of(path)
            if self._most and self._room <= 0 and sku not in self._known:
                return _NO_ROOM  # not worth reading
            data = self._bytes(path, now)
            sha256 = hashlib.sha256(data).hexdigest()
            state = replace(now, sha256=sha256, sku=sku)
            known = self._before.get(path)
            if known and known.sha256 == sha256 and sha256 in self._has_vector:
                return _Read(state)  # only its time changed
            image, width, height = self._decode(data)
        except PictureError as error:
            return _Read(replace(now, problem=str(error)))
        where = str(self._root / path)
        photo = NewPhoto(sku, sha256, width, height, len(data), path=where)
        return _Read(state, photo, None if sha256 in self._has_vector else image, name)

    def _bytes(self, path: str, now: FileState) -> bytes:
        if now.size_bytes > MAX_FILE_BYTES:
            raise PictureError("The file is larger than 64 MB.", next_step="Make it smaller.")
        try:
            return (self._root / path).read_bytes()
        except OSError as error:
            raise PictureError(
                f"The file cannot be read: {error.strerror or error}.",
                next_step="Check the permissions.",
            ) from error
