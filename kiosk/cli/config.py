"""`kiosk config`: show and change the shop's settings."""

from __future__ import annotations

import difflib
import os
from typing import Annotated, Any

import typer

from kiosk.cli import options
from kiosk.cli.output import out, print_result, table

app = typer.Typer(help="The shop's settings: show, set.", no_args_is_help=True)
NOT_STORED = {"db"}  # it says where the file of settings lies


def complete_setting(incomplete: str) -> list[str]:
    """The names of settings that begin with `incomplete`."""
    return [name for name in _names() if name.startswith(incomplete)]


Name = Annotated[str, typer.Argument(metavar="NAME", autocompletion=complete_setting)]


@app.command("show")
def show(as_json: options.Json = False, db: options.Db = None) -> None:
    """List the settings, their values, and where each comes from."""
    from kiosk.settings import load_settings, stored_settings

    settings = load_settings(db=db)
    stored = stored_settings(settings.data_dir)
    facts = [
        {"name": name, "value": getattr(settings, name), "from": _origin(name, stored)}
        for name in _names()
    ]
    shown = table(
        facts,
        {
            "Setting": lambda row: str(row["name"]),
            "Value": lambda row: str(row["value"]),
            "From": lambda row: str(row["from"]),
        },
    )
    print_result(facts, lambda: [shown], as_json=as_json)


@app.command("set")
def set_(
    name: Name,
    value: Annotated[str, typer.Argument(metavar="VALUE")],
    db: options.Db = None,
) -> None:
    """Change one setting in the shop's file; a running kiosk takes it up when it starts again."""
    from kiosk.errors import ConfigError
    from kiosk.settings import load_settings, parsed_setting, save_settings

    if name not in _names():
        near = difflib.get_close_matches(name, _names(), 1)
        raise ConfigError(
            f"There is no setting {name!r}.",
            next_step=f"Is it {near[0]!r}?" if near else "`kiosk config show` lists them.",
        )
    data_dir = load_settings(db=db).data_dir
    save_settings(data_dir, {name: parsed_setting(name, value)})
    out.print(f"{name} is {value} from the next start on.")
    if _origin(name, {}) == "environment":
        out.print(f"KIOSK_{name.upper()} is set, and goes before it.")


def _names() -> list[str]:
    from kiosk.settings import Settings

    return [name for name in Settings.model_fields if name not in NOT_STORED]


def _origin(name: str, stored: dict[str, Any]) -> str:
    if f"KIOSK_{name.upper()}" in os.environ:
        return "environment"
    return "shop's file" if name in stored else "default"
