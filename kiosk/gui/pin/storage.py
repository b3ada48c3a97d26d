"""Where the PIN's hash and the lock-out are kept. Not for the GUI thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from kiosk.errors import StorageError
from kiosk.gui.pin.state import (
    LockOut,
    after_failure,
    hash_is_weak,
    hash_pin,
    pin_is_right,
    read_lock_out,
    write_lock_out,
)

HASH_KEY = "staff.pin"
LOCK_KEY = "staff.lock_out"


class Values(Protocol):
    """The catalogue's small values."""

    def value(self, key: str) -> str | None: ...

    def put_values(self, settings: Mapping[str, str | None]) -> None: ...


class PinStorage:
    """Reads and checks the PIN; every method may take its time."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._unstored: LockOut | None = None  # of tries while the disk was full

    def load(self) -> tuple[bool, LockOut]:
        """Whether a PIN was set, and the lock-out."""
        lock = self._unstored or read_lock_out(self._values.value(LOCK_KEY))
        return bool(self._values.value(HASH_KEY)), lock

    def save(self, pin: str) -> None:
        """Store a new PIN, and forget the wrong tries of the old one."""
        self._values.put_values({HASH_KEY: hash_pin(pin), LOCK_KEY: None})

    def check(self, pin: str, lock: LockOut, now_s: float) -> LockOut:
        """Return the lock-out after this try: without failures if the PIN is right.

        The try is stored as failed first: a power cut cannot buy another one. On a full disk
        it is kept in memory, so that staff come in and free some space.
        """
        failed = after_failure(lock, now_s)
        self._store({LOCK_KEY: write_lock_out(failed)}, failed)
        hashed = self._values.value(HASH_KEY) or ""
        if not pin_is_right(pin, hashed):
            return failed
        stronger = {HASH_KEY: hash_pin(pin)} if hash_is_weak(hashed) else {}
        self._store({LOCK_KEY: None, **stronger}, None)
        return LockOut()

    def _store(self, values: Mapping[str, str | None], unstored: LockOut | None) -> None:
        try:
            self._values.put_values(values)
            self._unstored = None
        except StorageError:
            self._unstored = unstored
