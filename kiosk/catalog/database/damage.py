"""What is wrong with an SQLite file: its pages, and values that no program of ours writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import JSON, Boolean, Column, Connection, Float, Integer, LargeBinary, text
from sqlalchemy.exc import SQLAlchemyError

from kiosk.catalog.database.schema import metadata

_MOST: Final = 5  # complaints that are of use to a person; chosen by eye
_NUMBERS: Final = "'integer'"
_TYPES: Final = (  # of a column, and what `typeof` says of its values; all others are text
    (Float, "'real', 'integer'"),
    (Integer, _NUMBERS),
    (Boolean, _NUMBERS),
    (LargeBinary, "'blob'"),
)


def damage(connection: Connection, *, values: bool = True) -> list[str]:
    """Return what is wrong, at most five sentences, with a catalogue in SQLite; reads all of it.

    Without `values` only what keeps SQLite from reading counts: other rows are whole then.
    """
    found: list[str] = []
    try:
        lines = connection.execute(text(f"PRAGMA quick_check({_MOST})")).scalars()
        found = [f"The database is damaged: {line}" for line in lines if line != "ok"]
        if values:
            found += _strange_values(connection)
    except (SQLAlchemyError, ValueError) as error:
        found.append(f"The database is damaged: {error}")
    return found[:_MOST]


def _strange_values(connection: Connection) -> Iterator[str]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.system:
                continue
            query = f"SELECT count(*) FROM {table.name} WHERE NOT ({_expected(column)})"
            if number := connection.execute(text(query)).scalar():
                yield f"The database is damaged: {number} strange values in {table}.{column.name}."


def _expected(column: Column[Any]) -> str:
    """The condition that a value is one that the column may hold."""
    kinds = next((kinds for kind, kinds in _TYPES if isinstance(column.type, kind)), "'text'")
    allowed = f"typeof({column.name}) IN ({kinds}{', ' if column.nullable else ''}"
    allowed += "'null')" if column.nullable else ")"
    return f"{allowed} AND json_valid({column.name})" if isinstance(column.type, JSON) else allowed
