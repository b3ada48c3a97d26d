"""What can be wrong with a request to a collection."""

from __future__ import annotations

from kiosk.errors import KnownError


class UnknownVectorError(KnownError):
    """There is no such collection, or no such vector in it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no {what}.")


class UnusableVectorError(KnownError):
    """A vector cannot be stored or compared."""
