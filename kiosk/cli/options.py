"""Options that several commands share, and what they open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kiosk.catalog import CatalogStore
    from kiosk.shop import Shop

Db = Annotated[
    str | None,
    typer.Option(
        "--db",
        envvar="KIOSK_DB",
        metavar="DIR",
        help="The shop's data: a folder, or a postgresql:// address.",
    ),
]
Model = Annotated[str | None, typer.Option("--model", metavar="ID", help="The encoder to use.")]
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
