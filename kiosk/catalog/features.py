"""What a second look compares, of each picture: made by this machine, and kept by it.

A kind ("details", "words") says what it is; a version what made it, so that a newer program
makes it anew. Kiosks that follow a server keep their own and send none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from kiosk.catalog.database.connections import Repository, portions
from kiosk.catalog.database.schema import features, photos, pictures, products
from kiosk.catalog.product_statements import living


class FeatureRepository(Repository):
    """Features by picture (SHA-256) and kind; they go when their picture does."""

    def put_features(self, kind: str, version: str, items: Mapping[str, bytes]) -> int:
        """Store features by picture, in place of those of any version; return how many.

        Pictures that were removed meanwhile are left out. Empty bytes say that there is nothing
        to find in a picture, so that nobody looks again.
        """
        number = 0
        with self._database.write_local() as connection:
            for names in portions(list(items)):
                known = select(pictures.c.sha256).where(pictures.c.sha256.in_(names))
                stored = connection.execute(known).scalars().all()
                ours = (features.c.kind == kind) & features.c.sha256.in_(stored)
                connection.execute(features.delete().where(ours))
                rows = [
                    {"sha256": name, "kind": kind, "version": version, "data": items[name]}
                    for name in stored
                ]
                if rows:
                    connection.execute(features.insert(), rows)
                number += len(rows)
        return number

    def features(self, kind: str, version: str, names: Sequence[str]) -> dict[str, bytes]:
        """Return what is stored of these pictures, by picture; of another version nothing."""
        found: dict[str, bytes] = {}
        chosen = select(features.c.sha256, features.c.data)
        chosen = chosen.where(features.c.kind == kind, features.c.version == version)
        with self._database.read() as connection:
            for portion in portions(names):
                rows = connection.execute(chosen.where(features.c.sha256.in_(portion)))
                found |= {row.sha256: row.data for row in rows}
        return found

    def pictures_with_features(self, kind: str, version: str) -> dict[str, tuple[str, ...]]:
        """Return the pictures of each active product that have features, by SKU, in order."""
        statement = (
            select(photos.c.sku, photos.c.sha256)
            .join(products, products.c.sku == photos.c.sku)
            .join(features, features.c.sha256 == photos.c.sha256)
            .where(living(), products.c.active)
            .where(features.c.kind == kind, features.c.version == version)
            .order_by(photos.c.sku, photos.c.position)
        )
        found: dict[str, list[str]] = {}
        with self._database.read() as connection:
            for row in connection.execute(statement):
                found.setdefault(row.sku, []).append(row.sha256)
        return {sku: tuple(names) for sku, names in found.items()}

    def missing_features(self, kind: str, version: str, limit: int | None = None) -> list[str]:
        """Return the pictures without features of this kind and version, by name.

        Pictures of retired products count, of deleted ones not; `limit` is the most to return.
        """
        with self._database.read() as connection:
            return list(connection.execute(_missing(kind, version).limit(limit)).scalars())


def _missing(kind: str, version: str) -> Select[Any]:
    has = select(features.c.sha256).where(
        features.c.sha256 == photos.c.sha256,
        features.c.kind == kind,
        features.c.version == version,
    )
    shown = select(photos.c.sha256).join(products, products.c.sku == photos.c.sku)
    return shown.where(living(), ~has.exists()).distinct().order_by(photos.c.sha256)
