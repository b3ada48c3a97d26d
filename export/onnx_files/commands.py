"""`python -m export onnx`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("onnx")(onnx)


def onnx(
    model: Annotated[str, typer.Argument(help="A model's id, or a checkpoint file.")],
    out: Annotated[Path, typer.Option(help="Folder for the files.")],
    half: Annotated[bool, typer.Option(help="Store weights in 16 bits.")] = False,
    as_id: Annotated[
        str | None, typer.Option("--as", metavar="ID", help="Which model a checkpoint file is.")
    ] = None,
    random_weights: Annotated[
        bool, typer.Option(help="The architecture alone, to try the export without a download.")
    ] = False,
) -> None:
    """Make ONNX files for Android and others: raw pixels or token ids in, unit vectors out."""
    from export.coreml.names import stem
    from export.coreml.screen import steps
    from export.coreml.sources import load_towers
    from export.onnx_files.job import export_file

    with steps(3) as bar:
        bar.begin(f"loading {model}")
        source = Path(model) if Path(model).exists() else model
        image, text = load_towers(source, as_id=as_id, random_weights=random_weights)
        name = stem(as_id or Path(model).stem)
        bar.begin("image tower")
        files = [export_file(image, out, f"{name}_image", half_weights=half)]
        if text is not None:
            bar.begin("text tower")
            files.append(export_file(text, out, f"{name}_text", half_weights=half))
            (out / "tokenizer.json").write_text(text.tokenizer, encoding="utf-8")
    for file in files:
        typer.echo(
            f"{file.path}: {file.bytes / 1e6:.1f} MB, opset {file.opset}, cosine at least "
            f"{file.comparison.cosine_min:.6f} over {file.comparison.samples} samples"
        )
