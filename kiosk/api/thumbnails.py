"""Small JPEGs that were made already."""

from __future__ import annotations

import threading
from collections import OrderedDict

MAX_SIDE = 512


class Thumbnails:
    """Keeps the `most` pictures used last, by photo (SHA-256) and side; large ones never."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def get(self, key: tuple[str, int]) -> bytes | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: tuple[str, int], jpeg: bytes) -> None:
        if key[1] > MAX_SIDE:
            return
        with self._lock:
            self._kept[key] = jpeg
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
