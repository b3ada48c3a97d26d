"""Convert a tower, save it, prove it from disk, and only then put it into place."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from export.to_coreml.convert import compress, convert
from export.to_coreml.description import PREFIX, describe, seal, stamp
from export.to_coreml.mixed_precision import harmed_layers, sample_inputs
from export.to_coreml.options import SUFFIX, ExportOptions, Precision, TowerNames
from export.to_coreml.tools import quiet
from export.towers import Tower
from export.verify.package import verify_package
from export.verify.report import Report
from kiosk.errors import ModelError
from kiosk.files import replacing


def export_tower(
    tower: Tower,
    folder: Path,
    names: TowerNames,
    options: ExportOptions,
    on_step: Callable[[str], None] = lambda _: None,
) -> Report:
    """Write `folder/<package>.mlpackage`; one of the same name is replaced.

    With `int8`, layers that 8 bits harm stay half floats. Returns verify's report on the
    saved package.

    Raises:
        ModelError: the package is not what its network is; nothing is written then.
        StorageError: the folder cannot be written.
    """
    target = folder / (names.package + SUFFIX)
    with replacing(target) as package:
        on_step(f"{tower.kind} tower: converting")
        model = convert(tower, names, options.target)
        _save(model, tower, package, names, options.precision)
        on_step(f"{tower.kind} tower: checking from disk")
        report = _verify(package, tower, options)
        if options.precision is Precision.INT8 and not report.passed:
            on_step(f"{tower.kind} tower: finding the layers that 8 bits harm")
            samples = sample_inputs(tower, options.pictures)
            harmed = harmed_layers(model, samples, options.cosine_min or 0.0)
            _save(model, tower, package, names, options.precision, harmed)
            report = _verify(package, tower, options)
        _require(report)
        stamp(package, _figures(report))
        on_step(f"{tower.kind} tower: saving")
    return dataclasses.replace(report, package=target)


def _save(
    model: Any,
    tower: Tower,
    package: Path,
    names: TowerNames,
    precision: Precision,
    in_half: Sequence[str] = (),
) -> None:
    compressed = compress(model, precision, in_half)
    describe(compressed, tower, names, precision)
    if in_half:
        compressed.user_defined_metadata[PREFIX + "half_layers"] = str(len(in_half))
    with quiet():
        compressed.save(str(package))
    seal(package)


def _verify(package: Path, tower: Tower, options: ExportOptions) -> Report:
    return verify_package(
        package, tower, pictures=options.pictures, gallery=options.gallery, bound=options.bound
    )


def _require(report: Report) -> None:
    if report.passed:
        return
    first = report.failures[0]
    raise ModelError(
        f"{report.package.name} is not what its network is: {first.name}: {first.detail}.",
        next_step="Choose a higher precision, or lower the bound with --bound on purpose.",
    )


def _figures(report: Report) -> dict[str, str]:
    found = report.comparison
    return {
        PREFIX + "parity_cosine_min": f"{found.cosine_min:.7f}",
        PREFIX + "parity_error_max": f"{found.error_max:.2e}",
        PREFIX + "parity_samples": str(found.samples),
        PREFIX + "parity_executed_by": report.executed_by,
    }
