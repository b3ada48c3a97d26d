"""The command `kiosk`: one module for each family of commands; they parse, call and print.

Exit status: 0 done, 1 something a person can mend, 2 wrong usage, 3 done in part
(bad rows were left out), 70 a fault of our own, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from kiosk import __version__
from kiosk.cli import catalog, live, models, search, serving, system
from kiosk.cli.output import report_bug, report_known
from kiosk.errors import KnownError
from kiosk.memory import limit_blas_threads

OWN_OPTIONS = {"--help", "--version", "--install-completion", "--show-completion"}

app = typer.Typer(
    name="kiosk",
    help="Shelflens: hold up a product, see its name and price. Without a command, `kiosk` runs.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for commands in (live, catalog, search, serving, system):
    app.add_typer(commands.app)
app.add_typer(models.app, name="models")
app.add_typer(serving.keys, name="keys")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"shelflens {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", callback=_print_version, is_eager=True
    ),
) -> None:
    """Shelflens: hold up a product, see its name and price."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; without a command it is `run`."""
    limit_blas_threads()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in OWN_OPTIONS | {"-h"}):
        words.insert(0, "run")
    try:
        app(args=words, prog_name="kiosk")
    except KnownError as error:
        report_known(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last door: a person gets a sentence
        report_bug(error)
        sys.exit(70)
