"""The verdict on one saved package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from export.load.model import RANDOM_VERSION
from export.parity import NORM_TOLERANCE, Comparison, compare
from export.to_coreml.description import PREFIX
from export.to_coreml.options import COSINE_MIN, Precision
from export.towers import ImageTower, Tower
from export.verify import reference
from export.verify.execution import TorchExecution, core_ml_executions
from export.verify.integrity import integrity_checks
from export.verify.program import Package, read_package
from export.verify.report import Agreement, Check, ReferenceGallery, Report
from kiosk.domain import Gallery, Image, Vectors
from kiosk.errors import ModelError

SAME_PRODUCT = 0.99  # of a catalogue's pictures; chosen: near ties may change places


def verify_package(
    path: Path,
    tower: Tower,
    *,
    pictures: Sequence[Image] = (),
    gallery: ReferenceGallery | None = None,
    bound: float | None = None,
) -> Report:
    """Read `path` from disk, run it, and compare it with the network of `tower`.

    `pictures` may have any size; without any, drawn ones are used. `bound` is the smallest
    cosine allowed; by default the precision's own.

    Raises:
        ModelError: the package cannot be read, or uses an operation that is not known.
    """
    package = read_package(path)
    wanted = _recorded_cosine_min(package) if bound is None else bound
    checks = integrity_checks(package, tower)
    execution = TorchExecution(package)
    samples, theirs = reference.samples_of(tower, pictures)
    comparison = compare(execution.embed(samples), theirs)
    checks += _verdicts(comparison, wanted)
    for other in core_ml_executions(package):
        checks.append(_cosine_check(other.name, compare(other.embed(samples), theirs), wanted))
    agreement = None
    if gallery is not None and isinstance(tower, ImageTower):
        agreement = top1_agreement(
            execution.embed(gallery.pictures),
            reference.embed_pictures(tower, gallery.pictures),
            gallery.gallery,
            gallery.rows,
        )
        checks.append(_agreement_check(agreement, wanted))
    return Report(
        package=path,
        tower=package.tower,
        bytes=package.bytes,
        checks=tuple(checks),
        comparison=comparison,
        agreement=agreement,
        operations=execution.program.operations,
        executed_by=execution.name,
    )


def recorded_model(package: Package) -> tuple[str, bool]:
    """Return the id of the network that a package names, and whether its weights were random.

    Raises:
        ModelError: the package names none.
    """
    model = package.metadata.get(PREFIX + "model")
    if model is None:
        raise ModelError(
            f"{package.path.name} does not say which network it was made from.",
            next_step="Say it with --model ID.",
        )
    return model, package.metadata.get(PREFIX + "source_version") == RANDOM_VERSION


def top1_agreement(
    ours: Vectors, theirs: Vectors, gallery: Gallery, own_rows: Sequence[int]
) -> Agreement:
    """Count how often both vectors of a query have the same product as nearest.

    Query k is not compared with the gallery's row `own_rows[k]` (-1: it is not part of it).
    """
    same = 0
    for our, their, own in zip(ours, theirs, own_rows, strict=True):
        same += _nearest(our, gallery, own) == _nearest(their, gallery, own)
    return Agreement(len(ours), same)


def _nearest(vector: Vectors, gallery: Gallery, own: int) -> str:
    scores = gallery.vectors @ vector
    if own >= 0:
        scores[own] = -np.inf
    return gallery.skus[int(np.argmax(scores))]


def _recorded_cosine_min(package: Package) -> float | None:
    try:
        return COSINE_MIN[Precision(package.metadata.get(PREFIX + "precision", ""))]
    except ValueError:
        return COSINE_MIN[Precision.FP16]  # the strictest; the metadata check has failed already


def _verdicts(found: Comparison, bound: float | None) -> list[Check]:
    return [
        _cosine_check("cosine to the network", found, bound),
        Check(
            "unit length",
            found.norm_error <= NORM_TOLERANCE,
            f"lengths differ from 1 by at most {found.norm_error:.1e}",
        ),
        Check(
            "tells samples apart",
            None,  # an untrained network hardly does
            f"{found.own_nearest} of {found.samples} vectors are nearest to their own sample",
        ),
    ]


def _cosine_check(name: str, found: Comparison, bound: float | None) -> Check:
    detail = (
        f"at least {found.cosine_min:.6f} over {found.samples} samples, "
        f"worst error {found.error_max:.1e}"
    )
    if bound is None:
        return Check(name, None, detail)
    return Check(name, found.cosine_min >= bound, f"{detail} (bound {bound})")


def _agreement_check(agreement: Agreement, bound: float | None) -> Check:
    return Check(
        "same product first",
        None if bound is None else agreement.share >= SAME_PRODUCT,
        f"{agreement.same_top1} of {agreement.queries} pictures of the catalogue",
    )
