"""What a database or a disk reports, in words that say what to do."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from kiosk.errors import BugError, KioskError, StorageError


class DamagedCatalogError(StorageError):
    """The database file itself is broken; only a backup helps."""


_UNWRITABLE: Final = frozenset(
    (
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    )
)
_LEAST_FREE_BYTES: Final = 64 * 2**10  # chosen: twice what SQLite needs to begin with

_DAMAGED: Final = ("malformed", "not a database", "corrupt")
_CAUSES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("disk is full", "disk full", "no space left"),
        "The disk is full: the catalogue in {where} could not be written.",
        "Free some space; nothing already stored is lost.",
    ),
    (
        ("locked", "busy", "queuepool limit", "lock timeout", "too many connections"),
        "The catalogue in {where} is held by another program.",
        "Wait a moment and try again, or close the other program.",
    ),
    (
        ("readonly", "read-only", "permission denied"),
        "The catalogue in {where} is write-protected.",
        "Give this user the right to write there, or choose another folder with --db.",
    ),
    (
        (
            "connection refused",
            "connection failed",
            "connection timeout",
            "could not connect",
            "could not translate host",
            "failed to resolve host",
            "server closed the connection",
            "the connection is lost",
            "the connection is closed",
            "terminating connection",
            "the database system is",
            "no such file or directory",
        ),
        "The database {where} cannot be reached.",
        "Check the network and the server; Shelflens goes on when it is back.",
    ),
    (
        ("password authentication", "authentication failed", "no pg_hba.conf entry"),
        "The database {where} refuses this user.",
        "Check the user and the password in --db.",
    ),
    (
        ("unable to open", "disk i/o error"),
        "The catalogue in {where} cannot be read or written.",
        "Check that the disk is connected and not write-protected.",
    ),
)


def explain(error: SQLAlchemyError | sqlite3.Error, where: str) -> KioskError:
    """Return the error to raise in place of the driver's `error`, wrapped by SQLAlchemy or not."""
    if isinstance(error, IntegrityError):
        return BugError(f"A write broke a rule of the catalogue: {error.orig}")
    original = error.orig if isinstance(error, DBAPIError) else error
    said = str(original).lower()
    if "unable to open" in said or "disk i/o error" in said:
        said += _state_of_disk(Path(where).parent)
    # Of the base class alone are SQLITE_CORRUPT and SQLITE_NOTADB, whatever they say.
    if type(original) is sqlite3.DatabaseError or any(sign in said for sign in _DAMAGED):
        return damaged(where)
    for signs, message, next_step in _CAUSES:
        if any(sign in said for sign in signs):
            return StorageError(message.format(where=where), next_step=next_step)
    if isinstance(error, OperationalError | sqlite3.OperationalError):
        return StorageError(
            f"The catalogue in {where} cannot be used: {said}.",
            next_step="Run `kiosk doctor`.",
        )
    return BugError(f"The catalogue refused a statement: {error}")


def damaged(where: str) -> DamagedCatalogError:
    """The error for a catalogue whose file is damaged."""
    return DamagedCatalogError(
        f"The catalogue in {where} is damaged.",
        next_step="Restore a backup with `kiosk restore FILE`; keep the damaged file for rescue.",
    )


def is_unwritable(error: DBAPIError | sqlite3.Error) -> bool:
    """Whether SQLite may fail only since it cannot write; reading could work."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _UNWRITABLE


def _state_of_disk(folder: Path) -> str:
    """What hinders SQLite, which itself says only that a file cannot be opened."""
    try:
        if shutil.disk_usage(folder).free < _LEAST_FREE_BYTES:
            return ": the disk is full"
        return "" if os.access(folder, os.W_OK) else ": read-only"
    except OSError:
        return ""
