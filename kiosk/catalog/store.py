"""The catalogue's one face: products, photos, vectors and small settings, from any thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select, text

from kiosk.catalog import photos, products, taps, text_search, vectors
from kiosk.catalog.database import FILE_NAME, Database, copy_database
from kiosk.catalog.failures import explain_os
from kiosk.catalog.migrations import migrate
from kiosk.catalog.photo_files import PhotoFiles
from kiosk.catalog.photos import NewPhoto
from kiosk.catalog.products import Changes, Counts, Saved
from kiosk.catalog.schema import pictures, values
from kiosk.catalog.taps import Tap
from kiosk.catalog.validation import clean_product
from kiosk.domain import Gallery, Image, Photo, Product
from kiosk.errors import StorageError
from kiosk.pictures import decode_picture, encode_jpeg

DELETED_KEPT = timedelta(days=30)


class CatalogStore:
    """A shop's catalogue. Every method may be called from any thread.

    What a method wrote is on the disk when it returns. All methods raise StorageError
    when the disk is full, write-protected, damaged, or held by another program.
    """

    def __init__(self, database: Database, files: PhotoFiles) -> None:
        self._database = database
        self._files = files

    @classmethod
    def open(cls, db: str | Path) -> CatalogStore:
        """Open the catalogue in the folder `db`, and make it if there is none.

        Raises:
            StorageError: the folder cannot be made or written.
            CatalogError: a newer Shelflens, or another program, wrote the database.
        """
        folder = Path(db)
        try:
            (folder / "photos").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise explain_os(error, f"The catalogue cannot be kept in {folder}") from error
        database = Database.sqlite(folder / FILE_NAME)
        try:
            with database.write() as connection:
                migrate(connection)
        except BaseException:
            database.close()
            raise
        return cls(database, PhotoFiles(folder / "photos"))

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
    ) -> list[Product]:
        """Products by name; with `query` the best fit first. `active=None` takes retired ones."""
        with self._database.read() as connection:
            if query.strip():
                most = offset + limit if limit is not None else 500
                found = text_search.find(
                    connection, query, limit=most, category=category, active=active
                )
                return products.by_skus(connection, [sku for sku, _ in found[offset:]])
            chosen = products.selection(category=category, active=active)
            return products.listed(connection, chosen, limit, offset)

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
        """Remove for good what was deleted that long ago; return how many products."""
        with self._database.write() as connection:
            number = products.purge(connection, datetime.now(UTC) - older_than)
        self.sweep_photos()
        return number

    def everything(self) -> list[tuple[Product, list[Photo]]]:
        """All products but the deleted, retired too, with their photos, at one moment."""
        with self._database.read() as connection:
            chosen = products.selection(category="", active=None)
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
            return text_search.find(connection, query, limit=limit, category=category)

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
        return NewPhoto("", self._files.put(jpeg), width, height, len(jpeg))

    def link_photos(self, new: Sequence[NewPhoto]) -> list[bool]:
        """Second half: give kept pictures to their products, all or none.

        True for each that is new, False for each the product had already.

        Raises:
            UnknownProductError: a product is not there.
            StorageError: a file vanished in between.
        """
        self._files.settle()
        with self._database.write() as connection:
            for photo in new:
                products.require(connection, photo.sku)
                if not self._files.path(photo.sha256).is_file():
                    raise StorageError(f"The photo {photo.sha256[:12]}… vanished from the disk.")
            return [photos.add(connection, photo) for photo in new]

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
        """The JPEG file of a photo."""
        return self._files.path(sha256)

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

    def sweep_photos(self) -> int:
        """Delete picture files that no product uses; return how many. Safe at any time."""
        with self._database.write() as connection:
            known = set(connection.execute(select(pictures.c.sha256)).scalars())
            return self._files.sweep(known)

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

    def product_vectors(self, model_id: str, sku: str) -> dict[str, NDArray[np.float32]]:
        """The vectors of one product's photos by SHA-256, retired products' too."""
        with self._database.read() as connection:
            return vectors.of_product(connection, model_id, sku)

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
        """The shop's folder."""
        return self._files.folder.parent

    def save_database(self, file: Path) -> None:
        """Write the database as it is at this moment to a new file."""
        copy_database(self.data_dir / FILE_NAME, file)

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
        with self._database.read() as connection:
            found = [
                f"The database is damaged: {line}"
                for line in connection.execute(text("PRAGMA quick_check(5)")).scalars()
                if line != "ok"
            ]
            known = connection.execute(select(pictures.c.sha256)).scalars().all()
        lost = [sha for sha in known if files and not self._files.path(sha).is_file()]
        return found + [f"The photo {sha[:12]}… is missing from the disk." for sha in lost]

    def _change(self, sku: str, **columns: object) -> None:
        with self._database.write() as connection:
            products.require(connection, sku)
            products.change(connection, sku, **columns)

    def _add(self, sku: str, jpeg: bytes, shape: tuple[int, ...], quality: float) -> Photo:
        with self._database.read() as connection:
            products.require(connection, sku)
        sha256 = self._files.put(jpeg)
        new = NewPhoto(sku, sha256, shape[1], shape[0], len(jpeg), float(quality))
        with self._database.write() as connection:
            products.require(connection, sku)
            self._files.put(jpeg)  # a sweep may have run since; it cannot while we write
            self._files.settle()
            photos.add(connection, new)
            return next(p for p in photos.of_product(connection, sku) if p.sha256 == sha256)
