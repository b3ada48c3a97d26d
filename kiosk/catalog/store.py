"""The catalogue's one face: products, photos, vectors and small settings, from any thread."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select, text

from kiosk.catalog import photos, products, taps, text_search, vectors
from kiosk.catalog.database.connections import Database
from kiosk.catalog.database.migrations import migrate
from kiosk.catalog.database.postgres import is_server_url, open_postgres
from kiosk.catalog.database.schema import pictures, values
from kiosk.catalog.database.sqlite import FILE_NAME, copy_database, open_sqlite
from kiosk.catalog.filters import ProductFilter
from kiosk.catalog.photo_files import PhotoFiles
from kiosk.catalog.photo_storage import PhotoStorage
from kiosk.catalog.photos import NewPhoto
from kiosk.catalog.products import Changes, Counts, Saved
from kiosk.catalog.sync import rows as synced
from kiosk.catalog.sync.folder_scan import FileState
from kiosk.catalog.taps import Tap
from kiosk.catalog.transfer.copying import copy_collections, copy_rows
from kiosk.catalog.validation import clean_product
from kiosk.catalog.vectors import PhotoHit
from kiosk.domain import Gallery, Image, Photo, Product
from kiosk.errors import StorageError
from kiosk.files import storage_errors
from kiosk.pictures import decode_picture, encode_jpeg
from kiosk.resources import default_data_dir

DELETED_KEPT = timedelta(days=30)
PUT_LATELY = timedelta(hours=1)


class CatalogStore:
    """A shop's catalogue. Every method may be called from any thread.

    What a method wrote is on the disk when it returns. All methods raise StorageError
    when the disk is full, write-protected, damaged, or held by another program.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._shelf = PhotoStorage(PhotoFiles(folder / "photos"), database)

    @classmethod
    def open(cls, db: str | Path, *, cache_dir: Path | None = None) -> CatalogStore:
        """Open the catalogue in the folder `db`, or on the server `postgresql://...`.

        It is made if there is none. With a server, `cache_dir` keeps copies of photos;
        by default that is a folder of its own in the default data folder.

        Raises:
            StorageError: the folder cannot be made or written; the server is away.
            CatalogError: a newer Shelflens, or another program, wrote the database.
            ConfigError: the server's address is not readable, or its driver is missing.
        """
        if is_server_url(str(db)):
            folder = cache_dir or local_folder(db)
            database = open_postgres(str(db))
        else:
            folder = Path(db)
            _make_folders(folder)
            database = open_sqlite(folder / FILE_NAME)
        try:
            with database.change_schema() as connection:
                migrate(connection)
            _make_folders(folder)
        except BaseException:
            database.close()
            raise
        return cls(database, folder)

    @property
    def database(self) -> Database:
        """The connections, for tables that stand beside the catalogue's own."""
        return self._database

    def close(self) -> None:
        """Close every connection; the store cannot be used afterwards."""
        self._database.close()

    def __enter__(self) -> CatalogStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Products

    def put_product(self, product: Product) -> Product:
        """Insert or update by SKU, and return what is stored.

        Raises:
            CatalogError: a field is empty, too long, or holds control characters; the
                price cannot be.
        """
        return self.put_products([product])[0][0]

    def put_products(self, items: Sequence[Product]) -> list[tuple[Product, Saved]]:
        """`put_product` for many, all or none of them."""
        clean = [clean_product(product) for product in items]
        with self._database.write() as connection:
            outcomes = [products.save(connection, product) for product in clean]
            stored = [products.one(connection, product.sku) for product in clean]
        return list(zip(stored, outcomes, strict=True))

    def product(self, sku: str) -> Product:
        """The product, retired or not.

        Raises:
            UnknownProductError: no product has this SKU, or it was deleted.
        """
        with self._database.read() as connection:
            return products.one(connection, sku)

    def products(
        self,
        *,
        query: str = "",
        category: str = "",
        active: bool | None = True,
        limit: int | None = None,
        offset: int = 0,
        chosen: ProductFilter | None = None,
    ) -> list[Product]:
        """Products by name; with `query` the best fit first. `active=None` takes retired ones.

        `chosen` filters by price and extra fields too, in place of `category` and `active`.
        """
        chosen = chosen or ProductFilter(category=category, active=active)
        with self._database.read() as connection:
            if query.strip():
                most = offset + limit if limit is not None else 500
                found = text_search.find(connection, query, chosen, most)
                return products.by_skus(connection, [sku for sku, _ in found[offset:]])
            return products.listed(connection, products.selection(chosen), limit, offset)

    def deleted_products(self) -> list[Product]:
        """Products that `undo_delete` can bring back, the last deleted first."""
        with self._database.read() as connection:
            return products.deleted(connection)

    def product_by_barcode(self, code: str) -> Product | None:
        """The active product with this barcode; UPC-A and EAN-13 forms are the same."""
        with self._database.read() as connection:
            return products.by_barcode(connection, code)

    def retire(self, sku: str) -> None:
        """Take the product from the kiosk, and keep everything of it."""
        self._change(sku, active=False)

    def restore(self, sku: str) -> None:
        """Undo `retire`."""
        self._change(sku, active=True)

    def delete(self, sku: str) -> None:
        """Hide the product everywhere; `undo_delete` works until `purge_deleted`."""
        self._change(sku, deleted_at=datetime.now(UTC))

    def undo_delete(self, sku: str) -> None:
        """Bring a deleted product back with its photos and vectors.

        Raises:
            UnknownProductError: no deleted product has this SKU.
        """
        with self._database.write() as connection:
            products.require(connection, sku, deleted=True)
            products.change(connection, sku, deleted_at=None)

    def purge_deleted(self, older_than: timedelta = DELETED_KEPT) -> int:
        """Remove for good what was deleted that long ago; return how many products.

        Readers that were away meanwhile load everything anew. Picture files of an import
        under way stay.
        """
        with self._database.write() as connection:
            number = products.purge(connection, datetime.now(UTC) - older_than)
        self.sweep_photos(min(older_than, PUT_LATELY))
        return number

    def everything(self) -> list[tuple[Product, list[Photo]]]:
        """All products but the deleted, retired too, with their photos, at one moment."""
        with self._database.read() as connection:
            chosen = products.selection(ProductFilter(active=None))
            return [
                (product, photos.of_product(connection, product.sku))
                for product in products.listed(connection, chosen, None, 0)
            ]

    def existing(self, skus: Sequence[str]) -> dict[str, Product]:
        """Those of `skus` that are in the catalogue, retired or not."""
        with self._database.read() as connection:
            return {p.sku: p for p in products.by_skus(connection, skus)}

    def categories(self) -> list[str]:
        """The categories in use, sorted."""
        with self._database.read() as connection:
            return products.categories(connection)

    def counts(self) -> Counts:
        """How much there is."""
        with self._database.read() as connection:
            return products.counts(connection)

    def find_text(
        self, query: str, limit: int = 20, *, category: str = ""
    ) -> list[tuple[str, float]]:
        """SKUs of active products and scores (0 to 1), best first; see `text_search`."""
        with self._database.read() as connection:
            return text_search.find(connection, query, ProductFilter(category=category), limit)

    # Photos

    def add_photo(self, sku: str, image: Image, *, quality: float = 1.0) -> Photo:
        """Store an RGB picture of the product as JPEG; the same picture twice stays one photo.

        Raises:
            UnknownProductError: no product has this SKU.
        """
        return self._add(sku, encode_jpeg(image), image.shape, quality)

    def add_photo_bytes(self, sku: str, data: bytes, *, quality: float = 1.0) -> Photo:
        """Store a picture file of the product; a JPEG keeps its very bytes.

        Raises:
            PictureError: not a usable JPEG, PNG or WebP.
            UnknownProductError: no product has this SKU.
        """
        image = decode_picture(data)
        jpeg = data if data.startswith(b"\xff\xd8\xff") else encode_jpeg(image)
        return self._add(sku, jpeg, image.shape, quality)

    def keep_picture(self, data: bytes) -> NewPhoto:
        """First half of adding many photos: check and store the file, without a row.

        `sku` is empty in the answer; set it, then give it to `link_photos`.
        """
        image = decode_picture(data)
        jpeg = data if data.startswith(b"\xff\xd8\xff") else encode_jpeg(image)
        height, width = image.shape[:2]
        return NewPhoto("", self._shelf.files.put(jpeg), width, height, len(jpeg))

    def link_photos(self, new: Sequence[NewPhoto]) -> list[bool]:
        """Second half: give kept pictures to their products, all or none.

        True for each that is new, False for each the product had already.

        Raises:
            UnknownProductError: a product is not there.
            StorageError: a file vanished in between.
        """
        self._shelf.files.settle()
        with self._database.write() as connection:
            for photo in new:
                products.require(connection, photo.sku)
                if not photo.path and not self._shelf.files.path(photo.sha256).is_file():
                    raise StorageError(f"The photo {photo.sha256[:12]}… vanished from the disk.")
            return [self._link(connection, photo) for photo in new]

    def has_photo(self, sku: str, sha256: str) -> bool:
        """True if this very picture shows the product already."""
        with self._database.read() as connection:
            return photos.has(connection, sku, sha256)

    def remove_photo(self, sku: str, sha256: str) -> None:
        """Take a photo from a product; other products that share the picture keep it.

        Raises:
            CatalogError: the product has no such photo.
        """
        with self._database.write() as connection:
            photos.remove(connection, sku, sha256)

    def photos(self, sku: str) -> list[Photo]:
        """The product's photos, the cover first."""
        with self._database.read() as connection:
            products.require(connection, sku)
            return photos.of_product(connection, sku)

    def photo_path(self, sha256: str) -> Path:
        """The picture file of a photo; from a server it is fetched once."""
        return self._shelf.find(sha256)

    def cover(self, sku: str) -> Photo | None:
        """The photo that stands for the product, None without any."""
        found = self.photos(sku)
        return found[0] if found else None

    def set_cover(self, sku: str, sha256: str) -> None:
        """Make one of the product's photos its cover.

        Raises:
            CatalogError: the product has no such photo.
        """
        with self._database.write() as connection:
            photos.make_cover(connection, sku, sha256)

    def sweep_photos(self, spared: timedelta = timedelta(0)) -> int:
        """Delete picture files that no product uses; return how many. Safe at any time.

        Files put in the last `spared` stay, since `link_photos` may be about to use them.
        """
        return self._shelf.sweep(spared.total_seconds())

    # Vectors

    def put_vectors(self, model_id: str, items: Mapping[str, NDArray[np.float32]]) -> int:
        """Store the model's vectors by photo SHA-256 (each float32 (d,), norm 1)."""
        with self._database.write() as connection:
            return vectors.put(connection, model_id, items)

    def missing_vectors(self, model_id: str) -> list[Photo]:
        """One photo for each picture that the model has not encoded yet."""
        with self._database.read() as connection:
            return vectors.missing(connection, model_id)

    def gallery(self, model_id: str, skus: Sequence[str] | None = None) -> Gallery:
        """The active products' vectors of one model; of `skus` alone if given."""
        with self._database.read() as connection:
            return vectors.gallery(connection, model_id, None if skus is None else tuple(skus))

    def nearest(
        self,
        model_id: str,
        vector: NDArray[np.float32],
        top: int = 10,
        chosen: ProductFilter | None = None,
    ) -> list[PhotoHit]:
        """The `top` products nearest to `vector` (float32 (d,), norm 1), searched in SQL.

        For catalogues that outgrow memory: PostgreSQL answers from its HNSW index, and no
        filter makes it return fewer than there are.
        """
        with self._database.read() as connection:
            return vectors.nearest(connection, model_id, vector, top, chosen or ProductFilter())

    def product_vectors(self, model_id: str, sku: str) -> dict[str, NDArray[np.float32]]:
        """The vectors of one product's photos by SHA-256, retired products' too."""
        with self._database.read() as connection:
            return vectors.of_product(connection, model_id, sku)

    # Synced folders

    def synced_files(self, folder: str) -> dict[str, FileState]:
        """What a synced folder held when it was last looked at, by relative path."""
        with self._database.read() as connection:
            return synced.files(connection, folder)

    def put_synced(
        self,
        folder: str,
        states: Mapping[str, FileState],
        before: Mapping[str, FileState],
        new: Sequence[NewPhoto],
        names: Mapping[str, str],
        model_id: str,
        items: Mapping[str, NDArray[np.float32]],
        currency: str,
    ) -> None:
        """Take in one batch of a folder's files, all or none.

        `states` and `before` are the files now and at the last look; `new` their photos,
        `names` the products to make if they are missing, `items` vectors by SHA-256.
        """
        with self._database.write() as connection:
            synced.make_products(connection, names, currency)
            synced.link(connection, new)
            vectors.put(connection, model_id, items)
            synced.record(connection, folder, states)
            replaced = {p: s for p, s in before.items() if s.sha256 != states[p].sha256}
            synced.drop_photos(connection, replaced.values())

    def forget_synced(self, folder: str, gone: Mapping[str, FileState]) -> None:
        """Take out the photos of files that are gone from a folder, all or none."""
        if gone:
            with self._database.write() as connection:
                synced.forget(connection, folder, list(gone))
                synced.drop_photos(connection, gone.values())

    # Revisions

    def revision(self) -> int:
        """A number that grows with every change of products, photos or vectors, by anyone."""
        with self._database.read() as connection:
            return products.fact(connection, "revision")

    def changes_since(self, revision: int) -> Changes | None:
        """What changed after `revision`; None if that is too long ago to tell."""
        with self._database.read() as connection:
            return products.changes_since(connection, revision)

    # Small settings and counts

    def value(self, key: str) -> str | None:
        """A small stored setting."""
        with self._database.read() as connection:
            return connection.execute(select(values.c.value).where(values.c.key == key)).scalar()

    def put_value(self, key: str, value: str) -> None:
        """Store a small setting."""
        self.put_values({key: value})

    def put_values(self, settings: Mapping[str, str | None]) -> None:
        """Store several small settings at once; None removes one."""
        with self._database.write() as connection:
            for key, value in settings.items():
                connection.execute(values.delete().where(values.c.key == key))
                if value is not None:
                    connection.execute(values.insert().values(key=key, value=value))

    def count_tap(self, shown_sku: str, chosen_sku: str | None) -> None:
        """Count that a customer corrected `shown_sku` to `chosen_sku` (None: none of these)."""
        with self._database.write() as connection:
            taps.count(connection, shown_sku, chosen_sku)

    def taps(self) -> list[Tap]:
        """The corrections counted, the most frequent first."""
        with self._database.read() as connection:
            return taps.listed(connection)

    # Keeping it whole

    @property
    def data_dir(self) -> Path:
        """The shop's folder; with a server, the folder of this machine's copies."""
        return self._folder

    def save_database(self, file: Path) -> None:
        """Write the database as it is at this moment to a new file."""
        if self._database.is_sqlite:
            copy_database(self._folder / FILE_NAME, file)
        else:
            with CatalogStore.open(file.parent) as target:
                target.take_over(self)

    def take_over(self, other: CatalogStore) -> None:
        """Replace everything here by what `other` holds, in one step.

        Picture files are expected in the photo folder here already.
        """
        with other._database.read() as source, self._database.write() as target:
            revision = max(products.fact(c, "revision") for c in (source, target))
            copy_rows(source, target)
            copy_collections(source, target)
            for sha256 in target.execute(select(pictures.c.sha256)).scalars().all():
                self._shelf.share(target, sha256)
            products.leap(target, revision + 1)

    def picture_names(self) -> list[str]:
        """The SHA-256 of every stored picture."""
        with self._database.read() as connection:
            return list(connection.execute(select(pictures.c.sha256)).scalars())

    def leap_to(self, revision: int) -> None:
        """Set the revision, and make every reader of an earlier one load everything anew."""
        with self._database.write() as connection:
            products.leap(connection, revision)

    def check(self, *, files: bool = True) -> list[str]:
        """What is wrong with the stored data, in words; empty if nothing. Reads everything."""
        found: list[str] = []
        if self._database.is_sqlite:
            with self._database.read() as connection:
                lines = connection.execute(text("PRAGMA quick_check(5)")).scalars()
                found = [f"The database is damaged: {line}" for line in lines if line != "ok"]
        names = self.picture_names() if files else []
        lost = [sha for sha in names if not self.photo_path(sha).is_file()]
        return found + [f"The photo {sha[:12]}… is missing from the disk." for sha in lost]

    def _change(self, sku: str, **columns: object) -> None:
        with self._database.write() as connection:
            products.require(connection, sku)
            products.change(connection, sku, **columns)

    def _add(self, sku: str, jpeg: bytes, shape: tuple[int, ...], quality: float) -> Photo:
        with self._database.read() as connection:
            products.require(connection, sku)
        sha256 = self._shelf.files.put(jpeg)
        new = NewPhoto(sku, sha256, shape[1], shape[0], len(jpeg), float(quality))
        with self._database.write() as connection:
            products.require(connection, sku)
            self._shelf.files.put(jpeg)  # a sweep may have run since; it cannot while we write
            self._shelf.files.settle()
            self._link(connection, new)
            return next(p for p in photos.of_product(connection, sku) if p.sha256 == sha256)

    def _link(self, connection: Connection, new: NewPhoto) -> bool:
        added = photos.add(connection, new)
        if not new.path:
            self._shelf.share(connection, new.sha256)
        return added


def _make_folders(folder: Path) -> None:
    with storage_errors(f"The catalogue cannot be kept in {folder}"):
        (folder / "photos").mkdir(parents=True, exist_ok=True)


def local_folder(db: str | Path) -> Path:
    """The folder `db`; for a server a folder for copies, apart from those of any other."""
    if not is_server_url(str(db)):
        return Path(db)
    return default_data_dir() / "servers" / hashlib.sha256(str(db).encode()).hexdigest()[:16]
