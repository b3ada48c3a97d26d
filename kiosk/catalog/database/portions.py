"""Long lists in portions that fit one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

T = TypeVar("T")
SIZE: Final = 500  # half of 999, the smallest limit on bound values that SQLite was built with


def portions(items: Sequence[T], size: int = SIZE) -> Iterator[Sequence[T]]:
    """Yield consecutive slices of at most `size` items."""
    return (items[start : start + size] for start in range(0, len(items), size))
