"""`kiosk export`: the commands of `python -m export`, where their extra is installed."""

from __future__ import annotations

import importlib
import importlib.util

import typer

app = typer.Typer()


@app.command(
    "export",
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],  # the export's own commands answer to --help
    },
)
def export(ctx: typer.Context) -> None:
    """Make Core ML and ONNX packages and bundles for phones; the same as `python -m export`."""
    from kiosk.errors import ConfigError

    if importlib.util.find_spec("export") is None:
        raise ConfigError(
            "The exporter is not installed.", next_step="pip install 'shelflens[export]'"
        )
    commands = importlib.import_module("export.commands")
    try:
        commands.app(args=ctx.args or ["--help"], prog_name="kiosk export")
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"Exporting needs the package {error.name}.",
            next_step="Install the extra: pip install 'shelflens[export]'.",
        ) from error
