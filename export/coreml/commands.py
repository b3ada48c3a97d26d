"""`python -m export coreml` and `verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from export.coreml.names import IMAGE_INPUT, OUTPUT, TEXT_INPUT
from export.coreml.precision import Precision, Target
from kiosk.errors import ConfigError

TOWERS = ("image", "text")
AsId = Annotated[
    str | None, typer.Option("--as", metavar="ID", help="Which model a checkpoint file is.")
]
Bound = Annotated[
    float | None,
    typer.Option(help="Smallest cosine allowed; default: 0.9999 for fp16, 0.999 for int8."),
]
Db = Annotated[
    str | None,
    typer.Option(metavar="DIR", help="A shop's data: its photos are compared as well."),
]
Pictures = Annotated[
    Path | None, typer.Option(metavar="DIR", help="A folder of pictures to compare on.")
]


def register(app: typer.Typer) -> None:
    app.command("coreml")(coreml)
    app.command("verify")(verify)
    app.command("report")(report)


def coreml(
    model: Annotated[str, typer.Argument(help="A model's id, or a checkpoint file.")],
    out: Annotated[Path, typer.Option(help="Folder for the packages.")],
    precision: Annotated[Precision, typer.Option(help="How weights are stored.")] = Precision.FP16,
    target: Annotated[Target, typer.Option(help="The oldest iOS to run on.")] = Target.IOS16,
    towers: Annotated[
        str, typer.Option(help="image, text, or image,text; default: all that the model has.")
    ] = "",
    image_name: Annotated[str, typer.Option(help="Name of the image package.")] = "",
    text_name: Annotated[str, typer.Option(help="Name of the text package.")] = "",
    image_input: Annotated[str, typer.Option(help="Name of the picture input.")] = IMAGE_INPUT,
    text_input: Annotated[str, typer.Option(help="Name of the token input.")] = TEXT_INPUT,
    output: Annotated[str, typer.Option(help="Name of the output.")] = OUTPUT,
    as_id: AsId = None,
    random_weights: Annotated[
        bool, typer.Option(help="The architecture alone, to try the export without a download.")
    ] = False,
    bound: Bound = None,
    pictures: Pictures = None,
    db: Db = None,
) -> None:
    """Make Core ML packages, prove each from disk, and say where to drop them."""
    from export.coreml.names import TowerNames, image_names, text_names
    from export.coreml.run import Order, make_packages
    from export.coreml.screen import print_summary, steps

    wanted = _towers(towers)
    stem_of = as_id or Path(model).stem
    order = Order(
        model=model,
        as_id=as_id,
        random_weights=random_weights,
        towers=wanted,
        precision=precision,
        target=target,
        bound=bound,
        names={
            "image": TowerNames(image_name or image_names(stem_of).package, image_input, output),
            "text": TowerNames(text_name or text_names(stem_of).package, text_input, output),
        },
        pictures=pictures,
        db=db,
    )
    with steps(1 + 3 * (len(wanted) or len(TOWERS))) as bar:
        reports = make_packages(order, out, bar.begin)
    print_summary(reports)


def verify(
    package: Annotated[Path, typer.Argument(help="A .mlpackage, as it lies on disk.")],
    model: Annotated[
        str | None, typer.Option(help="The network to compare with; default: the recorded one.")
    ] = None,
    as_id: AsId = None,
    bound: Bound = None,
    pictures: Pictures = None,
    db: Db = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run a saved package operation by operation and compare it with its network."""
    from export.coreml.run import check_package
    from export.coreml.screen import print_report, report_as_json, steps

    with steps(2) as bar:
        report = check_package(
            package,
            model=model,
            as_id=as_id,
            bound=bound,
            pictures=pictures,
            db=db,
            on_step=bar.begin,
        )
    if as_json:
        typer.echo(report_as_json(report))
    else:
        print_report(report)
    if not report.passed:
        raise typer.Exit(1)


def report(
    packages: Annotated[list[Path], typer.Argument(help="Core ML packages.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Speed and size on paper: work, parameters, bytes, and an estimate for an iPhone."""
    from export.coreml.screen import paper_as_json, print_paper
    from export.report import report_on
    from export.verify.program import read_package

    found = [(path, report_on(read_package(path))) for path in packages]
    if as_json:
        typer.echo(paper_as_json(found))
    else:
        print_paper(found)


def _towers(text: str) -> tuple[str, ...]:
    """The towers named; none of them means all that there are."""
    wanted = tuple(name.strip() for name in text.split(",") if name.strip())
    if any(name not in TOWERS for name in wanted):
        raise ConfigError(
            f"--towers is {text!r}; it takes image, text, or both.",
            next_step="Write --towers image,text.",
        )
    return wanted
