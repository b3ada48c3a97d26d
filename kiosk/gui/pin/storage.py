"""Where the PIN's hash and the lock-out are kept. Not for the GUI thread."""

from __future__ import annotations

from typing import Protocol

from kiosk.gui.pin.state import (
    LockOut,
    after_failure,
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

    def put_value(self, key: str, value: str) -> None: ...


class PinStorage:
    """Reads and checks the PIN; every method may take its time."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def load(self) -> tuple[bool, LockOut]:
        """Whether a PIN was set, and the lock-out."""
        lock = read_lock_out(self._values.value(LOCK_KEY))
        return bool(self._values.value(HASH_KEY)), lock

    def save(self, pin: str) -> None:
        self._values.put_value(HASH_KEY, hash_pin(pin))

    def check(self, pin: str, lock: LockOut, now_s: float) -> LockOut:
        """Return the lock-out after this try: without failures if the PIN is right.

        The try is stored as failed first: a power cut cannot buy another one.
        """
        failed = after_failure(lock, now_s)
        self._values.put_value(LOCK_KEY, write_lock_out(failed))
        if not pin_is_right(pin, self._values.value(HASH_KEY) or ""):
            return failed
        self._values.put_value(LOCK_KEY, write_lock_out(LockOut()))
        return LockOut()
