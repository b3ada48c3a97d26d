"""A folder of pictures kept in the catalogue: only what is new or changed is encoded.

A picture in a sub-folder belongs to the product with the sub-folder's path as SKU, one at
the top to the product named like the file. Pictures stay where they are.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk.catalog.database.failures import DamagedCatalogError, explain
from kiosk.catalog.store import CatalogStore
from kiosk.catalog.sync.file_reader import NOT_READ, Decode, FileReader, ReadFile, product_of
from kiosk.catalog.sync.folder_scan import FileState, Scan, differs, looks_unplugged, scan, vanished
from kiosk.domain import Image, Vectors
from kiosk.errors import CatalogError, KnownError, PictureError
from kiosk.files import storage_errors
from kiosk.pictures import decode_reduced
from kiosk.progress import Progress, no_progress

LOCK_NAME: Final = "sync.lock"
Encode = Callable[[Sequence[Image]], Vectors]


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
    batch of 32 is durable when `on_progress` counts it, and a sync that was killed or
    stopped goes on where it ended. `accept_loss` removes also when much is gone. `workers`
    threads read and `decode` while earlier pictures are encoded. What would make more than
    `max_products` active products (0: any number) is a problem, until there is room.

    Raises:
        StorageError: the folder cannot be read, or the disk is full.
        CatalogError: another sync is running.
    """
    started = time.monotonic()
    root = folder.resolve()
    with only_one(store.data_dir / LOCK_NAME):
        previous = store.synced_files(str(root))
        found = scan(root)
        run = _SyncRun(store, root, model_id, encode, currency, previous)
        paths = _to_read(found, previous, set() if full else run.unencoded, full)
        if max_products:
            run.limit(paths, max_products)
        reader = FileReader(root, previous, run.encoded, decode, run.has_room_for)
        done = 0
        for batch in reader.batches([(path, found.files[path]) for path in paths], workers):
            if stopping():
                break
            run.store_batch(batch)
            done += len(batch)
            on_progress(done, len(paths))
        gone = vanished(found, previous)
        held = looks_unplugged(len(gone), len(previous), len(found.files)) and not accept_loss
        if not held:
            store.forget_synced(str(root), {path: previous[path] for path in gone})
        states = store.synced_files(str(root))
    problems = run.refused + [
        FileProblem(path, state.problem) for path, state in states.items() if state.problem
    ]
    return SyncReport(
        total=len(found.files),
        new=run.new,
        changed=run.changed,
        removed=0 if held else len(gone),
        encoded=run.encoded_count,
        held_back=len(gone) if held else 0,
        problems=tuple(sorted(problems, key=lambda problem: problem.path)),
        seconds=time.monotonic() - started,
        complete=done == len(paths),
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


@contextmanager
def only_one(file: Path) -> Iterator[None]:
    """Hold `file`, as one sync at a time may in whatever process.

    SQLite's lock on it is the one that every system releases at a kill.

    Raises:
        CatalogError: another process or thread holds it.
        StorageError: the disk is full or write-protected.
    """
    try:
        connection = _locked(file)
    except DamagedCatalogError:  # after a power cut, for one; nothing is stored in it
        with storage_errors(f"{file} could not be replaced"):
            file.unlink()
        connection = _locked(file)
    with closing(connection):
        yield


def _locked(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise CatalogError(
                "Another sync of this catalogue is running.",
                next_step="Wait until it has ended, or stop it.",
            ) from error
        raise explain(error, str(file)) from error
    return connection


def _to_read(
    found: Scan, previous: Mapping[str, FileState], unencoded: set[str], full: bool
) -> list[str]:
    def is_needed(path: str, state: FileState) -> bool:
        old = previous.get(path)
        return full or differs(state, old) or (old is not None and old.sha256 in unencoded)

    return [path for path, state in found.files.items() if is_needed(path, state)]


def _sku_or_none(path: str) -> str | None:
    try:
        return product_of(path)[0]
    except PictureError:
        return None  # reported when the file is read


@dataclass
class _SyncRun:
    """What one sync has stored so far; `previous` are the files at the last scan."""

    store: CatalogStore
    root: Path
    model_id: str
    encode: Encode
    currency: str
    previous: Mapping[str, FileState]
    refused: list[FileProblem] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    encoded_count: int = 0
    max_products: int = 0
    _room: int = 0
    _known_skus: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.unencoded = {photo.sha256 for photo in self.store.missing_vectors(self.model_id)}
        readable = {s.sha256 for s in self.previous.values() if s.sha256 and not s.problem}
        self.encoded = readable - self.unencoded

    def limit(self, paths: Sequence[str], max_products: int) -> None:
        """Make no more than `max_products` active products of the files at `paths`."""
        skus = [sku for path in paths if (sku := _sku_or_none(path))]
        self.max_products = max_products
        self._room = max_products - self.store.counts().products
        self._known_skus = set(self.store.existing(skus))

    def has_room_for(self, sku: str) -> bool:
        """Whether a photo of this SKU could be taken in; asked from any thread."""
        return not self.max_products or self._room > 0 or sku in self._known_skus

    def store_batch(self, found: Mapping[str, ReadFile]) -> None:
        """Encode and store one batch, in one transaction."""
        read = {path: file for path, file in found.items() if self._admit(path, file)}
        images = {
            file.photo.sha256: file.image
            for file in read.values()
            if file.photo and file.image is not None and file.photo.sha256 not in self.encoded
        }
        vectors = self.encode(list(images.values())) if images else ()
        self.store.put_synced(
            str(self.root),
            read,
            previous=self.previous,
            currency=self.currency,
            model_id=self.model_id,
            vectors=dict(zip(images, vectors, strict=True)),
        )
        self.encoded |= set(images)
        self.encoded_count += len(images)
        self._count(read)

    def _admit(self, path: str, file: ReadFile) -> bool:
        """Take a place for the file's product; record a refusal and return False without one."""
        if file is not NOT_READ:
            if not self.max_products or file.photo is None or file.photo.sku in self._known_skus:
                return True
            if self._room > 0:
                self._room -= 1
                self._known_skus.add(file.photo.sku)
                return True
        reason = f"The shop may hold at most {self.max_products} products."
        self.refused.append(FileProblem(path, reason))
        return False

    def _count(self, read: Mapping[str, ReadFile]) -> None:
        for path, file in read.items():
            previous = self.previous.get(path)
            if file.state.problem:
                continue
            if previous is None or previous.problem:
                self.new += 1
            elif previous.sha256 != file.state.sha256:
                self.changed += 1
