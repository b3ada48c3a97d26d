"""What the service keeps in memory: values used last, and reads of the shop between changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from kiosk.shop import Shop

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class LruCache(Generic[Key, Value]):
    """Keeps the `capacity` values that were used last; safe to use from several threads."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._capacity:
                self._values.popitem(last=False)


class ShopSnapshot(Generic[Value]):
    """A value that `read` takes from the shop at the first use and after each change."""

    def __init__(self, shop: Shop, read: Callable[[], Value]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._value: Value | None = None
        self._changes = 0
        shop.on_change(self._forget)

    def get(self) -> Value:
        """The value; it is shared, so do not change it."""
        value = self._value
        if value is None:
            changes = self._changes
            value = self._read()
            with self._lock:
                if changes == self._changes:
                    self._value = value
        return value

    def _forget(self) -> None:
        with self._lock:
            self._changes += 1
            self._value = None
