"""The staff PIN: hashing, and a lock-out that grows and survives a restart. Pure but argon2."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

MIN_DIGITS = 4  # as on a bank card
ADVISED_DIGITS = 6  # all PINs of four fall to a search offline within the hour, of six in days
MAX_DIGITS = 10  # as many as the screen shows in a row
FREE_TRIES = 3  # as on a bank card
FIRST_WAIT_S = 30.0  # chosen: with doubling, fewer than a hundred tries fit into an hour
LONGEST_WAIT_S = 3600.0  # chosen: staff who forgot are back within one shift

_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)  # 64 MiB, three passes


@dataclass(frozen=True, slots=True)
class LockOut:
    """Wrong tries in a row, and the wall-clock time, in seconds, before which none counts."""

    failures: int = 0
    until_s: float = 0.0


def hash_pin(pin: str) -> str:
    return _HASHER.hash(pin)


def pin_is_right(pin: str, hashed: str) -> bool:
    try:
        return _HASHER.verify(hashed, pin)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def hash_is_weak(hashed: str) -> bool:
    """Whether a stored hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(hashed)


def pin_is_allowed(pin: str) -> bool:
    """4 to 10 digits, and not all the same."""
    return (
        pin.isascii()
        and pin.isdigit()
        and MIN_DIGITS <= len(pin) <= MAX_DIGITS
        and len(set(pin)) > 1
    )


def after_failure(lock: LockOut, now_s: float) -> LockOut:
    """Three tries are free; then 30 s, doubling up to an hour."""
    failures = lock.failures + 1
    if failures < FREE_TRIES:
        return LockOut(failures, 0.0)
    wait_s = min(FIRST_WAIT_S * 2 ** min(failures - FREE_TRIES, 10), LONGEST_WAIT_S)
    return LockOut(failures, now_s + wait_s)


def wait_left_s(lock: LockOut, now_s: float) -> float:
    """Seconds until the next try; a clock that was set back locks for an hour at most."""
    return max(0.0, min(lock.until_s - now_s, LONGEST_WAIT_S))


def write_lock_out(lock: LockOut) -> str:
    return json.dumps(asdict(lock))


def read_lock_out(text: str | None) -> LockOut:
    """What was stored; anything unreadable counts as no failures yet."""
    try:
        stored = json.loads(text or "{}")
        return LockOut(int(stored.get("failures", 0)), float(stored.get("until_s", 0.0)))
    except (ValueError, TypeError, AttributeError):
        return LockOut()
