"""A shop's catalogue: what it keeps, each kind in its repository, and what concerns all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import select

from kiosk.catalog import revisions
from kiosk.catalog.code_requests import CodeRequest, CodeRequestRepository
from kiosk.catalog.collection_rows import renew_identities
from kiosk.catalog.database.connections import Database
from kiosk.catalog.database.damage import damage
from kiosk.catalog.database.opening import open_database
from kiosk.catalog.database.schema import pictures, products
from kiosk.catalog.database.sqlite import FILE_NAME, copy_database
from kiosk.catalog.days import note_day
from kiosk.catalog.features import FeatureRepository
from kiosk.catalog.filters import ProductFilter
from kiosk.catalog.fits import FitRepository
from kiosk.catalog.key_values import KeyValueRepository
from kiosk.catalog.photos import NewPhoto, PhotoRepository, of_product
from kiosk.catalog.product_statements import (
    Saved,
    admit,
    find,
    forget_unused_pictures,
    listed,
    save,
    selection,
)
from kiosk.catalog.products import Counts, ProductRepository
from kiosk.catalog.revisions import Changes
from kiosk.catalog.sync.folder_scan import FileState
from kiosk.catalog.sync.rows import SyncedFileRepository
from kiosk.catalog.taps import TapRepository
from kiosk.catalog.transfer.copying import copy_collections, copy_rows
from kiosk.catalog.validation import clean_product
from kiosk.catalog.vectors import VectorRepository
from kiosk.domain import Photo, Product
from kiosk.resources import local_folder

DELETED_KEPT: Final = timedelta(days=30)  # chosen: long enough to notice a wrong deletion
DAYS_ON: Final = 7  # chosen: a wrong clock is noticed sooner
PUT_LATELY: Final = timedelta(hours=1)  # chosen: longer than any import keeps a photo unlinked


class CatalogReader(Protocol):
    """The reading half of `CatalogStore`, which documents each method."""

    @property
    def data_dir(self) -> Path: ...
    def product(self, sku: str) -> Product: ...
    def products(
        self,
        *,
        query: str = "",
        category: str = "",
        active: bool | None = True,
        limit: int | None = None,
        offset: int = 0,
        chosen: ProductFilter | None = None,
    ) -> list[Product]: ...
    def product_by_barcode(self, code: str) -> Product | None: ...
    def existing(self, skus: Sequence[str]) -> dict[str, Product]: ...
    def everything(self) -> list[tuple[Product, list[Photo]]]: ...
    def code_requests(self) -> list[CodeRequest]: ...
    def categories(self) -> list[str]: ...
    def counts(self) -> Counts: ...
    def photos(self, sku: str) -> list[Photo]: ...
    def cover(self, sku: str) -> Photo | None: ...
    def photo_path(self, sha256: str) -> Path: ...
    def synced_files(self, folder: str) -> dict[str, FileState]: ...
    def save_database(self, file: Path) -> None: ...


class CatalogStore(
    PhotoRepository,
    ProductRepository,
    VectorRepository,
    FeatureRepository,
    FitRepository,
    SyncedFileRepository,
    KeyValueRepository,
    TapRepository,
    CodeRequestRepository,
):
    """A shop's catalogue. Every method may be called from any thread.

    What a method wrote is on the disk when it returns. All methods raise StorageError
    when the disk is full, write-protected, damaged, or held by another program.
    """

    @classmethod
    def open(cls, db: str | Path, *, cache_dir: Path | None = None) -> CatalogStore:
        """Open the catalogue in the folder `db`, or on the server `postgresql://...`.

        It is made if there is none. With a server, `cache_dir` keeps copies of photos;
        by default that is a folder of its own in the default data folder.

        Raises:
            StorageError, CatalogError, ConfigError: see `open_database`.
        """
        folder = cache_dir or local_folder(db)
        return cls(open_database(db, folder), folder)

    @property
    def data_dir(self) -> Path:
        """The shop's folder; with a server, the folder of this machine's copies."""
        return self._folder

    @property
    def database(self) -> Database:
        """The database that is written to, for tables beside the catalogue's own.

        Raises:
            StorageError: it is on a server that is away.
        """
        return self._database.origin

    @property
    def fault(self) -> str:
        """Why this copy may be behind its server, in a sentence; empty when all is well."""
        return self._database.fault

    def close(self) -> None:
        """Close every connection; the store cannot be used afterwards."""
        self._database.close()

    def __enter__(self) -> CatalogStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def everything(self) -> list[tuple[Product, list[Photo]]]:
        """Return all products but the deleted, retired too, with their photos, at one moment."""
        with self._database.read() as connection:
            return [
                (product, of_product(connection, product.sku))
                for product in listed(connection, selection(ProductFilter(active=None)))
            ]

    def enrol(
        self,
        product: Product,
        photos: Sequence[NewPhoto] = (),
        *,
        must_be_new: bool = False,
        max_products: int = 0,
    ) -> Product:
        """Store a product with pictures that `keep_picture` kept, all or nothing of it.

        Raises:
            CatalogError, ProductExistsError, CatalogFullError: see `admit`.
            StorageError: the disk is full, or a file vanished in between.
        """
        if photos:
            self._storage.settle()
        with self._database.write() as connection:
            admitted = admit(
                connection, product, must_be_new=must_be_new, max_products=max_products
            )
            save(connection, admitted)
            self._link(connection, [replace(photo, sku=admitted.sku) for photo in photos])
            return find(connection, admitted.sku)

    def enrol_many(
        self, items: Sequence[Product], photos: Sequence[NewPhoto]
    ) -> tuple[list[Saved], list[bool]]:
        """`put_products` with pictures of theirs that `keep_picture` kept, all or nothing of it.

        Return what became of each product, and for each photo whether it is new.

        Raises:
            CatalogError: see `put_product`.
            StorageError: the disk is full, or a file vanished in between.
        """
        clean = [clean_product(product) for product in items]
        if photos:
            self._storage.settle()
        with self._database.write() as connection:
            outcomes = [save(connection, product) for product in clean]
            return outcomes, self._link(connection, photos) if photos else []

    def purge_deleted(self, older_than: timedelta = DELETED_KEPT, *, days_on: int = DAYS_ON) -> int:
        """Remove for good what was deleted that long ago; return how many products.

        A clock may be wrong, as before a machine without a battery reaches the network: this
        must also have been called on `days_on` days since. Readers that were away meanwhile load
        everything anew. Picture files of an import under way stay.
        """
        now = datetime.now(UTC)
        with self._database.write() as connection:
            seen = note_day(connection, now, days_on)
            expired = (products.c.deleted_at < now - older_than) & (products.c.revision <= seen)
            number = connection.execute(products.delete().where(expired)).rowcount
            if number:
                # A reader of an earlier revision could miss these deletions.
                purged = revisions.next_revision(connection)
                revisions.set_revision(connection, purged, "purged_revision")
                forget_unused_pictures(connection)
        self.sweep_photos(min(older_than, PUT_LATELY))
        return number

    def revision(self) -> int:
        """Return a number that grows with every change of products, photos or vectors."""
        self._database.refresh()
        with self._database.read() as connection:
            return revisions.current_revision(connection)

    def changes_since(self, revision: int) -> Changes | None:
        """Return what changed after `revision`; None if that is too long ago to tell."""
        with self._database.read() as connection:
            return revisions.changes_since(connection, revision)

    def invalidate_readers(self, revision: int) -> None:
        """Set the revision, and make every reader of an earlier one load everything anew."""
        with self._database.write() as connection:
            revisions.invalidate_readers(connection, revision)

    def save_database(self, file: Path) -> None:
        """Write the database as it is at this moment to a new file."""
        if self._database.is_sqlite:
            copy_database(self._folder / FILE_NAME, file)
        else:
            with CatalogStore.open(file.parent) as target:
                target.take_over(self)

    def renew_collections(self) -> None:
        """Make every collection of vectors another than it was, for whoever remembers its rows."""
        with self._database.write() as connection:
            renew_identities(connection)

    def take_over(self, other: CatalogStore) -> None:
        """Replace everything here by what `other` holds, in one step.

        Picture files are expected in the photo folder here already.
        """
        with other.database.read() as source, self._database.write() as target:
            revision = max(revisions.current_revision(c) for c in (source, target))
            copy_rows(source, target)
            copy_collections(source, target)
            for sha256 in target.execute(select(pictures.c.sha256)).scalars().all():
                self._storage.share(target, sha256)
            revisions.invalidate_readers(target, revision + 1)

    def check(self, *, files: bool = True, values: bool = True) -> list[str]:
        """Say in words what is wrong with the stored data; empty if nothing. Reads everything.

        Without `values`, single damaged rows are let pass.
        """
        found: list[str] = []
        if self._database.is_sqlite:
            with self._database.read() as connection:
                found = damage(connection, values=values)
        names = self.picture_names() if files else []
        lost = [sha for sha in names if not self.photo_path(sha).is_file()]
        return found + [f"The photo {sha[:12]}… is missing from the disk." for sha in lost]
