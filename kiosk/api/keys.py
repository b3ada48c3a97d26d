"""API keys: 256 random bits, shown once, stored as their SHA-256.

A fast hash is enough here, unlike for passwords: 256 random bits cannot be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Protocol

from kiosk.errors import ConfigError, KioskError

log = logging.getLogger(__name__)

PREFIX = "shelf"
FRESH_S = 2.0  # how late a key of another server is known; chosen by eye
LOOK_WAIT_S = 0.5  # a look takes 1 ms; a database that is away may hold up no more; by eye
_STORED_AS = "api_keys"
_NAME = re.compile(r"[\w .@-]{1,60}")


class Role(IntEnum):
    """Each role may do what those before it may."""

    READ = 1
    STAFF = 2
    ADMIN = 3


class ValueStore(Protocol):
    """The part of the catalogue that keeps small settings."""

    def value(self, key: str) -> str | None: ...
    def update_value(self, key: str, change: Callable[[str | None], str]) -> None: ...


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is stored of a key; the key itself is not."""

    id: str
    name: str
    role: str
    sha256: str
    created_at: str

    @property
    def rank(self) -> Role:
        return Role[self.role.upper()]


class ApiKeys:
    """The keys of one shop. Several servers on one catalogue share them within 2 s.

    With `background`, only the first look waits for the catalogue to the end; the later ones
    happen in a thread of their own, so that a database that is away holds nothing up.
    """

    def __init__(
        self,
        store: ValueStore,
        *,
        background: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._background = background
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, ApiKey] = {}
        self._read_at = float("-inf")

    def all(self) -> list[ApiKey]:
        return sorted(self._current().values(), key=lambda key: key.created_at)

    def add(self, name: str, role: Role) -> tuple[ApiKey, str]:
        """Make a key; the second value is the key itself, to be shown this once.

        Raises:
            ConfigError: the name is empty, too long, or has strange characters.
        """
        if not _NAME.fullmatch(name):
            raise ConfigError(
                "A key's name has 1 to 60 letters, digits, spaces or . @ _ -.",
                next_step="Name it after who uses it.",
            )
        key_id = secrets.token_hex(4)
        text = f"{PREFIX}_{key_id}_{secrets.token_urlsafe(32)}"
        now = datetime.now(UTC).isoformat(timespec="seconds")
        key = ApiKey(key_id, name, role.name.lower(), _digest(text), now)
        self._change(lambda keys: keys.update({key_id: key}))
        return key, text

    def revoke(self, key_id: str) -> bool:
        """Make a key useless; False if there is none of that id."""
        removed: list[ApiKey | None] = []
        self._change(lambda keys: removed.append(keys.pop(key_id, None)))
        return removed[-1] is not None

    def check(self, text: str) -> ApiKey | None:
        """The key that `text` is, or None."""
        parts = text.split("_", 2)
        if len(parts) != 3 or parts[0] != PREFIX or len(text) > 200:
            return None
        key = self._current().get(parts[1])
        matches = key is not None and hmac.compare_digest(key.sha256, _digest(text))
        return key if matches else None

    def _current(self) -> dict[str, ApiKey]:
        if self._clock() - self._read_at >= FRESH_S:
            first = self._read_at == float("-inf")
            if first or not self._background:
                self._look()
            else:
                self._read_at = self._clock()
                look = threading.Thread(target=self._look_quietly, name="api-keys", daemon=True)
                look.start()
                look.join(LOOK_WAIT_S)  # a revoked key must not be taken once more
        return self._known

    def _look(self) -> None:
        with self._lock:
            self._known = _parsed(self._store.value(_STORED_AS))
            self._read_at = self._clock()

    def _look_quietly(self) -> None:
        try:
            self._look()
        except KioskError as error:
            log.warning("the API keys could not be read: %s", error)

    def _change(self, change: Callable[[dict[str, ApiKey]], None]) -> None:
        """Change the stored keys in one transaction: other processes change them, too."""
        keys: dict[str, ApiKey] = {}

        def changed(stored: str | None) -> str:
            keys.clear()
            keys.update(_parsed(stored))
            change(keys)
            return json.dumps([asdict(key) for key in keys.values()])

        with self._lock:
            self._store.update_value(_STORED_AS, changed)
            self._known, self._read_at = keys, self._clock()


def _parsed(stored: str | None) -> dict[str, ApiKey]:
    return {row["id"]: ApiKey(**row) for row in json.loads(stored or "[]")}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
