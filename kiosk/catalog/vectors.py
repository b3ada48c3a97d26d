"""The vectors of a catalogue: float32, L2-normalised, each of one picture and one model."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, select

from kiosk.catalog.database import pgvector
from kiosk.catalog.database.connections import Repository, portions
from kiosk.catalog.database.schema import photos, pictures, products, vectors
from kiosk.catalog.filters import ProductFilter
from kiosk.catalog.photos import all_photos, readable
from kiosk.catalog.product_statements import living
from kiosk.catalog.revisions import touch
from kiosk.domain import Gallery, Photo
from kiosk.errors import BugError

log = logging.getLogger(__name__)

_STORED = np.dtype("<f4")
MAX_NORM_ERROR: Final = 1e-2  # chosen: beyond any rounding


@dataclass(frozen=True, slots=True)
class PhotoHit:
    """A product and that photo of it which is nearest; `similarity` is a cosine."""

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

    def nearest(
        self,
        model_id: str,
        vector: NDArray[np.float32],
        top: int = 10,
        chosen: ProductFilter | None = None,
    ) -> list[PhotoHit]:
        """Return the best photo of each of the `top` products nearest to `vector`, exactly.

        `vector` is float32 (d,) of norm 1. For catalogues that outgrow memory: the database
        compares, PostgreSQL through the HNSW index of the model where `pgvector.make_index`
        made one; its candidates are scored again exactly. No filter makes it return fewer
        than there are.
        """
        size: BindParameter[int] = bindparam("size", vector.size, literal_execute=True)
        statement = (chosen or ProductFilter()).applied(_shown(model_id).order_by(None))
        statement = statement.where(vectors.c.dimension == size)
        with self._database.read() as connection:
            if not pgvector.is_indexed(connection, model_id, vector.size):
                return _best(connection.execute(statement).all(), vector, top)
            limit = max(4 * top, 40)
            while True:
                closest = pgvector.nearest_first(connection, statement, vector, limit)
                rows = connection.execute(closest).all()
                hits = _best(rows, vector, top)
                if len(hits) == top or len(rows) < limit:
                    return hits
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
            connection.execute(vectors.insert(), rows)
            shown = select(photos.c.sku).where(photos.c.sha256.in_(stored))
            touch(connection, connection.execute(shown).scalars())
        number += len(stored)
    return number


def _best(rows: Sequence[Row[Any]], vector: NDArray[np.float32], top: int) -> list[PhotoHit]:
    if not rows:
        return []
    matrix = np.frombuffer(b"".join(row.vector for row in rows), dtype=_STORED)
    similarities = matrix.reshape(len(rows), vector.size) @ vector
    best: dict[str, PhotoHit] = {}
    for at in np.argsort(-similarities, kind="stable"):
        if len(best) == top:
            break
        row = rows[int(at)]
        best.setdefault(row.sku, PhotoHit(row.sku, row.sha256, float(similarities[at])))
    return list(best.values())


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
        # A literal: the server's partial index does not fit a parameter.
        .where(vectors.c.model_id == bindparam("model", model_id, literal_execute=True))
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
