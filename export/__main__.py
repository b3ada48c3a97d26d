"""`python -m export COMMAND`: convert checkpoints to what the kiosk and phones run."""

from __future__ import annotations

import typer

from export.commands import app
from kiosk.errors import KnownError


def main() -> None:
    try:
        app()
    except KnownError as error:
        typer.echo(f"Error: {error}", err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
