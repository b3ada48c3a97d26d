"""Writes a `.kioskbundle`."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow

from export.bundle import format as f
from export.bundle.contents import Contents, PackagedTower, Proofs
from export.bundle.folder import write_folder, write_json
from export.bundle.halves import split
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

COSINE_MIN = 0.999
SIMILARITY_TOLERANCE = 5e-3  # half-precision vectors and a phone's own arithmetic


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
            "preprocessing": _preprocessing(contents).model_dump(),
            "vectors": vectors.model_dump(),
            "metric": _metric(folder, contents.metric).model_dump(),
            "confidence": _confidence(contents).model_dump(),
        }

    write_folder(target, fill)


def ordered(gallery: Gallery) -> Index:
    """The gallery as the search engine keeps it: by SKU, then by photo."""
    groups = group_rows(gallery.skus, gallery.photos, gallery.vectors, gallery.prices)
    return Index.of(groups.values())


def _write_vectors(folder: Path, vectors: Vectors, compact: bool) -> f.VectorsEntry:
    entry = write_array(folder / f.VECTORS, vectors, "float16")
    if compact:
        return f.VectorsEntry(**entry.model_dump())
    (folder / f.CORRECTIONS).write_bytes(split(vectors)[1].tobytes())
    return f.VectorsEntry(**entry.model_dump(), corrections=f.CORRECTIONS)


def write_array(path: Path, array: Vectors, dtype: str) -> f.ArrayEntry:
    stored = np.ascontiguousarray(array, dtype=np.dtype(dtype).newbyteorder("<"))
    path.write_bytes(stored.tobytes())
    rows, columns = array.shape
    return f.ArrayEntry.model_validate(
        {"file": path.name, "dtype": dtype, "rows": rows, "columns": columns}
    )


def answer(recognition: Recognition) -> f.AnswerEntry:
    return f.AnswerEntry(
        decision=recognition.decision.value,
        candidates=tuple(
            f.CandidateEntry(
                sku=one.sku, similarity=float(one.similarity), confidence=float(one.confidence)
            )
            for one in recognition.candidates
        ),
    )


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
    found = contents.confidence
    return f.ConfidenceEntry(
        low=found.low,
        span=found.span,
        right=f.LogisticEntry(**asdict(found.right)),
        known=f.LogisticEntry(**asdict(found.known)),
        shift_right=found.shift_right,
        shift_known=found.shift_known,
        sharpness=SHARPNESS,
        error_budget=contents.error_budget,
        risk_per_budget=RISK_PER_BUDGET,
        unknown_cost=UNKNOWN_COST,
        least_right=LEAST_RIGHT,
        least_known=LEAST_KNOWN,
    )


def _products(folder: Path, contents: Contents, index: Index) -> list[dict[str, Any]]:
    numbers = {sku: number for number, sku in enumerate(index.skus)}
    if contents.thumbnails:
        (folder / f.THUMBNAILS).mkdir()
    return [
        _product(folder, product, numbers.get(product.sku), index, number, contents)
        for number, product in enumerate(sorted(contents.products, key=lambda one: one.sku))
    ]


def _product(
    folder: Path,
    product: Product,
    shown: int | None,
    index: Index,
    number: int,
    contents: Contents,
) -> dict[str, Any]:
    """`shown` is the product's number in the index, None where it has no photos."""
    rows = slice(0, 0) if shown is None else index.rows_of(shown)
    thumbnail = ""
    if product.sku in contents.thumbnails:
        thumbnail = f"{f.THUMBNAILS}/{number:06d}.jpg"  # a SKU may hold any character
        (folder / thumbnail).write_bytes(contents.thumbnails[product.sku])
    entry = f.ProductEntry(
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
        cohesion=0.0 if shown is None else float(contents.confidence.cohesion[shown]),
        thumbnail=thumbnail,
    )
    return entry.model_dump()


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
    for row, (picture, said) in enumerate(zip(proofs.pictures, proofs.answers, strict=True)):
        name = f"{f.GOLDEN_PICTURES}/{row:03d}.png"
        stream = io.BytesIO()
        Pillow.fromarray(picture).save(stream, "PNG")
        (folder / name).write_bytes(stream.getvalue())
        found.append(f.GoldenPicture(picture=name, row=row, answer=answer(said)))
    return found


def _golden_texts(proofs: Proofs) -> list[f.GoldenText]:
    first = len(proofs.pictures)
    return [
        f.GoldenText(text=text, tokens=tuple(int(one) for one in tokens), row=first + number)
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
    return f.TextEntry(
        **tower.model_dump(),
        tokenizer=f.TOKENIZER,
        context_length=text.context_length,
        pad_id=text.pad_id,
        clean=text.clean,
    )


def _preprocessing(contents: Contents) -> f.PreprocessingEntry:
    card = contents.card
    return f.PreprocessingEntry(
        width=card.input.width,
        height=card.input.height,
        resize=card.resize,
        crop=card.crop,
        interpolation=card.interpolation,
        mean=card.mean,
        std=card.std,
        colour=card.colour,
    )


def sample_rows(total: int, wanted: int) -> Sequence[int]:
    """`wanted` rows spread over `total`."""
    return sorted({round(step * (total - 1) / max(wanted - 1, 1)) for step in range(wanted)})
