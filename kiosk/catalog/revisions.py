"""The catalogue's revision: a number that grows with every change of a product.

A reader that knows an earlier revision loads only the products that changed since; after a
purge it may have missed a deletion, and loads everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select, update

from kiosk.catalog.database.connections import portions
from kiosk.catalog.database.schema import facts, products

Fact = Literal["revision", "purged_revision"]


@dataclass(frozen=True, slots=True)
class Changes:
    """The SKUs that changed since a revision, deleted ones too; the catalogue is at `revision`."""

    revision: int
    skus: tuple[str, ...]


def current_revision(connection: Connection) -> int:
    return _number(connection, "revision")


def next_revision(connection: Connection) -> int:
    """Count one more change, and return its number."""
    statement = (
        update(facts)
        .where(facts.c.key == "revision")
        .values(number=facts.c.number + 1)
        .returning(facts.c.number)
    )
    return int(connection.execute(statement).scalar_one())


def set_revision(connection: Connection, revision: int, *names: Fact) -> None:
    """Set the numbers `names`; by default the revision alone."""
    keys = facts.c.key.in_(names or ("revision",))
    connection.execute(update(facts).where(keys).values(number=revision))


def invalidate_readers(connection: Connection, revision: int) -> None:
    """Set the revision, and make every reader of an earlier one load everything."""
    set_revision(connection, revision, "revision", "purged_revision")


def changes_since(connection: Connection, revision: int) -> Changes | None:
    """Return what changed after `revision`; None if a later purge may have removed some of it."""
    if revision < _number(connection, "purged_revision"):
        return None
    statement = select(products.c.sku).where(products.c.revision > revision)
    skus = connection.execute(statement.order_by(products.c.sku)).scalars()
    return Changes(current_revision(connection), tuple(skus))


def touch(connection: Connection, skus: Iterable[str]) -> None:
    """Record that photos or vectors of these products changed."""
    for portion in portions(sorted(set(skus))):
        connection.execute(
            update(products)
            .where(products.c.sku.in_(portion))
            .values(revision=next_revision(connection))
        )


def _number(connection: Connection, key: Fact) -> int:
    return int(connection.execute(select(facts.c.number).where(facts.c.key == key)).scalar_one())
