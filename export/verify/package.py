"""The verdict on one saved package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from export.coreml.metadata import PREFIX
from export.coreml.precision import BOUNDS, Precision
from export.coreml.tower import ImageTower, Tokens, Tower
from export.verify import reference
from export.verify.compare import compare, top1_agreement
from export.verify.execution import TorchExecution, core_ml_executions
from export.verify.integrity import integrity_checks
from export.verify.program import Package, read_package
from export.verify.report import Agreement, Check, Comparison, Report
from kiosk.domain import Gallery, Image, Vectors
from kiosk.progress import Progress, no_progress

NORM_TOLERANCE = 1e-3
SAME_PRODUCT = 0.99  # of a catalogue's pictures


@dataclass(frozen=True, slots=True)
class Shelf:
    """A catalogue to compare over: fitted pictures, and the gallery rows that they are."""

    pictures: Sequence[Image]
    rows: Sequence[int]
    gallery: Gallery


def verify_package(
    path: Path,
    tower: Tower,
    *,
    pictures: Sequence[Image] = (),
    texts: Sequence[str] = reference.SAMPLE_TEXTS,
    shelf: Shelf | None = None,
    bound: float | None = None,
    on_progress: Progress = no_progress,
) -> Report:
    """Read `path` from disk, run it, and compare it with the network of `tower`.

    `pictures` may have any size; without any, drawn ones are used. `bound` is the smallest
    cosine allowed; by default the precision's own.

    Raises:
        ModelError: the package cannot be read, or uses an operation that is not known.
    """
    package = read_package(path)
    checks = integrity_checks(package, tower)
    execution = TorchExecution(package)
    samples, theirs = _samples(tower, pictures, texts)
    comparison = compare(_run(execution, samples, on_progress), theirs)
    checks += _verdicts(comparison, _bound(package, bound))
    for other in core_ml_executions(package):
        found = compare(other.embed(samples), theirs)
        checks.append(_cosine_check(other.name, found, _bound(package, bound)))
    agreement = None
    if shelf is not None and isinstance(tower, ImageTower):
        agreement = _agreement(execution, tower, shelf)
        checks.append(_agreement_check(agreement, _bound(package, bound)))
    return Report(
        package=path,
        tower=package.tower,
        bytes=sum(file.stat().st_size for file in path.rglob("*") if file.is_file()),
        checks=tuple(checks),
        comparison=comparison,
        agreement=agreement,
        operations=execution.program.operations,
        executed_by=execution.name,
    )


def _samples(
    tower: Tower, pictures: Sequence[Image], texts: Sequence[str]
) -> tuple[Sequence[Image] | Tokens, Vectors]:
    if isinstance(tower, ImageTower):
        fitted = reference.fit_pictures(pictures, tower.card)
        fitted = fitted or reference.sample_pictures(tower.card)
        return fitted, reference.embed_pictures(tower, fitted)
    tokens = tower.tokenize(list(texts))
    return tokens, reference.embed_tokens(tower, tokens)


def _run(
    execution: TorchExecution, samples: Sequence[Image] | Tokens, on_progress: Progress
) -> Vectors:
    rows = []
    for number in range(len(samples)):
        rows.append(execution.embed(samples[number : number + 1]))
        on_progress(number + 1, len(samples))
    return np.concatenate(rows)


def _bound(package: Package, bound: float | None) -> float | None:
    return BOUNDS[_precision(package)].cosine if bound is None else bound


def _precision(package: Package) -> Precision:
    try:
        return Precision(package.metadata.get(PREFIX + "precision", ""))
    except ValueError:
        return Precision.FP16  # the strictest bound; the metadata check has failed already


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


def _agreement(execution: TorchExecution, tower: ImageTower, shelf: Shelf) -> Agreement:
    ours = execution.embed(shelf.pictures)
    theirs = reference.embed_pictures(tower, shelf.pictures)
    return top1_agreement(ours, theirs, shelf.gallery.vectors, shelf.gallery.skus, shelf.rows)


def _agreement_check(agreement: Agreement, bound: float | None) -> Check:
    return Check(
        "same product first",
        None if bound is None else agreement.share >= SAME_PRODUCT,
        f"{agreement.same_top1} of {agreement.queries} pictures of the catalogue",
    )
