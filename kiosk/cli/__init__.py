"""The command `kiosk`: one module for each family of commands; they parse, call and print.

`EXIT_STATUS` says what each exit status means.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from kiosk import __version__
from kiosk.cli import (
    catalog,
    config,
    exporting,
    live,
    models,
    options,
    prices,
    search,
    serving,
    system,
)
from kiosk.cli.output import out, report_bug, report_known, set_verbosity
from kiosk.cli.pin import pin
from kiosk.cli.tree import command_tree, with_command
from kiosk.errors import KnownError
from kiosk.memory import limit_blas_threads, start_quickly

EXIT_STATUS = {
    0: "done",
    1: "something that you can mend; the message says how",
    2: "wrong usage",
    3: "done in part: bad rows or pictures were listed and left out",
    70: "a fault of the kiosk's own; the message names a file to report",
    130: "interrupted",
}

app = typer.Typer(
    name="kiosk",
    help="Shelflens: hold up a product, see its name and price. Without a command, `kiosk` runs.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: "
    + "; ".join(f"{code} {text}" for code, text in EXIT_STATUS.items())
    + ".",
)
for commands in (live, catalog, prices, search, serving, exporting, system):
    app.add_typer(commands.app)
app.add_typer(models.app, name="models")
app.add_typer(serving.keys, name="keys")
app.add_typer(config.app, name="config")
app.add_typer(pin, name="pin")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"shelflens {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    ctx: typer.Context,
    db: options.Db = None,
    model: options.Model = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    _version: bool = typer.Option(
        False, "--version", help="Print the version.", callback=_print_version, is_eager=True
    ),
) -> None:
    """Shelflens: hold up a product, see its name and price."""
    ctx.obj = options.Shared(db, model)
    set_verbosity(quiet=quiet, verbose=verbose)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; without a command it is `run`."""
    start_quickly()
    limit_blas_threads()
    words = with_command(sys.argv[1:] if arguments is None else arguments)
    out.quiet = False
    try:
        command_tree(app)(args=words, prog_name="kiosk")
    except KnownError as error:
        report_known(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last door: a person gets a sentence
        report_bug(error)
        sys.exit(70)
