"""The vectors of a catalogue: float32, L2-normalised, each of one picture and one model."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select

from kiosk.catalog import collection_rows
from kiosk.catalog.database import pgvector
from kiosk.catalog.database.connections import Repository, portions
from kiosk.catalog.database.schema import photos, pictures, products, vectors
from kiosk.catalog.filters import ProductFilter
from kiosk.catalog.photos import all_photos, readable
from kiosk.catalog.product_statements import living
from kiosk.catalog.revisions import touch
from kiosk.domain import Gallery, Photo
from kiosk.errors import BugError, CatalogError

log = logging.getLogger(__name__)

PHOTOS_PER_PRODUCT: Final = 5  # photos asked for to find one product; what staff enrol usually
_STORED = np.dtype("<f4")
MAX_NORM_ERROR: Final = 1e-2  # chosen: beyond any rounding


@dataclass(frozen=True, slots=True)
class PhotoHit:
    """A photo of a product; `similarity` is a cosine."""

    sku: str
    sha256: str
    similarity: float


class VectorRepository(Repository):
    """Vectors by model and picture. Every vector of a model has the same dimension d."""

    def put_vectors(self, model_id: str, items: Mapping[str, NDArray[np.float32]]) -> int:
        """Store vectors by photo SHA-256, each float32 (d,) of norm 1, and return how many.

        Pictures that were removed meanwhile are left out.
        """
        with self._database.write() as connection:
            return put(connection, model_id, items)

    def missing_vectors(self, model_id: str) -> list[Photo]:
        """Return one photo for each picture without a vector of the model, retired ones too."""
        has = select(vectors.c.sha256).where(
            vectors.c.sha256 == photos.c.sha256, vectors.c.model_id == model_id
        )
        statement = (
            all_photos()
            .join(products, products.c.sku == photos.c.sku)
            .where(living(), ~has.exists())
            .order_by(photos.c.created_at, photos.c.sku, photos.c.position)
        )
        found: dict[str, Photo] = {}
        with self._database.read() as connection:
            for photo in readable(connection.execute(statement).mappings()):
                found.setdefault(photo.sha256, photo)
        return list(found.values())

    def missing_for_only_photos(self, model_id: str) -> list[str]:
        """Return the pictures that are a product's only photo and lack a vector of the model."""
        has = select(vectors.c.sha256).where(
            vectors.c.sha256 == photos.c.sha256, vectors.c.model_id == model_id
        )
        single = select(photos.c.sku).group_by(photos.c.sku).having(func.count() == 1)
        statement = select(photos.c.sha256).join(products, products.c.sku == photos.c.sku)
        statement = statement.where(living(), photos.c.sku.in_(single), ~has.exists())
        with self._database.read() as connection:
            found = connection.execute(statement.distinct().order_by(photos.c.sha256))
            return list(found.scalars())

    def gallery(self, model_id: str, skus: Sequence[str] | None = None) -> Gallery:
        """Return the active products' vectors of one model, by SKU and the order of the photos.

        `skus` narrows it to these products.
        """
        selling = [living(), products.c.active]
        if skus is not None:
            selling.append(products.c.sku.in_(skus))
        # Names first and vectors in any order: sorting the vectors would hold them all twice.
        shown = _shown(model_id).where(*selling).with_only_columns(photos.c.sku, photos.c.sha256)
        priced = select(products.c.sku, products.c.price_minor).where(*selling)
        with self._database.read() as connection:
            rows = connection.execute(shown).all()
            places: dict[str, list[int]] = {}
            for at, row in enumerate(rows):
                places.setdefault(row.sha256, []).append(at)
            dimension = _dimension(connection, model_id) if rows else 0
            matrix = np.zeros((len(rows), dimension), np.float32)
            names = None if skus is None else list(places)
            for sha256, vector in _streamed(connection, model_id, names):
                if sha256 in places and vector.size == dimension:  # else its product is retired
                    matrix[places[sha256]] = vector
            prices = {row.sku: row.price_minor for row in connection.execute(priced)}
        # A damaged vector would be near to everything, or spoil each comparison.
        sound = np.abs(np.linalg.norm(matrix, axis=1) - 1) < MAX_NORM_ERROR
        if not sound.all():
            log.warning("%d vectors of %s are damaged", np.count_nonzero(~sound), model_id)
            matrix, rows = (
                matrix[sound],
                [row for row, fine in zip(rows, sound, strict=True) if fine],
            )
        return Gallery(
            model_id, matrix, tuple(r.sku for r in rows), tuple(r.sha256 for r in rows), prices
        )

    def prepare_search(self) -> bool:
        """Let the server compare vectors itself; return False where it cannot.

        Copies of vectors that an older program stored are made now.
        """
        if self._database.is_sqlite:
            return False
        try:
            with self._database.origin.change_schema() as connection:
                pgvector.add_embeddings(connection, vectors)
                pgvector.add_embeddings(connection, collection_rows.vectors)
        except CatalogError as error:
            log.warning("searches need a copy of the catalogue here: %s", error)
            return False
        return True

    def index_vectors(self, model_id: str) -> bool:
        """Index the model's vectors on the server, once there are many; True if an index is new.

        Others read and write meanwhile. `Database.alone` keeps two processes from doing it.
        """
        database = self._database.origin
        with database.read() as connection:
            space = _space(model_id, _dimension(connection, model_id))
            many = select(vectors.c.sha256).where(space.condition).offset(pgvector.INDEXED_ROWS)
            is_due = connection.execute(many.limit(1)).first() is not None
            if not is_due or pgvector.is_indexed(connection, space):
                return False
        return pgvector.make_index(database.engine, space)

    def searched(self, model_id: str) -> tuple[int, int]:
        """Count the active products that have vectors of the model, and their photos."""
        shown = _shown(model_id).where(living(), products.c.active).order_by(None)
        counted = shown.with_only_columns(func.count(photos.c.sku.distinct()), func.count())
        with self._database.read() as connection:
            number, total = connection.execute(counted).one()
        return number, total

    def sample_photos(self, model_id: str, number: int) -> dict[str, NDArray[np.float32]]:
        """Return vectors of active products' photos, by SHA-256: always the same sample."""
        shown = _shown(model_id).where(living(), products.c.active)
        # The names are digests, so that their order is as good as drawn by lot.
        some = shown.order_by(None).order_by(photos.c.sha256).limit(number)
        with self._database.read() as connection:
            rows = connection.execute(some).all()
        return {row.sha256: np.frombuffer(row.vector, _STORED) for row in rows}

    def nearest_photos(
        self,
        model_id: str,
        vector: NDArray[np.float32],
        top: int,
        chosen: ProductFilter | None = None,
    ) -> list[PhotoHit]:
        """Return the `top` photos nearest to `vector` (d,) of norm 1, compared by the server.

        Their cosines are exact. No filter makes it return fewer than there are.
        """
        with self._database.read() as connection:
            found = _nearest(connection, model_id, vector, top, chosen)
            rows = {row.sha256: row.vector for row in _vectors_of(connection, model_id, found)}
        scores = [float(np.frombuffer(rows[row.sha256], _STORED) @ vector) for row in found]
        hits = [PhotoHit(r.sku, r.sha256, score) for r, score in zip(found, scores, strict=True)]
        return sorted(hits, key=lambda hit: -hit.similarity)

    def nearest_products(
        self,
        model_id: str,
        vector: NDArray[np.float32],
        top: int,
        chosen: ProductFilter | None = None,
    ) -> list[str]:
        """Return the SKUs of the `top` products whose photos are nearest to `vector`.

        As `nearest_photos`, at half precision; best first.
        """
        limit = PHOTOS_PER_PRODUCT * top
        with self._database.read() as connection:
            while True:
                rows = _nearest(connection, model_id, vector, limit, chosen)
                skus = list(dict.fromkeys(row.sku for row in rows))
                if len(skus) >= top or len(rows) < limit:
                    return skus[:top]
                limit *= 8  # many photos of few products


def put(connection: Connection, model_id: str, items: Mapping[str, NDArray[np.float32]]) -> int:
    """See `VectorRepository.put_vectors`."""
    _require_one_dimension(connection, model_id, items)
    number = 0
    for names in portions(list(items)):
        known = select(pictures.c.sha256).where(pictures.c.sha256.in_(names))
        stored = connection.execute(known).scalars().all()
        ours = (vectors.c.model_id == model_id) & vectors.c.sha256.in_(stored)
        connection.execute(vectors.delete().where(ours))
        if stored:
            size = {"model_id": model_id, "dimension": items[stored[0]].size}
            rows = [
                {"sha256": sha256, "vector": items[sha256].astype(_STORED).tobytes(), **size}
                for sha256 in stored
            ]
            connection.execute(
                vectors.insert(), pgvector.with_embeddings(connection, vectors, rows)
            )
            shown = select(photos.c.sku).where(photos.c.sha256.in_(stored))
            touch(connection, connection.execute(shown).scalars())
        number += len(stored)
    return number


def _space(model_id: str, dimension: int) -> pgvector.VectorSpace:
    model = pgvector.literal("model", model_id)
    size = pgvector.literal("size", dimension)
    condition = (vectors.c.model_id == model) & (vectors.c.dimension == size)
    return pgvector.VectorSpace(vectors, condition, dimension)


def _nearest(
    connection: Connection,
    model_id: str,
    vector: NDArray[np.float32],
    limit: int,
    chosen: ProductFilter | None,
) -> list[Any]:
    """Return SKU and photo of the nearest photos; products on sale alone by default."""
    shown = _shown(model_id).with_only_columns(photos.c.sku, photos.c.sha256).order_by(None)
    statement = (chosen or ProductFilter()).applied(shown)
    return pgvector.nearest_first(
        connection, statement, _space(model_id, vector.size), vector, limit
    )


def _vectors_of(connection: Connection, model_id: str, rows: Sequence[Any]) -> Iterator[Any]:
    for portion in portions(sorted({row.sha256 for row in rows})):
        ours = (vectors.c.model_id == model_id) & vectors.c.sha256.in_(portion)
        yield from connection.execute(select(vectors.c.sha256, vectors.c.vector).where(ours))


def _dimension(connection: Connection, model_id: str) -> int:
    known = select(vectors.c.dimension).where(vectors.c.model_id == model_id).limit(1)
    return connection.execute(known).scalar() or 0


def _streamed(
    connection: Connection, model_id: str, names: list[str] | None
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield pictures and vectors of a model, of `names` alone if given, in no order."""
    statement = select(vectors.c.sha256, vectors.c.vector).where(vectors.c.model_id == model_id)
    for portion in portions(names) if names is not None else (None,):
        chosen = statement if portion is None else statement.where(vectors.c.sha256.in_(portion))
        for row in connection.execute(chosen, execution_options={"yield_per": 1000}):
            whole = len(row.vector) // _STORED.itemsize * _STORED.itemsize
            yield row.sha256, np.frombuffer(row.vector[:whole], dtype=_STORED)


def _shown(model_id: str) -> Select[Any]:
    return (
        select(photos.c.sku, photos.c.sha256, vectors.c.vector)
        .select_from(
            photos.join(products, products.c.sku == photos.c.sku).join(
                vectors, vectors.c.sha256 == photos.c.sha256
            )
        )
        .where(vectors.c.model_id == model_id)
        .order_by(photos.c.sku, photos.c.position)
    )


def _require_one_dimension(
    connection: Connection, model_id: str, items: Mapping[str, NDArray[np.float32]]
) -> None:
    known = _dimension(connection, model_id)
    dimensions = {known} if known else set()
    for sha256, vector in items.items():
        dimensions.add(vector.size)
        norm = float(np.linalg.norm(vector))
        if vector.ndim != 1 or not abs(norm - 1) < MAX_NORM_ERROR:
            raise BugError(
                f"The vector of {sha256[:12]} has shape {vector.shape} and norm {norm:.3f}, "
                "wanted one row of norm 1"
            )
    if len(dimensions) > 1:
        raise BugError(f"Vectors of {model_id} have several dimensions: {sorted(dimensions)}")
