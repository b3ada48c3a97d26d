"""`python -m export bundle` and `inspect`."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Filled below."""
