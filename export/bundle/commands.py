"""`python -m export bundle` and `inspect`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from export.bundle.format import SUFFIX
from export.coreml.precision import Precision, Target
from kiosk.errors import ConfigError


def register(app: typer.Typer) -> None:
    app.command("bundle")(bundle)
    app.command("inspect")(inspect)


def bundle(
    db: Annotated[str, typer.Option(metavar="DIR", help="The shop's data.")],
    model: Annotated[str, typer.Option(metavar="ID", help="The encoder.")],
    out: Annotated[Path, typer.Option(help=f"Where to write; ends in {SUFFIX}.")],
    precision: Annotated[Precision, typer.Option(help="How weights are stored.")] = Precision.FP16,
    target: Annotated[Target, typer.Option(help="The oldest iOS to run on.")] = Target.IOS16,
    bound: Annotated[
        float | None, typer.Option(help="Smallest cosine of a package to its network.")
    ] = None,
    thumbnails: Annotated[
        int, typer.Option(min=0, max=1024, help="Side of the thumbnails in pixels; 0 = none.")
    ] = 0,
    goldens: Annotated[
        int, typer.Option(min=1, max=64, help="How many pictures the phone tests itself with.")
    ] = 6,
    packages: Annotated[bool, typer.Option(help="Put the Core ML packages in.")] = True,
    text: Annotated[bool, typer.Option(help="With the text tower, where there is one.")] = True,
    compact: Annotated[
        bool, typer.Option(help="A third less for vectors; near ties may change places.")
    ] = False,
) -> None:
    """Pack a shop for the phone: packages, catalogue, metric and proofs."""
    from export.bundle.gather import BundleOrder, gather
    from export.bundle.reader import read_bundle
    from export.bundle.screen import print_bundle
    from export.bundle.writer import write_bundle
    from export.coreml.job import Wish
    from export.coreml.screen import steps

    if out.suffix != SUFFIX:
        raise ConfigError(f"{out} should end in {SUFFIX}.", next_step=f"Write --out Shop{SUFFIX}.")
    order = BundleOrder(
        db=db,
        model=model,
        wish=Wish(precision, target, bound),
        thumbnail_side=thumbnails,
        goldens=goldens,
        packages=packages,
        text=text,
        compact=compact,
    )
    with tempfile.TemporaryDirectory(prefix="kioskbundle-") as work, steps(10) as bar:
        contents = gather(order, Path(work), bar.begin)
        bar.begin("writing the bundle")
        write_bundle(out, contents)
        bar.begin("reading it back")
        written = read_bundle(out)
    print_bundle(written)
    typer.echo(
        "Next: add the folder to your Xcode project as a folder reference and open it with "
        "KioskSearch; export/ios/README.md shows how."
    )


def inspect(
    path: Annotated[Path, typer.Argument(help=f"A {SUFFIX}, or a .mlpackage.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read a bundle or a package back, check every byte, and say what it holds."""
    from export.bundle.screen import bundle_as_json, print_bundle, print_package, proofs_hold

    if path.suffix == ".mlpackage":
        print_package(path, as_json)
        return
    from export.bundle.reader import read_bundle

    found = read_bundle(path)
    if as_json:
        typer.echo(bundle_as_json(found))
    else:
        print_bundle(found)
    if not proofs_hold(found):
        raise typer.Exit(1)
