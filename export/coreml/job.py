"""Convert a tower, save it, prove it from disk, and only then put it into place."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from export.coreml.convert import convert
from export.coreml.metadata import PREFIX, describe, seal, stamp
from export.coreml.mixing import harmed_layers, sample_inputs
from export.coreml.names import TowerNames
from export.coreml.precision import BOUNDS, Precision, Target, compress
from export.coreml.tools import quiet
from export.coreml.tower import Tower
from export.verify.package import Shelf, verify_package
from export.verify.report import Report
from kiosk.domain import Image
from kiosk.errors import ModelError, StorageError

SUFFIX = ".mlpackage"
OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """How a tower shall be exported. `bound` overrides the precision's smallest cosine."""

    precision: Precision = Precision.FP16
    target: Target = Target.IOS16
    bound: float | None = None


def export_tower(
    tower: Tower,
    folder: Path,
    names: TowerNames,
    wish: Wish,
    *,
    pictures: Sequence[Image] = (),
    shelf: Shelf | None = None,
    on_step: OnStep = lambda _: None,
) -> Report:
    """Write `folder/<package>.mlpackage`; one of the same name is replaced.

    Returns verify's report on the saved package.

    Raises:
        ModelError: the package is not what its network is; nothing is written then.
        StorageError: the folder cannot be written.
    """
    target = folder / (names.package + SUFFIX)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as work:
            package = Path(work) / target.name
            on_step("converting")
            model = convert(tower, names, wish.target)
            _save(model, tower, package, names, wish)
            on_step("checking from disk")
            check = partial(
                verify_package, package, tower, pictures=pictures, shelf=shelf, bound=wish.bound
            )
            report = check()
            if wish.precision is Precision.INT8 and not report.passed:
                on_step("finding the layers that 8 bits harm")
                _save(model, tower, package, names, wish, _harmed(model, tower, pictures, wish))
                report = check()
            _require(report)
            stamp(package, _figures(report))
            on_step("saving")
            _swap(package, target, Path(work))
    except OSError as error:
        raise StorageError(
            f"The package could not be written to {folder}: {error.strerror or error}.",
            next_step="Check that the disk is not full or write-protected.",
        ) from error
    return dataclasses.replace(report, package=target)


def _save(
    model: Any,
    tower: Tower,
    package: Path,
    names: TowerNames,
    wish: Wish,
    in_half: Sequence[str] = (),
) -> None:
    compressed = compress(model, wish.precision, in_half)
    describe(compressed, tower, names, wish.precision)
    if in_half:
        compressed.user_defined_metadata[PREFIX + "half_layers"] = str(len(in_half))
    with quiet():
        compressed.save(str(package))
    seal(package)


def _harmed(model: Any, tower: Tower, pictures: Sequence[Image], wish: Wish) -> list[str]:
    bound = BOUNDS[wish.precision].cosine if wish.bound is None else wish.bound
    samples = sample_inputs(tower, pictures)
    return harmed_layers(model, samples, bound or 0.0)


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


def _swap(package: Path, target: Path, work: Path) -> None:
    if target.exists():
        shutil.move(target, work / "replaced")
    package.rename(target)
