"""Fit metric and confidence to a gallery, and save them."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.files import storage_errors, write_durably
from kiosk.recognition.confidence import PRIORS, ConfidenceParameters, Weights, fit_confidence
from kiosk.recognition.holdout import Holdout, Rows, hold_out_cosine, hold_out_tuned, sample_rows
from kiosk.recognition.index import Index
from kiosk.recognition.metric import (
    NEAREST_WEIGHT,
    SHRINKAGE,
    MetricParameters,
    fit_metric,
    product_means,
    scatter,
)
from kiosk.recognition.results import MetricName

FORMAT = 1
RECIPE = repr((PRIORS, SHRINKAGE, NEAREST_WEIGHT))
# What `zipfile` and `numpy` raise on damaged files, beside what they mean to.
_DAMAGED = (
    *(zipfile.BadZipFile, EOFError, RuntimeError, struct.error, zlib.error),
    *(LookupError, ValueError, TypeError, OverflowError, OSError),
)
RECIPE_ID = hashlib.sha256(f"{FORMAT} {RECIPE}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Metric and confidence; `cohesion` by SKU, so that it outlives changes of the gallery."""

    metric: MetricParameters | None
    confidence: ConfidenceParameters
    cohesion: Mapping[str, float] = field(default_factory=dict)

    @property
    def name(self) -> MetricName:
        """The metric's name."""
        return "cosine" if self.metric is None else "tuned"

    def confidence_for(self, index: Index) -> ConfidenceParameters:
        """Return the parameters in the order of the index; new products get mean cohesion."""
        cohesion = np.array([self.cohesion.get(sku, 0.0) for sku in index.skus], np.float64)
        return replace(self.confidence, cohesion=cohesion)


UNFITTED = Fit(None, fit_confidence("cosine", 0, np.zeros(0, np.intp), None))


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A fit with leave-one-out under its metric, and under both that were compared."""

    fit: Fit
    holdout: Holdout
    cosine: Holdout
    tuned: Holdout | None


def fit_gallery(index: Index, *, tuned: bool, rows: Rows | None = None) -> Trial:
    """Fit metric and confidence; photos `rows` are left out in turn, by default a sample.

    The tuned metric is taken if, with each photo left out, no fewer photos are recognised
    than with the plain cosine, and the cross-entropy is lower.
    """
    rows = sample_rows(index) if rows is None else rows
    cosine = hold_out_cosine(index, rows)
    trial = hold_out_tuned(index, rows) if tuned else None
    metric, holdout = None, cosine
    if trial is not None and trial.top1 >= cosine.top1 and trial.loss() < cosine.loss():
        means = product_means(index)
        metric, holdout = fit_metric(scatter(index, means), means), trial
    kind = "cosine" if metric is None else "tuned"
    confidence = fit_confidence(kind, len(index.skus), index.owner[rows], holdout)
    cohesion = dict(zip(index.skus, confidence.cohesion.tolist(), strict=True))
    return Trial(Fit(metric, confidence, cohesion), holdout, cosine, trial)


def fingerprint(index: Index) -> str:
    """Return a digest of SKUs, photos and vectors, not of prices."""
    digest = hashlib.sha256(json.dumps([index.skus, index.photos]).encode())
    digest.update(index.owner.astype(np.int64).tobytes())
    digest.update(index.vectors.tobytes())
    return digest.hexdigest()


def save_fit(path: Path, fit: Fit, gallery: str) -> None:
    """Write a fit atomically; `gallery` is the fingerprint of what it was fitted to.

    Raises:
        StorageError: the file cannot be written.
    """
    with storage_errors(f"The tuned metric could not be saved to {path}"):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, dump_fit(fit, gallery))


def load_fit(path: Path, gallery: str) -> Fit | None:
    """Read a fit; None if the file is missing, damaged, of another gallery or recipe."""
    try:
        return parse_fit(path.read_bytes(), gallery)
    except OSError:
        return None


def dump_fit(fit: Fit, gallery: str = "") -> bytes:
    """Return what `parse_fit` reads."""
    confidence = asdict(replace(fit.confidence, cohesion=np.zeros(0)))
    del confidence["cohesion"]
    head = {"format": FORMAT, "recipe": RECIPE, "gallery": gallery, "confidence": confidence}
    arrays: dict[str, NDArray[Any]] = {
        "head": np.frombuffer(json.dumps(head).encode(), np.uint8),
        "skus": np.frombuffer(json.dumps(list(fit.cohesion)).encode(), np.uint8),
        "cohesion": np.array(list(fit.cohesion.values()), np.float64),
    }
    if fit.metric is not None:
        arrays |= {"mean": fit.metric.mean, "projection": fit.metric.projection}
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def parse_fit(data: bytes, gallery: str = "") -> Fit | None:
    """Read what `dump_fit` made; None if it is damaged, of another gallery or recipe."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            head = json.loads(arrays["head"].tobytes())
            made_by = head["format"], head["recipe"], head["gallery"]
            if made_by != (FORMAT, RECIPE, gallery):
                return None
            parts = head["confidence"]
            parts.pop("shift_known", None)  # always 0 in files of earlier versions
            right, known = (Weights(**parts.pop(name)) for name in ("right", "known"))
            confidence = ConfidenceParameters(
                cohesion=np.zeros(0), right=right, known=known, **parts
            )
            skus = json.loads(arrays["skus"].tobytes())
            cohesion = dict(zip(skus, arrays["cohesion"].tolist(), strict=True))
            metric = None
            if "projection" in arrays:
                metric = MetricParameters(arrays["mean"], arrays["projection"])
            return Fit(metric, confidence, cohesion)
    except _DAMAGED:
        return None
