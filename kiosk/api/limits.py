"""A token bucket for each client, and a budget of bytes for all of them."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MAX_CLIENTS = 10_000  # some 2 MB of buckets; chosen by eye


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class ByteBudget:
    """Bounds how many bytes all requests hold together."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0

    @property
    def left(self) -> int:
        return self._limit - self._held

    def take(self, count: int) -> bool:
        """Hold `count` more bytes; False, and hold none of them, where that is too many."""
        if count > self.left:
            return False
        self._held += count
        return True

    def give_back(self, count: int) -> None:
        self._held -= count


class RateLimiter:
    """Allows each client `per_minute` requests a minute, `burst` of them at once.

    Memory is bounded: the client that has been quiet longest is forgotten first.
    """

    def __init__(
        self, per_minute: float, burst: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, client: str) -> float:
        """Take one token; 0.0 if there was one, else the seconds until there is."""
        with self._lock:
            bucket = self._refilled(client)
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0.0
            return (1 - bucket.tokens) / self._rate

    def wait(self, client: str) -> float:
        """The seconds until `client` may ask again, without taking a token."""
        with self._lock:
            bucket = self._refilled(client)
            return 0.0 if bucket.tokens >= 1 else (1 - bucket.tokens) / self._rate

    def _refilled(self, client: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.pop(client, None) or _Bucket(self._burst, now)
        self._buckets[client] = bucket
        while len(self._buckets) > MAX_CLIENTS:
            self._buckets.popitem(last=False)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        return bucket
