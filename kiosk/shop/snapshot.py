"""Reads of the shop that are kept in memory between its changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Snapshot(Generic[Value]):
    """A value that `read` takes at the first use, and again after each `forget`."""

    def __init__(self, read: Callable[[], Value]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._value: Value | None = None
        self._changes = 0

    def get(self) -> Value:
        """Return the value; it is shared, so do not change it."""
        value = self._value
        if value is None:
            changes = self._changes
            value = self._read()
            with self._lock:
                if changes == self._changes:
                    self._value = value
        return value

    def forget(self) -> None:
        """Let the next `get` read again, also where a `read` is under way."""
        with self._lock:
            self._changes += 1
            self._value = None
