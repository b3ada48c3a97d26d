"""The commands of `python -m export`: parse, call, print. Heavy modules load when one runs."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from export import printing
from export.bundle.format import SUFFIX
from export.to_coreml.options import (
    INPUTS,
    OUTPUT,
    ExportOptions,
    Precision,
    Target,
    TowerNames,
    stem,
)
from kiosk.errors import ConfigError, KnownError
from kiosk.resources import models_dir

TOWERS = ("image", "text")
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def float_original(model: str) -> str:
    """Return the model that an int8 twin was made from: a phone computes in half precision."""
    return model.removesuffix("_int8")


Model = Annotated[
    str, typer.Argument(help="A model's id, or a checkpoint file.", callback=float_original)
]
Root = Annotated[Path, typer.Option(help="Folder that holds the model folders.")]
AsId = Annotated[
    str | None, typer.Option("--as", metavar="ID", help="Which model a checkpoint file is.")
]
Half = Annotated[bool, typer.Option(help="Store weights in 16 bits.")]
RandomWeights = Annotated[
    bool, typer.Option(help="The architecture alone, to try the export without a download.")
]
PrecisionOption = Annotated[Precision, typer.Option(help="How weights are stored.")]
TargetOption = Annotated[Target, typer.Option(help="The oldest iOS to run on.")]
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
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def commands() -> None:
    """Convert checkpoints to what the kiosk and phones run."""


@app.command()
def coreml(
    model: Model,
    out: Annotated[Path, typer.Option(help="Folder for the packages.")],
    precision: PrecisionOption = Precision.FP16,
    target: TargetOption = Target.IOS16,
    towers: Annotated[
        str, typer.Option(help="image, text, or image,text; default: all that the model has.")
    ] = "",
    image_name: Annotated[str, typer.Option(help="Name of the image package.")] = "",
    text_name: Annotated[str, typer.Option(help="Name of the text package.")] = "",
    image_input: Annotated[str, typer.Option(help="Name of the picture input.")] = INPUTS["image"],
    text_input: Annotated[str, typer.Option(help="Name of the token input.")] = INPUTS["text"],
    output: Annotated[str, typer.Option(help="Name of the output.")] = OUTPUT,
    as_id: AsId = None,
    random_weights: RandomWeights = False,
    bound: Bound = None,
    pictures: Pictures = None,
    db: Db = None,
) -> None:
    """Make Core ML packages, prove each from disk, and say where to drop them."""
    from export.to_coreml.package import export_tower
    from export.towers import choose_towers, load_towers
    from export.verify.reference import read_gallery, read_pictures

    wanted = _kinds(towers)
    name = stem(as_id or Path(model).stem)
    names = {
        "image": TowerNames(image_name or f"{name}_image", image_input, output),
        "text": TowerNames(text_name or f"{name}_text", text_input, output),
    }
    with printing.progress(1 + 3 * (len(wanted) or len(TOWERS))) as begin:
        begin(f"loading {model}")
        image, text = load_towers(model, as_id=as_id, random_weights=random_weights)
        chosen = choose_towers(wanted, image, text)
        options = ExportOptions(
            precision, target, bound, read_pictures(pictures), read_gallery(db, image)
        )
        reports = [export_tower(tower, out, names[tower.kind], options, begin) for tower in chosen]
    printing.print_summary(reports)


@app.command()
def verify(
    package: Annotated[Path, typer.Argument(help="A .mlpackage, as it lies on disk.")],
    model: Annotated[
        str | None, typer.Option(help="The network to compare with; default: the recorded one.")
    ] = None,
    as_id: AsId = None,
    bound: Bound = None,
    pictures: Pictures = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Run a saved package operation by operation and compare it with its network."""
    from export.towers import choose_towers, load_towers
    from export.verify.package import recorded_model, verify_package
    from export.verify.program import read_package
    from export.verify.reference import read_gallery, read_pictures

    with printing.progress(2) as begin:
        begin("reading the package")
        found = read_package(package)
        recorded, random_weights = (model, False) if model else recorded_model(found)
        image, text = load_towers(recorded, as_id=as_id, random_weights=random_weights)
        (tower,) = choose_towers([found.tower], image, text)
        begin("running it, operation by operation")
        report = verify_package(
            package,
            tower,
            pictures=read_pictures(pictures),
            gallery=read_gallery(db, image),
            bound=bound,
        )
    printing.print_report(report, as_json)
    if not report.passed:
        raise typer.Exit(1)


@app.command()
def report(
    packages: Annotated[list[Path], typer.Argument(help="Core ML packages.")],
    as_json: AsJson = False,
) -> None:
    """Speed and size on paper: work, parameters, bytes, and an estimate for an iPhone."""
    from export.verify.estimate import estimate
    from export.verify.program import read_package

    printing.print_estimates([(path, estimate(read_package(path))) for path in packages], as_json)


@app.command()
def bundle(
    db: Annotated[str, typer.Option(metavar="DIR", help="The shop's data.")],
    model: Annotated[str, typer.Option(metavar="ID", help="The encoder.", callback=float_original)],
    out: Annotated[Path, typer.Option(help=f"Where to write; ends in {SUFFIX}.")],
    precision: PrecisionOption = Precision.FP16,
    target: TargetOption = Target.IOS16,
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
    from export.bundle.gather import BundleRequest, gather
    from export.bundle.reader import read_bundle
    from export.bundle.writer import write_bundle

    if out.suffix != SUFFIX:
        raise ConfigError(f"{out} should end in {SUFFIX}.", next_step=f"Write --out Shop{SUFFIX}.")
    request = BundleRequest(
        db=db,
        model=model,
        export=ExportOptions(precision, target, bound),
        thumbnail_side=thumbnails,
        goldens=goldens,
        packages=packages,
        text=text,
        compact=compact,
    )
    with (
        tempfile.TemporaryDirectory(prefix="kioskbundle-") as work,
        printing.progress(10) as begin,
    ):
        contents = gather(request, Path(work), begin)
        begin("writing the bundle")
        write_bundle(out, contents)
        begin("reading it back")
        written = read_bundle(out)
    printing.print_bundle(written)
    typer.echo(
        "Next: add the folder to your Xcode project as a folder reference and open it with "
        "KioskSearch; export/ios/README.md shows how."
    )


@app.command()
def inspect(
    path: Annotated[Path, typer.Argument(help=f"A {SUFFIX}, or a .mlpackage.")],
    as_json: AsJson = False,
) -> None:
    """Read a bundle or a package back, check every byte, and say what it holds."""
    if path.suffix == ".mlpackage":
        from export.verify.program import read_package

        printing.print_package(read_package(path), as_json)
        return
    from export.bundle.reader import read_bundle

    found = read_bundle(path)
    printing.print_bundle(found, as_json)
    if found.disagreements():
        raise typer.Exit(1)


@app.command()
def onnx(
    model: Model,
    out: Annotated[Path, typer.Option(help="Folder for the files.")],
    half: Half = False,
    as_id: AsId = None,
    random_weights: RandomWeights = False,
) -> None:
    """Make ONNX files for Android and others: raw pixels or token ids in, unit vectors out."""
    from export.to_onnx.raw_file import export_file
    from export.towers import choose_towers, load_towers

    with printing.progress(3) as begin:
        begin(f"loading {model}")
        image, text = load_towers(model, as_id=as_id, random_weights=random_weights)
        name = stem(as_id or Path(model).stem)
        files = []
        for tower in choose_towers((), image, text):
            begin(f"{tower.kind} tower")
            files.append(export_file(tower, out, f"{name}_{tower.kind}", half_weights=half))
        if text is not None:
            (out / "tokenizer.json").write_text(text.tokenizer, encoding="utf-8")
    for file in files:
        typer.echo(
            f"{file.path}: {file.bytes / 1e6:.1f} MB, opset {file.opset}, cosine at least "
            f"{file.comparison.cosine_min:.6f} over {file.comparison.samples} samples"
        )


@app.command("efficientnet-lite0")
def efficientnet_lite0(root: Root = models_dir()) -> None:  # noqa: B008 - typer's way
    """Make the shipped float encoder again, from what it learned; see also export/train."""
    from export.to_onnx.model_folder import convert

    parity = convert("efficientnet_lite0", root, half_weights=True).card.parity
    typer.echo(f"parity {parity.cosine_min} on {parity.images} images")


@app.command("convert")
def convert_checkpoint(
    model: Annotated[str, typer.Argument(help="Checkpoint, or the id of a known model.")],
    as_id: Annotated[str, typer.Option("--as", help="Which model the checkpoint is.")] = "",
    root: Root = models_dir(),  # noqa: B008 - typer's way
    half: Half = False,
    tokenizer: Annotated[
        Path | None, typer.Option(help="tokenizer.json, where it is not beside the checkpoint.")
    ] = None,
    lines: Annotated[bool, typer.Option("--json", help="Report as JSON lines.")] = False,
) -> None:
    """Convert a checkpoint to a model folder and compare it with PyTorch."""
    from export.to_onnx.model_folder import convert

    def report(**entry: str) -> None:
        typer.echo(json.dumps(entry) if lines else " ".join(entry.values()))

    try:
        folder = convert(
            model,
            root,
            as_id=as_id or None,
            half_weights=half,
            tokenizer=tokenizer,
            on_step=lambda step: report(step=step),
        )
    except KnownError as error:
        if not lines:
            raise
        report(error=error.message, next_step=error.next_step)
        raise typer.Exit(1) from error
    report(folder=str(folder.path))


def _kinds(text: str) -> tuple[str, ...]:
    """The kinds of tower named; none of them means all that there are."""
    wanted = tuple(name.strip() for name in text.split(",") if name.strip())
    if any(name not in TOWERS for name in wanted):
        raise ConfigError(
            f"--towers is {text!r}; it takes image, text, or both.",
            next_step="Write --towers image,text.",
        )
    return wanted
