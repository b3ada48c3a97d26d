"""How a long task reports how far it has come."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with the units of work that are done, and their total."""


def no_progress(_done: int, _total: int) -> None:
    """The Progress for callers that show none."""
