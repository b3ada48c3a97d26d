"""What a person sees of a bundle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from export.bundle.proofs import disagreements
from export.bundle.reader import Bundle
from export.verify.program import read_package


def print_bundle(bundle: Bundle) -> None:
    """What it holds, how large it is, and whether its goldens hold."""
    out = Console(highlight=False, soft_wrap=True)
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in _facts(bundle).items():
        table.add_row(name, escape(str(value)))
    out.print(f"[bold]{escape(bundle.path.name)}[/]: every file is what was written.")
    out.print(table)
    for sentence in disagreements(bundle):
        out.print(f"[bold red]wrong:[/] {escape(sentence)}")


def bundle_as_json(bundle: Bundle) -> str:
    values = _facts(bundle) | {"disagreements": disagreements(bundle)}
    return json.dumps(values, indent=2, ensure_ascii=False)


def proofs_hold(bundle: Bundle) -> bool:
    return not disagreements(bundle)


def print_package(path: Path, as_json: bool) -> None:
    """A Core ML package's own description."""
    package = read_package(path)
    values: dict[str, Any] = {
        "package": package.path.name,
        "tower": package.tower,
        "input": str(package.input),
        "output": package.output,
        **package.metadata,
    }
    if as_json:
        print(json.dumps(values, indent=2, ensure_ascii=False))
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in values.items():
        table.add_row(escape(name), escape(str(value)))
    Console(highlight=False, soft_wrap=True).print(table)


def _facts(bundle: Bundle) -> dict[str, Any]:
    model = bundle.model
    return {
        "size": f"{bundle.bytes / 1e6:.1f} MB",
        "format": f"{bundle.manifest['format']} {bundle.manifest['version']}",
        "written by": bundle.manifest.get("created_by", ""),
        "model": f"{model.title} ({model.id}), {model.dimension} numbers",
        "licence": f"{model.licence} (shops may use it: {model.commercial_use})",
        "image package": model.image.package if model.image else "none: the app brings its own",
        "text package": model.text.package if model.text else "none",
        "products": len(bundle.products),
        "photos": len(bundle.vectors),
        "thumbnails": sum(1 for product in bundle.products if product.thumbnail),
        "metric": bundle.similarity.metric.entry.kind,
        "golden pictures": len(bundle.goldens.pictures),
        "golden texts": len(bundle.goldens.texts),
    }
