"""Reads a `.kioskbundle`: the Python twin of `KioskSearch` in Swift.

It answers from the files alone, with its own arithmetic, so that it proves the format:
nothing of the search engine is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from export.bundle import format as f
from export.bundle.files import broken, check_files, join, read_array, read_manifest
from export.bundle.recogniser import Metric, Recogniser, Similarity
from kiosk.domain import Recognition, Vectors

CONFIDENCE_TOLERANCE = 0.02  # chosen: what SIMILARITY_TOLERANCE may change on a steep part

_PRODUCTS = TypeAdapter(tuple[f.ProductEntry, ...])
_FILES = TypeAdapter(dict[str, f.FileEntry])


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose every byte is what was written.

    `vectors` is float32 (photos, dimension); product k owns the rows `products[k].first`
    to `first + count`.
    """

    path: Path
    model: f.ModelEntry
    preprocessing: f.PreprocessingEntry
    products: tuple[f.ProductEntry, ...]
    vectors: Vectors
    similarity: Similarity
    recogniser: Recogniser
    goldens: f.Goldens
    golden_vectors: Vectors
    manifest: Mapping[str, Any]
    bytes: int

    def disagreements(self) -> list[str]:
        """Say for each golden that these files answer otherwise, how; nothing when all is well."""
        found = []
        for golden in self.goldens.pictures:
            answer = self.recogniser.recognise(self.golden_vectors[golden.row : golden.row + 1])
            problem = _problem(answer, golden.answer, self.goldens.similarity_tolerance)
            if problem:
                found.append(f"{golden.picture}: {problem}")
        return found


def read_bundle(path: Path) -> Bundle:
    """Read and check everything.

    Raises:
        BundleError: damaged, edited, incomplete, or of a version that is not read here.
    """
    manifest = read_manifest(path)
    if manifest.get("format") != f.FORMAT or manifest.get("version") != f.VERSION:
        raise broken(
            path,
            f"is a {manifest.get('format')} of version {manifest.get('version')}; "
            f"a {f.FORMAT} of version {f.VERSION} is read here",
        )
    try:
        files = _FILES.validate_python(manifest.get("files"))
        check_files(path, files)
        goldens = f.Goldens.model_validate_json((path / f.GOLDENS).read_bytes())
        products = _PRODUCTS.validate_json((path / f.PRODUCTS).read_bytes())
        vectors = _vectors(path, f.VectorsEntry.model_validate(manifest["vectors"]))
        _check_rows(path, products, vectors)
        metric = _metric(path, f.MetricEntry.model_validate(manifest["metric"]))
        similarity = Similarity.of(products, vectors, metric)
        confidence = f.ConfidenceEntry.model_validate(manifest["confidence"])
        bundle = Bundle(
            path=path,
            model=f.ModelEntry.model_validate(manifest["model"]),
            preprocessing=f.PreprocessingEntry.model_validate(manifest["preprocessing"]),
            products=products,
            vectors=vectors,
            similarity=similarity,
            recogniser=Recogniser(similarity, tuple(p for p in products if p.count), confidence),
            goldens=goldens,
            golden_vectors=read_array(path, goldens.vectors),
            manifest=manifest,
            bytes=sum(entry.bytes for entry in files.values()),
        )
    except (ValidationError, KeyError, OSError) as error:
        first = str(error).splitlines()[0]
        raise broken(path, f"does not hold what the format asks for ({first})") from error
    if len(vectors) and vectors.shape[1] != bundle.model.dimension:
        raise broken(path, "has vectors of another length than its model's")
    return bundle


def _vectors(path: Path, entry: f.VectorsEntry) -> Vectors:
    plain = read_array(path, entry)
    if not entry.corrections:
        return plain
    corrections = np.frombuffer((path / entry.corrections).read_bytes(), dtype=np.int8)
    if corrections.size != plain.size:
        raise broken(path, f"has {corrections.size} corrections of {plain.size} numbers")
    return join(plain.astype(np.float16), corrections.reshape(plain.shape))


def _metric(path: Path, entry: f.MetricEntry) -> Metric:
    if entry.mean is None or entry.projection is None:
        if entry.kind == "tuned":
            raise broken(path, "has a tuned metric without its numbers")
        return Metric(entry, None, None)
    return Metric(entry, read_array(path, entry.mean)[0], read_array(path, entry.projection))


def _check_rows(path: Path, products: Sequence[f.ProductEntry], vectors: Vectors) -> None:
    place = 0
    for product in products:
        if product.count and product.first != place:
            raise broken(path, f"gives {product.sku} vectors from {product.first}, not {place}")
        place += product.count
    if place != len(vectors):
        raise broken(path, f"has {len(vectors)} vectors, its products {place}")


def _problem(ours: Recognition, wanted: f.AnswerEntry, tolerance: float) -> str:
    """Say how the bundle's answer differs from the kiosk's; empty where it does not."""
    ranked = [candidate.sku for candidate in ours.candidates]
    expected = [candidate.sku for candidate in wanted.candidates]
    if ranked != expected:
        return f"the kiosk ranks {', '.join(expected)}, the bundle {', '.join(ranked)}"
    for got, want in zip(ours.candidates, wanted.candidates, strict=True):
        if abs(got.similarity - want.similarity) > tolerance:
            return f"{got.sku} has the similarity {got.similarity:.4f}, not {want.similarity:.4f}"
        if abs(got.confidence - want.confidence) > CONFIDENCE_TOLERANCE:
            return f"{got.sku} has the confidence {got.confidence:.3f}, not {want.confidence:.3f}"
    if ours.decision.value != wanted.decision:
        return f"the kiosk decides {wanted.decision}, the bundle {ours.decision.value}"
    return ""
