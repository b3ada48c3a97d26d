"""Options that several commands share, what completes them, and what they open."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kiosk.catalog import CatalogStore
    from kiosk.shop import Shop


@dataclass(frozen=True, slots=True)
class Shared:
    """Options that stood before the command."""

    db: str | None
    model: str | None


def _or_shared(ctx: typer.Context, param: typer.CallbackParam, value: str | None) -> str | None:
    """Prefer the option behind the command, then the one before it, then the environment."""
    source = ctx.get_parameter_source(param.name) if param.name else None
    shared = ctx.find_object(Shared)
    if shared is None or (source is not None and source.name == "COMMANDLINE"):
        return value
    return getattr(shared, param.name or "", None) or value


def complete_sku(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """The SKUs that begin with `incomplete`, with their names; none where no shop opens."""
    from kiosk.errors import KnownError

    parent = ctx.parent.params if ctx.parent else {}
    db: str | None = ctx.params.get("db") or parent.get("db")
    logging.disable()  # a shell's prompt is no place for log lines
    try:
        with open_store(db) as store:
            products = store.products(active=None)
    except KnownError:
        return []
    return [(one.sku, one.name) for one in products if one.sku.startswith(incomplete)]


def complete_model(incomplete: str) -> list[tuple[str, str]]:
    """The model ids that begin with `incomplete`, with their titles."""
    from kiosk.vision.models import known_models

    rows = [(row.model_id, row.entry or (row.folder and row.folder.card)) for row in known_models()]
    return [(name, one.title if one else "") for name, one in rows if name.startswith(incomplete)]


Db = Annotated[
    str | None,
    typer.Option(
        "--db",
        envvar="KIOSK_DB",
        metavar="DIR",
        help="The shop's data: a folder, or a postgresql:// address.",
        callback=_or_shared,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="ID",
        help="The encoder to use.",
        callback=_or_shared,
        autocompletion=complete_model,
    ),
]
Source = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="S",
        help="A webcam number, a video file, an rtsp:// or http:// address, a folder, or demo.",
    ),
]
Every = Annotated[
    int | None,
    typer.Option("--every", min=0, help="Analyse every Nth frame; 0 measures and decides."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
QUIET_HELP = "Print results and errors alone."
VERBOSE_HELP = "Log what is done; twice: in detail."
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help=QUIET_HELP)]
Verbose = Annotated[int, typer.Option("-v", "--verbose", count=True, help=VERBOSE_HELP)]


def open_shop(**flags: object) -> Shop:
    """Open the shop that `flags`, environment and file set up; nothing runs in its background."""
    from kiosk.settings import load_settings
    from kiosk.shop import Shop

    return Shop.open(load_settings(**flags), background=False)


def open_store(db: str | None) -> CatalogStore:
    """Open the catalogue of the shop without its encoder; of a server, itself and no copy."""
    from kiosk.catalog import CatalogStore
    from kiosk.settings import load_settings

    return CatalogStore.open(load_settings(db=db).db)
