"""Writes a `.kioskbundle`."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow

from export.bundle import format as f
from export.bundle.files import split, write_array, write_folder, write_json
from export.bundle.gather import COSINE_MIN, Contents, PackagedTower, Proofs
from kiosk import __version__
from kiosk.domain import Gallery, Product, Recognition, Vectors
from kiosk.errors import ConfigError
from kiosk.money import format_price
from kiosk.recognition import (
    IDENTICAL,
    LEAST_KNOWN,
    LEAST_RIGHT,
    NEAREST_WEIGHT,
    RISK_PER_BUDGET,
    SHARPNESS,
    UNKNOWN_COST,
    Index,
    MetricParameters,
    group_rows,
)

SIMILARITY_TOLERANCE = 5e-3  # chosen: half-precision vectors and a phone's own arithmetic


def write_bundle(target: Path, contents: Contents) -> None:
    """Write `contents` to the folder `target`, replacing a bundle that is there.

    Raises:
        ConfigError: `target` is something else than a bundle.
        StorageError: it cannot be written; nothing is left behind then.
    """
    if target.exists() and not (target / f.MANIFEST).is_file():
        raise ConfigError(
            f"{target} is there already, and it is no bundle.",
            next_step=f"Choose another name that ends in {f.SUFFIX}.",
        )

    def fill(folder: Path) -> dict[str, Any]:
        index = ordered(contents.gallery)
        vectors = _write_vectors(folder, index.vectors, contents.compact)
        write_json(folder / f.PRODUCTS, _products(folder, contents, index))
        _write_goldens(folder, contents.proofs)
        return {
            "format": f.FORMAT,
            "version": f.VERSION,
            "created_by": f"shelflens {__version__}",
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "model": _model(folder, contents).model_dump(),
            "preprocessing": f.PreprocessingEntry.model_validate(
                contents.card.model_dump() | contents.card.input.model_dump()
            ).model_dump(),
            "vectors": vectors.model_dump(),
            "metric": _metric(folder, contents.metric).model_dump(),
            "confidence": _confidence(contents).model_dump(),
        }

    write_folder(target, fill)


def ordered(gallery: Gallery) -> Index:
    """Return the gallery as the search engine keeps it: by SKU, then by photo."""
    groups = group_rows(gallery.skus, gallery.photos, gallery.vectors, gallery.prices)
    return Index.of(groups.values())


def _write_vectors(folder: Path, vectors: Vectors, compact: bool) -> f.VectorsEntry:
    entry = write_array(folder / f.VECTORS, vectors, "float16")
    if compact:
        return f.VectorsEntry(**entry.model_dump())
    (folder / f.CORRECTIONS).write_bytes(split(vectors)[1].tobytes())
    return f.VectorsEntry(**entry.model_dump(), corrections=f.CORRECTIONS)


def answer(recognition: Recognition) -> f.AnswerEntry:
    """Describe what the kiosk answers, as the goldens hold it."""
    candidates = tuple(
        f.CandidateEntry(
            sku=candidate.sku,
            similarity=float(candidate.similarity),
            confidence=float(candidate.confidence),
        )
        for candidate in recognition.candidates
    )
    return f.AnswerEntry(decision=recognition.decision.value, candidates=candidates)


def _metric(folder: Path, metric: MetricParameters | None) -> f.MetricEntry:
    if metric is None:
        return f.MetricEntry(kind="cosine")
    return f.MetricEntry(
        kind="tuned",
        mean=write_array(folder / f.METRIC_MEAN, metric.mean[None], "float32"),
        projection=write_array(folder / f.METRIC_PROJECTION, metric.projection, "float32"),
        nearest_weight=NEAREST_WEIGHT,
        identical=IDENTICAL,
    )


def _confidence(contents: Contents) -> f.ConfidenceEntry:
    return f.ConfidenceEntry.model_validate(
        asdict(contents.confidence)
        | {
            "shift_known": 0.0,  # the format has it; nothing shifts `known`
            "sharpness": SHARPNESS,
            "error_budget": contents.error_budget,
            "risk_per_budget": RISK_PER_BUDGET,
            "unknown_cost": UNKNOWN_COST,
            "least_right": LEAST_RIGHT,
            "least_known": LEAST_KNOWN,
        }
    )


def _products(folder: Path, contents: Contents, index: Index) -> list[dict[str, Any]]:
    numbers = {sku: number for number, sku in enumerate(index.skus)}
    if contents.thumbnails:
        (folder / f.THUMBNAILS).mkdir()
    entries = []
    for place, product in enumerate(sorted(contents.products, key=lambda product: product.sku)):
        thumbnail = ""
        if product.sku in contents.thumbnails:
            thumbnail = f"{f.THUMBNAILS}/{place:06d}.jpg"  # a SKU may hold any character
            (folder / thumbnail).write_bytes(contents.thumbnails[product.sku])
        number = numbers.get(product.sku)
        rows, cohesion = slice(0, 0), 0.0
        if number is not None:
            rows, cohesion = index.rows_of(number), float(contents.confidence.cohesion[number])
        entries.append(_product(product, rows, cohesion, thumbnail).model_dump())
    return entries


def _product(product: Product, rows: slice, cohesion: float, thumbnail: str) -> f.ProductEntry:
    return f.ProductEntry(
        sku=product.sku,
        name=product.name,
        price_minor=product.price.minor,
        currency=product.price.currency,
        price=format_price(product.price),
        category=product.category,
        description=product.description,
        barcode=product.barcode,
        first=rows.start,
        count=rows.stop - rows.start,
        cohesion=cohesion,
        thumbnail=thumbnail,
    )


def _write_goldens(folder: Path, proofs: Proofs) -> None:
    (folder / f.GOLDEN_PICTURES).mkdir()
    rows: list[Vectors] = [rows for rows in (proofs.vectors, proofs.text_vectors) if len(rows)]
    matrix = np.concatenate(rows) if rows else np.zeros((0, 0), np.float32)
    goldens = f.Goldens(
        vectors=write_array(folder / f.GOLDEN_VECTORS, matrix, "float32"),
        cosine_min=COSINE_MIN,
        similarity_tolerance=SIMILARITY_TOLERANCE,
        pictures=tuple(_golden_pictures(folder, proofs)),
        texts=tuple(_golden_texts(proofs)),
    )
    write_json(folder / f.GOLDENS, goldens.model_dump())


def _golden_pictures(folder: Path, proofs: Proofs) -> list[f.GoldenPicture]:
    found = []
    for row, (picture, recognition) in enumerate(zip(proofs.pictures, proofs.answers, strict=True)):
        name = f"{f.GOLDEN_PICTURES}/{row:03d}.png"
        Pillow.fromarray(picture).save(folder / name, "PNG")
        found.append(f.GoldenPicture(picture=name, row=row, answer=answer(recognition)))
    return found


def _golden_texts(proofs: Proofs) -> list[f.GoldenText]:
    first = len(proofs.pictures)
    return [
        f.GoldenText(text=text, tokens=tuple(tokens.tolist()), row=first + number)
        for number, (text, tokens) in enumerate(zip(proofs.texts, proofs.tokens, strict=True))
    ]


def _model(folder: Path, contents: Contents) -> f.ModelEntry:
    card = contents.card
    return f.ModelEntry(
        id=card.id,
        title=card.title,
        fingerprint=contents.fingerprint,
        dimension=card.dimension,
        licence=card.licence.name,
        commercial_use=card.licence.commercial_use,
        image=_package(folder, contents.image),
        text=_text(folder, contents),
    )


def _package(folder: Path, tower: PackagedTower | None) -> f.TowerEntry | None:
    if tower is None:
        return None
    place = f"{f.MODELS}/{tower.path.name}"
    shutil.copytree(tower.path, folder / place)
    return f.TowerEntry(package=place, input=tower.input, output=tower.output)


def _text(folder: Path, contents: Contents) -> f.TextEntry | None:
    tower, text = _package(folder, contents.text), contents.card.text
    if tower is None or text is None:
        return None
    (folder / f.TOKENIZER).write_text(contents.tokenizer, encoding="utf-8")
    return f.TextEntry.model_validate(
        text.model_dump() | tower.model_dump() | {"tokenizer": f.TOKENIZER}
    )
