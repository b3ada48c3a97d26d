"""Statements on vectors: float32, L2-normalised, each tied to a picture and a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select

from kiosk.catalog.photos import all_photos, to_photo
from kiosk.catalog.products import living, touch
from kiosk.catalog.schema import photos, pictures, products, vectors
from kiosk.domain import Gallery, Photo
from kiosk.errors import BugError

_STORED = np.dtype("<f4")


def put(connection: Connection, model_id: str, items: Mapping[str, NDArray[np.float32]]) -> int:
    """Store vectors by picture and return how many; pictures removed meanwhile are left out."""
    dimension = _common_dimension(connection, model_id, items)
    stored: list[str] = []
    for sha256, vector in items.items():
        known = select(pictures.c.sha256).where(pictures.c.sha256 == sha256)
        if connection.execute(known).first() is None:
            continue
        ours = (vectors.c.model_id == model_id) & (vectors.c.sha256 == sha256)
        connection.execute(vectors.delete().where(ours))
        connection.execute(
            vectors.insert().values(
                model_id=model_id,
                sha256=sha256,
                dimension=dimension,
                vector=np.ascontiguousarray(vector, dtype=_STORED).tobytes(),
            )
        )
        stored.append(sha256)
    for start in range(0, len(stored), 500):
        some = photos.c.sha256.in_(stored[start : start + 500])
        touch(connection, connection.execute(select(photos.c.sku).where(some)).scalars())
    return len(stored)


def missing(connection: Connection, model_id: str) -> list[Photo]:
    """One photo for each picture without a vector of the model, retired products' too."""
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
    for row in connection.execute(statement).mappings():
        found.setdefault(row["sha256"], to_photo(row))
    return list(found.values())


def of_product(connection: Connection, model_id: str, sku: str) -> dict[str, NDArray[np.float32]]:
    """One product's vectors by picture, in the order of its photos."""
    statement = (
        select(photos.c.sha256, vectors.c.vector)
        .select_from(photos.join(vectors, vectors.c.sha256 == photos.c.sha256))
        .where(photos.c.sku == sku, vectors.c.model_id == model_id)
        .order_by(photos.c.position)
    )
    return {
        row.sha256: np.frombuffer(row.vector, dtype=_STORED).astype(np.float32)
        for row in connection.execute(statement)
    }


def gallery(connection: Connection, model_id: str, skus: tuple[str, ...] | None) -> Gallery:
    """The active products' vectors, by SKU and the order of their photos."""
    shown = _shown(model_id)
    if skus is not None:
        shown = shown.where(products.c.sku.in_(skus))
    counted = shown.with_only_columns(func.count(), func.max(vectors.c.dimension))
    number, dimension = connection.execute(counted.order_by(None)).one()
    matrix = np.empty((number, dimension or 0), dtype=np.float32)
    names: list[str] = []
    pictures_shown: list[str] = []
    for at, row in enumerate(connection.execute(shown)):
        matrix[at] = np.frombuffer(row.vector, dtype=_STORED)
        names.append(row.sku)
        pictures_shown.append(row.sha256)
    priced = select(products.c.sku, products.c.price_minor).where(living(), products.c.active)
    if skus is not None:
        priced = priced.where(products.c.sku.in_(skus))
    prices = {row.sku: row.price_minor for row in connection.execute(priced)}
    return Gallery(model_id, matrix, tuple(names), tuple(pictures_shown), prices)


def _shown(model_id: str) -> Select[Any]:
    return (
        select(photos.c.sku, photos.c.sha256, vectors.c.vector)
        .select_from(
            photos.join(products, products.c.sku == photos.c.sku).join(
                vectors, vectors.c.sha256 == photos.c.sha256
            )
        )
        .where(vectors.c.model_id == model_id, living(), products.c.active)
        .order_by(photos.c.sku, photos.c.position)
    )


def _common_dimension(
    connection: Connection, model_id: str, items: Mapping[str, NDArray[np.float32]]
) -> int:
    known = select(vectors.c.dimension).where(vectors.c.model_id == model_id).limit(1)
    dimensions = set(connection.execute(known).scalars())
    for sha256, vector in items.items():
        dimensions.add(vector.size)
        norm = float(np.linalg.norm(vector))
        if vector.ndim != 1 or not abs(norm - 1) < 1e-2:
            raise BugError(
                f"The vector of {sha256[:12]} has shape {vector.shape} and norm {norm:.3f}, "
                "wanted one row of norm 1"
            )
    if len(dimensions) > 1:
        raise BugError(f"Vectors of {model_id} have several dimensions: {sorted(dimensions)}")
    return dimensions.pop() if dimensions else 0
