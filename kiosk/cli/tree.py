"""The tree of commands: what every command takes, and where a missing command is put."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import typer

from kiosk.cli.options import QUIET_HELP, VERBOSE_HELP
from kiosk.cli.output import set_verbosity

DEFAULT_COMMAND = "run"
WITH_VALUE = ("--db", "--model")
ALONE = ("-q", "--quiet", "-v", "-vv", "--verbose")
ENDING = ("--help", "-h", "--version", "--install-completion", "--show-completion")


def with_command(words: Sequence[str]) -> list[str]:
    """Insert `run` behind the options shared by all commands where no command follows them."""
    place = 0
    while place < len(words):
        name, equals, _ = words[place].partition("=")
        if name in WITH_VALUE:
            place += 1 if equals else 2
        elif words[place] in ALONE:
            place += 1
        else:
            break
    rest = list(words[place:])
    if not rest or (rest[0].startswith("-") and rest[0] not in ENDING):
        rest.insert(0, DEFAULT_COMMAND)
    return [*words[:place], *rest]


def command_tree(app: typer.Typer) -> Any:
    """Return the commands of `app`, each with `-q` and `-v` of its own."""
    root = typer.main.get_command(app)
    for _, command in leaves(root):
        command.params += _verbosity_options()
    return root


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the commands that are no groups, with the words that name them."""
    for name, child in getattr(command, "commands", {}).items():
        if hasattr(child, "commands"):
            yield from leaves(child, (*path, name))
        else:
            yield (*path, name), child


def _verbosity_options() -> list[Any]:
    """The options of `_verbosity`, which act by themselves and reach no command."""
    template = typer.Typer(add_completion=False)
    template.command()(_verbosity)
    params = typer.main.get_command(template).params
    for param in params:
        param.expose_value = False
    return list(params)


def _on_quiet(given: bool) -> bool:
    set_verbosity(quiet=given)
    return given


def _on_verbose(count: int) -> int:
    set_verbosity(verbose=count)
    return count


def _verbosity(
    quiet: bool = typer.Option(False, "-q", "--quiet", help=QUIET_HELP, callback=_on_quiet),
    verbose: int = typer.Option(
        0, "-v", "--verbose", count=True, help=VERBOSE_HELP, callback=_on_verbose
    ),
) -> None: ...
