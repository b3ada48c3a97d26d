"""`python -m export COMMAND`: convert checkpoints to model folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.errors import KnownError
from kiosk.resources import models_dir

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
Root = Annotated[Path, typer.Option(help="Folder that holds the model folders.")]


@app.callback()
def commands() -> None:
    """Convert checkpoints to what the kiosk and phones run."""


@app.command("efficientnet-lite0")
def efficientnet_lite0(root: Root = models_dir()) -> None:  # noqa: B008 - typer's way
    """Make the shipped encoder again from the weights that its package carries."""
    from export.efficientnet import convert

    folder = convert(root)
    card = folder.card
    typer.echo(f"{folder.path}: parity {card.parity.cosine_min} on {card.parity.images} images")


def main() -> None:
    try:
        app()
    except KnownError as error:
        typer.echo(f"Error: {error}", err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
