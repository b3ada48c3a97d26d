"""Turn API keys into callers, and limit how often a caller may ask."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kiosk.api.keys import ApiKeys, Role
from kiosk.api.limits import RateLimiter
from kiosk.api.problems import TOO_MANY_REQUESTS, ProblemError
from kiosk.api.settings import ApiSettings

DEFAULT_PER_MINUTE = 1200  # a request every 50 ms, for clients beyond loopback; chosen by eye
BURST_SHARE = 4  # a quarter of a minute's requests at once; chosen by eye
WRONG_KEYS_PER_MINUTE = 20  # chosen by eye


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request, with a Role; 0 for somebody unknown."""

    name: str
    role: int
    address: str


class Authenticator:
    """Identifies callers and refuses those who ask, or guess keys, too often."""

    def __init__(self, keys: ApiKeys, settings: ApiSettings) -> None:
        self._keys = keys
        self._trusts_all = settings.is_loopback
        self._open = settings.allow_open
        rate = settings.rate_per_minute
        if rate is None:
            rate = 0 if settings.is_loopback else DEFAULT_PER_MINUTE
        self._limiter = RateLimiter(rate, max(1, rate / BURST_SHARE)) if rate else None
        self._wrong = RateLimiter(WRONG_KEYS_PER_MINUTE, WRONG_KEYS_PER_MINUTE)

    @property
    def has_keys(self) -> bool:
        return bool(self._keys.all())

    def caller(self, key_text: str, address: str, *, is_forwarded: bool = False) -> Caller:
        """Who sends `key_text` (may be empty) from `address`, or through a proxy there.

        Raises:
            ProblemError: 429 for a wrong key after many from one address.
        """
        if key_text:
            key = self._keys.check(key_text)
            if key is not None:
                return Caller(f"{key.name} ({key.id})", key.rank, address)
            self._refuse_guessing(address)
            self._wrong.take(address)
            return Caller("wrong key", 0, address)
        if self.has_keys:
            return Caller("nobody", 0, address)
        if self._trusts_all and not is_forwarded:
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
