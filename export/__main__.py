"""`python -m export COMMAND`: convert checkpoints to model folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from export.bundle import commands as bundle_commands
from export.coreml import commands as coreml_commands
from export.onnx_files import commands as onnx_commands
from kiosk.errors import KnownError
from kiosk.resources import models_dir
from kiosk.vision.models import SHIPPED

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Root = Annotated[Path, typer.Option(help="Folder that holds the model folders.")]

coreml_commands.register(app)
bundle_commands.register(app)
onnx_commands.register(app)


@app.callback()
def commands() -> None:
    """Convert checkpoints to what the kiosk and phones run."""


@app.command("efficientnet-lite0")
def efficientnet_lite0(root: Root = models_dir()) -> None:  # noqa: B008 - typer's way
    """Make the shipped encoders again, the accurate and the fast one, from what they learned."""
    from export.convert import convert

    for model_id in SHIPPED:
        parity = convert(model_id, root, half_weights=True).card.parity
        typer.echo(f"{model_id}: parity {parity.cosine_min} on {parity.images} images")


@app.command("convert")
def convert_checkpoint(
    model: Annotated[str, typer.Argument(help="Checkpoint, or the id of a known model.")],
    as_id: Annotated[str, typer.Option("--as", help="Which model the checkpoint is.")] = "",
    root: Root = models_dir(),  # noqa: B008 - typer's way
    half: Annotated[bool, typer.Option(help="Store weights in 16 bits.")] = False,
    tokenizer: Annotated[
        Path | None, typer.Option(help="tokenizer.json, where it is not beside the checkpoint.")
    ] = None,
    lines: Annotated[bool, typer.Option("--json", help="Report as JSON lines.")] = False,
) -> None:
    """Convert a checkpoint to a model folder and compare it with PyTorch."""
    from export.convert import convert

    def report(**entry: str) -> None:
        typer.echo(json.dumps(entry) if lines else " ".join(entry.values()))

    given = Path(model) if Path(model).exists() else model
    try:
        folder = convert(
            given,
            root,
            as_id=as_id or None,
            half_weights=half,
            tokenizer=tokenizer,
            on_step=lambda s: report(step=s),
        )
    except KnownError as error:
        if not lines:
            raise
        report(error=error.message, next_step=error.next_step)
        raise typer.Exit(1) from error
    report(folder=str(folder.path))


def main() -> None:
    try:
        app()
    except KnownError as error:
        typer.echo(f"Error: {error}", err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
