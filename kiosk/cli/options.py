"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

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
