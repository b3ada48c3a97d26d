"""PostgreSQL as the catalogue's database, for several kiosks and servers on one catalogue."""

from __future__ import annotations

import importlib.util
from typing import Any, Final

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from kiosk.catalog.database.connections import Database, DialectOptions, compact_json
from kiosk.errors import ConfigError

CONNECT_TIMEOUT_S: Final = 3  # chosen: what a kiosk can wait at its start
_SCHEMA_LOCK: Final = 0x5348_454C  # any number that nobody else's advisory lock uses
# A row lock rather than an advisory one: databases that speak PostgreSQL have it too.
_OPTIONS: Final = DialectOptions(
    read_options={"isolation_level": "REPEATABLE READ"},
    lock_writer="SELECT number FROM facts WHERE key = 'revision' FOR UPDATE",
    lock_schema=f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})",
)


def is_server_url(db: str) -> bool:
    """Whether `db` is `postgresql://...` rather than a folder."""
    return "://" in db


def open_postgres(db: str) -> Database:
    """Open the database at the URL `postgresql://user:password@host:port/name`.

    Connections are made when they are needed, and made anew after the server was away.

    Raises:
        ConfigError: not such a URL, or the driver is not installed.
    """
    try:
        url = make_url(db)
    except (ArgumentError, ValueError) as error:
        raise ConfigError(
            "The database address is not readable.",
            next_step="Write --db postgresql://user:password@host:5432/name, or a folder.",
        ) from error
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise ConfigError(
            f"{url.drivername} is not a database that Shelflens knows.",
            next_step="Use a folder, or postgresql://...",
        )
    if importlib.util.find_spec("psycopg") is None:
        raise ConfigError(
            "The PostgreSQL driver is not installed.",
            next_step='Install it with: pip install "shelflens[postgres]"',
        )
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "shelflens"},
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=24,
        json_serializer=compact_json,
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "before_cursor_execute", _expect)
    return Database(engine, url.render_as_string(hide_password=True), _OPTIONS)


def _connect(_dialect: object, _record: object, args: Any, options: dict[str, Any]) -> object:
    from kiosk.catalog.database.answer_timeout import TimedConnection  # psycopg is an extra

    return TimedConnection.connect(*args, **options)


def _expect(_connection: object, cursor: Any, statement: str, *_: object) -> None:
    cursor.connection.expect(statement)


def _prepare(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '8s'; SET TIME ZONE 'UTC'")
    connection.commit()
