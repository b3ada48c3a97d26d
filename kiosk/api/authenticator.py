"""Who is asking, and how often they may."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kiosk.api.keys import ApiKeys, Role
from kiosk.api.limits import RateLimiter
from kiosk.api.problems import TOO_MANY_REQUESTS, ProblemError
from kiosk.api.settings import ApiSettings

AUTOMATIC_PER_MINUTE = 1200
BURST_SHARE = 4
WRONG_KEYS_PER_MINUTE = 20


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent a request; `role` is 0 for nobody known."""

    name: str
    role: int
    address: str


class Authenticator:
    """Turns keys into callers and holds them to their rate."""

    def __init__(self, keys: ApiKeys, settings: ApiSettings) -> None:
        self._keys = keys
        self._trusts_all = settings.is_loopback
        self._open = settings.allow_open
        rate = settings.rate_per_minute
        if rate is None:
            rate = 0 if settings.is_loopback else AUTOMATIC_PER_MINUTE
        self._limiter = RateLimiter(rate, max(1, rate / BURST_SHARE)) if rate else None
        self._wrong = RateLimiter(WRONG_KEYS_PER_MINUTE, WRONG_KEYS_PER_MINUTE)

    @property
    def has_keys(self) -> bool:
        return bool(self._keys.all())

    def caller(self, key_text: str, address: str) -> Caller:
        """Who sends `key_text` (may be empty) from `address`.

        Raises:
            ProblemError: 429 after many wrong keys from one address.
        """
        if key_text:
            self._refuse_guessing(address)
            key = self._keys.check(key_text)
            if key is not None:
                return Caller(f"{key.name} ({key.id})", key.rank, address)
            self._wrong.take(address)
            return Caller("wrong key", 0, address)
        if self.has_keys:
            return Caller("nobody", 0, address)
        if self._trusts_all:
            return Caller("local", Role.ADMIN, address)
        return Caller("anybody", Role.STAFF if self._open else 0, address)

    def take_token(self, caller: Caller) -> None:
        """Raises ProblemError 429 when the caller asks too often."""
        if self._limiter is None:
            return
        client = caller.name if caller.role and caller.name.endswith(")") else caller.address
        self._refuse_for(self._limiter.take(client), "Too many requests.")

    def _refuse_guessing(self, address: str) -> None:
        self._refuse_for(self._wrong.wait(address), "Too many wrong keys.")

    @staticmethod
    def _refuse_for(seconds: float, message: str) -> None:
        if seconds:
            raise ProblemError(
                TOO_MANY_REQUESTS,
                message,
                next_step=f"Try again in {math.ceil(seconds)} s.",
                retry_after_s=math.ceil(seconds),
            )
