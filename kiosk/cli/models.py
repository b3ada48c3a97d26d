"""`kiosk models`: list, fetch, add, choose and remove encoders."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from kiosk.cli import options
from kiosk.cli.output import err, out, print_result, progress, table

if TYPE_CHECKING:
    from kiosk.vision.models import KnownModel, Measured, ModelFolder

ALLOWED = {"yes": "[green]yes[/]", "no": "[red]no[/]", "ask": "[yellow]ask[/]"}
IN_WORDS = {
    "yes": "any shop may use it",
    "no": "for research only: a shop may not use it",
    "ask": "it is unclear whether a shop may use it: ask its authors",
}
LIST_NOTE = (
    "Words: it reads words too. For shops: whether a shop may use its weights.\n"
    "`kiosk models pull ID` gets one, `kiosk models info ID` tells more."
)
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="As `kiosk models list` names it.",
        autocompletion=options.complete_model,
    ),
]
Half = Annotated[bool, typer.Option("--half", help="Store the weights in 16 bits.")]

app = typer.Typer(help="The encoders: list, pull, add, use, remove, info.", no_args_is_help=True)


@app.command("list")
def list_(as_json: options.Json = False) -> None:
    """List the models that the kiosk knows, and those on this machine."""
    from kiosk.vision.models import known_models

    facts = [_facts(row) for row in known_models()]
    shown = table(
        facts,
        {
            "ID": lambda row: row["id"],
            "Here": lambda row: "✓" if row["installed"] else "",
            "Words": lambda row: "yes" if row["text"] else "",
            "For shops": lambda row: _allowed(row["shops_may_use"]),
            "Parameters": lambda row: f"{row['parameters'] / 1e6:.1f} M",
            "Picture": lambda row: f"{row['input']} px",
            "Vector": lambda row: str(row["dimension"]),
        },
        right=("Parameters", "Picture", "Vector"),
    )
    print_result(facts, lambda: [shown, LIST_NOTE], as_json=as_json)


@app.command("info")
def info(model_id: Id, as_json: options.Json = False) -> None:
    """Tell everything about one model."""
    from kiosk.vision.models import model_info

    row = model_info(model_id)
    print_result(_facts(row), lambda: [_described(row)], as_json=as_json)


@app.command("pull")
def pull(
    model_id: Id,
    accept: Annotated[
        bool, typer.Option("--accept-licence", help="Agree to a licence that is not for shops.")
    ] = False,
    half: Half = False,
) -> None:
    """Download a model, convert it, and compare it with its original."""
    from kiosk.vision.models import ConsentNeededError, pull_model

    try:
        with _steps(f"Pulling {model_id}") as on_step:
            folder = pull_model(model_id, consent=accept, half_weights=half, on_step=on_step)
    except ConsentNeededError as needed:
        if not sys.stdin.isatty():
            raise
        err.print(needed.message, markup=False)
        if not typer.confirm("Do you agree to this licence?", err=True):
            raise typer.Exit(1) from None
        with _steps(f"Pulling {model_id}") as on_step:
            folder = pull_model(model_id, consent=True, half_weights=half, on_step=on_step)
    _print_ready(folder)


@app.command("add")
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A checkpoint or an ONNX file.")],
    as_id: Annotated[
        str | None, typer.Option("--as", metavar="ID", help="Which model it is.")
    ] = None,
    tokenizer: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="tokenizer.json, where it is not beside FILE (SigLIP2)."),
    ] = None,
    half: Half = False,
) -> None:
    """Make a model folder of a checkpoint in its authors' format, or of an ONNX file."""
    from kiosk.vision.models import add_model

    with _steps(f"Adding {file.name}") as on_step:
        folder = add_model(
            file, as_id=as_id, half_weights=half, tokenizer=tokenizer, on_step=on_step
        )
    _print_ready(folder)


@app.command("use")
def use(model_id: Id, db: options.Db = None) -> None:
    """Encode the catalogue with this model, then make it the one that serves.

    Killed in the middle, the next call goes on where it ended; the old model serves meanwhile.
    """
    from kiosk.settings import save_settings
    from kiosk.vision.models import usable_model

    usable_model(model_id)
    with options.open_shop(db=db) as shop:
        with progress(f"Encoding with {model_id}") as on_progress:
            shop.switch_model(model_id, on_progress=on_progress)
        unreadable = shop.unreadable_photos
        photos = shop.index.photos
    save_settings(shop.settings.data_dir, {"model": model_id})
    for name, reason in unreadable.items():
        err.print(f"{name[:12]}…: {reason}", markup=False)
    out.print(f"{model_id} serves, with {photos} photos.")


@app.command("recommend")
def recommend(
    budget_ms: Annotated[float, typer.Option(min=1, help="Time for one picture.")] = 150.0,
    research: Annotated[
        bool, typer.Option("--research", help="Models too that shops may not use.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Measure the installed models on this machine and say which one suits a shop."""
    from kiosk.vision.models import recommend_model

    with progress("Measuring") as on_progress:
        answer = recommend_model(
            budget_ms=budget_ms,
            research=research,
            on_step=lambda name: on_progress(0, 1, f"Measuring {name}"),
        )
    columns: dict[str, Callable[[Measured], str | Text]] = {
        "": lambda row: "→" if row is answer.best else "",
        "ID": lambda row: row.folder.card.id,
        "Fastest with": lambda row: row.runtime,
        "A picture": lambda row: f"{row.milliseconds:.1f} ms",
        "Words": lambda row: "yes" if row.folder.card.text else "",
        "For shops": lambda row: _allowed(row.folder.card.licence.commercial_use),
    }
    facts = {
        "best": answer.best.folder.card.id if answer.best else None,
        "measured": [
            {"id": row.folder.card.id, "runtime": row.runtime, "milliseconds": row.milliseconds}
            for row in answer.measured
        ],
        "reasons": list(answer.reasons),
        "changes": list(answer.changes),
    }
    shown = table(answer.measured, columns, right=("A picture",))
    said = (*answer.reasons, *answer.changes, _advice(answer.best))
    print_result(facts, lambda: [shown, *said], as_json=as_json)


def _advice(best: Measured | None) -> str:
    if best is None:
        return (
            "None of them suits. `kiosk models list` shows others; `--budget-ms` allows more time."
        )
    return (
        f"`kiosk models use {best.folder.card.id}` lets it serve. Then `kiosk eval` says how often "
        "it is right on photos of your own."
    )


@app.command("quantize")
def quantize(
    model_id: Id,
    bound: Annotated[float, typer.Option(min=0, max=1, help="How much recall may be lost.")] = 0.01,
    db: options.Db = None,
) -> None:
    """Make an int8 twin, calibrated on the catalogue; kept only if recall stays."""
    from kiosk.shop import quantise_for
    from kiosk.vision.models import usable_model

    usable_model(model_id)
    with (
        options.open_shop(db=db) as shop,
        progress(f"Quantising {model_id}") as on_progress,
    ):
        result = quantise_for(
            shop, model_id, bound=bound, on_step=lambda step: on_progress(0, 1, step)
        )
    out.print(
        f"Right on the catalogue: {result.recall_before:.1%} before, {result.recall_after:.1%} "
        f"after; the vectors agree to a cosine of {result.cosine_min:.4f} or more."
    )
    if result.folder is None:
        out.print(f"That loses more than {bound:g}; the twin was not kept.")
        raise typer.Exit(1)
    _print_ready(result.folder)


@app.command("remove")
def remove(model_id: Id, db: options.Db = None) -> None:
    """Delete a model's folder; the shop's photos stay."""
    from kiosk.settings import load_settings
    from kiosk.vision.models import remove_model

    remove_model(model_id, in_use=load_settings(db=db).model)
    out.print(f"{model_id} is removed.")


def _facts(row: KnownModel) -> dict[str, Any]:
    card, entry = (row.folder.card if row.folder else None), row.entry
    source = entry or card
    assert source is not None, "a row is known, installed, or both"
    size = card.input.width if card else (entry.input if entry else 0)
    return {
        "id": row.model_id,
        "title": source.title,
        "family": source.family,
        "installed": card is not None,
        "parameters": source.parameters,
        "input": size,
        "dimension": card.dimension if card else source.dimension,
        "text": card.text is not None if card else bool(source.text),
        "shops_may_use": source.licence.commercial_use,
        "licence": source.licence.name,
        "licence_url": source.licence.url,
        "folder": str(row.folder.path) if row.folder else "",
    }


def _allowed(use: str) -> Text:
    return Text.from_markup(ALLOWED[use])


def _described(row: KnownModel) -> Table:
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    shown.add_column(style="dim", no_wrap=True)
    shown.add_column(overflow="fold")
    for name, value in _description(row).items():
        shown.add_row(name, value)
    return shown


def _description(row: KnownModel) -> dict[str, str]:
    """What `kiosk models info` shows, by the name of each line."""
    facts = _facts(row)
    lines = {
        "Model": f"{facts['title']} ({facts['id']})",
        "Licence": f"{facts['licence']}: {IN_WORDS[facts['shops_may_use']]}",
        "": facts["licence_url"],
        "Picture": f"{facts['input']} x {facts['input']} pixels",
        "Vector": f"{facts['dimension']} numbers",
        "Reads words": "yes" if facts["text"] else "no; products are found by their names",
        "Parameters": f"{facts['parameters'] / 1e6:.1f} million",
    }
    if row.folder is None:
        return lines | {"Here": f"no; `kiosk models pull {row.model_id}` gets it"}
    size = sum(file.stat().st_size for file in row.folder.path.iterdir())
    card = row.folder.card
    return lines | {
        "Here": f"{row.folder.path} ({size / 1e6:.1f} MB, {card.precision})",
        "Made from": f"{card.source.name}, {card.source.version}",
        "Checked": _parity(row.folder),
    }


def _parity(folder: ModelFolder) -> str:
    parity = folder.card.parity
    if not parity.images:
        return "there was nothing to compare it with"
    return f"cosine {parity.cosine_min:.6f} or more to its original, on {parity.images} pictures"


@contextlib.contextmanager
def _steps(title: str) -> Iterator[Callable[[str, float], None]]:
    """A bar that names the step; yields a callback `(step, share 0..1)`."""
    with progress(title) as on_progress:
        yield lambda step, share: on_progress(round(share * 100), 100, f"{title}: {step}")


def _print_ready(folder: ModelFolder) -> None:
    from kiosk.vision.models import registered_models

    card = folder.card
    out.print(f"{card.title} is in {folder.path}: {_parity(folder)}.", markup=False)
    if card.licence.commercial_use != "yes":
        out.print(f"{card.licence.name}: {IN_WORDS[card.licence.commercial_use]}.", markup=False)
    known = registered_models().get(card.id)
    if card.text is None and known is not None and known.text:
        out.print(
            "It reads no words: there was no tokenizer.json beside it. "
            "Add it again with `--tokenizer FILE`.",
            markup=False,
        )
    out.print(f"`kiosk models use {card.id}` lets it serve.", markup=False)
