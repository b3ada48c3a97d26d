"""The schema's history: small numbered steps, run once each, inside one transaction.

The first step makes the tables as `schema` has them today; each later one adds what a
catalogue from before it lacks, and finds nothing to do in a new one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Connection, inspect, select, text

from kiosk.catalog import collection_rows
from kiosk.catalog.database import pgvector, schema
from kiosk.errors import CatalogError

SQLITE_TEXT_INDEX = (
    "CREATE VIRTUAL TABLE product_text USING fts5("
    "folded_name, folded_text, content='products', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER product_text_insert AFTER INSERT ON products BEGIN "
    "INSERT INTO product_text(rowid, folded_name, folded_text) "
    "VALUES (new.id, new.folded_name, new.folded_text); END",
    "CREATE TRIGGER product_text_delete AFTER DELETE ON products BEGIN "
    "INSERT INTO product_text(product_text, rowid, folded_name, folded_text) "
    "VALUES ('delete', old.id, old.folded_name, old.folded_text); END",
    "CREATE TRIGGER product_text_update AFTER UPDATE OF folded_name, folded_text ON products "
    "BEGIN INSERT INTO product_text(product_text, rowid, folded_name, folded_text) "
    "VALUES ('delete', old.id, old.folded_name, old.folded_text); "
    "INSERT INTO product_text(rowid, folded_name, folded_text) "
    "VALUES (new.id, new.folded_name, new.folded_text); END",
)


def _first_tables(connection: Connection) -> None:
    schema.metadata.create_all(connection, checkfirst=False)
    connection.execute(
        schema.facts.insert(),
        [{"key": name, "number": 0} for name in ("revision", "purged_revision")],
    )
    if connection.dialect.name == "sqlite":
        for statement in SQLITE_TEXT_INDEX:
            connection.execute(text(statement))


def _folders_and_servers(connection: Connection) -> None:
    schema.metadata.create_all(connection, checkfirst=True)
    if connection.dialect.name == "sqlite":  # no server had the first format
        _add_column(connection, "pictures", "path", "TEXT")
        _add_column(connection, "vectors", "embedding", "BLOB")


def _picture_features(connection: Connection) -> None:
    schema.features.create(connection, checkfirst=True)


def _code_requests(connection: Connection) -> None:
    schema.code_requests.create(connection, checkfirst=True)


def _search_on_the_server(connection: Connection) -> None:
    schema.fits.create(connection, checkfirst=True)
    known = select(schema.facts.c.key).where(schema.facts.c.key == "maintenance")
    if connection.execute(known).first() is None:
        connection.execute(schema.facts.insert().values(key="maintenance", number=0))
    if connection.dialect.name == "postgresql":
        with suppress(CatalogError):  # without the extension, services keep a copy
            pgvector.add_embeddings(connection, schema.vectors)


def _collections_on_the_server(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        with suppress(CatalogError):
            pgvector.add_embeddings(connection, collection_rows.vectors)


Step = Callable[[Connection], None]
STEPS: tuple[Step, ...] = (
    _first_tables,
    _folders_and_servers,
    _picture_features,
    _code_requests,
    collection_rows.migrate_tables,
    _search_on_the_server,
    _collections_on_the_server,
)


def _add_column(connection: Connection, table: str, column: str, kind: str) -> None:
    if column not in {known["name"] for known in inspect(connection).get_columns(table)}:
        connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {column} {kind}"))


def migrate(connection: Connection, steps: tuple[Step, ...] = STEPS) -> int:
    """Bring the database to the newest schema and return its version; needs the write lock.

    Raises:
        CatalogError: a newer program made the database, or another program altogether.
    """
    found = version_of(connection)
    if found > len(steps):
        raise CatalogError(
            f"The catalogue was written by a newer Shelflens (format {found}; "
            f"this one knows up to {len(steps)}).",
            next_step="Update Shelflens, or restore a backup of that older version.",
        )
    for step in steps[found:]:
        step(connection)
    if found < len(steps):
        _set_version(connection, len(steps))
    return len(steps)


def version_of(connection: Connection) -> int:
    """Return the number of the last step that ran; 0 for a database without tables.

    Raises:
        CatalogError: another program made the database.
    """
    names = inspect(connection).get_table_names()
    if "facts" in names:
        query = text("SELECT number FROM facts WHERE key = 'schema_version'")
        version = connection.execute(query).scalar()
        if version is not None:
            return int(version)
    if {"products", "facts"} & set(names):
        raise CatalogError(
            "The database holds tables of another program.",
            next_step="Choose another folder or database with --db.",
        )
    return 0


def _set_version(connection: Connection, version: int) -> None:
    connection.execute(text("DELETE FROM facts WHERE key = 'schema_version'"))
    connection.execute(schema.facts.insert().values(key="schema_version", number=version))
