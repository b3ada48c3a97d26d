"""Commands of the service: serve, keys, sync."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli import options
from kiosk.cli.output import (
    DONE_IN_PART,
    err,
    out,
    print_result,
    progress,
    report_known,
    results,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.api import ApiSettings
    from kiosk.catalog.sync import SyncReport
    from kiosk.settings import Settings

app = typer.Typer()
keys = typer.Typer(help="API keys: add, list, revoke.", no_args_is_help=True)


@app.command("serve")
def serve(
    host: Annotated[str | None, typer.Option(help="127.0.0.1 unless told otherwise.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535)] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="The folder that `preprocess` indexes.")
    ] = None,
    allow_open: Annotated[
        bool | None, typer.Option("--allow-open", help="Listen beyond this machine without keys.")
    ] = None,
    db: options.Db = None,
    model: options.Model = None,
) -> None:
    """Answer over HTTP with the same engine; /docs tells how, /ui shows it."""
    from kiosk.api import load_api_settings, load_shop_settings

    run = _server()
    api_settings = load_api_settings(
        host=host, port=port, source_folder=folder, allow_open=allow_open
    )
    raise typer.Exit(run(load_shop_settings(api_settings, db=db, model=model), api_settings))


@app.command("sync")
def sync(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Pictures, one folder a product.")],
    watch: Annotated[bool, typer.Option("--watch", help="Go on until interrupted.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Read every file again.")] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Remove also when much is gone at once.")
    ] = False,
    as_json: options.Json = False,
    db: options.Db = None,
    model: options.Model = None,
) -> None:
    """Bring the catalogue to what a folder of pictures holds: new, changed, deleted.

    Exit status: 0 all is in; 3 some pictures could not be read; 1 nothing was done.
    """
    from kiosk.catalog.sync import watch as keep_watching

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with options.open_shop(db=db, model=model) as shop:

        def sync_once() -> SyncReport:
            with progress("Syncing") as on_progress:
                return shop.sync_folder(
                    folder,
                    full=full,
                    accept_loss=accept_loss,
                    on_progress=on_progress,
                    stopping=stop.is_set,
                )

        if watch:
            keep_watching(
                sync_once,
                stop,
                on_report=lambda report: _print_report(report, as_json),
                on_error=report_known,
            )
            return
        report = sync_once()
    _print_report(report, as_json)
    if report.problems or not report.complete:
        raise typer.Exit(DONE_IN_PART)


@keys.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="Who uses it.")],
    role: Annotated[str, typer.Option(help="read, staff or admin.")] = "read",
    db: options.Db = None,
) -> None:
    """Make a key and show it, this once."""
    from kiosk.api import ApiKeys, Role
    from kiosk.audit import record_command
    from kiosk.catalog import CatalogStore
    from kiosk.errors import ConfigError
    from kiosk.settings import load_settings

    if role.upper() not in Role.__members__:
        raise ConfigError(f"There is no role {role!r}.", next_step="Say read, staff or admin.")
    settings = load_settings(db=db)
    with CatalogStore.open(settings.db) as store:
        key, text = ApiKeys(store).add(name, Role[role.upper()])
    record_command(settings.data_dir, f"API key {key.id} ({key.name}, {key.role}) made")
    results.print(f"{key.id}  {key.role}  {key.name}")
    results.print(text)
    err.print("Keep it now: it is stored only as a hash and cannot be shown again.")


@keys.command("list")
def list_keys(as_json: options.Json = False, db: options.Db = None) -> None:
    """List the keys; none of them can be read back."""
    from kiosk.api import ApiKeys
    from kiosk.catalog import CatalogStore
    from kiosk.settings import load_settings

    with CatalogStore.open(load_settings(db=db).db) as store:
        found = ApiKeys(store).all()
    facts = [
        {"id": key.id, "name": key.name, "role": key.role, "created_at": key.created_at}
        for key in found
    ]
    shown = table(
        found,
        {
            "ID": lambda key: key.id,
            "Role": lambda key: str(key.role),
            "Name": lambda key: key.name,
            "Since": lambda key: str(key.created_at),
        },
        nothing="No keys yet. `kiosk keys add NAME` makes one.",
    )
    print_result(facts, lambda: [shown], as_json=as_json)


@keys.command("revoke")
def revoke_key(key_id: Annotated[str, typer.Argument(metavar="ID")], db: options.Db = None) -> None:
    """Make a key useless."""
    from kiosk.api import ApiKeys
    from kiosk.audit import record_command
    from kiosk.catalog import CatalogStore
    from kiosk.errors import ConfigError
    from kiosk.settings import load_settings

    settings = load_settings(db=db)
    with CatalogStore.open(settings.db) as store:
        if not ApiKeys(store).revoke(key_id):
            raise ConfigError(
                f"There is no key {key_id!r}.", next_step="`kiosk keys list` shows them."
            )
    record_command(settings.data_dir, f"API key {key_id} revoked")
    out.print(f"{key_id} is revoked.", markup=False)


def _server() -> Callable[[Settings, ApiSettings], int]:
    from kiosk.errors import ConfigError

    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"Serving needs the package {error.name}.",
            next_step="Install the extra: pip install 'shelflens[serve]'.",
        ) from error
    from kiosk.api import serve as run

    return run


def _print_report(report: SyncReport, as_json: bool) -> None:
    names = "total", "new", "changed", "removed", "encoded", "held_back", "seconds", "complete"
    facts: dict[str, object] = {name: getattr(report, name) for name in names}
    facts["problems"] = [{"path": p.path, "reason": p.reason} for p in report.problems]
    line = (
        f"{report.total} pictures: {report.new} new, {report.changed} changed, "
        f"{report.removed} removed, {len(report.problems)} not readable, {report.seconds:.1f} s."
    )
    if not as_json:
        for problem in report.problems:
            err.print(f"{problem.path}: {problem.reason}", markup=False)
    print_result(facts, lambda: [line], as_json=as_json)
    if report.held_back and not as_json:
        err.print(
            f"{report.held_back} pictures are gone from the folder but stay in the catalogue: "
            "so many at once look like a missing disk. --accept-loss removes them."
        )
