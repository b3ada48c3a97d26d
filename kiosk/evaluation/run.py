"""Recognise photos with known answers."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from kiosk.domain import Evidence, Image, Recognition, Vectors
from kiosk.errors import CatalogError
from kiosk.evaluation.report import EvaluationReport, Outcome
from kiosk.pictures import read_picture
from kiosk.progress import Progress, no_progress

Encode = Callable[[Image], Vectors]


class Recogniser(Protocol):
    """What is evaluated, such as a `Shop` or a `SearchEngine`."""

    def recognise(self, queries: Vectors) -> Recognition:
        """Answer for one picture's vector (1, d)."""
        ...


class CloserLook(Protocol):
    """A recogniser that can compare details where it is not sure, such as a `Shop`."""

    def needs_evidence(self, recognition: Recognition) -> bool: ...

    def gather_evidence(self, image: Image, vectors: Vectors) -> Mapping[str, Evidence]: ...

    def recognise_with(
        self, vectors: Vectors, weights: None, evidence: Mapping[str, Evidence]
    ) -> Recognition: ...


def evaluate(
    engine: Recogniser,
    encode: Encode,
    queries: Path,
    unknown: Path | None = None,
    *,
    metric: str,
    model: str,
    stocked: Iterable[str] | None = None,
    closer: CloserLook | None = None,
    on_progress: Progress = no_progress,
) -> EvaluationReport:
    """Recognise every photo of `queries` (columns path,sku) and `unknown` (column path).

    `encode` turns a picture into its vector (1, d). Given `stocked`, queries of other SKUs
    count as products that are not stocked. `closer` takes second looks as the kiosk does.
    Paths are relative to their CSV.

    Raises:
        CatalogError: a CSV cannot be read, lacks a column or holds no photo.
        PictureError: a photo cannot be read.
    """
    known = None if stocked is None else set(stocked)
    photos: list[tuple[Path, str | None]] = [
        (path, sku if known is None or sku in known else None)
        for path, sku in read_queries(queries, ("path", "sku"))
    ]
    if unknown is not None:
        photos += [(path, None) for path, _ in read_queries(unknown, ("path",))]
    outcomes, spent = [], 0.0
    for number, (path, sku) in enumerate(photos, 1):
        picture = read_picture(path)
        begin = time.perf_counter()
        vector = encode(picture)
        recognition = engine.recognise(vector)
        if closer is not None and closer.needs_evidence(recognition):
            evidence = closer.gather_evidence(picture, vector)
            recognition = closer.recognise_with(vector, None, evidence)
        spent += time.perf_counter() - begin
        outcomes.append(Outcome(path, sku, recognition))
        on_progress(number, len(photos))
    return EvaluationReport(tuple(outcomes), 1000 * spent / len(photos), model, metric)


def read_queries(file: Path, columns: tuple[str, ...]) -> list[tuple[Path, str]]:
    """Read paths and SKUs ("" without that column); rows without a path are skipped.

    Raises:
        CatalogError: the file cannot be read, lacks a column or holds no photo.
    """
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:
            rows = list(_rows(file, csv.DictReader(stream), columns))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CatalogError(
            f"{file} cannot be read as a CSV: {error}.",
            next_step="Save it as UTF-8 with a header line.",
        ) from error
    if not rows:
        raise CatalogError(f"{file} names no photo.", next_step="Add rows with a path.")
    return rows


def _rows(
    file: Path, reader: csv.DictReader[str], columns: tuple[str, ...]
) -> Iterator[tuple[Path, str]]:
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise CatalogError(
            f"{file} has no column {missing[0]!r}; it has {', '.join(reader.fieldnames or ())}.",
            next_step=f"The header line should be {','.join(columns)}.",
        )
    for row in reader:
        if row["path"]:
            yield file.parent / row["path"], row.get("sku") or ""
