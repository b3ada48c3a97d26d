"""Commands for the staff PIN: set, reset."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from kiosk.cli import options
from kiosk.cli.output import err, out

if TYPE_CHECKING:
    from kiosk.gui import PinStorage

pin = typer.Typer(help="The staff PIN: set, reset.", no_args_is_help=True)


@pin.command("set")
def set_pin(db: options.Db = None) -> None:
    """Set the PIN of a shop that has none. It is asked for, or read from a pipe."""
    from kiosk.errors import ConfigError

    with _recorded(db, "staff PIN set") as storage:
        is_set, _ = storage.load()
        if is_set:
            raise ConfigError(
                "The shop has a staff PIN.",
                next_step="Change it on the Settings screen, or, if nobody knows it, "
                "with `kiosk pin reset`.",
            )
        storage.save(_new_pin())
    out.print("The staff PIN is set.")


@pin.command("reset")
def reset_pin(db: options.Db = None) -> None:
    """Replace a forgotten PIN and end its lock-out. The audit log says who did it and when."""
    with _recorded(db, "staff PIN reset") as storage:
        storage.save(_new_pin())
    out.print("The staff PIN is replaced, in a kiosk that runs as well.")


@contextmanager
def _recorded(db: str | None, change: str) -> Iterator[PinStorage]:
    """Yield the shop's PIN; write `change` to the audit log if nothing fails."""
    from kiosk.audit import record_command
    from kiosk.gui import PinStorage
    from kiosk.settings import load_settings

    with options.open_store(db) as store:
        yield PinStorage(store)
    record_command(load_settings(db=db).data_dir, change)


def _new_pin() -> str:
    from kiosk.errors import ConfigError
    from kiosk.gui import ADVISED_DIGITS, MAX_DIGITS, MIN_DIGITS, pin_is_allowed

    if sys.stdin.isatty():
        digits = str(typer.prompt("New PIN", hide_input=True, confirmation_prompt=True, err=True))
    else:
        digits = sys.stdin.readline().strip()
    if not pin_is_allowed(digits):
        raise ConfigError(
            f"A PIN has {MIN_DIGITS} to {MAX_DIGITS} digits that are not all the same.",
            next_step=f"Choose {ADVISED_DIGITS} digits or more.",
        )
    if len(digits) < ADVISED_DIGITS:
        err.print(f"{ADVISED_DIGITS} digits or more are safer: a copy of the data gives up fewer.")
    return digits
